/** What every target gets and promises. To add one: a file, and a row in `targets.ts`. */

import { Random } from './random.ts';
import type { Tally } from './tally.ts';
import type { WatchedHub } from './watched-hub.ts';

export interface FuzzContext {
  readonly seed: string;
  readonly cases: number;
  /** A hub without a token, on a bus. */
  readonly open: WatchedHub;
  /** A hub with `AUTH_TOKEN`; nobody here has it. */
  readonly guarded: WatchedHub;
  /** Where the bus of the open hub listens. */
  readonly natsPort: number;
  readonly tally: Tally;
}

export interface Target {
  readonly name: string;
  /** Share of all cases. */
  readonly share: number;
  /** Runs `context.cases` cases; what must not be goes into the tally, and nothing is thrown. */
  readonly run: (context: FuzzContext) => Promise<void>;
}

/** Runs cases side by side, each with random numbers of its own: it is the same whatever ran before it. */
export async function eachCase(
  context: FuzzContext,
  parallel: number,
  runCase: (random: Random, index: number) => Promise<void>,
): Promise<void> {
  const { cases, seed, tally, open, guarded } = context;
  let next = 0;
  const alive = () => open.isAlive && guarded.isAlive;
  const worker = async () => {
    while (next < cases && alive()) {
      const index = next++;
      try {
        await runCase(new Random(`${seed} ${tally.name} ${index}`), index);
      } catch (error) {
        tally.finding(`case ${index}: ${(error as Error).stack ?? String(error)}`);
      }
      tally.cases++;
    }
  };
  await Promise.all(Array.from({ length: parallel }, worker));
}
