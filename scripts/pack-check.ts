/** `npm run pack:check`: the tarballs as others will find them. Apart from `npm test`, since it fetches four versions of Node. */

import { packAll } from './pack.ts';
import { judge } from './pack-check/judges.ts';
import { checkLoads } from './pack-check/loads.ts';
import { PACKED } from './pack-manifest.ts';

const tarballs = packAll();
const judged = await Promise.all(PACKED.map((name) => judge(name, tarballs[name])));
const findings = [...judged.flat(), ...checkLoads(tarballs)];
for (const { what, isRight, said } of findings) {
  process.stdout.write(`${isRight ? 'ok    ' : 'FAILED'} ${what}\n${isRight ? '' : said}`);
}
process.exitCode = findings.every(({ isRight }) => isRight) ? 0 : 1;
