/**
 * Bodies of agents: stretches of files, each after a line of JSON that says how many lines follow and what holds for all of
 * them. So an agent sends the bytes of its files as they are, from many files at once, and labels cost a line each time they change.
 *
 *   {"lines":2,"app":"shop","host":"web-1","source":"app.log"}
 *   {"level":30,"time":1763719200000,"msg":"order placed"}
 *   10.0.0.7 - - [21/Nov/2026:10:00:00 +0000] "GET / HTTP/1.1" 200 12
 *   {"lines":40,"lost":true}
 *
 * `lost` stands for lines that the agent had sent, cannot read again, and does not know to have arrived: they take their places, so that
 * what was taken of the batch before still counts.
 */

import { type Envelope, type Fields, label, own, parseStructure } from '@flywatch/core';
import { HttpError } from '../../errors.ts';

export const SECTIONS_TYPE = 'application/vnd.flywatch.sections';

/** A header is some hundred bytes; six labels of the longest kind are 2 KB. */
const MAX_HEADER_CHARS = 8 * 1024;

export interface Section {
  /** Place of its first line in the batch. */
  readonly at: number;
  readonly envelope: Envelope;
}

/** Tells headers from lines; what a line looks like does not matter. */
export class SectionReader {
  readonly #common: Envelope;
  readonly sections: Section[] = [];
  #left = 0;

  /** @param common - what the request says about all lines */
  constructor(common: Envelope) {
    this.#common = common;
  }

  /**
   * Takes the next line of the body.
   * @param at - lines of the batch so far
   * @returns `line` where it is one, else how many lines are left out
   */
  take(text: string, at: number): 'line' | number {
    if (this.#left > 0) {
      this.#left--;
      return 'line';
    }
    const header = text.length > MAX_HEADER_CHARS ? undefined : parseStructure(text);
    const lines = own(header, 'lines');
    if (header === undefined || typeof lines !== 'number' || !Number.isSafeInteger(lines) || lines < 0) {
      throw new HttpError(
        'bad_json',
        `line ${at + this.sections.length + 1} of the body has to say how many lines follow: {"lines":n}`,
      );
    }
    this.sections.push({ at, envelope: this.#envelope(header) });
    if (own(header, 'lost') === true) return lines;
    this.#left = lines;
    return 0;
  }

  end(): void {
    if (this.#left > 0)
      throw new HttpError('bad_json', `the body ends ${this.#left} lines before its last section does`);
  }

  #envelope(header: Fields): Envelope {
    const common = this.#common;
    return {
      app: label(own(header, 'app')) ?? common.app,
      instance: label(own(header, 'instance')) ?? common.instance,
      region: label(own(header, 'region')) ?? common.region,
      host: label(own(header, 'host')) ?? common.host,
      provider: label(own(header, 'provider')) ?? common.provider,
      source: label(own(header, 'source')) ?? common.source,
      wins: false,
      isAgents: true,
    };
  }
}
