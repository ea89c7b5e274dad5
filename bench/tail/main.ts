/**
 * `npm run bench:tail`: the rotation matrix, and what the log path takes.
 *
 *   npm run bench:tail                      # both
 *   npm run bench:tail -- matrix            # the matrix alone; some four minutes
 *   npm run bench:tail -- matrix postgres   # into PostgreSQL instead of the embedded store
 *   npm run bench:tail -- matrix direct     # the same, and the agent writes to it itself
 *   npm run bench:tail -- throughput
 *
 * Ends with 1 where a cell is not zero.
 */

import { startPostgres } from '../../test/support/postgres.ts';
import { startTestHub } from '../../test/support/test-hub.ts';
import { describeMachine, formatTable, type Row, saveResults } from '../report.ts';
import { type CellOptions, type CellResult, MODES, type Mode, PATTERNS, runCell } from './cell.ts';
import { measureThroughput } from './throughput.ts';

/** Cells at a time: each is three processes, and logrotate. */
const PARALLEL = 4;

/** 200 lines/s as in the facts, C.2, so that figures can be held against the tailers that were measured there. */
const LOAD = { linesPerSecond: 200, rotations: 6, rotateEveryMs: 2_500 };

const DESTINATIONS = {
  embedded: 'into the embedded store',
  postgres: 'into PostgreSQL by way of a hub',
  direct: 'into PostgreSQL directly',
};

const RATES = [10, 2_000, 50_000];
const SECONDS = 20;

const MATRIX_COLUMNS = [
  { key: 'mode', label: 'logrotate' },
  { key: 'pattern', label: 'pattern' },
  { key: 'kills', label: 'kill -9' },
  { key: 'written', label: 'on disk' },
  { key: 'lost', label: 'lost' },
  { key: 'twice', label: 'twice' },
  { key: 'torn', label: 'torn' },
];

const THROUGHPUT_COLUMNS = [
  { key: 'rate', label: 'asked for' },
  { key: 'written', label: 'lines/s' },
  { key: 'acknowledged', label: 'acknowledged/s' },
  { key: 'lagLines', label: 'lag at the end' },
  { key: 'megabytesPerSecond', label: 'MB/s', digits: 2 },
  { key: 'agentCores', label: 'agent, cores', digits: 3 },
  { key: 'hubCores', label: 'hub, cores', digits: 3 },
  { key: 'rssMb', label: 'agent, MB resident', digits: 1 },
  { key: 'peakRssMb', label: 'at most', digits: 1 },
];

const names = process.argv.slice(2);
const [wantsMatrix, wantsThroughput] = ['matrix', 'throughput'].map(
  (name) => names.length === 0 || names.includes(name),
);
const results: Record<string, unknown> = {};
let isClean = true;
if (wantsMatrix) {
  const isDirect = names.includes('direct');
  const postgres = isDirect || names.includes('postgres') ? await startPostgres() : undefined;
  const databaseUrl = await postgres?.createDatabase();
  const hub = await startTestHub(databaseUrl === undefined ? {} : { DATABASE_URL: databaseUrl });
  const rows: Row[] = [];
  const cells = (Object.keys(MODES) as Mode[]).flatMap((mode) =>
    PATTERNS.flatMap((pattern) => [false, true].map((kills) => ({ mode, pattern, kills }))),
  );
  const next = async (): Promise<void> => {
    for (let cell = cells.shift(); cell !== undefined; cell = cells.shift()) {
      const hubUrl = `http://127.0.0.1:${hub.port}`;
      const options: CellOptions = { ...cell, ...LOAD, hubUrl, databaseUrl: isDirect ? databaseUrl : undefined };
      const result = await runCell(options);
      rows.push(toRow(options, result));
      const clean = result.lost + result.twice + result.torn === 0;
      isClean &&= clean;
      console.error(
        `  ... ${cell.mode}, ${cell.pattern}${cell.kills ? ', kill -9' : ''}: ${clean ? 'clean' : result.said.join('\n')}`,
      );
    }
  };
  await Promise.all(Array.from({ length: PARALLEL }, next));
  await hub[Symbol.asyncDispose]();
  await postgres?.remove();
  rows.sort((a, b) => String(a.order).localeCompare(String(b.order)));
  results.matrix = rows;
  const title = `Rotation, ${LOAD.linesPerSecond} lines/s, ${DESTINATIONS[isDirect ? 'direct' : postgres === undefined ? 'embedded' : 'postgres']}`;
  console.log(formatTable({ title, columns: MATRIX_COLUMNS, rows }));
}
if (wantsThroughput) {
  const rows: Row[] = [];
  for (const rate of RATES) rows.push({ rate, ...(await measureThroughput(rate, SECONDS)) });
  results.throughput = rows;
  console.log(formatTable({ title: `\nThroughput, ${SECONDS} s, Node`, columns: THROUGHPUT_COLUMNS, rows }));
}
console.log(`\nFigures: ${saveResults({ machine: describeMachine(), results }, new Date())}`);
process.exit(isClean ? 0 : 1);

function toRow({ mode, pattern, kills }: CellOptions, result: CellResult): Row {
  const { written, lost, twice, torn } = result;
  const order = `${Object.keys(MODES).indexOf(mode)} ${PATTERNS.indexOf(pattern)} ${kills}`;
  return { order, mode, pattern, kills: kills ? `${result.kills} times` : 'never', written, lost, twice, torn };
}
