/**
 * `POST /ingest/logs`: batches from agents and loggers. A JSON document has to parse as a whole before any of it is taken;
 * in NDJSON and plain text every line is an event, whatever it looks like. Bodies are read piece by piece and taken in
 * slices, so that a batch of a hundred thousand lines holds up nobody.
 */

import type { IncomingHttpHeaders } from 'node:http';
import type { Readable } from 'node:stream';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { LogEvent } from '@flywatch/core';
import { HttpError } from '../../errors.ts';
import type { Envelope, Normalizer } from '../../normalize/normalizer.ts';
import { BatchLedger } from './batch-ledger.ts';
import { type BodyLimits, checkEncoding, readBody, tooLarge } from './body.ts';
import { BodyBudget, type BodyShare } from './body-budget.ts';
import { JsonSplitter } from './json-splitter.ts';
import { LineSplitter } from './line-splitter.ts';
import { SECTIONS_TYPE, type Section, SectionReader } from './sections.ts';

export interface HttpIngestOptions extends BodyLimits {
  readonly normalizer: Normalizer;
  /** Puts an event on its way. */
  readonly accept: (event: LogEvent) => void;
  /** Where events are kept. */
  readonly keeper: Keeper;
  /** Milliseconds that a batch may wait for the disk. */
  readonly durablePatienceMs: number;
  /** Events of one batch. */
  readonly maxEvents: number;
  /** Bytes of one element of a JSON document, and those of one line that are looked at. */
  readonly maxElementBytes: number;
  readonly maxInFlightBytes: number;
  readonly batchIdsKept: number;
  readonly batchIdMaxChars: number;
}

/** What keeps the events that were put on their way; a store fills it. */
export interface Keeper {
  /** Notes with the events so far how many lines of a client's batch they are. */
  mark(mark: { readonly id: string; readonly taken: number; readonly complete: boolean }): void;
  /** Resolves when everything that was put on its way survives a crash. */
  durable(patienceMs: number): Promise<void>;
  /** How many lines of a client's batch are kept from an earlier run; undefined where it was never seen. */
  batch(id: string): Promise<{ readonly taken: number; readonly complete: boolean } | undefined>;
  /** Whether more is waiting to be written than should be. */
  isBehind(): boolean;
}

export interface IngestRequest {
  readonly headers: IncomingHttpHeaders;
  readonly body: Readable;
  /** What the request's parameters say about all of its lines, where a line does not say it itself. */
  readonly envelope: Envelope;
}

export interface IngestResult {
  readonly accepted: number;
  /** Whether this batch had been taken before. */
  readonly duplicate: boolean;
}

/** A batch that was read and is not taken yet. */
interface ReadBatch {
  /** Undefined in the place of a line that is left out. */
  readonly texts: readonly (string | undefined)[];
  /** Where other labels begin to hold; in order, and the first at 0. */
  readonly sections: readonly Section[];
}

/** What an event takes besides its bytes while its batch is being read. */
const EVENT_BYTES = 48;

/** Events and characters that are normalized and published before others get their turn: some 2 ms, for JSON made to be slow 30. */
const SLICE_EVENTS = 500;
const SLICE_CHARS = 256 * 1024;

export class HttpIngest {
  readonly #options: HttpIngestOptions;
  readonly #ledger: BatchLedger;
  readonly #budget: BodyBudget;
  readonly counters = { accepted: 0, rejected: 0, duplicates: 0 };

  constructor(options: HttpIngestOptions) {
    this.#options = options;
    this.#ledger = new BatchLedger(options.batchIdsKept);
    this.#budget = new BodyBudget(options.maxInFlightBytes);
  }

  /** Takes a batch, or throws an {@link HttpError} and takes nothing. */
  async take(request: IngestRequest): Promise<IngestResult> {
    try {
      const id = this.#batchId(request.headers['batch-id']);
      const decoder = checkEncoding(request.headers['content-encoding']);
      const length = this.#contentLength(request.headers['content-length']);
      const share = this.#budget.open(length);
      if (share === undefined) throw overloaded();
      try {
        const batch = await this.#read(request, decoder, share);
        const result =
          id === undefined
            ? { accepted: await this.#publish(batch), duplicate: false }
            : await this.#ledger.once(id, () => this.#publishBatch(id, batch));
        if (result.duplicate) this.counters.duplicates++;
        // Also for a batch that came again: the first answer may have been that it is not on disk yet.
        await this.#options.keeper.durable(this.#options.durablePatienceMs);
        return result;
      } finally {
        share.close();
      }
    } catch (error) {
      this.counters.rejected++;
      throw error;
    }
  }

  #batchId(header: string | string[] | undefined): string | undefined {
    if (header === undefined || header === '') return undefined;
    const id = String(header);
    const { batchIdMaxChars } = this.#options;
    if (id.length > batchIdMaxChars) {
      throw new HttpError(
        'bad_parameter',
        `Batch-Id: an id of ${id.length} characters cannot be used; expected at most ${batchIdMaxChars}`,
      );
    }
    return id;
  }

  #contentLength(header: string | undefined): number {
    const length = header === undefined ? 0 : Number(header);
    const { maxPackedBytes } = this.#options;
    if (length > maxPackedBytes) throw tooLarge(maxPackedBytes, 'packed');
    return Number.isFinite(length) ? length : 0;
  }

  /** The texts of all events; the share grows with what is held beyond the announced length. */
  async #read(request: IngestRequest, decoder: ReturnType<typeof checkEncoding>, share: BodyShare): Promise<ReadBatch> {
    const { maxEvents, maxElementBytes } = this.#options;
    const texts: (string | undefined)[] = [];
    const type = mediaType(request.headers['content-type']);
    const splitter =
      type === 'json' ? new JsonSplitter(maxElementBytes) : new LineSplitter(maxElementBytes, type === 'ndjson');
    const reader = type === 'sections' ? new SectionReader(request.envelope) : undefined;
    // Blank lines between the records of NDJSON are nothing; in plain text an empty line is a line.
    const keep = (text: string) => {
      if (type === 'ndjson' && text.trim() === '') return;
      const taken = reader?.take(text, texts.length) ?? 'line';
      if (texts.length + (taken === 'line' ? 1 : taken) > maxEvents) {
        throw new HttpError('too_large', `the body holds more than ${maxEvents} events; send smaller batches`);
      }
      if (taken === 'line') texts.push(text);
      else for (let left = taken; left > 0; left--) texts.push(undefined);
    };
    let unpacked = 0;
    const held = () => unpacked + texts.length * EVENT_BYTES;
    try {
      for await (const piece of readBody(request.body, decoder, this.#options)) {
        unpacked += piece.length;
        for (const text of splitter.push(piece)) keep(text);
        if (held() > share.bytes && !share.grow(held() - share.bytes)) throw overloaded();
      }
      if (splitter instanceof JsonSplitter) splitter.end();
      else for (const text of splitter.end()) keep(text);
      reader?.end();
    } catch (error) {
      if (error instanceof RangeError) throw new HttpError('too_large', error.message, { cause: error });
      if (!(error instanceof SyntaxError)) throw error;
      throw new HttpError(
        'bad_json',
        `the body is no JSON object or array: ${error.message}; for one event a line send Content-Type: application/x-ndjson`,
      );
    }
    return { texts, sections: reader?.sections ?? [{ at: 0, envelope: request.envelope }] };
  }

  /**
   * A batch of which an earlier run took a part, and died, is taken from there on: its lines come in the same order each time,
   * and what is kept of it was noted with the events themselves.
   */
  async #publishBatch(id: string, batch: ReadBatch): Promise<{ count: number; isOld: boolean }> {
    const { texts } = batch;
    const { keeper } = this.#options;
    const kept = await keeper.batch(id);
    if (kept?.complete === true) return { count: kept.taken, isOld: true };
    const onTaken = (taken: number) => keeper.mark({ id, taken, complete: taken === texts.length });
    await this.#publish(batch, kept?.taken ?? 0, onTaken);
    return { count: texts.length, isOld: false };
  }

  async #publish({ texts, sections }: ReadBatch, skip = 0, onTaken?: (taken: number) => void): Promise<number> {
    const { normalizer, accept, keeper, durablePatienceMs } = this.#options;
    let receivedAtMs = Date.now();
    let events = 0;
    let chars = 0;
    let section = 0;
    for (let i = skip; i < texts.length; i++) {
      const text = texts[i];
      if (text === undefined) continue;
      // Sections may be empty, and a batch may be taken from the middle on.
      while (section + 1 < sections.length && sections[section + 1]!.at <= i) section++;
      if (events >= SLICE_EVENTS || chars >= SLICE_CHARS) {
        onTaken?.(i);
        if (keeper.isBehind()) await keeper.durable(durablePatienceMs);
        else await nextTurn();
        receivedAtMs = Date.now();
        events = 0;
        chars = 0;
      }
      accept(normalizer.fromPayload(text, sections[section]!.envelope, receivedAtMs));
      events++;
      chars += text.length;
    }
    // In the same turn as the last events, so that they reach the disk together.
    onTaken?.(texts.length);
    this.counters.accepted += texts.length - skip;
    return texts.length;
  }
}

/** JSON only where it says so; everything else is lines, also what `curl --data-binary` sends without a type. */
function mediaType(header: string | undefined): 'json' | 'ndjson' | 'text' | 'sections' {
  const type = (header ?? '').split(';')[0]!.trim().toLowerCase();
  if (type === 'application/json' || (type.endsWith('+json') && type.startsWith('application/'))) return 'json';
  if (type === SECTIONS_TYPE) return 'sections';
  return type === 'text/plain' ? 'text' : 'ndjson';
}

function overloaded(): HttpError {
  return new HttpError(
    'overloaded',
    'as many bodies are being read as the hub may hold; send this one again in a second',
    {
      headers: { 'retry-after': '1' },
    },
  );
}
