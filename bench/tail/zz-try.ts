import { runCell, type Mode, MODES, PATTERNS } from './cell.ts';
import { startTestHub } from '../../test/support/test-hub.ts';
const hub = await startTestHub();
const t = Date.now();
const only = process.argv[2];
const cells = (Object.keys(MODES) as Mode[]).flatMap((mode) => PATTERNS.flatMap((pattern) => [false, true].map((kills) => ({ mode, pattern, kills })))).filter((c) => !only || `${c.mode} ${c.pattern} ${c.kills}`.includes(only));
while (cells.length) {
  await Promise.all(cells.splice(0, 4).map(async (c) => {
    const r = await runCell({ ...c, hubUrl: `http://127.0.0.1:${hub.port}`, linesPerSecond: 200, rotations: 5, rotateEveryMs: 2000 });
    console.log(c.mode.padEnd(24), c.pattern.padEnd(10), c.kills, r.written, r.lost, r.twice, r.torn, r.kills, r.said.join('|').slice(0, 500));
  }));
}
console.log(Date.now() - t);
await hub[Symbol.asyncDispose]();
process.exit(0);
