/**
 * Kills a hub with `kill -9` at random moments under load, starts it again over the same store, and in the end looks for every
 * event whose batch was answered with 200: each has to be there, exactly once. Batches that got no answer are sent again
 * under the same Batch-Id, as an agent would; they have to be there once as well, and so may batches without an id, or not.
 */

import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type HubProcess, spawnHub } from '../support/test-hub.ts';

export interface KillNineOptions {
  readonly kills: number;
  readonly seed: number;
  readonly say: (text: string) => void;
}

export interface KillNineResult {
  readonly kills: number;
  /** Events whose batches were answered with 200. */
  readonly acknowledged: number;
  readonly missing: number;
  readonly twice: number;
  /** Batches that were sent again, and those that the hub knew already. */
  readonly sentAgain: number;
  readonly knownAgain: number;
  /** From the start of the process until `/ready` was 200, in milliseconds. */
  readonly slowestStartMs: number;
  readonly storeBytes: number;
}

const CLIENTS = 4;

interface Batch {
  readonly id: string | undefined;
  readonly lines: readonly string[];
}

/** One client: sends batch after batch, and keeps what was not answered. */
class Client {
  readonly #name: string;
  readonly #random: () => number;
  #made = 0;
  /** Sent, and not answered: goes first next time. */
  #open: Batch | undefined;
  readonly acknowledged = new Set<string>();
  readonly maybe = new Set<string>();
  sentAgain = 0;
  knownAgain = 0;

  constructor(name: string, random: () => number) {
    this.#name = name;
    this.#random = random;
  }

  get isSettled(): boolean {
    return this.#open === undefined;
  }

  async run(url: string, until: () => boolean): Promise<void> {
    while (!until()) {
      const again = this.#open;
      const batch = again ?? this.#make();
      this.#open = batch;
      try {
        const response = await fetch(`${url}/ingest/logs`, {
          method: 'POST',
          headers: { 'content-type': 'text/plain', ...(batch.id === undefined ? undefined : { 'batch-id': batch.id }) },
          body: batch.lines.join('\n'),
        });
        const answer = (await response.json()) as { accepted?: number; duplicate?: boolean };
        if (response.status !== 200) {
          await sleep(50);
          continue;
        }
        if (answer.accepted !== batch.lines.length)
          throw new RangeError(`accepted ${answer.accepted} of ${batch.lines.length}`);
        for (const line of batch.lines) this.acknowledged.add(line);
        this.#open = undefined;
        if (again !== undefined) {
          this.sentAgain++;
          if (answer.duplicate === true) this.knownAgain++;
        }
      } catch (error) {
        if (error instanceof RangeError) throw error;
        // The hub is gone. Without an id the batch may be there or not, and must not be sent again.
        if (batch.id === undefined) {
          for (const line of batch.lines) this.maybe.add(line);
          this.#open = undefined;
        }
        return;
      }
    }
  }

  #make(): Batch {
    const number = this.#made++;
    const size = this.#random() < 0.2 ? 1 : Math.floor(this.#random() * 3000) + 1;
    return {
      id: this.#random() < 0.7 ? `${this.#name}-${number}` : undefined,
      lines: Array.from(
        { length: size },
        (_, i) => `event ${this.#name} ${number} ${i} took ${Math.floor(this.#random() * 1e6)} ms`,
      ),
    };
  }
}

export async function killNine({ kills, seed, say }: KillNineOptions): Promise<KillNineResult> {
  const folder = mkdtempSync(join(tmpdir(), 'flywatch-kill-'));
  const path = join(folder, 'flywatch.db');
  let state = seed;
  const random = () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
  const clients = Array.from({ length: CLIENTS }, (_, i) => new Client(`c${i}`, random));
  let slowestStartMs = 0;
  const start = async (): Promise<HubProcess> => {
    const before = performance.now();
    const hub = await spawnHub({ STORE_PATH: path });
    while ((await fetch(`${hub.url}/ready`)).status !== 200) await sleep(10);
    slowestStartMs = Math.max(slowestStartMs, performance.now() - before);
    return hub;
  };
  try {
    for (let kill = 1; kill <= kills; kill++) {
      const hub = await start();
      let over = false;
      const running = clients.map((client) => client.run(hub.url, () => over));
      await sleep(random() * 1500);
      await hub.end('SIGKILL');
      over = true;
      await Promise.all(running);
      say(
        `kill ${kill}: ${clients.reduce((sum, { acknowledged }) => sum + acknowledged.size, 0)} events acknowledged so far`,
      );
    }
    const hub = await start();
    await Promise.all(clients.map((client) => client.run(hub.url, () => client.isSettled)));
    const counts = await readAll(hub.url);
    await hub.end('SIGTERM');
    let missing = 0;
    let twice = 0;
    for (const client of clients) for (const line of client.acknowledged) if (!counts.has(line)) missing++;
    for (const count of counts.values()) if (count > 1) twice++;
    return {
      kills,
      acknowledged: clients.reduce((sum, { acknowledged }) => sum + acknowledged.size, 0),
      missing,
      twice,
      sentAgain: clients.reduce((sum, client) => sum + client.sentAgain, 0),
      knownAgain: clients.reduce((sum, client) => sum + client.knownAgain, 0),
      slowestStartMs: Math.round(slowestStartMs),
      storeBytes: statSync(path).size,
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** How often each line is in the store. */
async function readAll(url: string): Promise<Map<string, number>> {
  const counts = new Map<string, number>();
  const response = await fetch(`${url}/logs/export`);
  let rest = '';
  const decoder = new TextDecoder();
  for await (const bytes of response.body!) {
    const lines = (rest + decoder.decode(bytes, { stream: true })).split('\n');
    rest = lines.pop()!;
    for (const line of lines) {
      const { message } = JSON.parse(line) as { message: string };
      counts.set(message, (counts.get(message) ?? 0) + 1);
    }
  }
  return counts;
}
