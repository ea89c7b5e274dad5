/**
 * A live tail that survives what happens to connections: every event once and in order, or a gap that says what is
 * missing.
 *
 *     connecting ──▶ open ──▶ waiting ──▶ connecting ──▶ …          (network, 5xx, 429, 404, silence, a restart)
 *         └───────────┴───────────┴──▶ closed                        (aborted; 400, 401, 403; a failed first connection)
 *
 * The hub gives every event an id and moves the cursor of a quiet stream with pings; a new connection asks for what comes
 * after the last id seen (`Last-Event-ID`). It is `fetch` and not EventSource, which can send no token, hides pings and
 * status codes, and gives up for good at the first 502.
 *
 * The reader pulls. What has been parsed and not yet taken is at most one network chunk; behind that the socket fills up
 * and the hub waits, or goes on without this reader and says so with a gap when it returns.
 */

import { Backoff, type EventId, type Fields, parseEventId, parseFlatEvent } from '@flywatch/core';
import { Connection, type HubRequest } from './connection.ts';
import { describeFailure, HubError, HubUnreachableError, MAX_SERVER_DELAY_MS } from './errors.ts';
import { filterParams } from './filters.ts';
import { type SseItem, SseParser } from './sse-parser.ts';
import type { TailGap, TailInterruption, TailItem } from './tail-items.ts';
import { type HubTailOptions, normalizeTailOptions, type TailOptions, type TailSettings } from './tail-options.ts';
import { sleep } from './timers.ts';

/** A connection that held for so long worked, even if its filter let nothing through: a hub that crashes at each start dies sooner. */
const STABLE_AFTER_MS = 5_000;

/** One reading of a stream: iterate it once. Leaving the loop closes the connection. */
export interface Tail extends AsyncIterable<TailItem> {
  /**
   * Id up to which everything has been handed over, to be given as `after` to a later tail. It goes ahead of the last
   * event where a filter lets little through.
   */
  readonly cursor: string | undefined;
  readonly stats: TailStats;
  /**
   * The same items a network chunk at a time, for readers that work in batches: a fifth more events a second (1,000,000
   * small ones over loopback). Instead of iterating the tail itself; the cursor then stands at the end of the batch.
   */
  batches(): AsyncGenerator<readonly TailItem[], void, undefined>;
}

/** Counters since the tail was made. */
export interface TailStats {
  readonly connections: number;
  readonly eventsReceived: number;
  /** Events that had been seen before and were dropped; a hub that keeps its promises sends none. */
  readonly duplicatesDropped: number;
  /** Events that came and could not be taken: too large, or not what an event looks like. Each is a gap, too. */
  readonly eventsUnreadable: number;
}

/** Follows the live stream of a hub. Nothing is sent before the first item is asked for. */
export function tail(options: TailOptions): Tail {
  return createTail(new Connection(options), options);
}

/** As {@link tail}, over a connection that is there already. */
export function createTail(connection: Connection, options: HubTailOptions): Tail {
  return new HubTail(connection, normalizeTailOptions(options));
}

/** Where the stream is now: the id with which the hub begins every stream. One connection, and no second try. */
export async function readHead(connection: Connection, options: HubTailOptions): Promise<string> {
  const tail = new HubTail(connection, normalizeTailOptions(options));
  for await (const { seen } of tail.read()) {
    if (seen !== undefined) return seen;
  }
  throw (
    options.signal?.reason ??
    new HubUnreachableError('the stream ended before it began', {
      url: connection.describe(STREAM_PATH),
    })
  );
}

/** How a connection ended. */
interface Ending {
  readonly reason: TailInterruption;
  readonly error: HubError | HubUnreachableError | null;
}

/** What one network chunk brought, and the id that had been seen at its end. */
interface Batch {
  readonly items: readonly TailItem[];
  readonly seen: string | undefined;
}

const STREAM_PATH = 'logs/stream';

class HubTail implements Tail {
  readonly #connection: Connection;
  readonly #settings: TailSettings;
  readonly #backoff: Backoff;
  readonly #counts = { connections: 0, eventsReceived: 0, duplicatesDropped: 0, eventsUnreadable: 0 };
  #started = false;
  /** What the reader has been given. */
  #cursor: string | undefined;
  /** What has been parsed, and what the next connection asks for: ahead of `#cursor` by a batch at most. */
  #seen: string | undefined;
  /** The newest event that was given out: none after it may be older. */
  #lastEvent: EventId | undefined;
  /** The hub's `retry:`, in force until it says something else. */
  #retryMs = 0;

  constructor(connection: Connection, settings: TailSettings) {
    this.#connection = connection;
    this.#settings = settings;
    this.#backoff = new Backoff({
      baseMs: settings.backoffBaseMs,
      capMs: settings.backoffCapMs,
      random: settings.random,
    });
    this.#cursor = settings.after;
    this.#seen = settings.after;
    this.#lastEvent = settings.after === undefined ? undefined : parseEventId(settings.after);
  }

  get cursor(): string | undefined {
    return this.#cursor;
  }

  get stats(): TailStats {
    return { ...this.#counts };
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<TailItem, void, undefined> {
    const { signal } = this.#settings;
    for await (const { items, seen } of this.read()) {
      for (const item of items) {
        if (signal.aborted && item.type !== 'state') break;
        this.#cursor = cursorOf(item) ?? this.#cursor;
        yield item;
      }
      // An abort leaves the rest of the batch behind: then the cursor must not pass it.
      if (!signal.aborted) this.#cursor = seen;
    }
  }

  async *batches(): AsyncGenerator<readonly TailItem[], void, undefined> {
    for await (const { items, seen } of this.read()) {
      this.#cursor = seen;
      if (items.length > 0) yield items;
    }
  }

  /** The state machine at the head of this file. */
  async *read(): AsyncGenerator<Batch, void, undefined> {
    if (this.#started) throw new Error('a tail is iterated once; make another one with `after: tail.cursor`');
    this.#started = true;
    const { signal, timers, retryFirst } = this.#settings;
    while (!signal.aborted) {
      yield this.#batch({ type: 'state', state: 'connecting', after: this.#seen ?? null });
      const { reason, error } = yield* this.#readConnection();
      if (signal.aborted) break;
      const isFinal = error instanceof HubError && error.isFinal;
      if (error !== null && (isFinal || (this.#counts.connections === 0 && !retryFirst))) {
        yield this.#batch({ type: 'state', state: 'closed', reason: 'failed', error });
        throw error;
      }
      const askedMs = error instanceof HubError ? (error.retryAfterMs ?? 0) : 0;
      const delayMs = this.#backoff.nextDelayMs(Math.max(this.#retryMs, askedMs));
      const { failures } = this.#backoff;
      const silentMs = reason === 'silent' ? this.#settings.silenceTimeoutMs : 0;
      yield this.#batch({ type: 'state', state: 'waiting', delayMs, failures, reason, silentMs, error });
      await sleep(timers, delayMs, signal);
    }
    yield this.#batch({ type: 'state', state: 'closed', reason: 'aborted', error: null });
  }

  async *#readConnection(): AsyncGenerator<Batch, Ending, undefined> {
    const { signal, timers, maxEventChars } = this.#settings;
    const controller = new AbortController();
    const abort = () => controller.abort();
    signal.addEventListener('abort', abort);
    if (signal.aborted) abort();
    let worked = false;
    let openedAtMs = Number.POSITIVE_INFINITY;
    try {
      const body = await this.#open(controller);
      this.#counts.connections++;
      openedAtMs = timers.nowMs();
      yield this.#batch({ type: 'state', state: 'open', resumed: this.#seen !== undefined });
      const reader = body.getReader();
      const parser = new SseParser({ maxBlockChars: maxEventChars });
      // `ignoreBOM` leaves the BOM to the parser, which takes one, as the standard says, and not every one.
      const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
      for (;;) {
        const chunk = await this.#readChunk(reader, controller);
        if (chunk.done) return { reason: 'ended', error: null };
        const items = this.#take(parser.push(decoder.decode(chunk.value, { stream: true })));
        worked ||= items.length > 0;
        yield { items, seen: this.#seen };
      }
    } catch (failure) {
      return this.#ending(failure);
    } finally {
      if (worked || timers.nowMs() - openedAtMs >= STABLE_AFTER_MS) this.#backoff.reset();
      signal.removeEventListener('abort', abort);
      controller.abort();
    }
  }

  /** The body of an event stream, or one of our two errors. */
  async #open(controller: AbortController): Promise<ReadableStream<Uint8Array>> {
    const { timers, connectTimeoutMs, firstConnectTimeoutMs } = this.#settings;
    const timeoutMs = this.#counts.connections === 0 ? firstConnectTimeoutMs : connectTimeoutMs;
    const request = this.#request();
    const response = await this.#connection.open(request, controller, timers, timeoutMs);
    if (!response.ok) throw await this.#connection.failure(response, request, controller, timers, timeoutMs);
    const type = response.headers.get('content-type') ?? 'no content type';
    if (response.body === null || !/^text\/event-stream\s*(;|$)/i.test(type)) {
      throw this.#connection.unexpected(response, request, type);
    }
    return response.body;
  }

  #request(): HubRequest {
    const { filters, raw, tail, since } = this.#settings;
    const query = filterParams(filters);
    query.set('format', 'flat');
    if (raw) query.set('raw', 'true');
    const headers: Record<string, string> = { Accept: 'text/event-stream' };
    // A cursor says where to go on; where the stream began is history then.
    if (this.#seen !== undefined) headers['Last-Event-ID'] = this.#seen;
    else {
      if (tail !== undefined) query.set('tail', String(tail));
      if (since !== undefined) query.set('since', since);
    }
    return { path: STREAM_PATH, query, headers };
  }

  /**
   * The next bytes. The watchdog runs only while we wait for them: a reader that takes its time between two items says
   * nothing about the hub.
   */
  async #readChunk(reader: ReadableStreamDefaultReader<Uint8Array>, controller: AbortController) {
    const { timers, silenceTimeoutMs } = this.#settings;
    const cancel = timers.after(silenceTimeoutMs, () => controller.abort(new Silence(silenceTimeoutMs)));
    try {
      return await reader.read();
    } catch (failure) {
      throw controller.signal.reason instanceof Silence ? controller.signal.reason : failure;
    } finally {
      cancel();
    }
  }

  #ending(failure: unknown): Ending {
    if (failure instanceof HubError || failure instanceof HubUnreachableError) {
      return { reason: 'refused', error: failure };
    }
    const url = this.#connection.describe(STREAM_PATH);
    const error = new HubUnreachableError(describeFailure(failure), { url, cause: failure });
    return { reason: failure instanceof Silence ? 'silent' : 'lost', error };
  }

  #batch(item: TailItem): Batch {
    return { items: [item], seen: this.#seen };
  }

  /** What a chunk's blocks mean. Names of events that we do not know only move the cursor, as a ping does. */
  #take(blocks: readonly SseItem[]): TailItem[] {
    const items: TailItem[] = [];
    for (const block of blocks) {
      if (block.type === 'retry') this.#retryMs = Math.min(block.ms, MAX_SERVER_DELAY_MS);
      else if (block.type === 'oversize') items.push(this.#notTaken('too_large', block.id));
      else if (block.type === 'event' && block.event === 'message') this.#takeEvent(block, items);
      else if (block.type === 'event' && block.event === 'gap') items.push(this.#takeGap(block));
      else this.#see(block.id);
    }
    return items;
  }

  #takeEvent(block: { readonly data: string; readonly id: string }, items: TailItem[]): void {
    const event = parseFlatEvent(block.data);
    const id = event === undefined ? undefined : parseEventId(event.id);
    if (event === undefined || id === undefined) {
      items.push(this.#notTaken('unreadable', block.id));
      return;
    }
    const last = this.#lastEvent;
    // Two lines of defence against a line shown twice: the hub resumes after the cursor, and this.
    if (last !== undefined && last.hub === id.hub && id.position <= last.position) {
      this.#counts.duplicatesDropped++;
      return;
    }
    this.#lastEvent = id;
    this.#seen = event.id;
    this.#counts.eventsReceived++;
    items.push({ type: 'event', event });
  }

  #takeGap(block: { readonly data: string; readonly id: string }): TailGap {
    const details = parseObject(block.data);
    const from = textOr(details.from, this.#seen ?? null);
    const to = textOr(details.to, null);
    const count = typeof details.count === 'number' ? details.count : null;
    if (to !== null) this.#see(to);
    // The block's own id has the last word; without one it repeats what is in force, which the gap has passed.
    if (block.id !== from) this.#see(block.id);
    return { type: 'gap', from, to, count, reason: textOr(details.reason, 'lagged'), details };
  }

  /** One event came and is lost on us. The cursor passes it: another connection would bring the same again. */
  #notTaken(reason: 'too_large' | 'unreadable', id: string): TailGap {
    this.#counts.eventsUnreadable++;
    const from = this.#seen ?? null;
    this.#see(id);
    return { type: 'gap', from, to: this.#seen ?? null, count: 1, reason, details: {} };
  }

  /**
   * Moves the cursor, to ids of a hub only (any other would be refused for good at the next connection), and never
   * behind an event that was given out.
   */
  #see(text: string): void {
    const id = parseEventId(text);
    if (id === undefined) return;
    const last = this.#lastEvent;
    if (last !== undefined && last.hub === id.hub && id.position < last.position) return;
    this.#seen = text;
  }
}

/** Why the watchdog cut a connection. */
class Silence extends Error {
  constructor(timeoutMs: number) {
    super(`not one byte for ${timeoutMs} ms`);
  }
}

function cursorOf(item: TailItem): string | undefined {
  if (item.type === 'event') return item.event.id;
  return item.type === 'gap' ? (item.to ?? undefined) : undefined;
}

function parseObject(json: string): Fields {
  try {
    const value: unknown = JSON.parse(json);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Fields;
  } catch {
    // A gap that cannot be read is still a gap.
  }
  return {};
}

function textOr<T>(value: unknown, fallback: T): string | T {
  return typeof value === 'string' ? value : fallback;
}
