/** A colour for each instance, so that neighbours differ. The id always stands beside it: colour is never the only cue. */

const SLOTS = 16;

/** Instances that keep their colour; the one not seen for longest gives its up. */
const MAX_KNOWN = 500;

export class InstanceColours {
  #known = new Map();
  #users = new Array(SLOTS).fill(0);

  slot(instance) {
    let slot = this.#known.get(instance);
    if (slot !== undefined) return slot;
    if (this.#known.size >= MAX_KNOWN) this.#forgetOldest();
    slot = fnv1a32(instance) % SLOTS;
    // Five is prime to sixteen: after sixteen steps every slot has been looked at.
    for (let step = 0; step < SLOTS && this.#users[slot] > 0; step++) slot = (slot + 5) % SLOTS;
    this.#known.set(instance, slot);
    this.#users[slot]++;
    return slot;
  }

  #forgetOldest() {
    const [instance, slot] = this.#known.entries().next().value;
    this.#known.delete(instance);
    this.#users[slot]--;
  }
}

function fnv1a32(text) {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return hash >>> 0;
}
