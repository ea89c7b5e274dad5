/**
 * `POST /ingest/logs`: batches from agents and loggers. A JSON document has to parse as a whole before any of it is taken;
 * in NDJSON and plain text every line is an event, whatever it looks like. Bodies are read piece by piece and taken in
 * slices, so that a batch of a hundred thousand lines holds up nobody.
 */

import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Envelope, LogEvent, Normalizer } from '@flywatch/core';
import { HttpError } from '../../errors.ts';
import { BatchLedger } from './batch-ledger.ts';
import type { BodyReader, BodyRequest, OpenBody } from './body-reader.ts';
import { JsonSplitter } from './json-splitter.ts';
import { LineSplitter } from './line-splitter.ts';
import { mediaType } from './media-type.ts';
import { type Section, SectionReader } from './sections.ts';

export interface HttpIngestOptions {
  readonly bodies: BodyReader;
  readonly normalizer: Normalizer;
  /** Puts an event on its way. */
  readonly accept: (event: LogEvent) => void;
  /** Where events are kept. */
  readonly keeper: Keeper;
  /** Told of each batch with an id once it survives a crash, and again where it comes again. */
  readonly onKept?: (id: string, lines: number) => void;
  /** Milliseconds that a batch may wait for the disk. */
  readonly durablePatienceMs: number;
  /** Events of one batch. */
  readonly maxEvents: number;
  /** Bytes of one element of a JSON document, and those of one line that are looked at. */
  readonly maxElementBytes: number;
  readonly batchIdsKept: number;
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

export interface IngestRequest extends BodyRequest {
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
  readonly counters = { accepted: 0, rejected: 0, duplicates: 0 };

  constructor(options: HttpIngestOptions) {
    this.#options = options;
    this.#ledger = new BatchLedger(options.batchIdsKept);
  }

  /** Takes a batch, or throws an {@link HttpError} and takes nothing. */
  async take(request: IngestRequest): Promise<IngestResult> {
    try {
      return await this.#options.bodies.read(request, async (body) => {
        const batch = await this.#read(request, body);
        const result =
          body.batchId === undefined
            ? { accepted: await this.#publish(batch), duplicate: false }
            : await this.#ledger.once(body.batchId, () => this.#publishBatch(body.batchId!, batch));
        if (result.duplicate) this.counters.duplicates++;
        // Also for a batch that came again: the first answer may have been that it is not on disk yet.
        await this.#options.keeper.durable(this.#options.durablePatienceMs);
        if (body.batchId !== undefined) this.#options.onKept?.(body.batchId, result.accepted);
        return result;
      });
    } catch (error) {
      this.counters.rejected++;
      throw error;
    }
  }

  /** Another hub of the group keeps a batch: whoever sends it here gets the answer that is owed, and nothing of it is taken. */
  knows(id: string, lines: number): void {
    this.#ledger.add(id, lines);
  }

  async #read(request: IngestRequest, body: OpenBody): Promise<ReadBatch> {
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
    try {
      for await (const piece of body.pieces) {
        unpacked += piece.length;
        for (const text of splitter.push(piece)) keep(text);
        body.hold(unpacked + texts.length * EVENT_BYTES);
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
