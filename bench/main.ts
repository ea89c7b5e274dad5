// npm run bench: runs the scenarios of bench/scenarios one after the other, prints their tables, keeps the figures as JSON in
// bench/results/. Never part of the tests: a shared machine is too noisy for a limit in milliseconds. Compare ratios within one run.

import type { Bench } from './bench.ts';
import { compilePrograms, NoCompilerError } from './native.ts';
import { type BenchOptions, readOptions, USAGE } from './options.ts';
import { describeMachine, formatTable, type ScenarioResult, saveResults } from './report.ts';
import { scenarios } from './scenarios/index.ts';

function readOptionsOrExit(): BenchOptions {
  try {
    return readOptions(
      process.argv.slice(2),
      scenarios.map((scenario) => scenario.name),
    );
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : error}\n\n${USAGE}`);
    process.exit(2);
  }
}

function compileOrExit(): Bench['native'] {
  try {
    return compilePrograms();
  } catch (error) {
    console.error(error instanceof NoCompilerError ? error.message : error);
    process.exit(1);
  }
}

const options = readOptionsOrExit();
if (options.list) {
  for (const { name, about } of scenarios) console.log(`${name}\n  ${about.replaceAll('\n', '\n  ')}`);
  process.exit(0);
}
// Whoever stops the bench wants its servers gone too: leaving by exit() ends them.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => process.exit(130));

const bench: Bench = { ...options, native: compileOrExit(), say: (text) => console.error(`  ... ${text}`) };
const machine = describeMachine();
const started = new Date();
console.log(
  Object.entries(machine)
    .map(([name, value]) => `${name}: ${value}`)
    .join(' · '),
);
console.log(`window: ${bench.seconds} s after ${bench.warmupS} s of warm-up · rounds: ${bench.rounds}`);

const results: Record<string, ScenarioResult> = {};
let failed = false;
for (const { name, about, run } of scenarios.filter((scenario) => options.names.includes(scenario.name))) {
  console.log(`\n== ${name}\n${about}\n`);
  try {
    const result = await run(bench);
    results[name] = result;
    for (const table of result.tables) console.log(`${formatTable(table)}\n`);
    for (const note of result.notes) console.log(`  ${note}`);
  } catch (error) {
    failed = true;
    console.error(`${name} could not be measured:`, error);
  }
}
const { seconds, warmupS, rounds, quick } = bench;
const file = saveResults({ machine, options: { seconds, warmupS, rounds, quick }, results }, started);
console.log(`\nFigures: ${file}`);
process.exit(failed ? 1 : 0);
