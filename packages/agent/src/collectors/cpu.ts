/** CPU: how much of it is used, by what kind of work, and how much of it was not to be had. */

import { CgroupLimits } from './cgroup-limits.ts';
import type { Collector } from './collector.ts';
import type { HostFiles } from './host-files.ts';
import { KeyedRates, Rates } from './rates.ts';

export interface CpuFigures {
  /** 0 to 100 % of what may be used: all cores, or what the container's limit allows. */
  readonly percent: number;
  /** Cores that may be used; a fraction where a limit says so. */
  readonly cores: number;
  readonly userPercent: number;
  readonly systemPercent: number;
  /** Idle, with something waiting for a disk. Not part of `percent`. */
  readonly iowaitPercent: number;
  /** What the host of this virtual machine gave to others. */
  readonly stealPercent: number;
  /** `percent` of each core of the machine. */
  readonly perCore: readonly number[];
}

/** Ticks since boot. `user` has `nice` in it, `system` the interrupts. */
type Ticks = Readonly<Record<'user' | 'system' | 'idle' | 'iowait' | 'steal', number>>;

/** `/proc/stat`: a line for all cores, `cpu`, and one for each, `cpu0` and on. */
export function parseStat(text: string): ReadonlyMap<string, Ticks> {
  const ticks = new Map<string, Ticks>();
  for (const line of text.split('\n')) {
    if (!line.startsWith('cpu')) break;
    // Time of guests is in user and nice already.
    const [name = '', ...fields] = line.split(/ +/);
    const [user = 0, nice = 0, system = 0, idle = 0, iowait = 0, irq = 0, softirq = 0, steal = 0] = fields.map(Number);
    ticks.set(name, { user: user + nice, system: system + irq + softirq, idle, iowait, steal });
  }
  return ticks;
}

export class CpuCollector implements Collector<CpuFigures> {
  readonly #files: HostFiles;
  readonly #limits: CgroupLimits;
  readonly #shares = new Map<string, Ticks>();
  readonly #limited = new Rates<'usedMs'>();
  #last: CpuFigures | undefined;
  readonly #ticks = new KeyedRates<keyof Ticks>();

  constructor(files: HostFiles) {
    this.#files = files;
    this.#limits = new CgroupLimits(files);
  }

  collect(nowMs: number): CpuFigures | undefined {
    const text = this.#files.read('/proc/stat');
    if (text === undefined) return undefined;
    const ticks = steadied(parseStat(text), this.#shares);
    const rateOf = this.#ticks.update(ticks, nowMs);
    const names = [...ticks.keys()].filter((name) => name !== 'cpu');
    const all = rateOf('cpu');
    const limit = this.#limits.cpu(names.length);
    const used = limit === undefined ? undefined : this.#limited.update({ usedMs: limit.usedMs }, nowMs);
    if (all === undefined || (limit !== undefined && used === undefined)) return this.#last;
    const share = percentsOf(all);
    this.#last = {
      percent: limit === undefined ? share.busy : Math.min(100, used!.usedMs / 10 / limit.cores),
      cores: limit?.cores ?? names.length,
      userPercent: share.user,
      systemPercent: share.system,
      iowaitPercent: share.iowait,
      stealPercent: share.steal,
      perCore: names.map((name) => {
        const core = rateOf(name);
        return core === undefined ? 0 : percentsOf(core).busy;
      }),
    };
    return this.#last;
  }
}

/** Some counters step back by a tick or two, iowait by design (proc(5)): they stand still until they are past where they were. */
function steadied(ticks: ReadonlyMap<string, Ticks>, highest: Map<string, Ticks>): ReadonlyMap<string, Ticks> {
  for (const [name, now] of ticks) {
    const before = highest.get(name);
    highest.set(name, {
      user: Math.max(now.user, before?.user ?? 0),
      system: Math.max(now.system, before?.system ?? 0),
      idle: Math.max(now.idle, before?.idle ?? 0),
      iowait: Math.max(now.iowait, before?.iowait ?? 0),
      steal: Math.max(now.steal, before?.steal ?? 0),
    });
  }
  for (const name of highest.keys()) if (!ticks.has(name)) highest.delete(name);
  return new Map(highest);
}

function percentsOf({ user, system, idle, iowait, steal }: Ticks) {
  const total = user + system + idle + iowait + steal;
  const percent = (ticks: number) => (total === 0 ? 0 : (100 * ticks) / total);
  return {
    busy: percent(user + system + steal),
    user: percent(user),
    system: percent(system),
    iowait: percent(iowait),
    steal: percent(steal),
  };
}
