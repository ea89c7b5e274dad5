/** A hub's order: a track for each hub whose events stand in it. Bounded: the oldest stretches are let go of. */

import { type Heard, type Stretch, Track } from './track.ts';

/** Hubs whose events are followed; of more, readers that change hubs may be shown some again. The one that was unheard of for longest goes. */
const MAX_ORIGINS = 64;

/**
 * Stretches held: as many as the ring has events where nothing else is configured, for in the worst case each is a stretch of its own. Some 1 MB.
 * At the bound the older half goes, and ids from before it are unknown.
 */
const MAX_STRETCHES = 10_000;

export class Order {
  /** Tag of the hub. */
  readonly hub: string;
  readonly #tracks = new Map<string, Track>();
  /** Stretches of all tracks. */
  #size = 0;
  #floor = 0;

  constructor(hub: string) {
    this.hub = hub;
  }

  /** Nothing is known of positions before this one. */
  get floor(): number {
    return this.#floor;
  }

  /** Tags of the origins, and their tracks. */
  tracks(): IterableIterator<[string, Track]> {
    return this.#tracks.entries();
  }

  track(origin: string): Track | undefined {
    return this.#tracks.get(origin);
  }

  /** Notes what came after everything else. */
  note(origin: string, stretch: Stretch): void {
    const track = this.#trackOf(origin, stretch);
    this.#size -= track.size;
    track.add(stretch);
    this.#size += track.size;
    if (this.#size > MAX_STRETCHES) this.#forgetHalf();
  }

  /** Whose event stands at a position, and which; undefined where that is not known. */
  eventAt(position: number): { readonly origin: string; readonly event: Heard } | undefined {
    for (const [origin, track] of this.#tracks) {
      const event = track.eventAt(position);
      if (event !== undefined) return { origin, event };
    }
    return undefined;
  }

  #trackOf(origin: string, { run, sent, count }: Stretch): Track {
    let track = this.#tracks.get(origin);
    if (track === undefined) {
      if (this.#tracks.size >= MAX_ORIGINS) this.#forgetOrigin();
      track = new Track({ run, sent: sent - count });
      this.#tracks.set(origin, track);
    }
    return track;
  }

  #forgetOrigin(): void {
    let oldest: { readonly origin: string; readonly track: Track } | undefined;
    for (const [origin, track] of this.#tracks) {
      if (origin !== this.hub && (oldest === undefined || track.end < oldest.track.end)) oldest = { origin, track };
    }
    if (oldest === undefined) return;
    this.#size -= oldest.track.size;
    this.#tracks.delete(oldest.origin);
  }

  #forgetHalf(): void {
    let longest: Track | undefined;
    for (const track of this.#tracks.values()) {
      if (longest === undefined || track.size > longest.size) longest = track;
    }
    this.#floor = longest!.middle;
    this.#size = 0;
    for (const track of this.#tracks.values()) {
      track.forget(this.#floor);
      this.#size += track.size;
    }
  }
}
