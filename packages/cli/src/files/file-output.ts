/** Where the bytes of one file go: through as they are, or as events that are read, judged and written. */

import type { Envelope } from '@flywatch/core';
import type { EventWriter } from '../view/pretty.ts';
import { FileEvents } from './file-events.ts';
import { type LineReader, shownLine } from './line-reader.ts';

/** A sink of one file's bytes. What is to be written is asked for after each call. */
export interface FileSink {
  push(bytes: Buffer): void;
  /** Nothing came for a while. */
  settle(): void;
  /** Nothing more will come of this file. */
  end(): void;
  /** What is to be written now; valid until the next call. */
  take(): string | Uint8Array;
}

/** Bytes as they come, for a pipe without filters: no line is looked for. */
export class ByteSink implements FileSink {
  #bytes: Uint8Array = new Uint8Array();

  push(bytes: Buffer): void {
    this.#bytes = bytes;
  }
  settle(): void {}
  end(): void {}
  take(): Uint8Array {
    const bytes = this.#bytes;
    this.#bytes = new Uint8Array();
    return bytes;
  }
}

export interface EventSinkOptions {
  readonly reader: LineReader;
  /** Undefined: lines that are wanted go out as they are in the file. */
  readonly write: EventWriter | undefined;
  /** Name of the file where there are several. */
  readonly name: string | undefined;
  /** Keep the last so many until the file is read; undefined: none is kept. */
  readonly last: number | undefined;
}

/** What is known of a file's lines beforehand. @param name - of the file where there are several: it stands for the app */
export function fileEnvelope(name: string | undefined): Envelope {
  return { wins: false, isAgents: true, provider: 'file', app: name };
}

export class EventSink implements FileSink {
  readonly #events: FileEvents;
  readonly #options: EventSinkOptions;
  readonly #envelope: Envelope;
  #text = '';
  /** The last ones that were wanted, while the past is read. */
  #kept: string[] | undefined;

  constructor(options: EventSinkOptions) {
    const { name, last } = options;
    this.#options = options;
    this.#envelope = fileEnvelope(name);
    this.#kept = last === undefined ? undefined : [];
    this.#events = new FileEvents((bytes) => this.#take(bytes.toString('utf8')));
  }

  push(bytes: Buffer): void {
    this.#events.push(bytes);
  }

  settle(): void {
    this.#events.settle();
  }

  end(): void {
    this.#events.end();
  }

  take(): string {
    const text = this.#text;
    this.#text = '';
    return text;
  }

  /** Lets the last ones go, and all that comes from now on. */
  release(): void {
    this.#text += this.#kept?.join('') ?? '';
    this.#kept = undefined;
  }

  #take(line: string): void {
    const { reader, write, last = 0 } = this.#options;
    const event = reader.read(line, this.#envelope);
    if (event === undefined) return;
    const text = write === undefined ? `${line}\n` : write(shownLine(event, line));
    if (this.#kept === undefined) this.#text += text;
    else if (last > 0) {
      if (this.#kept.length === last) this.#kept.shift();
      this.#kept.push(text);
    }
  }
}
