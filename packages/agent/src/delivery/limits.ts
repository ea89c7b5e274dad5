/** Bounds of the way to the hub, each with its unit, its reason, and what happens at it. */

/** Waits between tries: ceilings from 1 s to 60 s (facts, C.4). With a thousand agents and a hub that starts, 17 tries a second. */
export const RETRY_BASE_MS = 1_000;
export const RETRY_MAX_MS = 60_000;

/** A wrong token or address is not put right within seconds. */
export const REFUSED_RETRY_MS = 60_000;

/** How often the same trouble is told. */
export const COMPLAINT_MS = 10 * 60_000;

/** For an answer to a post that takes no time to send. A hub waits 10 s for its disk. */
export const SILENCE_TIMEOUT_MS = 30_000;

/** What a slow line carries: a post may take as much longer. */
export const SLOWEST_BYTES_PER_MS = 1;

/** For a post of any size. */
export const POST_TIMEOUT_MS = 300_000;

/** Bytes from which on packing, a millisecond by then, is given to another thread; handing over costs a tenth of that. */
export const PACK_APART_BYTES = 256 * 1024;

/** Bytes below which packing does not pay. */
export const PACK_MIN_BYTES = 512;
