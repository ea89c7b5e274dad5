import { type Fields, type FlatEvent, parseStructure } from '@flywatch/core';

/** A longer message is a dump: it is not parsed again to be shown. */
const MAX_PARSED_CHARS = 64 * 1024;

const NONE: Readonly<Fields> = Object.freeze({});

/**
 * The fields of an event, and where its message is JSON that nobody has parsed yet, what is in that too: a line that was
 * sent with a level of its own keeps its message as it is. What the hub says of a line wins.
 */
export function fieldsOf({ message, fields = NONE }: FlatEvent): Readonly<Fields> {
  const isJson = message.length <= MAX_PARSED_CHARS && /^\s*\{.*\}\s*$/s.test(message);
  const structure = isJson ? parseStructure(message) : undefined;
  return structure === undefined ? fields : { ...structure, ...fields };
}
