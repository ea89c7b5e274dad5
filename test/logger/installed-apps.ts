/**
 * The examples in a folder of their own, with the packed packages and the frameworks installed as anybody would install them:
 * one installation for all of them, and a second one beside it for the version of Nest before.
 */

import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { packSome } from '../../scripts/pack.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

const EXAMPLES = ['express', 'fastify', 'nestjs'] as const;

/** Beside what the examples name themselves: other versions, Nest's other platform, the loggers that people have. */
const OTHERS = {
  'express-4': 'npm:express@4.22.1',
  '@nestjs/platform-fastify': '12.5.0',
  pino: '10.4.0',
  winston: '3.19.0',
};

const NEST_BEFORE = {
  '@nestjs/common': '11.2.10',
  '@nestjs/core': '11.2.10',
  '@nestjs/platform-express': '11.2.10',
  '@nestjs/platform-fastify': '11.2.8',
  'reflect-metadata': '0.2.2',
  rxjs: '7.8.2',
};

/** A Nest app on Fastify: the example's own modules under another main file. */
const FASTIFY_MAIN = `
import 'reflect-metadata';
import { FlywatchLogger, LOGGER } from '@flywatch/logger/nestjs';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { AppModule } from './app.module.js';
const app = await NestFactory.create(AppModule, new FastifyAdapter(), { bufferLogs: true });
app.useLogger(app.get(FlywatchLogger));
app.enableShutdownHooks();
await app.listen(Number(process.env.PORT));
app.get(LOGGER).info('listening', { port: app.getHttpServer().address().port });
`;

export interface InstalledApps extends AsyncDisposable {
  readonly folder: string;
}

export async function installApps(): Promise<InstalledApps> {
  const folder = await mkdtemp(join(tmpdir(), 'flywatch-apps-'));
  const tarballs = packSome(['core', 'logger'], join(folder, 'packed'));
  const ours = Object.fromEntries(
    Object.entries(tarballs).map(([name, file]) => [`@flywatch/${name}`, `file:${file}`]),
  );
  const named = await Promise.all(EXAMPLES.map((name) => dependenciesOf(join(ROOT, 'examples', name))));
  const before = join(folder, 'nest-before');
  await Promise.all([
    install(folder, Object.assign({}, ...named, OTHERS, ours) as Record<string, string>),
    install(before, { ...NEST_BEFORE, ...ours }),
  ]);
  for (const name of EXAMPLES) await cp(join(ROOT, 'examples', name), join(folder, name), { recursive: true });
  const server = await readFile(join(folder, 'express/server.js'), 'utf8');
  await writeFile(join(folder, 'express/server-4.js'), server.replace("from 'express'", "from 'express-4'"));
  const nest = join(folder, 'nestjs');
  const types = ['--typeRoots', join(ROOT, 'node_modules/@types')];
  await promisify(execFile)(join(ROOT, 'node_modules/.bin/tsc'), ['-p', nest, ...types], withOurNode());
  await writeFile(join(nest, 'dist/main-fastify.js'), FASTIFY_MAIN);
  // The same compiled modules, beside the other version.
  await cp(join(nest, 'dist'), join(before, 'dist'), { recursive: true });
  return { folder, [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }) };
}

async function dependenciesOf(folder: string): Promise<Record<string, string>> {
  const manifest = await readFile(join(folder, 'package.json'), 'utf8');
  return (JSON.parse(manifest) as { dependencies: Record<string, string> }).dependencies;
}

async function install(folder: string, dependencies: Readonly<Record<string, string>>): Promise<void> {
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'package.json'), JSON.stringify({ private: true, type: 'module', dependencies }));
  const args = ['install', '--no-audit', '--no-fund', '--prefer-offline', '--ignore-scripts'];
  await promisify(execFile)('npm', args, { cwd: folder, ...withOurNode() });
}

function withOurNode(): { env: NodeJS.ProcessEnv } {
  return { env: { ...process.env, PATH: `${dirname(process.execPath)}:${process.env.PATH ?? ''}` } };
}
