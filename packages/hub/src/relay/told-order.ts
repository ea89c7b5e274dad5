/** The order of another hub, as far as it has told it: message by message, with holes where messages did not arrive. */

import { Order } from './order.ts';
import type { Stretch } from './track.ts';

/** Holes that are held between what was told: of a hub that starts again and again, or an engine that loses much. The oldest parts go. */
const MAX_SPANS = 16;

export interface OriginStretch extends Stretch {
  /** Tag of the hub that the events came to. */
  readonly origin: string;
}

/** What a hub tells of its order in a message. */
export interface Told {
  /** Position up to which it had told everything before. */
  readonly since: number;
  /** Position up to which it has told everything now. */
  readonly head: number;
  /** How far it had heard each origin at `since`, without events; then what stands at the positions from there to `head`. */
  readonly stretches: readonly OriginStretch[];
}

/** Positions, beyond `since` and up to `head`, of which everything was told. */
export interface ToldSpan {
  readonly since: number;
  readonly head: number;
  /** Head of the order of whoever was told, when the span began. */
  readonly metAt: number;
}

export class ToldOrder {
  readonly order: Order;
  #spans: ToldSpan[] = [];

  constructor(hub: string) {
    this.order = new Order(hub);
  }

  get newest(): ToldSpan | undefined {
    return this.#spans.at(-1);
  }

  /** @param ownHead - head of the order of whoever is told */
  hear({ since, head, stretches }: Told, ownHead: number): void {
    const { newest } = this;
    // A message that comes twice, or late.
    if (newest !== undefined && (since < newest.since || head < newest.head)) return;
    if (newest !== undefined && since <= newest.head) {
      this.#spans[this.#spans.length - 1] = { ...newest, head };
    } else {
      this.#spans.push({ since, head, metAt: ownHead });
      if (this.#spans.length > MAX_SPANS) this.#spans.shift();
    }
    for (const { origin, ...stretch } of stretches) this.order.note(origin, stretch);
  }

  /** The span that a position lies in, or behind which it lies; undefined where what was told does not reach back so far. */
  spanOf(position: number): ToldSpan | undefined {
    if (position < this.order.floor) return undefined;
    return this.#spans.findLast(({ since }) => since <= position);
  }
}
