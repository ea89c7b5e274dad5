/** The bytes of one file, on their way into patterns. Nothing is written for them: what they come to is asked for at the end. */

import type { Envelope } from '@flywatch/core';
import { FileEvents } from '../files/file-events.ts';
import { type FileSink, fileEnvelope } from '../files/file-output.ts';
import type { LinePatterns } from './line-patterns.ts';

export class PatternSink implements FileSink {
  readonly #patterns: LinePatterns;
  readonly #envelope: Envelope;
  readonly #events: FileEvents;

  /** @param name - of the file where there are several */
  constructor(patterns: LinePatterns, name: string | undefined) {
    this.#patterns = patterns;
    this.#envelope = fileEnvelope(name);
    this.#events = new FileEvents((bytes) => patterns.add(bytes, this.#envelope));
  }

  push(bytes: Buffer): void {
    this.#events.push(bytes);
  }

  settle(): void {}

  end(): void {
    this.#events.end();
    this.#patterns.endFile(this.#envelope);
  }

  take(): string {
    return '';
  }
}
