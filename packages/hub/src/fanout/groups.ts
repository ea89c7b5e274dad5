/** The groups that there are: each is made with its first reader and goes with its last, and so are the encodings that groups share. */

import type { Format } from '@flywatch/core';
import type { Filter } from './begin.ts';
import { Encoding } from './encoding.ts';
import type { Wire } from './frames.ts';
import { Group } from './group.ts';
import type { Subscription } from './subscription.ts';

export class Groups implements Iterable<Group> {
  readonly #hub: string;
  readonly #groups = new Map<string, Group>();
  readonly #encodings = new Map<string, { encoding: Encoding; groups: number }>();

  /** @param hub - tag of this hub */
  constructor(hub: string) {
    this.#hub = hub;
  }

  get size(): number {
    return this.#groups.size;
  }

  [Symbol.iterator](): IterableIterator<Group> {
    return this.#groups.values();
  }

  /** The group of a reader that is to be added to it. */
  of(subscription: Subscription, { filterKey, matches, selection }: Filter): Group {
    const { control = false, notices = false } = subscription;
    const kind = encodingKey(subscription);
    const key = `${kind} ${control ? 'c' : '-'}${notices ? 'n' : '-'} ${filterKey}`;
    let group = this.#groups.get(key);
    if (group === undefined) {
      let shared = this.#encodings.get(kind);
      if (shared === undefined) {
        const { wire, format, raw = false } = subscription;
        shared = { encoding: new Encoding(wire, format, this.#hub, raw), groups: 0 };
        this.#encodings.set(kind, shared);
      }
      shared.groups++;
      group = new Group(key, { encoding: shared.encoding, matches, selection, control, notices });
      this.#groups.set(key, group);
    }
    return group;
  }

  /** A group without readers. */
  remove(group: Group): void {
    this.#groups.delete(group.key);
    const kind = encodingKey(group.kind.encoding);
    const shared = this.#encodings.get(kind)!;
    if (--shared.groups === 0) this.#encodings.delete(kind);
  }
}

/** Readers with an equal one get the same frames. */
function encodingKey({ wire, format, raw = false }: { wire: Wire; format: Format; raw?: boolean }): string {
  return `${wire} ${format}${raw && format === 'flat' ? ' raw' : ''}`;
}
