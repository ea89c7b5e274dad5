/** Units of systemd that have failed. The only collector that runs a program, and only where systemd runs the machine. */

import { existsSync } from 'node:fs';
import { outputOf } from '#runtime/program';
import type { Collector } from './collector.ts';
import type { HostFiles } from './host-files.ts';

/** A process costs more than all other collectors together. */
const ASK_INTERVAL_MS = 60_000;
const TIMEOUT_MS = 5000;
const MAX_NAMES = 50;

export interface UnitFigures {
  readonly failed: number;
  readonly names: readonly string[];
}

/** `systemctl list-units --state=failed --plain --no-legend`: a unit a line, its name first. */
export function parseFailedUnits(text: string): UnitFigures {
  const names = text.split('\n').flatMap((line) => /^[●*×\s]*(\S+\.\w+)\s/.exec(line)?.[1] ?? []);
  return { failed: names.length, names: names.slice(0, MAX_NAMES) };
}

export class UnitsCollector implements Collector<UnitFigures> {
  readonly #files: HostFiles;
  #figures: UnitFigures | undefined;
  #askAtMs = Number.NEGATIVE_INFINITY;

  constructor(files: HostFiles) {
    this.#files = files;
  }

  async collect(nowMs: number): Promise<UnitFigures | undefined> {
    if (nowMs < this.#askAtMs) return this.#figures;
    this.#askAtMs = nowMs + ASK_INTERVAL_MS;
    // What sd_booted(3) looks at: systemctl may well be there without its systemd.
    const text = existsSync(`${this.#files.root}/run/systemd/system`) ? await askSystemd() : undefined;
    this.#figures = text === undefined ? undefined : parseFailedUnits(text);
    return this.#figures;
  }
}

/** Unknown where it is not there, not allowed, or gives no answer in time; it is asked again a minute later. */
function askSystemd(): Promise<string | undefined> {
  const args = ['list-units', '--state=failed', '--plain', '--no-legend', '--no-pager', '--full'];
  return outputOf('systemctl', args, {
    timeoutMs: TIMEOUT_MS,
    env: { PATH: process.env.PATH ?? '', LC_ALL: 'C.UTF-8' },
  });
}
