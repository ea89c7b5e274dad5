/** `/metrics/ws`: a frame at once and one each second, made once for all who watch; nothing runs while nobody does. */

import { wsTextFrame } from '../fanout/frames.ts';
import type { MetricsSnapshot } from '../metrics/hub-metrics.ts';
import type { Peer } from './peer.ts';

const INTERVAL_MS = 1000;

export class MetricsFeed {
  readonly #read: () => MetricsSnapshot;
  readonly #watchers = new Set<Peer>();
  #timer: NodeJS.Timeout | undefined;

  constructor(read: () => MetricsSnapshot) {
    this.#read = read;
  }

  get watchers(): number {
    return this.#watchers.size;
  }

  serve(peer: Peer): void {
    this.#watchers.add(peer);
    this.#timer ??= setInterval(() => this.#tick(), INTERVAL_MS).unref();
    peer.write(this.#frame());
    peer.socket.on('close', () => {
      this.#watchers.delete(peer);
      if (this.#watchers.size > 0) return;
      clearInterval(this.#timer);
      this.#timer = undefined;
    });
  }

  #tick(): void {
    const frame = this.#frame();
    for (const peer of this.#watchers) {
      // Figures grow old: who has not taken the last ones gets none until it has.
      if (peer.isIdle) peer.write(frame);
    }
  }

  #frame(): Buffer {
    return wsTextFrame(JSON.stringify({ type: 'metrics', data: this.#read() }));
  }
}
