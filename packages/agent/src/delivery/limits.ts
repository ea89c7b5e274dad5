/** Bounds of the way to the hub, each with its unit, its reason, and what happens at it. */

/** Waits between tries: ceilings from 1 s to 60 s (facts, C.4). With a thousand agents and a hub that starts, 17 tries a second. */
export const RETRY_BASE_MS = 1_000;
export const RETRY_MAX_MS = 60_000;

/** A wrong token or address is not put right within seconds. */
export const REFUSED_RETRY_MS = 60_000;

/** How often the same trouble is told. */
export const COMPLAINT_MS = 10 * 60_000;

/** Without a byte either way. A hub waits 10 s for its disk, and a slow line takes its time, but moves. */
export const SILENCE_TIMEOUT_MS = 30_000;

/** For a whole post: a peer that takes or gives a byte now and then is as good as none. Two megabytes, packed, at 1 KB/s. */
export const POST_TIMEOUT_MS = 300_000;

/** Longest `Retry-After` that is granted. */
export const RETRY_AFTER_MAX_MS = 300_000;

/** Bytes of an answer that are read: `{"accepted": n}`, or an error of some hundred bytes. */
export const ANSWER_MAX_BYTES = 16 * 1024;

/** Bytes below which packing does not pay. */
export const PACK_MIN_BYTES = 512;
