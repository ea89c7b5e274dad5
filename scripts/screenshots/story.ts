/**
 * The demo's story, told at once as lines that were really sent: some quiet minutes, then the one with the incident, which is under
 * way when the pictures are taken and goes on meanwhile.
 */

import { createDemoScript, type DemoScript } from '../../packages/hub/src/ingest/demo/script.ts';

/** The first three minutes of the story are quiet, and may be told again; at the end of the last act the incident is at its worst. */
const ACTS_MS = [180_000, 180_000, 160_000, 380_000];

const RATE_PER_SECOND = 40;

/** Lines of one request. */
const BATCH = 5000;

const GO_ON_MS = 250;

/** Resolves when all is sent until now; what it gives ends the story. */
export async function tellStory(
  url: string,
  seed: number,
  headers: Readonly<Record<string, string>>,
): Promise<() => void> {
  let startMs = Date.now() - ACTS_MS.reduce((sum, ms) => sum + ms, 0);
  let script: DemoScript | undefined;
  for (const actMs of ACTS_MS) {
    script = createDemoScript({ seed, startMs, ratePerSecond: RATE_PER_SECOND });
    startMs += actMs;
    await tellUntil(script, startMs, url, headers);
  }
  const timer = setInterval(() => void tellUntil(script!, Date.now(), url, headers), GO_ON_MS);
  return () => clearInterval(timer);
}

async function tellUntil(
  script: DemoScript,
  untilMs: number,
  url: string,
  headers: Readonly<Record<string, string>>,
): Promise<void> {
  while (script.nextTimeMs < untilMs) {
    const lines: object[] = [];
    while (script.nextTimeMs < untilMs && lines.length < BATCH) {
      const { demo: _, ...line } = script.next() as { demo?: boolean };
      lines.push(line);
    }
    const response = await fetch(`${url}/ingest/logs`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify(lines),
    });
    if (!response.ok) throw new Error(`the hub took no story: ${response.status} ${await response.text()}`);
  }
}
