/** `npm run kill-nine -- [--kills N] [--seed N]`: fifty kills unless another number is given. */

import { parseArgs } from 'node:util';
import { killNine } from './kill-nine.ts';

const { values } = parseArgs({
  options: { kills: { type: 'string', default: '50' }, seed: { type: 'string', default: '1' } },
});
const numbers = { kills: Number(values.kills), seed: Number(values.seed) };
for (const [name, value] of Object.entries(numbers)) {
  if (!Number.isInteger(value) || value < 1) {
    console.error(
      `--${name} takes a whole number from 1 on, not ${JSON.stringify(values[name as keyof typeof values])}`,
    );
    process.exit(2);
  }
}
const result = await killNine({ ...numbers, say: (text) => console.error(text) });
console.log(JSON.stringify(result, undefined, 2));
process.exit(result.missing === 0 && result.twice === 0 ? 0 : 1);
