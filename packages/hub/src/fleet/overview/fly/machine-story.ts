/**
 * How a machine is, told from what happened to it. Lines come late and out of order, from several speakers, and some never:
 * so what happened is kept in the order of its own time, and the state is told anew each time that somebody asks.
 */

import type { MachineState } from '@flywatch/core';
import { RULES } from '../rules.ts';
import { inWords } from '../words.ts';
import type { Happening } from './platform-lines.ts';

export type DatedHappening = Happening & { readonly atMs: number };

export interface MachineStory {
  readonly state: MachineState;
  readonly text: string;
  readonly sinceMs: number | null;
  readonly exitCode: number | null;
  /** Checks that fail, and since when; empty unless it runs. */
  readonly failing: ReadonlyMap<string, number>;
  /** Of late, see `RULES.machines.recentMs`. */
  readonly starts: readonly number[];
  readonly kills: readonly number[];
  readonly crashes: readonly number[];
}

/** Runner, proxy and init each tell of one start; the reachable one comes when the program listens. */
const SAME_START_MS = 30_000;

/** Init and runner each tell of one end, and the kernel besides. */
const SAME_END_MS = 30_000;

/** After an end, init still has a few lines to say: from then on a line is a sign that the machine runs again, whose start was not heard. */
const LAST_WORDS_MS = 30_000;

export function tellStory(
  happenings: readonly DatedHappening[],
  lastAppLineMs: number | undefined,
  nowMs: number,
): MachineStory {
  const teller = new Teller();
  for (const happening of happenings) teller.take(happening);
  return teller.end(lastAppLineMs, nowMs);
}

class Teller {
  #state: Exclude<MachineState, 'failing'> = 'unknown';
  #sinceMs: number | null = null;
  #exitCode: number | null = null;
  #toldToStop: { readonly by: 'fly' | undefined } | undefined;
  #givenUp: number | undefined;
  readonly #failing = new Map<string, number>();
  readonly #starts: number[] = [];
  readonly #kills: number[] = [];
  readonly #crashes: number[] = [];

  take(happening: DatedHappening): void {
    const { atMs } = happening;
    switch (happening.kind) {
      case 'started':
        this.#start(atMs);
        break;
      case 'told-to-stop':
        this.#toldToStop ??= { by: happening.by };
        break;
      case 'exited':
        this.#exit(happening.code, atMs);
        break;
      case 'out-of-memory':
        this.#kill(atMs);
        break;
      case 'given-up':
        this.#givenUp = happening.restarts;
        this.#become('crashed', atMs);
        break;
      case 'check-failed':
        if (!this.#failing.has(happening.check)) this.#failing.set(happening.check, atMs);
        break;
      case 'check-passed':
        this.#failing.delete(happening.check);
        // Nothing else is known of it, but what passes a check runs.
        if (this.#state === 'unknown') this.#become('started', null);
        break;
    }
  }

  #become(state: Exclude<MachineState, 'failing'>, sinceMs: number | null): void {
    this.#state = state;
    this.#sinceMs = sinceMs;
  }

  #start(atMs: number): void {
    if (this.#state === 'started' && atMs - (this.#starts.at(-1) ?? Number.NEGATIVE_INFINITY) < SAME_START_MS) return;
    this.#starts.push(atMs);
    this.#toldToStop = undefined;
    this.#givenUp = undefined;
    this.#exitCode = null;
    this.#failing.clear();
    this.#become('started', atMs);
  }

  #exit(code: number, atMs: number): void {
    const isSame = this.#hasEnded && atMs - (this.#sinceMs ?? atMs) < SAME_END_MS;
    // The runner's word comes last, and knows the code that init has left out.
    this.#exitCode = code;
    if (isSame) return;
    if (this.#toldToStop !== undefined || code === 0) this.#become('stopped', atMs);
    else {
      this.#crashes.push(atMs);
      this.#become('crashed', atMs);
    }
  }

  /** It may be told before the exit or after it, and by the kernel and by init. */
  #kill(atMs: number): void {
    if (this.#state === 'killed' && atMs - (this.#sinceMs ?? atMs) < SAME_END_MS) return;
    const lastCrash = this.#crashes.at(-1);
    if (this.#state === 'crashed' && lastCrash !== undefined && atMs - lastCrash < SAME_END_MS) this.#crashes.pop();
    this.#kills.push(atMs);
    this.#become('killed', atMs);
  }

  get #hasEnded(): boolean {
    return this.#state === 'stopped' || this.#state === 'killed' || this.#state === 'crashed';
  }

  end(lastAppLineMs: number | undefined, nowMs: number): MachineStory {
    const spoke = lastAppLineMs ?? Number.NEGATIVE_INFINITY;
    const speaksAgain = this.#hasEnded && spoke > (this.#sinceMs ?? 0) + LAST_WORDS_MS;
    if (speaksAgain || (this.#state === 'unknown' && lastAppLineMs !== undefined)) {
      this.#exitCode = null;
      this.#become('started', null);
    }
    const sinceRecently = (times: readonly number[]) => times.filter((atMs) => atMs > nowMs - RULES.machines.recentMs);
    const isRunning = this.#state === 'started' || this.#state === 'unknown';
    const failing = isRunning ? this.#failing : new Map<string, number>();
    const [firstFailing] = [...failing].sort(([, a], [, b]) => a - b);
    const starts = sinceRecently(this.#starts);
    return {
      state: firstFailing === undefined ? this.#state : 'failing',
      sinceMs: firstFailing === undefined ? this.#sinceMs : firstFailing[1],
      text: firstFailing === undefined ? this.#text(starts.length) : `Health check ${firstFailing[0]} fails`,
      exitCode: isRunning ? null : this.#exitCode,
      failing,
      starts,
      kills: sinceRecently(this.#kills),
      crashes: sinceRecently(this.#crashes),
    };
  }

  #text(recentStarts: number): string {
    const code = this.#exitCode === null ? '' : `, exit ${this.#exitCode}`;
    switch (this.#state) {
      case 'started':
        if (this.#sinceMs === null) return 'Running';
        return recentStarts > 1
          ? `Started, ${ordinal(recentStarts)} time in ${inWords(RULES.machines.recentMs)}`
          : 'Started';
      case 'stopped':
        return this.#toldToStop?.by === 'fly' ? `Stopped by Fly, not needed${code}` : `Stopped${code}`;
      case 'killed':
        return `Killed for memory${code}`;
      case 'crashed':
        return this.#givenUp === undefined
          ? `Crashed${code}`
          : `Crashed${code}: Fly gave up after ${this.#givenUp} restarts`;
      case 'unknown':
        return 'Nothing known yet';
    }
  }
}

const ORDINALS = ['', 'first', 'second', 'third', 'fourth', 'fifth', 'sixth', 'seventh', 'eighth', 'ninth', 'tenth'];

function ordinal(count: number): string {
  return ORDINALS[count] ?? `${count}th`;
}
