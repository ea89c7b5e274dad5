/**
 * Fills what the bus did not bring, after a start or a lost connection, from Fly's HTTP log API.
 *
 *   fill(from, to) ─▶ pass over the apps ─▶ slice: what the hub has ─┐
 *                       ▲                          pages of the API ─┴▶ merge ─▶ normalize ─▶ accept
 *                       └── what the API was too young to know, and what failed, once more later
 *
 * One pass runs at a time. What is asked for meanwhile is merged into the next one, and what a pass leaves over is kept by
 * app: the tail, since the API lags behind the bus, and the windows of apps for which it failed.
 */

import { cutToBytes, type Envelope, type LogEvent } from '@flywatch/core';
import type { Log } from '../../log.ts';
import type { FlyLogApi } from './fly-log-api.ts';
import { FlyLogApiError } from './fly-log-api-error.ts';
import { type FlyLogLine, toEnvelope } from './fly-log-line.ts';
import { type KnownEvents, loadSlice, type Slice } from './known-events.ts';
import { lineKey } from './line-key.ts';
import { Overlap } from './overlap.ts';
import { since, union, type Window } from './window.ts';

export interface BackfillOptions {
  /** The apps that are watched: those named, or those seen so far where the whole organization is. Must not throw. */
  readonly apps: () => readonly string[];
  readonly api: Pick<FlyLogApi, 'pages'>;
  readonly known: KnownEvents;
  /** Lines of this machine are the hub's own output and are left out, as the bus source does. */
  readonly ownMachine: string | undefined;
  /** UTF-8 bytes beyond which the normalizer cuts a message: lines are compared as they are kept. */
  readonly maxLineBytes: number;
  readonly normalize: (payload: string, labels: Envelope, receivedAtMs: number) => LogEvent;
  /** Puts an event on its way. */
  readonly accept: (event: LogEvent) => void;
  readonly bounds: BackfillBounds;
  readonly log: Log;
  /** @defaultValue Date.now */
  readonly now?: () => number;
}

/** See `limits.ts` for what each is for. */
export interface BackfillBounds {
  readonly maxWindowMs: number;
  readonly marginMs: number;
  readonly lagMs: number;
  readonly retryMs: number;
  readonly sliceMs: number;
  readonly sliceKeys: number;
  readonly overlapKeys: number;
}

/** `failed`: the last pass got less than it was asked for; `detail` says why. */
export type BackfillState = 'idle' | 'filling' | 'failed';

export interface BackfillStatus {
  readonly state: BackfillState;
  /** Since when, in milliseconds since 1970. */
  readonly sinceMs: number;
  /** What went wrong last, in a sentence for a person; undefined once a pass has gone well. */
  readonly detail: string | undefined;
  /** Lines that the API has brought, and what became of them. */
  readonly fetched: number;
  readonly added: number;
  readonly duplicates: number;
  /** Windows of apps that could not be filled, counted at each try. */
  readonly failed: number;
  /** Lines for which there was no room to remember them; each may be there twice. */
  readonly forgotten: number;
}

/** What is left of an app's window after a pass. */
interface Rest {
  readonly window: Window;
  /** When to ask again; undefined: only together with another fill. */
  readonly dueMs: number | undefined;
  /** Why it is left; undefined where the API was too young to know it. */
  readonly problem?: string;
}

export class Backfill {
  readonly #options: BackfillOptions;
  readonly #now: () => number;
  readonly #abort = new AbortController();
  readonly #overlap: Overlap;
  /** Asked for, and not begun. */
  #asked: Window | undefined;
  /** Asked for lately and not settled yet: an app that shows up meanwhile has missed all of it. */
  #unsettled: Window | undefined;
  readonly #covered = new Set<string>();
  readonly #rests = new Map<string, Rest>();
  #loop: Promise<void> | undefined;
  #timer: NodeJS.Timeout | undefined;
  #state: BackfillState = 'idle';
  #sinceMs: number;
  #detail: string | undefined;
  readonly #counters = { fetched: 0, added: 0, duplicates: 0, failed: 0 };

  constructor(options: BackfillOptions) {
    this.#options = options;
    this.#now = options.now ?? Date.now;
    this.#sinceMs = this.#now();
    this.#overlap = new Overlap(options.bounds.overlapKeys);
  }

  get status(): BackfillStatus {
    const { forgotten } = this.#overlap;
    return { state: this.#state, sinceMs: this.#sinceMs, detail: this.#detail, ...this.#counters, forgotten };
  }

  /**
   * Asks for the lines from `fromMs` to `toMs` that are missing. Resolves when a pass has tried it, and never rejects; what
   * is to follow later happens by itself.
   */
  fill(fromMs: number, toMs: number, reason: string): Promise<void> {
    const { marginMs } = this.#options.bounds;
    const window = this.#bounded({ fromMs: fromMs - marginMs, toMs: toMs + marginMs });
    if (window === undefined || !(fromMs <= toMs) || this.#abort.signal.aborted) return Promise.resolve();
    const seconds = Math.round((window.toMs - window.fromMs) / 1000);
    this.#options.log.info(`asking Fly's log API for what may be missing of ${seconds} s: ${reason}`);
    this.#asked = union(this.#asked, window);
    return this.#wake();
  }

  /**
   * To be called for each event that the bus brings: false where the API has brought that very line already, so that it
   * must not be published again. Does next to nothing outside of fills.
   */
  note(event: LogEvent): boolean {
    return this.#overlap.fromBus(event);
  }

  /** Ends for good; resolves when nothing is under way any more. May be called twice. */
  async stop(): Promise<void> {
    this.#abort.abort();
    clearTimeout(this.#timer);
    await this.#loop;
  }

  #wake(): Promise<void> {
    clearTimeout(this.#timer);
    this.#loop ??= this.#run();
    return this.#loop;
  }

  async #run(): Promise<void> {
    const { signal } = this.#abort;
    do {
      const asked = this.#asked;
      this.#asked = undefined;
      await this.#pass(this.#plan(asked));
    } while (this.#asked !== undefined && !signal.aborted);
    this.#planNext();
    // In the same turn as the last look at what is asked for, so that nobody joins a loop that has ended.
    this.#loop = undefined;
  }

  /** Which window to ask for, by app: what was asked for now, and what earlier passes have left over. */
  #plan(asked: Window | undefined): Map<string, Window> {
    if (asked !== undefined) this.#unsettled = union(this.#unsettled, asked);
    const plan = new Map<string, Window>();
    const apps = new Set([...this.#options.apps(), ...this.#rests.keys()]);
    for (const app of apps) {
      const rest = this.#rests.get(app)?.window;
      const missed = this.#covered.has(app) ? asked : this.#unsettled;
      const window = missed === undefined ? rest : union(rest, missed);
      const bounded = window === undefined ? undefined : this.#bounded(window);
      if (bounded !== undefined) plan.set(app, bounded);
      else this.#rests.delete(app);
      this.#covered.add(app);
    }
    return plan;
  }

  /** One app after the other: an API that limits how often it is asked is asked no faster by asking at once. */
  async #pass(plan: ReadonlyMap<string, Window>): Promise<void> {
    if (plan.size === 0) return;
    const { bounds, log } = this.#options;
    const { fetched, added, failed } = this.#counters;
    this.#become('filling', this.#detail);
    const whole = [...plan.values()].reduce(union);
    // The bus brings nothing that is older than the connection but for what was on its way: a margin before `toMs`.
    this.#overlap.begin(whole, whole.toMs - 2 * bounds.marginMs);
    let problem: string | undefined;
    for (const [app, window] of plan) {
      if (this.#abort.signal.aborted) break;
      problem = (await this.#fillApp(app, window)) ?? problem;
    }
    this.#overlap.end();
    if (this.#abort.signal.aborted) problem ??= 'stopped before it was done';
    this.#become(problem === undefined ? 'idle' : 'failed', problem);
    log.info("Fly's log API was asked", {
      apps: plan.size,
      fetched: this.#counters.fetched - fetched,
      added: this.#counters.added - added,
      failed: this.#counters.failed - failed,
    });
  }

  /** Fills the window of one app, slice by slice, and keeps what is left of it. What went wrong, or undefined. */
  async #fillApp(app: string, window: Window): Promise<string | undefined> {
    const { api, bounds, known } = this.#options;
    const { signal } = this.#abort;
    const sliceBounds = { maxMs: bounds.sliceMs, maxKeys: bounds.sliceKeys };
    /** What the API may not tell of yet. */
    const youngMs = this.#now() - bounds.lagMs;
    const labels: Envelope = { app, wins: true, backfilled: true };
    let left: Window | undefined = window;
    try {
      while (left !== undefined) {
        const slice: Slice = await loadSlice(known, app, left, sliceBounds, this.#overlap.isNoted, signal);
        for await (const lines of api.pages(app, slice, signal)) {
          for (const line of lines) this.#merge(app, labels, line, slice);
        }
        left = since(left, slice.toMs);
      }
    } catch (error) {
      if (signal.aborted) return undefined;
      return this.#failed(app, since(window, Math.min(left?.fromMs ?? window.toMs, youngMs)), error);
    }
    const tail = since(window, youngMs);
    if (tail === undefined) this.#rests.delete(app);
    else this.#rests.set(app, { window: tail, dueMs: tail.toMs + bounds.lagMs });
    return undefined;
  }

  #failed(app: string, window: Window | undefined, error: unknown): string {
    const { bounds, log } = this.#options;
    this.#counters.failed++;
    const problem = error instanceof Error ? error.message : String(error);
    // An outage is said once an app, and not at each try.
    const text = `what is missing of ${app} could not be had: ${problem}`;
    if (this.#rests.get(app)?.problem === problem) log.debug(text);
    else log.warn(text);
    // Anything but the API's own word may pass: a store that cannot be read, most of all.
    const kind = error instanceof FlyLogApiError ? error.problem : 'unavailable';
    if (kind === 'unknown_app' || window === undefined) this.#rests.delete(app);
    else {
      const dueMs = kind === 'unavailable' ? this.#now() + bounds.retryMs : undefined;
      this.#rests.set(app, { window, dueMs, problem });
    }
    return problem;
  }

  #merge(app: string, labels: Envelope, line: FlyLogLine, slice: Slice): void {
    const { accept, maxLineBytes, normalize, ownMachine } = this.#options;
    if (ownMachine !== undefined && line.instance === ownMachine) return;
    this.#counters.fetched++;
    const { ms: timeMs, nanos: timeNanos } = line.time;
    const message = cutToBytes(line.message, maxLineBytes) ?? line.message;
    // Judged before it becomes an event: an event takes a position, and positions run on without holes.
    if (!this.#overlap.fromApi(lineKey(app, { ...line, message, timeMs, timeNanos }), timeMs, slice.lines)) {
      this.#counters.duplicates++;
      return;
    }
    this.#counters.added++;
    accept(normalize(toEnvelope(app, line), labels, this.#now()));
  }

  /** When what is left over is asked for again. */
  #planNext(): void {
    if (this.#abort.signal.aborted) return;
    const due = [...this.#rests.values()].flatMap(({ dueMs }) => dueMs ?? []);
    if (this.#unsettled !== undefined) {
      const settledMs = this.#unsettled.toMs + this.#options.bounds.lagMs;
      // Also without a rest: an app may show up whose lines of that time the API has.
      if (settledMs > this.#now()) due.push(settledMs);
    }
    if (due.length === 0) {
      this.#unsettled = undefined;
      this.#covered.clear();
      this.#overlap.forget();
      return;
    }
    // The latest of them: each earlier one would be a pass of its own, and none of them is in a hurry.
    const delayMs = Math.max(0, Math.max(...due) - this.#now());
    this.#timer = setTimeout(() => void this.#wake(), delayMs).unref();
  }

  /** No older than is sensible, and not in the future. */
  #bounded({ fromMs, toMs }: Window): Window | undefined {
    const { marginMs, maxWindowMs } = this.#options.bounds;
    const now = this.#now();
    return since({ fromMs, toMs: Math.min(toMs, now + marginMs) }, now - maxWindowMs);
  }

  #become(state: BackfillState, detail: string | undefined): void {
    if (this.#state !== state) this.#sinceMs = this.#now();
    this.#state = state;
    this.#detail = detail;
  }
}
