/**
 * Orders: what each hub of the group has, in its order. Every hub gives positions of its own and has the events of the others
 * where they arrived; but it has the events of each origin in the order of that origin. So what a reader of another hub has seen
 * is one number an origin, and each number is a position here:
 *
 *   hub A's order      a1 b1 a2 a3 b2 │ ...     a reader that was here has seen A up to 3 and B up to 2
 *   this hub's order   b1 a1 b2 b3 a2 a3 b4     it goes on after b2, and leaves out a2 and a3: b3, b4, ...
 *
 * Each hub tells the others its order in its messages. What is known is in memory alone, and bounded: whoever asks for more is
 * told that it is not known.
 */

import type { EventId } from '@flywatch/core';
import { Order } from './order.ts';
import { type OriginStretch, type Told, ToldOrder } from './told-order.ts';
import { type Heard, isBeyond, type Stretch, type Track } from './track.ts';

/** Other hubs whose orders are held; the one that was unheard of for longest goes, and its readers are strangers. */
const MAX_HUBS = 64;

/** The ring of this hub, as far as its order is concerned. */
export interface Ring {
  /** What is greater than this position is held. */
  readonly evictedTo: number;
  readonly headPosition: number;
}

/** Positions from one to another, both included. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/** Where a reader goes on here that was at another hub. */
export interface Place {
  /** It has seen all up to here ... */
  readonly after: number;
  /** ... and what stands here: in order, apart from each other. */
  readonly seen: readonly Span[];
  /** False where the other hub was gone before it could tell all: its last events may be missing, and a few others be seen twice. */
  readonly isWhole: boolean;
}

export interface OrdersOptions {
  /** Tag of this hub. */
  readonly hub: string;
  /** This run, and the position that it begins after. */
  readonly run: number;
  readonly ring: Ring;
  /** Milliseconds that a reader is kept for what its last hub is about to tell. */
  readonly patienceMs: number;
}

export class Orders {
  readonly #options: OrdersOptions;
  readonly #own: Order;
  /** Those heard of last stand last. */
  readonly #others = new Map<string, ToldOrder>();
  readonly #waiting = new Set<() => void>();
  #toldTo: number;
  #offered = 0;

  constructor(options: OrdersOptions) {
    const { hub, run } = options;
    this.#options = options;
    this.#own = new Order(hub);
    this.#own.note(hub, { first: run, count: 0, run, sent: 0 });
    this.#toldTo = run;
  }

  /** An event of this hub's own was put into the ring, to be shared. */
  offered(position: number): void {
    const { hub, run } = this.#options;
    this.#own.note(hub, { first: position, count: 1, run, sent: ++this.#offered });
  }

  /** A run of another hub is heard for the first time, or again after a while; `heard`: what came of it earlier. */
  met(hub: string, heard: Heard): void {
    this.#own.note(hub, { first: this.#options.ring.headPosition, count: 0, ...heard });
  }

  /** Events of another hub have not come, and a mark that says so was put into the ring. */
  missed(hub: string, heard: Heard): void {
    this.#own.note(hub, { first: this.#options.ring.headPosition, count: 0, ...heard });
  }

  /** Events of another hub were put into the ring. */
  took(hub: string, stretch: Stretch): void {
    this.#own.note(hub, stretch);
  }

  /** What the others have not been told yet. */
  tell(): Told {
    // What was let go of meanwhile cannot be told.
    const since = Math.max(this.#toldTo, this.#own.floor);
    const stretches: OriginStretch[] = [];
    for (const [origin, track] of this.#own.tracks()) {
      stretches.push({ origin, first: since, count: 0, ...track.heardAt(since) });
      for (const stretch of track.after(since)) stretches.push({ origin, ...stretch });
    }
    return { since, head: this.#options.ring.headPosition, stretches };
  }

  /** What `tell` gave is on its way. */
  told({ head }: Told): void {
    this.#toldTo = head;
  }

  /** Another hub has told something; its events of the same message were taken before. */
  hear(hub: string, told: Told): void {
    const order = this.#others.get(hub) ?? new ToldOrder(hub);
    this.#others.delete(hub);
    this.#others.set(hub, order);
    if (this.#others.size > MAX_HUBS) this.#others.delete(this.#others.keys().next().value!);
    order.hear(told, this.#options.ring.headPosition);
    for (const check of this.#waiting) check();
  }

  /**
   * Resolves when it is known what a reader of another hub has seen, and that is here too; or when whoever had to say it takes too
   * long. Undefined where there is nothing to wait for. A reader may have an event before the message that tells where it stands
   * is under way.
   */
  settled(hub: string, position: number): Promise<void> | undefined {
    if (this.#isSettled(hub, position)) return undefined;
    return new Promise((resolve) => {
      const end = () => {
        this.#waiting.delete(check);
        clearTimeout(timer);
        resolve();
      };
      const check = () => {
        if (this.#isSettled(hub, position)) end();
      };
      const timer = setTimeout(end, this.#options.patienceMs);
      timer.unref();
      this.#waiting.add(check);
    });
  }

  /** Where a reader goes on that has seen another hub's events up to a position; undefined where that is not known. */
  placeOf(hub: string, position: number): Place | undefined {
    const { evictedTo, headPosition } = this.#options.ring;
    const told = this.#others.get(hub);
    const span = told?.spanOf(position);
    if (told === undefined || span === undefined) return undefined;
    const reach: { readonly track: Track; readonly seenTo: number }[] = [];
    let after = headPosition;
    for (const [origin, track] of this.#own.tracks()) {
      // Of an origin that it has not heard, the other hub had what came here before the two met, or was not promised it.
      const heard = told.order.track(origin)?.heardAt(Math.min(position, span.head)) ?? track.heardAt(span.metAt);
      const next = track.unseenFrom(heard);
      // The ring has not all that is to come, or nobody knows.
      if (next <= evictedTo || isBeyond(track.before, heard)) return undefined;
      after = Math.min(after, next - 1);
      reach.push({ track, seenTo: track.seenTo(heard) });
    }
    const seen = reach.flatMap(({ track, seenTo }) => spansOf(track, after, seenTo));
    return { after, seen: joined(seen), isWhole: position <= span.head };
  }

  /** The id that an event of the group has here; undefined where that is not known. */
  nameHere(id: EventId): EventId | undefined {
    return this.#nameAt(id, this.#options.hub);
  }

  /** The id that an event has at the hub that it came to; undefined where that is not known. */
  nameAtOrigin(id: EventId): EventId | undefined {
    return this.#nameAt(id, undefined);
  }

  #nameAt({ hub, position }: EventId, holder: string | undefined): EventId | undefined {
    const found = this.#orderOf(hub)?.eventAt(position);
    if (found === undefined) return undefined;
    const { origin, event } = found;
    const known = this.#orderOf(holder ?? origin)
      ?.track(origin)
      ?.positionOf(event);
    return known === undefined ? undefined : { hub: holder ?? origin, position: known };
  }

  #orderOf(hub: string): Order | undefined {
    return hub === this.#options.hub ? this.#own : this.#others.get(hub)?.order;
  }

  #isSettled(hub: string, position: number): boolean {
    const told = this.#others.get(hub);
    const span = told?.spanOf(position);
    if (told === undefined || span === undefined) return true;
    if (position > span.head) return span !== told.newest;
    for (const [origin, track] of told.order.tracks()) {
      const own = this.#own.track(origin);
      if (own !== undefined && isBeyond(track.heardAt(position), own.last)) return false;
    }
    return true;
  }
}

/** Where the events of a track stand, beyond a position and up to another one. */
function spansOf(track: Track, after: number, to: number): Span[] {
  const spans: Span[] = [];
  for (const { first, count } of track.after(after)) {
    if (first > to) break;
    if (count > 0) spans.push({ from: first, to: Math.min(first + count - 1, to) });
  }
  return spans;
}

/** In order, those that touch as one. */
function joined(spans: readonly Span[]): Span[] {
  const result: Span[] = [];
  for (const span of [...spans].sort((one, other) => one.from - other.from)) {
    const last = result.at(-1);
    if (last !== undefined && last.to + 1 === span.from) result[result.length - 1] = { from: last.from, to: span.to };
    else result.push(span);
  }
  return result;
}
