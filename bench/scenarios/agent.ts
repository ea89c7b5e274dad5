// agent: what watching a host costs the host.
//
// Side by side, in the same minutes: the single file as it is released, the same agent on Node from this checkout, and Debian's
// prometheus-node-exporter, scraped each 15 s. Both agents have one app, figures each 60 s, one log file (the same one), two
// HTTPS checks each 60 s, and send to a hub over TLS (`servers/tls-hub.ts`). First 10 lines a second for ten minutes
// (--quick: two), then 2,000 lines a second for one (--quick: half of one). Memory is looked at each 5 s; the largest counts. CPU is
// what the kernel counted, so that neighbours on the machine matter little.

import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { Bench, Scenario } from '../bench.ts';
import { type Child, findProgram, startChild, waitUntil } from '../child.ts';
import { type MemoryParts, readDiskWrites, readMemoryParts, readProcess } from '../process-stats.ts';
import type { Row, ScenarioResult } from '../report.ts';
import { freePort } from '../servers/ports.ts';
import { startTlsHub, type TlsHub } from '../servers/tls-hub.ts';

const ROOT = resolve(import.meta.dirname, '../..');
const SINGLE_FILE = join(ROOT, 'packages/agent/dist/flywatch-agent');
const OBS_AGENT = join(ROOT, 'packages/cli/bin/obs-agent.js');
const WRITER = join(ROOT, 'bench/tail/writer.ts');

/** Until figures and checks have gone out for the first time, and what the start needed is given back. */
const SETTLE_S = 30;
const LOOK_EVERY_S = 5;
const SCRAPE_EVERY_MS = 15_000;

const EXPORTER = 'prometheus-node-exporter';
const EXPORTER_MISSING = `${EXPORTER} is not installed (Debian: apt-get install ${EXPORTER}); left out`;

const PHASES = [
  { rate: 10, seconds: 600, quickSeconds: 120 },
  { rate: 2000, seconds: 60, quickSeconds: 30 },
] as const;

interface Watched {
  name: string;
  child: Child;
  /** Bytes and requests that it has sent; nothing for one that is asked. */
  sent?: () => { posts: number; bytes: number };
}

function startAgent(name: string, program: readonly string[], hub: TlsHub, folder: string): Watched {
  const file = join(folder, `${name}.yml`);
  const check = (path: string) => ({ url: `${hub.url}${path}`, interval: 60, tls: { ca: hub.certFile } });
  const monitoring = {
    enabled: true,
    hub_url: hub.url,
    token: name,
    collection_interval: 60,
    health_checks: [check('/health'), check('/api/health')],
    log_files: [join(folder, 'app.log')],
  };
  writeFileSync(file, JSON.stringify({ monitoring }));
  const [command, ...first] = program as readonly [string, ...string[]];
  const child = startChild({
    name,
    command,
    args: [...first, 'run', '--config', file, '--app-name', name],
    env: { NODE_EXTRA_CA_CERTS: hub.certFile, XDG_STATE_HOME: join(folder, name) },
  });
  return { name, child, sent: () => hub.sentBy(name) };
}

async function startExporter(command: string): Promise<Watched & { stop: () => void }> {
  const port = await freePort();
  const child = startChild({ name: EXPORTER, command, args: [`--web.listen-address=127.0.0.1:${port}`] });
  const scrape = async (): Promise<boolean> => {
    const answer = await fetch(`http://127.0.0.1:${port}/metrics`);
    await answer.text();
    return answer.ok;
  };
  await waitUntil(`${EXPORTER} answers`, scrape, child);
  const timer = setInterval(() => void scrape().catch(() => {}), SCRAPE_EVERY_MS);
  return { name: `${EXPORTER}, scraped each 15 s`, child, stop: () => clearInterval(timer) };
}

/** One phase: everybody at the same time, a row each. */
async function measure(all: readonly Watched[], rate: number, seconds: number): Promise<Row[]> {
  const begin = all.map(({ child, sent }) => ({
    cpuS: readProcess(child.pid).cpuS,
    written: readDiskWrites(child.pid),
    sent: sent?.(),
    most: readMemoryParts(child.pid),
  }));
  for (let passed = 0; passed < seconds; passed += LOOK_EVERY_S) {
    await pause(LOOK_EVERY_S * 1000);
    for (const [index, { child }] of all.entries()) {
      if (child.isGone()) throw new Error(`${all[index]!.name} has ended: ${(await child.ended).stderr}`);
      begin[index]!.most = larger(begin[index]!.most, readMemoryParts(child.pid));
    }
  }
  const minutes = seconds / 60;
  return all.map(({ name, child, sent }, index) => {
    const before = begin[index]!;
    const cpuS = readProcess(child.pid).cpuS - before.cpuS;
    const now = sent?.();
    return {
      name,
      rate: now === undefined ? undefined : rate,
      rss_mb: before.most.rssBytes / 2 ** 20,
      pss_mb: before.most.pssBytes / 2 ** 20,
      private_mb: before.most.privateBytes / 2 ** 20,
      anonymous_mb: before.most.anonymousBytes / 2 ** 20,
      cpu_s_per_min: cpuS / minutes,
      cpu_percent: (100 * cpuS) / seconds,
      written_kb_per_min: (readDiskWrites(child.pid) - before.written) / 1024 / minutes,
      sent_kb_per_min: now && (now.bytes - before.sent!.bytes) / 1024 / minutes,
      posts_per_min: now && (now.posts - before.sent!.posts) / minutes,
    };
  });
}

function larger(a: MemoryParts, b: MemoryParts): MemoryParts {
  return {
    rssBytes: Math.max(a.rssBytes, b.rssBytes),
    pssBytes: Math.max(a.pssBytes, b.pssBytes),
    privateBytes: Math.max(a.privateBytes, b.privateBytes),
    anonymousBytes: Math.max(a.anonymousBytes, b.anonymousBytes),
  };
}

async function run(bench: Bench): Promise<ScenarioResult> {
  const folder = mkdtempSync(join(tmpdir(), 'flywatch-bench-agent-'));
  const notes: string[] = [];
  execFileSync(process.execPath, [join(ROOT, 'scripts/build-agent.ts')], { stdio: 'ignore' });
  const hub = await startTlsHub();
  const all: Watched[] = [
    startAgent('single-file', [SINGLE_FILE], hub, folder),
    startAgent('node', [process.execPath, OBS_AGENT], hub, folder),
  ];
  const command = findProgram(EXPORTER);
  const exporter = command === undefined ? undefined : await startExporter(command);
  if (exporter === undefined) notes.push(EXPORTER_MISSING);
  else all.push(exporter);
  const rows: Row[] = [];
  try {
    for (const { rate, seconds, quickSeconds } of PHASES) {
      const span = bench.quick ? quickSeconds : seconds;
      bench.say(`agent: ${rate} lines/s for ${span} s`);
      const writer = startChild({
        name: 'writer',
        command: process.execPath,
        args: [WRITER, join(folder, 'app.log'), String(rate)],
      });
      await pause(SETTLE_S * 1000);
      rows.push(...(await measure(all, rate, span)));
      await writer.stop();
    }
  } finally {
    exporter?.stop();
    for (const { child } of all) await child.stop();
    hub.stop();
    rmSync(folder, { recursive: true, force: true });
  }
  return {
    tables: [
      {
        title:
          'one app, figures and two HTTPS checks each 60 s, one log file, a hub over TLS; the most of each kind of memory',
        columns: [
          { key: 'name', label: 'program' },
          { key: 'rate', label: 'lines/s' },
          { key: 'rss_mb', label: 'resident MB', digits: 1 },
          { key: 'pss_mb', label: 'proportional', digits: 1 },
          { key: 'private_mb', label: 'private', digits: 1 },
          { key: 'anonymous_mb', label: 'of no file', digits: 1 },
          { key: 'cpu_s_per_min', label: 'CPU s/min', digits: 2 },
          { key: 'cpu_percent', label: '% of a core', digits: 2 },
          { key: 'written_kb_per_min', label: 'written kB/min' },
          { key: 'sent_kb_per_min', label: 'sent kB/min' },
          { key: 'posts_per_min', label: 'posts/min' },
        ],
        rows,
      },
    ],
    notes,
  };
}

export const agent: Scenario = {
  name: 'agent',
  about: `The agent as a single file and on Node, side by side: 10 lines/s for ten minutes, then 2,000 for one (--quick: two minutes
and half of one). Rival: Debian's ${EXPORTER}, which collects figures alone.`,
  run,
};
