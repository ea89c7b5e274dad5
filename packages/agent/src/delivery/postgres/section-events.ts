/** The lines of a batch as events: what a hub would make of its sections, made here. */

import { type Envelope, type LogEvent, Normalizer } from '@flywatch/core';
import { MAX_LINE_BYTES } from '../../tail/limits.ts';
import type { Labels } from '../../tail/section.ts';

/** Characters that are looked into for structure; a line of so many bytes may take six of JSON for each. As a hub has it. */
const MAX_PARSED_CHARS = 8 * MAX_LINE_BYTES;

const NEWLINE = 0x0a;
const RETURN = 0x0d;

interface Header extends Labels {
  readonly lines: number;
  readonly lost?: boolean;
}

export class SectionEvents {
  // Names and positions are given by the hub that adopts the rows.
  readonly #normalizer = new Normalizer({
    hub: '',
    nextPosition: () => 0,
    maxLineBytes: MAX_LINE_BYTES,
    maxParsedChars: MAX_PARSED_CHARS,
  });

  /**
   * Events of those sections that are wanted, in order. Places of lost lines are empty.
   *
   * @param isWanted - asked with the number of each section
   */
  *read(body: Buffer, isWanted: (section: number) => boolean): Generator<LogEvent> {
    const receivedAtMs = Date.now();
    let at = 0;
    const next = (): Buffer => {
      const end = body.indexOf(NEWLINE, at);
      const line = body.subarray(at, end === -1 ? body.length : end);
      at += line.length + 1;
      return line;
    };
    for (let section = 0; at < body.length; section++) {
      const { lines, lost, app, host, source } = JSON.parse(next().toString()) as Header;
      if (lost === true) continue;
      const envelope: Envelope = { app, host, source, provider: 'agent', wins: false, isAgents: true };
      const wanted = isWanted(section);
      for (let left = lines; left > 0; left--) {
        const line = next();
        if (wanted) yield this.#normalizer.fromPayload(textOf(line), envelope, receivedAtMs);
      }
    }
  }
}

function textOf(line: Buffer): string {
  return line.toString('utf8', 0, line[line.length - 1] === RETURN ? line.length - 1 : line.length);
}
