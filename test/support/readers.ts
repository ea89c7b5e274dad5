/** Readers for tests: every SSE block and every WebSocket frame as it came, waited for rather than slept for. */

import { WebSocket } from 'ws';
import { PATIENCE_MS } from './patience.ts';

export interface SseBlock {
  readonly id: string | undefined;
  readonly event: string | undefined;
  readonly data: string;
}

export interface Collected<T> {
  /** Everything so far. */
  readonly items: readonly T[];
  /** Resolves with the items from the start once there are `count` that pass `test`. */
  until(count: number, test?: (item: T) => boolean, timeoutMs?: number): Promise<T[]>;
  close(): void;
  /** Resolves when the other side has ended it, with the close code where there is one. */
  readonly ended: Promise<number | undefined>;
}

class Collector<T> {
  readonly items: T[] = [];
  readonly #waiting = new Set<() => void>();

  add(item: T): void {
    this.items.push(item);
    for (const check of this.#waiting) check();
  }

  until(count: number, test: (item: T) => boolean = () => true, timeoutMs = PATIENCE_MS): Promise<T[]> {
    return new Promise((resolve, reject) => {
      const check = () => {
        const passed = this.items.filter(test);
        if (passed.length < count) return;
        clearTimeout(timer);
        this.#waiting.delete(check);
        resolve(passed);
      };
      const timer = setTimeout(() => {
        this.#waiting.delete(check);
        const seen = JSON.stringify(this.items.slice(-3)).slice(0, 1000);
        reject(
          new Error(
            `${this.items.filter(test).length} of ${count} after ${timeoutMs} ms; the last of ${this.items.length}: ${seen}`,
          ),
        );
      }, timeoutMs);
      this.#waiting.add(check);
      check();
    });
  }
}

/** Whether a block is an event of the log, not a ping, a gap or the connect block. */
export function isLogBlock(block: SseBlock): boolean {
  return block.event === undefined && block.data !== '';
}

/** Opens an SSE stream; resolves when its connect block is there. */
export async function readSse(
  url: string,
  headers: Record<string, string> = {},
): Promise<Collected<SseBlock> & { headers: Headers }> {
  const abort = new AbortController();
  const response = await fetch(url, { headers, signal: abort.signal });
  if (!response.ok) throw new Error(`${response.status}: ${await response.text()}`);
  const collector = new Collector<SseBlock>();
  const blocks = new RawBlocks((block) => collector.add(block));
  const ended = (async () => {
    const decoder = new TextDecoder();
    try {
      for await (const bytes of response.body!) blocks.push(decoder.decode(bytes, { stream: true }));
    } catch {
      // Aborted by the test, or cut by the hub: the end either way.
    }
    return undefined;
  })();
  await collector.until(1);
  return {
    items: collector.items,
    until: collector.until.bind(collector),
    close: () => abort.abort(),
    ended,
    headers: response.headers,
  };
}

/** Blocks without any interpretation beyond their lines: what a byte-exact test needs. */
class RawBlocks {
  #text = '';
  readonly #onBlock: (block: SseBlock) => void;

  constructor(onBlock: (block: SseBlock) => void) {
    this.#onBlock = onBlock;
  }

  push(text: string): void {
    this.#text += text;
    const parts = this.#text.split('\n\n');
    this.#text = parts.pop()!;
    for (const part of parts) {
      const lines = part.split('\n');
      const value = (name: string) =>
        lines.filter((line) => line.startsWith(`${name}: `)).map((line) => line.slice(name.length + 2));
      this.#onBlock({ id: value('id')[0], event: value('event')[0], data: value('data').join('\n') });
    }
  }
}

/** Opens a WebSocket; resolves when it is open. */
export async function readWs(
  url: string,
  headers: Record<string, string> = {},
): Promise<Collected<string> & { socket: WebSocket }> {
  const socket = new WebSocket(url.replace(/^http/, 'ws'), { headers });
  const collector = new Collector<string>();
  socket.on('message', (data) => collector.add(data.toString()));
  const ended = new Promise<number>((resolve) => socket.once('close', resolve));
  await new Promise<void>((resolve, reject) => {
    socket.once('open', resolve);
    socket.once('error', reject);
  });
  return {
    items: collector.items,
    until: collector.until.bind(collector),
    close: () => socket.terminate(),
    ended,
    socket,
  };
}
