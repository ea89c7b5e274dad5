/** The demo's story, told at once: a quarter of an hour of it with its incident, ending now, as lines that were really sent. */

import { createDemoScript } from '../../packages/hub/src/ingest/demo/script.ts';

/** The first ten minutes of the story have a deploy, a mishap and the incident in them. */
const STORY_MS = 14 * 60_000;

const RATE_PER_SECOND = 40;

/** Lines of one request. */
const BATCH = 5000;

export async function tellStory(url: string, seed: number, headers: Readonly<Record<string, string>>): Promise<void> {
  const nowMs = Date.now();
  const script = createDemoScript({ seed, startMs: nowMs - STORY_MS, ratePerSecond: RATE_PER_SECOND });
  while (script.nextTimeMs < nowMs) {
    const lines: object[] = [];
    while (script.nextTimeMs < nowMs && lines.length < BATCH) {
      const { demo: _, ...line } = script.next() as { demo?: boolean };
      lines.push(line);
    }
    const body = JSON.stringify(lines);
    const response = await fetch(`${url}/ingest/logs`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body,
    });
    if (!response.ok) throw new Error(`the hub took no story: ${response.status} ${await response.text()}`);
  }
}
