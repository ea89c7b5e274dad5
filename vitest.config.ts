import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';
import { PATIENCE_MS } from './test/support/patience.ts';

// Hundreds of tests start a hub, whose threads and programs load the same modules each time: compiled once, a start costs half.
// Not the folder of the programs' own cache, which the first of them has to make.
process.env.NODE_COMPILE_CACHE ??= fileURLToPath(new URL('node_modules/.cache/flywatch-tests', import.meta.url));

/** Whole programs and stores take seconds a file, all the rest milliseconds: they come first, so that no worker is left alone with one. */
class SlowFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const isQuick = ({ moduleId }: TestSpecification) => Number(!/\/store\/|\/test\/(?!docs\/)/.test(moduleId));
    return (await super.sort(files)).toSorted((a, b) => isQuick(a) - isQuick(b));
  }
}

export default defineConfig({
  test: {
    include: ['packages/*/src/**/*.test.ts', 'test/**/*.test.ts', 'bench/**/*.test.ts'],
    testTimeout: 90_000,
    hookTimeout: 120_000,
    expect: { poll: { timeout: PATIENCE_MS } },
    // Two on two cores, where one would be usual: while one file waits for a timer, a kill or a network, the other one works.
    maxWorkers: Math.max(2, availableParallelism() - 1),
    sequence: { sequencer: SlowFirst },
  },
});
