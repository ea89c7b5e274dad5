/** How long the machine has been up. */

import type { Collector } from './collector.ts';
import type { HostFiles } from './host-files.ts';

export interface UptimeFigures {
  readonly seconds: number;
}

export class UptimeCollector implements Collector<UptimeFigures> {
  readonly #files: HostFiles;

  constructor(files: HostFiles) {
    this.#files = files;
  }

  collect(): UptimeFigures | undefined {
    const seconds = Number.parseFloat(this.#files.read('/proc/uptime') ?? '');
    return Number.isNaN(seconds) ? undefined : { seconds };
  }
}
