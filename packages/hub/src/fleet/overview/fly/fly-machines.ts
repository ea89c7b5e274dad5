/**
 * Fly's machines, learned from the lines that pass by. It stands in the live path: a line of an app that is known costs a look
 * into a map and at one character; only what the platform says is read.
 */

import type { LogEvent } from '@flywatch/core';
import { isFlyMachine } from './fly-origin.ts';
import { type DatedHappening, type MachineStory, tellStory } from './machine-story.ts';
import { readPlatformLine } from './platform-lines.ts';

/** What is looked at of an event. */
export type MachineLine = Pick<LogEvent, 'app' | 'instance' | 'region' | 'provider' | 'message' | 'timeMs' | 'demo'>;

export interface KnownMachine {
  readonly app: string;
  readonly id: string;
  readonly region: string | undefined;
  readonly lastSeenMs: number;
  readonly demo: boolean;
  readonly story: MachineStory;
}

/** Machines that are known; each takes some 500 bytes. Beyond it, those that have been silent for longest go, a tenth at a time. */
const MAX_MACHINES = 5000;

/** What happened to a machine: a day of restarts, in two or three lines each, is told from the newest. */
const MAX_HAPPENINGS = 64;

/** Machines that have said nothing for so long are gone: the page's longest range. */
const FORGOTTEN_AFTER_MS = 7 * 86_400_000;

interface Machine {
  readonly app: string;
  readonly id: string;
  readonly demo: boolean;
  region: string | undefined;
  lastSeenMs: number;
  lastAppLineMs: number | undefined;
  readonly happenings: DatedHappening[];
}

export class FlyMachines {
  readonly #machines = new Map<string, Machine>();
  /** Machines that were forgotten for want of room. */
  forgotten = 0;

  /** Looks at a line as it is published. Cheap, and never throws. */
  observe(line: MachineLine): void {
    const { instance, provider } = line;
    if (instance === undefined || provider === 'agent') return;
    const machine = this.#machines.get(instance) ?? this.#meet(line, instance);
    if (machine === undefined) return;
    const { timeMs } = line;
    if (timeMs > machine.lastSeenMs) machine.lastSeenMs = timeMs;
    machine.region ??= line.region;
    const happening = readPlatformLine(provider, line.message);
    if (happening !== undefined) insert(machine.happenings, { ...happening, atMs: timeMs });
    else if (provider === 'app' && timeMs > (machine.lastAppLineMs ?? 0)) machine.lastAppLineMs = timeMs;
  }

  #meet(line: MachineLine, id: string): Machine | undefined {
    const { app, region, demo, timeMs } = line;
    if (app === undefined || !isFlyMachine(line)) return undefined;
    if (this.#machines.size >= MAX_MACHINES) this.#forgetOldest();
    const machine = { app, id, region, demo, lastSeenMs: timeMs, lastAppLineMs: undefined, happenings: [] };
    this.#machines.set(id, machine);
    return machine;
  }

  #forgetOldest(): void {
    const oldest = [...this.#machines.values()].sort((a, b) => a.lastSeenMs - b.lastSeenMs).slice(0, MAX_MACHINES / 10);
    for (const { id } of oldest) this.#machines.delete(id);
    this.forgotten += oldest.length;
  }

  /** The demo has ended, and what it made up goes with it. */
  forgetDemo(): void {
    for (const [id, { demo }] of this.#machines) if (demo) this.#machines.delete(id);
  }

  /** Those heard of lately, as they are now. */
  all(nowMs: number): KnownMachine[] {
    return [...this.#machines.values()].flatMap((machine) => {
      const { app, id, region, lastSeenMs, demo, happenings, lastAppLineMs } = machine;
      if (lastSeenMs < nowMs - FORGOTTEN_AFTER_MS) {
        this.#machines.delete(id);
        return [];
      }
      return [{ app, id, region, lastSeenMs, demo, story: tellStory(happenings, lastAppLineMs, nowMs) }];
    });
  }
}

/** By its own time, after those of the same time; the oldest go. */
function insert(happenings: DatedHappening[], happening: DatedHappening): void {
  let at = happenings.length;
  while (at > 0 && happenings[at - 1]!.atMs > happening.atMs) at--;
  happenings.splice(at, 0, happening);
  if (happenings.length > MAX_HAPPENINGS) happenings.shift();
}
