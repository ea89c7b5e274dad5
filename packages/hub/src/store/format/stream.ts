/** Streams: labels that many events share, written once a batch or chunk. */

import type { LogEvent } from '@flywatch/core';

/** What a line's origin is: shared by all of its lines. */
export interface Stream {
  readonly app: string | undefined;
  readonly instance: string | undefined;
  readonly region: string | undefined;
  readonly host: string | undefined;
  readonly provider: string | undefined;
  readonly source: string | undefined;
  /** See `LogEvent.rawHead`. */
  readonly rawHead: string | undefined;
}

/** Streams of the events being encoded, found by their labels. */
export class StreamTable {
  readonly streams: Stream[] = [];
  readonly #byInstance = new Map<string | undefined, number[]>();
  #last = -1;

  idOf(event: LogEvent): number {
    if (this.#last !== -1 && isStreamOf(this.streams[this.#last]!, event)) return this.#last;
    let known = this.#byInstance.get(event.instance);
    if (known === undefined) {
      known = [];
      this.#byInstance.set(event.instance, known);
    }
    for (let i = known.length - 1; i >= 0; i--) {
      if (isStreamOf(this.streams[known[i]!]!, event)) {
        this.#last = known[i]!;
        return this.#last;
      }
    }
    const { app, instance, region, host, provider, source, rawHead } = event;
    this.#last = this.streams.length;
    this.streams.push({ app, instance, region, host, provider, source, rawHead });
    known.push(this.#last);
    return this.#last;
  }
}

function isStreamOf(stream: Stream, event: LogEvent): boolean {
  return (
    stream.instance === event.instance &&
    stream.rawHead === event.rawHead &&
    stream.source === event.source &&
    stream.app === event.app &&
    stream.provider === event.provider &&
    stream.region === event.region &&
    stream.host === event.host
  );
}

export function streamKey(stream: Stream): string {
  const { app, instance, region, host, provider, source, rawHead } = stream;
  return JSON.stringify([app, instance, region, host, provider, source, rawHead].map((label) => label ?? null));
}

export function parseStream(labels: readonly (string | null)[]): Stream {
  const [app, instance, region, host, provider, source, rawHead] = labels.map((label) => label ?? undefined);
  return { app, instance, region, host, provider, source, rawHead };
}
