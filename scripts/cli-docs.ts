/** `npm run docs:cli`: writes the commands into docs/cli.md as they are defined. What stands before them is written by hand. */

import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const DOCUMENT = fileURLToPath(new URL('../docs/cli.md', import.meta.url));
const BIN = fileURLToPath(new URL('../packages/cli/bin/flywatch.js', import.meta.url));
const HEADING = '## Commands\n\n';

const text = readFileSync(DOCUMENT, 'utf8');
const commands = execFileSync(process.execPath, [BIN, 'man', '--markdown'], { encoding: 'utf8' });
writeFileSync(DOCUMENT, text.slice(0, text.indexOf(HEADING) + HEADING.length) + commands);
