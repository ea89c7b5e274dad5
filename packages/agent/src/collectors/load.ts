/** Load: tasks that run or wait to, averaged over 1, 5 and 15 minutes. */

import type { Collector } from './collector.ts';
import type { HostFiles } from './host-files.ts';

export interface LoadFigures {
  readonly avg1m: number;
  readonly avg5m: number;
  readonly avg15m: number;
}

export class LoadCollector implements Collector<LoadFigures> {
  readonly #files: HostFiles;

  constructor(files: HostFiles) {
    this.#files = files;
  }

  collect(): LoadFigures | undefined {
    const [avg1m, avg5m, avg15m] = (this.#files.read('/proc/loadavg') ?? '').split(' ').map(Number);
    return avg15m === undefined ? undefined : { avg1m: avg1m!, avg5m: avg5m!, avg15m };
  }
}
