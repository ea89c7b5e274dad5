/**
 * The README's commands, run as they stand against a real hub in a process of its own. Only the address is put in: a test
 * takes a free port.
 */

import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { fencedBlocks, readDocument, tableRows } from './markdown.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const readme = readDocument('README.md');
const blocks = fencedBlocks(readme).filter(({ language }) => language === 'sh');

/** Blocks that are not run here, each with its reason. */
const NOT_RUN: readonly { readonly first: string; readonly reason: string }[] = [
  { first: 'npm ci && npm start', reason: 'replaces the modules under the running test; npm start is run below' },
  { first: 'npm ci && npm test', reason: 'would run this test in itself' },
  { first: 'ORG=your-org-slug', reason: 'fly needs an account and makes machines' },
  { first: 'fly proxy', reason: 'fly needs an account and a machine' },
];

function notRun(text: string): boolean {
  return NOT_RUN.some(({ first }) => text.startsWith(first));
}

const hasCurl = spawnSync('curl', ['--version']).status === 0;

interface RunningHub {
  readonly url: string;
  readonly process: ChildProcess;
  /** Everything that it has said. */
  output(): string;
}

let folder: string;
let hub: RunningHub;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'flywatch-readme-'));
  hub = await start('node', ['packages/cli/bin/flywatch.js', 'serve', '--port', '0']);
});

afterAll(async () => {
  hub.process.kill('SIGTERM');
  await once(hub.process, 'exit');
  await rm(folder, { recursive: true });
});

/** Environment of a stranger: nothing configured, but a livelier demo to see in a second, and nothing left in the checkout. */
function environment(): NodeJS.ProcessEnv {
  const { PATH, HOME } = process.env;
  return { PATH, HOME, STORE_PATH: join(folder, 'flywatch.db'), DEMO_RATE: '50' };
}

/** Starts a hub and waits until it has said where it listens. */
async function start(command: string, args: readonly string[]): Promise<RunningHub> {
  const child = spawn(command, args, { cwd: root, env: environment(), stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  const url = await new Promise<string>((resolve, reject) => {
    const hear = (piece: Buffer) => {
      output += piece.toString('utf8');
      const found = /listens at (http:\S+)/.exec(output);
      if (found !== null) resolve(found[1]!);
    };
    child.stdout.on('data', hear);
    child.stderr.on('data', hear);
    child.on('exit', (code) => reject(new Error(`ended with ${code}: ${output}`)));
    child.on('error', reject);
  });
  return { url, process: child, output: () => output };
}

/** A stream has no end: curl is given a second, and running out of it is how it should end. */
const PRELUDE = `
set -euo pipefail
curl() { command curl --silent --fail-with-body --max-time 1 "$@" || test $? -eq 28; }
`;

async function runShell(text: string): Promise<string> {
  const script = PRELUDE + text.replaceAll('http://localhost:8080', hub.url);
  const env = { ...environment(), AUTH_TOKEN: 'any' };
  const child = spawn('bash', ['-c', script], { cwd: root, env, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  let errors = '';
  child.stdout.on('data', (piece: Buffer) => {
    output += piece.toString('utf8');
  });
  child.stderr.on('data', (piece: Buffer) => {
    errors += piece.toString('utf8');
  });
  const [code] = (await once(child, 'close')) as [number | null];
  expect(code, output + errors).toBe(0);
  return output;
}

/** What each block has to print; a block without a row here is a mistake. */
const PRINTS: readonly { readonly has: string; readonly prints: RegExp }[] = [
  {
    has: 'curl -N "http://localhost:8080/logs/stream"',
    prints: /^retry: 1000\nid: \S+\n\n(?:id: \S+\ndata: \{.*\}\n\n)+/,
  },
  { has: 'level=warn', prints: /^retry: 1000\nid: / },
  { has: 'since=15m', prints: /^retry: 1000\nid: / },
  {
    has: '/logs/histogram',
    prints:
      /^\{"logs":\[.*\],"next_cursor":.*\}\{"buckets":\[\{.*"total":\d+\}\{"facets":\{"app":\[\{"value":.*\}id,time,receivedAt,level,app,[^\n]*\r\n0/,
  },
  { has: 'npx vg logs', prints: /^20\S+Z (?:INFO |WARN |ERROR|FATAL) \S/ },
  {
    has: 'order.id:17',
    prints: /^\{"logs":\[\{"id":.*"message":"card declined".*\],"next_cursor":null,"has_more":false\}$/,
  },
  { has: 'snapshot done', prints: /^\{"accepted":1\}$/ },
  { has: 'card declined', prints: /^\{"accepted":1\}$/ },
  { has: 'gzip -c README.md', prints: /^\{"accepted":\d{3}\}$/ },
  {
    has: '/logs/buffer/stats',
    prints: /^\{"status":"healthy".*\}\{"ready":true.*\}\{"timestamp".*\}# HELP flywatch_[\s\S]*\{"total_count":/,
  },
  { has: 'check-config', prints: /^FLY_ORG=\n[\s\S]*PORT=8080\n/ },
  { has: 'Authorization: Bearer', prints: /^\{"timestamp"/ },
  { has: 'Last-Event-ID', prints: /\nevent: gap\nid: \S+\ndata: \{.*"reason":"other_hub"\}\n/ },
];

describe.skipIf(!hasCurl)('with curl (skipped where there is none)', () => {
  test.each(blocks.filter(({ text }) => !notRun(text)))('README.md:$line runs', async ({ text }) => {
    const expected = PRINTS.filter(({ has }) => text.includes(has));
    expect(expected, 'what this block has to print').toHaveLength(1);
    expect(await runShell(text)).toMatch(expected[0]!.prints);
  });

  /** What the documents of older streamers tell their users to type, with the address put in. */
  const OLDER = [
    { command: 'curl -N http://localhost:8080/logs/stream', prints: /^retry: / },
    { command: 'curl http://localhost:8080/health', prints: /^\{"status":"healthy"/ },
    { command: 'curl http://localhost:8080/metrics', prints: /"system":\{"cpu_usage_percent":/ },
    {
      command: 'curl -N http://localhost:8080/api/logs',
      prints: /\ndata: \{"message":.*,"type":"system","persistent":false\}/,
    },
  ];

  test.each(OLDER)('$command works as it did elsewhere', async ({ command, prints }) => {
    expect(await runShell(command)).toMatch(prints);
  });
});

test('both first commands stand within the first 60 lines, with what one sees then', () => {
  const first = readme.split('\n').slice(0, 60).join('\n');
  expect(first).toContain('```sh\nnpm ci && npm start\n```');
  expect(first).toContain('```sh\nnpm ci && npm test\n```');
  expect(first).toContain('http://localhost:8080/');
});

test('every block that is not run is there, for the reason given', () => {
  for (const { first } of NOT_RUN) {
    expect(
      blocks.filter(({ text }) => text.startsWith(first)),
      first,
    ).toHaveLength(1);
  }
});

test('npm start listens, serves events and the page, and ends on SIGTERM', async () => {
  const started = await start('npm', ['start', '--', '--port', '0']);
  const page = await fetch(`${started.url}/`);
  expect(page.status).toBe(200);
  expect(page.headers.get('content-type')).toMatch(/^text\/html/);
  expect(await page.text()).toContain('<div id="root">');
  const abort = new AbortController();
  const stream = await fetch(`${started.url}/logs/stream?tail=1`, { signal: abort.signal });
  let text = '';
  for await (const piece of stream.body!) {
    text += new TextDecoder().decode(piece);
    if (text.includes('"demo":true')) break;
  }
  abort.abort();
  started.process.kill('SIGTERM');
  await once(started.process, 'exit');
  expect(started.output()).toMatch(/SIGTERM: stopping\n.* stopped\n/);
});

test('the routes of the README are those of /openapi.json', async () => {
  const { paths } = (await (await fetch(`${hub.url}/openapi.json`)).json()) as { paths: Record<string, object> };
  const known = Object.entries(paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
  );
  const shown = tableRows(readme, 'route').flatMap(([names = '']) =>
    [...names.matchAll(/`([^`]+)`/g)].map((match) => match[1]!),
  );
  // The page's files are no route that anybody would call.
  expect(shown.sort()).toEqual(known.filter((route) => route !== 'GET /ui/{file}').sort());
});

test('the filters of the README are understood', async () => {
  for (const [filter = ''] of tableRows(readme, 'filter')) {
    const url = new URL('/logs/stream', hub.url);
    url.searchParams.set('q', filter.slice(1, -1));
    const abort = new AbortController();
    const { status } = await fetch(url, { signal: abort.signal });
    abort.abort();
    expect(status, filter).toBe(200);
  }
});

const DOCUMENTS = [
  'README.md',
  'ARCHITECTURE.md',
  'CONTRIBUTING.md',
  'CHANGELOG.md',
  'docs/config.md',
  'docs/errors.md',
  'docs/http.md',
  'docs/filter-language.md',
  'docs/store.md',
  'docs/chat.md',
];

test.each(DOCUMENTS)('the npm scripts that %s names are there', (path) => {
  const { scripts } = JSON.parse(readDocument('package.json')) as { scripts: Record<string, string> };
  for (const [, name = ''] of readDocument(path).matchAll(/\bnpm run ([\w:]+)/g))
    expect(Object.keys(scripts)).toContain(name);
});

/** Pictures that are added on their own. */
const PICTURES = new Set(['docs/images/live.png']);

test.each(DOCUMENTS)('the links of %s lead somewhere', (path) => {
  const text = readDocument(path);
  for (const [, target = ''] of text.matchAll(/\]\(([^)\s]+)\)/g)) {
    if (/^https?:/.test(target)) continue;
    const [file = '', anchor] = target.split('#');
    const resolved = file === '' ? path : join(path, '..', file);
    if (PICTURES.has(resolved)) continue;
    expect(existsSync(join(root, resolved)), `${path}: ${target}`).toBe(true);
    if (anchor !== undefined) expect(anchors(readDocument(resolved)), `${path}: ${target}`).toContain(anchor);
  }
});

/** Anchors of headings, as they are made from their texts. */
function anchors(text: string): string[] {
  return [...text.matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  );
}
