/**
 * What the tail makes of a file, without a ledger and without a hub: for whoever wants to see whether lines are joined and recognised as
 * they should be before an agent runs.
 */

import { EventCutter } from '../formats/event-cutter.ts';
import { type LogFormat, recognizeFormat } from '../formats/recognize-format.ts';
import { cutOnCharacter } from '../formats/wrapped.ts';
import { MAX_LINE_BYTES } from './limits.ts';
import { openReader } from './readers.ts';

export interface TestedEvent {
  readonly text: string;
  /** Line of the file, counted from 1, with which it begins. */
  readonly line: number;
  /** Lines that were joined. */
  readonly lines: number;
  readonly format: LogFormat;
  /** Its line break is not there. */
  readonly isPartial: boolean;
  /** Bytes that are not sent. */
  readonly cutBytes: number;
}

export interface TailTestOptions {
  /** @defaultValue true */
  readonly multiLine?: boolean | undefined;
}

/** An event has to fit; a longer one is shown in pieces here, and cut by the tail. */
const WINDOW_BYTES = 4 * MAX_LINE_BYTES;

/** The events of a file as it is now, from its beginning on; packed ones too. Throws where the file cannot be read. */
export async function* testTail(
  path: string,
  { multiLine = true }: TailTestOptions = {},
): AsyncGenerator<TestedEvent, void, undefined> {
  const reader = await openReader(path);
  try {
    const cutter = new EventCutter(multiLine);
    const window = Buffer.allocUnsafe(WINDOW_BYTES);
    let line = 1;
    for (let position = 0; ; ) {
      const bytes = window.subarray(0, await reader.read(position, window));
      const isEnd = bytes.length < WINDOW_BYTES;
      const closing = { group: isEnd, line: isEnd };
      let at = 0;
      while (
        cutter.next(bytes, at, closing) ||
        (at === 0 && !isEnd && cutter.next(bytes, at, { group: true, line: true }))
      ) {
        const { end, lines, isTerminated } = cutter;
        const event = bytes.subarray(at, isTerminated ? end - 1 : end);
        const text = cutOnCharacter(event, MAX_LINE_BYTES).toString('utf8').replace(/\r$/, '');
        const cutBytes = Math.max(0, event.length - MAX_LINE_BYTES);
        yield { text, line, lines, format: recognizeFormat(text), isPartial: !isTerminated, cutBytes };
        line += lines;
        at = end;
      }
      position += at;
      if (isEnd) return;
    }
  } finally {
    await reader.close();
  }
}
