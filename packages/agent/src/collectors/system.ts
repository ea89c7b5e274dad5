/** Which system the host runs: the name of its distribution, and its kernel. */

import type { Collector } from './collector.ts';
import type { HostFiles } from './host-files.ts';

export interface SystemFigures {
  /** As the distribution calls itself: `Debian GNU/Linux 12 (bookworm)`. */
  readonly os: string | undefined;
  readonly kernel: string | undefined;
}

/** `os-release(5)`: shell assignments, values perhaps in quotes. */
export function parseOsRelease(text: string): string | undefined {
  const value = /^PRETTY_NAME=(.*)$/m.exec(text)?.[1]?.trim();
  const [, , quoted] = /^(["'])(.*)\1$/.exec(value ?? '') ?? [];
  const name = (quoted ?? value ?? '').replace(/\\(["'$`\\])/g, '$1');
  return name === '' ? undefined : name;
}

export class SystemCollector implements Collector<SystemFigures> {
  readonly #files: HostFiles;

  constructor(files: HostFiles) {
    this.#files = files;
  }

  collect(): SystemFigures | undefined {
    const release = this.#files.read('/etc/os-release') ?? this.#files.read('/usr/lib/os-release') ?? '';
    const os = parseOsRelease(release);
    const kernel = this.#files.read('/proc/sys/kernel/osrelease')?.trim();
    return os === undefined && kernel === undefined ? undefined : { os, kernel };
  }
}
