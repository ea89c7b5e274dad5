/** `npm run pack:check`: the tarballs as others will find them. Apart from `npm test`, since it fetches four versions of Node. */

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { packAll } from './pack.ts';
import type { Finding } from './pack-check/finding.ts';
import { InstalledProgram } from './pack-check/installed-program.ts';
import { judge } from './pack-check/judges.ts';
import { checkLoads } from './pack-check/loads.ts';
import { installNodes } from './pack-check/nodes.ts';
import { checkProgram } from './pack-check/program.ts';
import { PACKED } from './pack-manifest.ts';

const folder = mkdtempSync(join(tmpdir(), 'flywatch-pack-check-'));
try {
  const tarballs = packAll();
  const findings: Finding[] = (await Promise.all(PACKED.map((name) => judge(name, tarballs[name])))).flat();
  const nodes = await installNodes(join(folder, 'nodes'));
  findings.push(...(await checkLoads(join(folder, 'loads'), tarballs, nodes)));
  const program = await InstalledProgram.install(join(folder, 'program'), tarballs);
  const { packages, kilobytes } = program.size;
  for (const node of nodes) findings.push(...(await checkProgram(program, node)));
  for (const { what, isRight, said } of findings) {
    process.stdout.write(`${isRight ? 'ok    ' : 'FAILED'} ${what}\n${isRight ? '' : said}`);
  }
  process.stdout.write(`flywatch installed: ${packages.length} packages, ${Math.round(kilobytes / 1024)} MB\n`);
  process.exitCode = findings.every(({ isRight }) => isRight) ? 0 : 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
