/** Pressure (PSI): the share of time in which work waited for CPU, memory or IO. */

import { CgroupLimits } from './cgroup-limits.ts';
import type { Collector } from './collector.ts';
import type { HostFiles } from './host-files.ts';

const RESOURCES = ['cpu', 'memory', 'io'] as const;

/** Percent of the last 10, 60 and 300 seconds. */
export interface Waiting {
  readonly avg10: number;
  readonly avg60: number;
  readonly avg300: number;
}

export interface Pressure {
  /** At least one task waited. */
  readonly some: Waiting;
  /** All tasks waited; not said of the CPU by older kernels. */
  readonly full: Waiting | undefined;
}

export type PressureFigures = Readonly<Partial<Record<(typeof RESOURCES)[number], Pressure>>>;

/** `some avg10=0.00 avg60=0.00 avg300=0.00 total=0`, and the same for `full`. */
export function parsePressure(text: string): Pressure | undefined {
  const found: Partial<Record<string, Waiting>> = {};
  for (const [, kind = '', avg10, avg60, avg300] of text.matchAll(
    /^(some|full) avg10=([\d.]+) avg60=([\d.]+) avg300=([\d.]+)/gm,
  )) {
    found[kind] = { avg10: Number(avg10), avg60: Number(avg60), avg300: Number(avg300) };
  }
  return found.some === undefined ? undefined : { some: found.some, full: found.full };
}

export class PressureCollector implements Collector<PressureFigures> {
  readonly #files: HostFiles;
  readonly #limits: CgroupLimits;

  constructor(files: HostFiles) {
    this.#files = files;
    this.#limits = new CgroupLimits(files);
  }

  collect(): PressureFigures | undefined {
    const figures: { -readonly [K in keyof PressureFigures]: PressureFigures[K] } = {};
    for (const resource of RESOURCES) {
      const text = this.#limits.pressure(resource) ?? this.#files.read(`/proc/pressure/${resource}`);
      const pressure = text === undefined ? undefined : parsePressure(text);
      if (pressure !== undefined) figures[resource] = pressure;
    }
    return Object.keys(figures).length === 0 ? undefined : figures;
  }
}
