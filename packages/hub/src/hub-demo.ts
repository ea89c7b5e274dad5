/** Demo traffic, joined to the hub: part of `hub.ts`, which has the picture. */

import type { LogEvent, Normalizer } from '@flywatch/core';
import type { Config } from './config.ts';
import { createDemoSource, type DemoSource } from './ingest/demo/demo-source.ts';

export interface DemoWishes {
  readonly config: Config;
  readonly normalizer: Normalizer;
  /** Puts an event on its way. */
  readonly publish: (event: LogEvent) => void;
  /** A real event has ended it. */
  readonly onEnd: () => void;
}

const ENVELOPE = { wins: true, demo: true } as const;

/** Runs until the first real event, and not again before the next start. */
export class DemoTraffic {
  readonly #wishes: DemoWishes;
  #source: DemoSource | undefined;
  #events = 0;
  #lastEventAtMs: number | undefined;

  constructor(wishes: DemoWishes) {
    this.#wishes = wishes;
  }

  get isRunning(): boolean {
    return this.#source !== undefined;
  }

  get status() {
    return { events: this.#events, lastEventAtMs: this.#lastEventAtMs, running: this.isRunning };
  }

  start(): void {
    const { config, normalizer, publish } = this.#wishes;
    this.#source = createDemoSource({
      ratePerSecond: config.DEMO_RATE,
      seed: config.DEMO_SEED,
      emit: (payloads, receivedAtMs) => {
        for (const payload of payloads) publish(normalizer.fromPayload(payload, ENVELOPE, receivedAtMs));
        this.#events += payloads.length;
        this.#lastEventAtMs = receivedAtMs;
      },
    });
    this.#source.start();
  }

  /** A real event has come: the demo has done its part. */
  end(): void {
    if (this.#source === undefined) return;
    this.stop();
    this.#wishes.onEnd();
  }

  stop(): void {
    this.#source?.stop();
    this.#source = undefined;
  }
}
