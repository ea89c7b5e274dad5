/**
 * `npm run outages -- [--into hub|postgres] [--cuts N] [--away SECONDS] [--full-disk] [--rate N] [--seed N]`: a hundred cuts into a hub unless
 * something else is asked for. With `--full-disk` the disk of the agent is full while the other side is away. Prints the figures, and ends with 1 where something was lost or came twice.
 */

import { parseArgs } from 'node:util';
import { mountSmallDisk } from '../support/small-disk.ts';
import { OTHER_SIDES } from './other-side.ts';
import { isClean, runOutages } from './outages.ts';

const { values } = parseArgs({
  options: {
    into: { type: 'string', default: 'hub' },
    cuts: { type: 'string', default: '100' },
    away: { type: 'string', default: '0' },
    'full-disk': { type: 'boolean', default: false },
    rate: { type: 'string', default: '50' },
    seed: { type: 'string', default: '1' },
  },
});
const into = OTHER_SIDES.find((name) => name === values.into);
const [cuts, awaySeconds, linesPerSecond] = [values.cuts, values.away, values.rate].map(Number);
if (into === undefined || ![cuts, awaySeconds, linesPerSecond].every((number) => Number.isInteger(number))) {
  console.error(`--into takes ${OTHER_SIDES.join(' or ')}; --cuts, --away and --rate take whole numbers`);
  process.exit(2);
}
const disk = values['full-disk'] ? mountSmallDisk('512k') : undefined;
if (values['full-disk'] && disk === undefined) {
  console.error('--full-disk mounts a small file system, which this user may not');
  process.exit(2);
}
const result = await runOutages({
  disk,
  into,
  cuts: cuts!,
  awayMs: awaySeconds! * 1000,
  linesPerSecond: linesPerSecond!,
  seed: values.seed,
  say: (text) => console.error(text),
}).finally(() => disk?.unmount());
console.log(JSON.stringify(result, undefined, 2));
process.exit(isClean(result) ? 0 : 1);
