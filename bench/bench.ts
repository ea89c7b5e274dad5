// What every scenario is handed, and what a scenario is.

import type { NativePrograms } from './native.ts';
import type { ScenarioResult } from './report.ts';

export interface Bench {
  native: NativePrograms;
  /** The hub's start file; undefined if there is none, then only rivals run. */
  hub: string | undefined;
  /** Length of the measuring window. */
  seconds: number;
  warmupS: number;
  /** Shorter and smaller where a scenario can be: to see that all works, not for figures. */
  quick: boolean;
  /** How often fan-out loads are repeated in turn; the median counts. */
  rounds: number;
  /** Progress, on stderr. */
  say(text: string): void;
}

export interface Scenario {
  name: string;
  /** Method and rival in a few lines; printed with the result. */
  about: string;
  run(bench: Bench): Promise<ScenarioResult>;
}
