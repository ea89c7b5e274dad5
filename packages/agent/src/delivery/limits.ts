/** Bounds of the way to the hub, each with its unit, its reason, and what happens at it. */

/** Waits between tries: ceilings from 1 s to 60 s (facts, C.4). With a thousand agents and a hub that starts, 17 tries a second. */
export const RETRY_BASE_MS = 1_000;
export const RETRY_MAX_MS = 60_000;

/** A wrong token or address is not put right within seconds. */
export const REFUSED_RETRY_MS = 60_000;

/** How often the same trouble is told. */
export const COMPLAINT_MS = 10 * 60_000;

/** A hub waits 10 s for its disk; an answer that takes longer than this never comes. */
export const ANSWER_TIMEOUT_MS = 30_000;

/** Longest `Retry-After` that is granted. */
export const RETRY_AFTER_MAX_MS = 300_000;

/** Bytes of an answer that are read: `{"accepted": n}`, or an error of some hundred bytes. */
export const ANSWER_MAX_BYTES = 16 * 1024;

/** Bytes below which packing does not pay. */
export const PACK_MIN_BYTES = 512;
