/** Temperatures, where the machine has sensors; virtual ones have none. */

import type { Collector } from './collector.ts';
import type { HostFiles } from './host-files.ts';

const MAX_SENSORS = 64;

/** Sensors that are not there report absurd figures. */
const MIN_CELSIUS = -40;
const MAX_CELSIUS = 150;

/** Sensors come with drivers, which are loaded once in a while. */
const SEARCH_INTERVAL_MS = 600_000;

export interface Temperature {
  readonly name: string;
  readonly celsius: number;
}

interface Sensor {
  readonly name: string;
  readonly file: string;
}

export class TemperatureCollector implements Collector<readonly Temperature[]> {
  readonly #files: HostFiles;
  #sensors: readonly Sensor[] = [];
  #searchAtMs = Number.NEGATIVE_INFINITY;

  constructor(files: HostFiles) {
    this.#files = files;
  }

  collect(nowMs: number): readonly Temperature[] | undefined {
    if (nowMs >= this.#searchAtMs) {
      this.#sensors = this.#search();
      this.#searchAtMs = nowMs + SEARCH_INTERVAL_MS;
    }
    const found = this.#sensors.flatMap(({ name, file }) => {
      const celsius = (this.#files.readNumber(file) ?? Number.NaN) / 1000;
      return celsius >= MIN_CELSIUS && celsius <= MAX_CELSIUS ? [{ name, celsius }] : [];
    });
    return found.length === 0 ? undefined : found;
  }

  /** hwmon knows the sensors by chip and label; thermal zones are asked where it has none, as on boards with ARM. */
  #search(): readonly Sensor[] {
    const base = '/sys/class/hwmon';
    const chips = this.#files.list(base).flatMap((chip) => {
      const folder = `${base}/${chip}`;
      const name = this.#files.read(`${folder}/name`)?.trim() ?? chip;
      const inputs = this.#files.list(folder).filter((file) => /^temp\d+_input$/.test(file));
      return inputs.map((file) => {
        const label = this.#files.read(`${folder}/${file.replace('_input', '_label')}`)?.trim();
        return { name: label === undefined ? name : `${name} ${label}`, file: `${folder}/${file}` };
      });
    });
    const zones = this.#files.list('/sys/class/thermal').filter((name) => name.startsWith('thermal_zone'));
    const found =
      chips.length > 0
        ? chips
        : zones.map((zone) => {
            const folder = `/sys/class/thermal/${zone}`;
            return { name: this.#files.read(`${folder}/type`)?.trim() ?? zone, file: `${folder}/temp` };
          });
    return found.slice(0, MAX_SENSORS);
  }
}
