/**
 * Reads a tail for a page: what comes is handed on in batches, a batch per frame at most, and what happened to the
 * connection becomes bands in the place where it happened.
 *
 *     tail ──chunks──▶ pending ──frame──▶ onBatch(items)
 *       └───states───────────────────────▶ onState
 */

import type { Tail, TailGap, TailItem, TailState } from '@flywatch/client';
import type { FlatEvent } from '@flywatch/core';
import { type FrameScheduler, scheduleFrames } from './frames.ts';
import { lineItem } from './group-lines.ts';
import type { GapItem, ReconnectedItem, StreamItem, StreamState } from './items.ts';

/** What waits for the next batch. A reader that is full stops reading: then the socket fills, and the hub waits. */
const MAX_PENDING = 20_000;

export interface LiveReaderOptions {
  /** Makes a tail: after an id, or from where the stream begins. Called once a connection of its own is needed. */
  readonly open: (after: string | undefined, signal: AbortSignal) => Tail;
  /** Least time between two batches, in milliseconds. @defaultValue 100 */
  readonly batchMs?: number | undefined;
  readonly onBatch: (items: readonly StreamItem[]) => void;
  readonly onState: (state: StreamState) => void;
  /** A band that was handed over says more now: it has the key of the one before. */
  readonly onUpdate: (item: ReconnectedItem) => void;
}

export const DEFAULT_BATCH_MS = 100;

export class LiveReader {
  readonly #options: LiveReaderOptions;
  readonly #frames: FrameScheduler;
  #controller: AbortController | undefined;
  #tail: Tail | undefined;
  #cursor: string | undefined;
  #pending: StreamItem[] = [];
  #drained: (() => void) | undefined;
  #bands = 0;
  #wasOpen = false;
  /** Since the connection was lost, or the first one failed. */
  #awaySinceMs: number | undefined;
  /** The band of the last reconnection, while lines of the time away still come. */
  #catchingUp: { item: ReconnectedItem; openedAtMs: number; isHandedOver: boolean } | undefined;
  /** This clock minus the hub's, by the freshest line so far. */
  #clockOffsetMs = Number.POSITIVE_INFINITY;

  /** `after` is where to go on, as {@link cursor} of an earlier reader said. */
  constructor(options: LiveReaderOptions, after?: string) {
    this.#options = options;
    this.#cursor = after;
    this.#frames = scheduleFrames(options.batchMs ?? DEFAULT_BATCH_MS, () => this.#flush());
  }

  /** Id up to which everything was handed over or waits for the next batch. */
  get cursor(): string | undefined {
    return this.#tail?.cursor ?? this.#cursor;
  }

  start(): void {
    if (this.#controller !== undefined) return;
    const controller = new AbortController();
    this.#controller = controller;
    void this.#read(controller);
  }

  /** Ends the connection. What has come is handed over; a later start goes on after it. */
  stop(): void {
    if (this.#controller === undefined) return;
    this.#cursor = this.cursor;
    this.#tail = undefined;
    this.#controller.abort();
    this.#controller = undefined;
    this.#frames.cancel();
    this.#flush();
  }

  /** Tries again at once instead of waiting; what is connected stays so. */
  retryNow(): void {
    if (this.#controller === undefined) return;
    this.stop();
    this.start();
  }

  async #read(controller: AbortController): Promise<void> {
    const { signal } = controller;
    const isCurrent = () => this.#controller === controller;
    try {
      const tail = this.#options.open(this.#cursor, signal);
      this.#tail = tail;
      for await (const batch of tail.batches()) {
        if (!isCurrent()) return;
        for (const item of batch) this.#take(item);
        if (this.#pending.length > 0) this.#frames.request();
        if (this.#pending.length >= MAX_PENDING) await this.#room();
      }
    } catch (error) {
      // What a tail throws it has said as a state before; anything else is a mistake of the caller's, such as a bad option.
      if (isCurrent() && !(error instanceof Error && 'url' in error)) throw error;
    } finally {
      if (isCurrent()) this.stop();
    }
  }

  #room(): Promise<void> {
    return new Promise((resolve) => {
      this.#drained = resolve;
    });
  }

  #take(item: TailItem): void {
    if (item.type === 'event') this.#takeEvent(item.event);
    else if (item.type === 'gap') this.#takeGap(item);
    else this.#takeState(item);
  }

  #takeEvent(event: FlatEvent): void {
    this.#pending.push(lineItem(event));
    const receivedAtMs = Date.parse(event.receivedAt);
    const catchingUp = this.#catchingUp;
    if (catchingUp !== undefined) {
      const offsetMs = Number.isFinite(this.#clockOffsetMs) ? this.#clockOffsetMs : 0;
      if (receivedAtMs + offsetMs >= catchingUp.openedAtMs) this.#endCatchUp();
      else this.#setBand({ ...catchingUp.item, caughtUp: catchingUp.item.caughtUp + 1 });
    }
    // What is caught up came long ago: it says nothing about clocks.
    else this.#clockOffsetMs = Math.min(this.#clockOffsetMs, Date.now() - receivedAtMs);
  }

  #takeGap(gap: TailGap): void {
    if (this.#catchingUp !== undefined) this.#setBand({ ...this.#catchingUp.item, complete: false });
    const { url } = gap.details;
    const item: GapItem = {
      type: 'gap',
      key: `gap-${++this.#bands}-${gap.to ?? ''}`,
      count: gap.count,
      reason: gap.reason,
      url: typeof url === 'string' && url.startsWith('/') ? url : undefined,
    };
    this.#pending.push(item);
  }

  #takeState(state: TailState): void {
    if (state.state === 'open') this.#opened(state.resumed);
    else if (state.state === 'waiting') this.#awaySinceMs ??= Date.now() - state.silentMs;
    this.#options.onState(this.#describe(state));
  }

  #opened(resumed: boolean): void {
    const now = Date.now();
    if (this.#wasOpen && this.#awaySinceMs !== undefined && resumed) {
      this.#endCatchUp();
      const key = `reconnected-${++this.#bands}-${now}`;
      const awayMs = now - this.#awaySinceMs;
      const item: ReconnectedItem = { type: 'reconnected', key, awayMs, caughtUp: 0, complete: true };
      this.#catchingUp = { item, openedAtMs: now, isHandedOver: false };
      this.#pending.push(item);
      this.#frames.request();
    }
    this.#awaySinceMs = undefined;
    this.#wasOpen = true;
  }

  /** In what waits, the band is found by its key; what was handed over is told. */
  #setBand(item: ReconnectedItem): void {
    if (this.#catchingUp !== undefined) this.#catchingUp.item = item;
  }

  #endCatchUp(): void {
    this.#tellBand();
    this.#catchingUp = undefined;
  }

  #tellBand(): void {
    const catchingUp = this.#catchingUp;
    if (catchingUp === undefined) return;
    const { item } = catchingUp;
    const index = this.#pending.findIndex(({ key }) => key === item.key);
    if (index >= 0) this.#pending[index] = item;
    else if (catchingUp.isHandedOver) this.#options.onUpdate(item);
  }

  #describe(state: TailState): StreamState {
    if (state.state === 'connecting') return { type: 'connecting', sinceMs: this.#awaySinceMs };
    if (state.state === 'open') return { type: 'open' };
    if (state.state === 'closed') return { type: 'closed', error: state.error ?? undefined };
    const now = Date.now();
    const reason = state.error?.message ?? REASONS[state.reason];
    const { delayMs, failures } = state;
    return { type: 'waiting', retryAtMs: now + delayMs, failures, sinceMs: this.#awaySinceMs ?? now, reason };
  }

  #flush(): void {
    this.#tellBand();
    const items = this.#pending;
    if (items.length > 0) {
      this.#pending = [];
      if (this.#catchingUp !== undefined) this.#catchingUp.isHandedOver = true;
      this.#options.onBatch(items);
    }
    this.#drained?.();
    this.#drained = undefined;
  }
}

const REASONS = {
  refused: 'the hub refused the connection',
  ended: 'the hub ended the stream, as it does when it restarts',
  lost: 'the connection broke',
  silent: 'nothing came from the hub for too long',
} as const;
