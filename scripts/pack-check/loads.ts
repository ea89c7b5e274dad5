/**
 * The packages that live in other people's apps, installed into a fresh project and loaded there: by `import`, by
 * `require` and in Jest, on each Node that they are for.
 */

import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Finding } from './finding.ts';
import type { Node } from './nodes.ts';
import { installProject, sizeOf } from './npm-install.ts';

/** Nest 11, the last one that is CommonJS, needs Node 20. */
const NEST_FROM = 20;

const NEST = { '@nestjs/common': '11.2.10', '@nestjs/core': '11.2.10', 'reflect-metadata': '0.2.2', rxjs: '7.8.2' };

const DOORS = ['core', 'logger', 'logger/express', 'logger/fastify', 'logger/gateway', 'logger/pino', 'logger/winston'];

/** The logger alone: what an app that adds it gets. */
const MAX_INSTALL_KB = 2_048;

/** @param folder - that is empty */
export async function checkLoads(
  folder: string,
  tarballs: Readonly<Record<'core' | 'logger', string>>,
  nodes: readonly Node[],
): Promise<Finding[]> {
  const ours = { '@flywatch/core': `file:${tarballs.core}`, '@flywatch/logger': `file:${tarballs.logger}` };
  const size = await checkSize(join(folder, 'alone'), ours);
  await installProject(folder, { ...ours, ...NEST, jest: '30.5.2' });
  return [size, ...nodes.flatMap((node) => checkNode(folder, node))];
}

async function checkSize(folder: string, dependencies: Readonly<Record<string, string>>): Promise<Finding> {
  await installProject(folder, dependencies);
  const { packages, kilobytes, nativeFiles } = sizeOf(folder);
  return {
    what: `@flywatch/logger alone: ${packages.length} packages, ${kilobytes} KB, no native code`,
    isRight: nativeFiles.length === 0 && kilobytes <= MAX_INSTALL_KB,
    said: `${packages.join('\n')}\n${nativeFiles.join('\n')}`,
  };
}

function checkNode(folder: string, { major, program }: Node): Finding[] {
  const doors = major >= NEST_FROM ? [...DOORS, 'logger/nestjs'] : DOORS;
  const names = JSON.stringify(doors.map((door) => `@flywatch/${door}`));
  const use = `const log = logger.getLogger('loads', { stdout: 'json' }); log.info('it works', new Error('x')); log.close();`;
  const scripts = {
    'load.mjs': `for (const name of ${names}) await import(name);\nimport * as logger from '@flywatch/logger';\n${use}`,
    'load.cjs': `for (const name of ${names}) require(name);\nconst logger = require('@flywatch/logger');\n${use}`,
    'jest/load.test.js': `test('loads', () => {\nfor (const name of ${names}) require(name);\nconst logger = require('@flywatch/logger');\n${use}\n});`,
  };
  mkdirSync(join(folder, 'jest'), { recursive: true });
  for (const [file, text] of Object.entries(scripts)) writeFileSync(join(folder, file), text);
  const jest = [join(folder, 'node_modules/jest/bin/jest.js'), '--rootDir', join(folder, 'jest')];
  return [
    load(`import in Node ${major}`, program, ['load.mjs'], folder),
    load(`require in Node ${major}`, program, ['load.cjs'], folder),
    load(`Jest in Node ${major}`, program, jest, folder),
  ];
}

function load(what: string, program: string, args: readonly string[], cwd: string): Finding {
  const { status, stdout, stderr } = spawnSync(program, args, { cwd, encoding: 'utf8' });
  return { what, isRight: status === 0 && `${stdout}${stderr}`.includes('it works'), said: `${stdout}${stderr}` };
}
