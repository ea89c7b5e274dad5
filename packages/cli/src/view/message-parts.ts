/**
 * An event's message as people read it: the text, what was logged beside it as `key=value`, and blocks of many lines such as
 * stack traces. A message that is a JSON object is taken apart; nothing is said twice.
 */

import { type Fields, parseStructure } from '@flywatch/core';
import type { ShownEvent } from './shown-event.ts';

export interface MessageParts {
  readonly text: string;
  readonly pairs: readonly (readonly [key: string, value: string])[];
  /** Texts of several lines, below the rest. */
  readonly blocks: readonly string[];
}

/** Pairs of one line; a dump has more, and `--json` shows them. */
const MAX_PAIRS = 32;
/** Nesting that is written as `a.b.c=1`; what is deeper is shown as JSON. */
const MAX_DEPTH = 4;
/** Characters of one value. */
const MAX_VALUE_CHARS = 200;
/** A value of so many characters that stands in the text is not repeated; a shorter one may stand there by chance. */
const TELLING_CHARS = 3;

/** Keys of the text in a JSON message, most telling first. */
const TEXT_KEYS = ['msg', 'message', 'text', 'event', '@m', '@mt'] as const;
/** Keys of a JSON message that the line shows anyway, or that are the same on each line of a process. */
const KNOWN_KEYS: ReadonlySet<string> = new Set(
  'level severity lvl levelname time timestamp @timestamp ts @t @l hostname pid v'.split(' '),
);
/** What the hub notes beside the fields for programs. */
const NOTES: ReadonlySet<string> = new Set(['_time', '_time_given', '_backfilled', 'demo']);

const NO_PAIRS: MessageParts['pairs'] = [];
const NO_BLOCKS: readonly string[] = [];

export function partsOf(event: ShownEvent): MessageParts {
  const { message, fields } = event;
  const inMessage = message.charCodeAt(0) === 0x7b /* { */ ? parseStructure(message) : undefined;
  if (inMessage === undefined && (fields === undefined || isEmpty(fields))) {
    return { text: message, pairs: NO_PAIRS, blocks: NO_BLOCKS };
  }
  const textKey =
    inMessage === undefined ? undefined : TEXT_KEYS.find((key) => typeof own(inMessage, key) === 'string');
  const text = inMessage === undefined ? message : textKey === undefined ? '' : String(inMessage[textKey]);
  const found: (readonly [string, string])[] = [];
  const blocks: string[] = [];
  const hidden = (key: string) => key === textKey || NOTES.has(key) || KNOWN_KEYS.has(key);
  collect(inMessage === undefined ? fields! : { ...inMessage, ...fields }, '', 0, hidden, (key, value) => {
    if (value.trimEnd().includes('\n')) blocks.push(value.trimEnd());
    else if (found.length < MAX_PAIRS) found.push([key, value]);
  });
  const told = blocks.length === 0 ? text : [text, ...blocks].join('\n');
  const hasPairs = told.includes('=');
  const { app, source, host, instance, region } = event;
  const isTold = (key: string, value: string) =>
    value === '' ||
    value === app ||
    value === source ||
    value === host ||
    value === instance ||
    value === region ||
    (value.length >= TELLING_CHARS && told.includes(value)) ||
    (hasPairs && told.includes(`${key}=`));
  const pairs: (readonly [string, string])[] = [];
  for (const [key, value] of found) if (!isTold(key, value)) pairs.push([key, shown(value)]);
  return { text, pairs, blocks: blocks.filter((block) => !text.includes(block)) };
}

/** Calls `take` with each value under its path. */
function collect(
  value: Readonly<Fields>,
  prefix: string,
  depth: number,
  isHidden: (key: string) => boolean,
  take: (key: string, value: string) => void,
): void {
  for (const key of Object.keys(value)) {
    const part = value[key];
    if (part === null || part === undefined || (depth === 0 && isHidden(key))) continue;
    const path = prefix + key;
    if (typeof part !== 'object') take(path, String(part));
    else if (Array.isArray(part) || depth + 1 >= MAX_DEPTH) take(path, JSON.stringify(part));
    else collect(part as Fields, `${path}.`, depth + 1, isHidden, take);
  }
}

/** A value as it can stand in a line: in quotes where blanks or quotes would make it ambiguous. */
function shown(value: string): string {
  const cut = value.length > MAX_VALUE_CHARS ? `${value.slice(0, MAX_VALUE_CHARS)}…` : value;
  return /[\s"=]/.test(cut) && !/^[[{]/.test(cut) ? JSON.stringify(cut) : cut;
}

function own(object: Readonly<Fields>, key: string): unknown {
  return Object.hasOwn(object, key) ? object[key] : undefined;
}

function isEmpty(object: Readonly<Fields>): boolean {
  for (const _ in object) return false;
  return true;
}
