/** All figures of a host, a section a collector. */

import type { Collector } from './collector.ts';
import { ContainersCollector } from './containers.ts';
import { CpuCollector } from './cpu.ts';
import { DisksCollector } from './disks.ts';
import { HostFiles } from './host-files.ts';
import { LoadCollector } from './load.ts';
import { MemoryCollector } from './memory.ts';
import { NetworkCollector } from './network.ts';
import { PressureCollector } from './pressure.ts';
import { ProcessesCollector } from './processes.ts';
import { SystemCollector } from './system.ts';
import { TemperatureCollector } from './temperature.ts';
import { UnitsCollector } from './units.ts';
import { UptimeCollector } from './uptime.ts';

const COLLECTORS = {
  cpu: CpuCollector,
  memory: MemoryCollector,
  pressure: PressureCollector,
  disks: DisksCollector,
  network: NetworkCollector,
  load: LoadCollector,
  uptime: UptimeCollector,
  system: SystemCollector,
  temperatures: TemperatureCollector,
  processes: ProcessesCollector,
  units: UnitsCollector,
  containers: ContainersCollector,
} as const;

type Section = keyof typeof COLLECTORS;

type FiguresOf<Class> = Class extends new (files: HostFiles) => Collector<infer T> ? T : never;

/** What a host says of itself; a section that it does not have is left out. */
export type HostFigures = { readonly [S in Section]?: FiguresOf<(typeof COLLECTORS)[S]> };

export interface HostCollectorOptions {
  /** Where the host's `/proc` and `/sys` are, for a look at another root; empty for this one. */
  readonly root?: string;
  /** Told once of each collector that fails; its section is left out then. */
  readonly onProblem?: (collector: string, error: unknown) => void;
}

export class HostCollector {
  readonly #collectors: readonly (readonly [Section, Collector<unknown>])[];
  readonly #onProblem: (collector: string, error: unknown) => void;
  readonly #failing = new Set<Section>();

  constructor({ root = '', onProblem = () => {} }: HostCollectorOptions = {}) {
    const files = new HostFiles(root);
    this.#collectors = Object.entries(COLLECTORS).map(([name, Class]) => [name as Section, new Class(files)] as const);
    this.#onProblem = onProblem;
  }

  /** The figures now. Rates are those since the call before; the first call has none. */
  async collect(): Promise<HostFigures> {
    const figures: Partial<Record<Section, unknown>> = {};
    for (const [name, collector] of this.#collectors) {
      try {
        // Each with its own time: one that waited for a disk must not falsify the rates of those after it.
        const found = collector.collect(performance.now());
        const section = found instanceof Promise ? await found : found;
        if (section !== undefined) figures[name] = section;
        this.#failing.delete(name);
      } catch (error) {
        if (!this.#failing.has(name)) this.#onProblem(name, error);
        this.#failing.add(name);
      }
    }
    return figures as HostFigures;
  }
}
