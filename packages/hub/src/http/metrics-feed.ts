/** `/metrics/ws`: a frame at once and one each second, made once for all who watch; nothing runs while nobody does. */

import type { Duplex } from 'node:stream';
import type { WebSocket } from 'ws';
import { wsTextFrame } from '../fanout/frames.ts';
import type { MetricsSnapshot } from '../metrics/hub-metrics.ts';
import type { Peer } from './upgrades.ts';

const INTERVAL_MS = 1000;

export class MetricsFeed {
  readonly #read: () => MetricsSnapshot;
  readonly #watchers = new Set<Duplex>();
  #timer: NodeJS.Timeout | undefined;

  constructor(read: () => MetricsSnapshot) {
    this.#read = read;
  }

  get watchers(): number {
    return this.#watchers.size;
  }

  serve(webSocket: WebSocket, socket: Duplex, peer: Peer): void {
    this.#watchers.add(socket);
    this.#timer ??= setInterval(() => this.#tick(), INTERVAL_MS).unref();
    socket.write(this.#frame());
    const heard = () => {
      peer.heard = true;
    };
    webSocket.on('message', heard);
    webSocket.on('pong', heard);
    webSocket.on('error', () => {});
    webSocket.on('close', () => {
      this.#watchers.delete(socket);
      if (this.#watchers.size > 0) return;
      clearInterval(this.#timer);
      this.#timer = undefined;
    });
  }

  #tick(): void {
    const frame = this.#frame();
    for (const socket of this.#watchers) {
      // Figures grow old: who has not taken the last ones gets none until it has.
      if (socket.writableLength === 0) socket.write(frame);
    }
  }

  #frame(): Buffer {
    return wsTextFrame(JSON.stringify({ type: 'metrics', data: this.#read() }));
  }
}
