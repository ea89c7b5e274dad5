/** A real hub in a process of its own, and what can be seen of it from outside: its log, its memory, its sockets. */

import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';
import { type HubProcess, spawnHub } from '../support/test-hub.ts';

export class WatchedHub {
  readonly #process: HubProcess;

  private constructor(process: HubProcess) {
    this.#process = process;
  }

  static async start(env: Readonly<Record<string, string>>): Promise<WatchedHub> {
    return new WatchedHub(await spawnHub(env));
  }

  get pid(): number {
    return this.#process.pid;
  }

  get port(): number {
    return this.#process.port;
  }

  /** Faults that the hub has logged, with the lines of a crash if there was one. */
  get faults(): readonly string[] {
    return this.#process.lines.filter((line) => /\bERROR\b|^\s+at |Error:|Warning:/.test(line));
  }

  get isAlive(): boolean {
    try {
      return process.kill(this.#process.pid, 0);
    } catch {
      return false;
    }
  }

  /** Sockets that the process holds, listeners included; undefined where the system does not say. */
  get sockets(): number | undefined {
    const folder = `/proc/${this.#process.pid}/fd`;
    try {
      return readdirSync(folder).filter((name) => linkOf(join(folder, name)).startsWith('socket:')).length;
    } catch {
      return undefined;
    }
  }

  /** Largest resident memory so far in MB; undefined where the system does not say. */
  get peakRssMb(): number | undefined {
    try {
      const found = /^VmHWM:\s+(\d+) kB/m.exec(readFileSync(`/proc/${this.#process.pid}/status`, 'utf8'));
      return found === null ? undefined : Math.round(Number(found[1]) / 1024);
    } catch {
      return undefined;
    }
  }

  async getJson(path: string, headers: Readonly<Record<string, string>> = {}): Promise<Record<string, unknown>> {
    const response = await fetch(`http://127.0.0.1:${this.port}${path}`, {
      signal: AbortSignal.timeout(15_000),
      headers: { connection: 'close', ...headers },
    });
    return (await response.json()) as Record<string, unknown>;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#process[Symbol.asyncDispose]();
  }
}

/** What a descriptor is; nothing where it has been closed meanwhile. */
function linkOf(path: string): string {
  try {
    return readlinkSync(path);
  } catch {
    return '';
  }
}
