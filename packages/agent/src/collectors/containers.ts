/**
 * Containers, as the kernel sees them: by their cgroups. The socket of Docker would say more, and gives whoever holds it the whole
 * machine; so it is not asked.
 */

import type { Collector } from './collector.ts';
import type { HostFiles } from './host-files.ts';
import { KeyedRates } from './rates.ts';

const BASE = '/sys/fs/cgroup';

/** New ones are noticed within this; looking through the tree costs more than reading what is known. */
const SEARCH_INTERVAL_MS = 30_000;
const MAX_CONTAINERS = 200;
const MAX_FOLDERS = 2000;
/** Kubernetes has them four levels down. */
const MAX_DEPTH = 6;

/** Version 1 writes "no limit" as a number near 2^63. */
const NO_LIMIT = 2 ** 60;

export interface ContainerFigures {
  readonly id: string;
  readonly runtime: string;
  /** The name of its first process. */
  readonly command: string | undefined;
  /** Of one core. Undefined before a second reading. */
  readonly cpuPercent: number | undefined;
  /** Without page cache that could be given back. */
  readonly memoryBytes: number;
  readonly memoryLimitBytes: number | undefined;
  readonly processes: number | undefined;
}

/** Where runtimes put their containers. An id of 64 digits is cut to the 12 that people see. */
const PLACES: readonly (readonly [RegExp, string])[] = [
  [/\/docker[-/]([0-9a-f]{64})(?:\.scope)?$/, 'docker'],
  [/\/libpod-([0-9a-f]{64})(?:\.scope)?$/, 'podman'],
  [/\/crio-([0-9a-f]{64})(?:\.scope)?$/, 'cri-o'],
  [/\/cri-containerd-([0-9a-f]{64})(?:\.scope)?$/, 'containerd'],
  [/\/kubepods[^/]*(?:\/[^/]+)*\/([0-9a-f]{64})$/, 'kubernetes'],
  [/\/lxc\.payload\.([^/]+)$/, 'lxc'],
  [/\/lxc\/([^/]+)$/, 'lxc'],
  [/\/machine-([^/]+)\.scope$/, 'nspawn'],
  [/\/systemd-nspawn@([^/]+)\.service$/, 'nspawn'],
];

export function containerAt(path: string): { readonly id: string; readonly runtime: string } | undefined {
  for (const [pattern, runtime] of PLACES) {
    const id = pattern.exec(path)?.[1];
    if (id === undefined) continue;
    return { id: id.length === 64 ? id.slice(0, 12) : unescapeUnit(id), runtime };
  }
  return undefined;
}

interface Container {
  readonly id: string;
  readonly runtime: string;
  /** Below the root of the hierarchy. */
  readonly path: string;
}

export class ContainersCollector implements Collector<readonly ContainerFigures[]> {
  readonly #files: HostFiles;
  readonly #isV2: boolean;
  readonly #rates = new KeyedRates<'usedMs'>();
  #containers: readonly Container[] = [];
  #searchAtMs = Number.NEGATIVE_INFINITY;

  constructor(files: HostFiles) {
    this.#files = files;
    this.#isV2 = files.read(`${BASE}/cgroup.controllers`) !== undefined;
  }

  collect(nowMs: number): readonly ContainerFigures[] | undefined {
    if (nowMs >= this.#searchAtMs) {
      this.#containers = this.#search();
      this.#searchAtMs = nowMs + SEARCH_INTERVAL_MS;
    }
    if (this.#containers.length === 0) return undefined;
    const counters = new Map(
      this.#containers.flatMap(({ path }) => {
        const usedMs = this.#usedMs(path);
        return usedMs === undefined ? [] : [[path, { usedMs }] as const];
      }),
    );
    const rateOf = this.#rates.update(counters, nowMs);
    return this.#containers.flatMap((container) => this.#figuresOf(container, rateOf(container.path)?.usedMs));
  }

  /** Nothing for one that is gone. */
  #figuresOf({ id, runtime, path }: Container, usedMsPerSecond: number | undefined): ContainerFigures[] {
    const folder = this.#folder('memory', path);
    const usage = this.#files.readNumber(`${folder}/${this.#isV2 ? 'memory.current' : 'memory.usage_in_bytes'}`);
    if (usage === undefined) return [];
    const limit = this.#files.readNumber(`${folder}/${this.#isV2 ? 'memory.max' : 'memory.limit_in_bytes'}`);
    const cache = /^(?:total_)?inactive_file (\d+)$/m.exec(this.#files.read(`${folder}/memory.stat`) ?? '')?.[1];
    const first = /^\d+/.exec(this.#files.read(`${folder}/cgroup.procs`) ?? '')?.[0];
    return [
      {
        id,
        runtime,
        command: first === undefined ? undefined : this.#files.read(`/proc/${first}/comm`)?.trim(),
        cpuPercent: usedMsPerSecond === undefined ? undefined : usedMsPerSecond / 10,
        memoryBytes: Math.max(0, usage - Number(cache ?? 0)),
        memoryLimitBytes: limit === undefined || limit > NO_LIMIT ? undefined : limit,
        processes: this.#files.readNumber(`${this.#folder('pids', path)}/pids.current`),
      },
    ];
  }

  #usedMs(path: string): number | undefined {
    if (this.#isV2) {
      const usec = /^usage_usec (\d+)$/m.exec(this.#files.read(`${BASE}${path}/cpu.stat`) ?? '')?.[1];
      return usec === undefined ? undefined : Number(usec) / 1000;
    }
    const nanoseconds = this.#files.readNumber(`${this.#folder('cpuacct', path)}/cpuacct.usage`);
    return nanoseconds === undefined ? undefined : nanoseconds / 1e6;
  }

  #folder(controller: string, path: string): string {
    return this.#isV2 ? BASE + path : `${BASE}/${controller}${path}`;
  }

  /** Level by level, and not into containers: what runs in them is theirs. */
  #search(): readonly Container[] {
    const found: Container[] = [];
    let level = [''];
    let looked = 0;
    for (let depth = 0; depth < MAX_DEPTH && level.length > 0; depth++) {
      const next: string[] = [];
      for (const parent of level) {
        if (++looked > MAX_FOLDERS) return found;
        for (const name of this.#files.listFolders(this.#folder('memory', parent))) {
          const path = `${parent}/${name}`;
          const container = containerAt(path);
          if (container === undefined) next.push(path);
          else if (found.length < MAX_CONTAINERS) found.push({ ...container, path });
        }
      }
      level = next;
    }
    return found;
  }
}

/** systemd writes `-` in names as `\x2d`. */
function unescapeUnit(name: string): string {
  return name.replace(/\\x([0-9a-f]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
}
