/**
 * Every bound of the hub that is not an option, with its unit, its reason, and what happens at it. Bounds that an
 * operator may want to move are in the table of `config.ts`.
 */

/** Payload characters that the ring may hold besides its bounds by count and age. 10,000 lines of the largest size would be 2.5 GB; the hub has to live in 256 MB. The oldest go first. */
export const RING_MAX_CHARS = 32 * 1024 * 1024;

/** How often the ring looks for events that have become too old, when none arrive to push them out. */
export const RING_SWEEP_INTERVAL_MS = 10_000;

/** Ids are reserved on disk ahead of use in blocks of this many, so that none is given twice after a crash. One small write a block: every 100 s at 10,000 events a second. */
export const POSITION_BLOCK = 1_000_000;

/**
 * Longest wait between an event and its readers. A flush costs each reader a write, so that the wait grows with the number of
 * readers: 15 ms at 500, this at 600 and more, which is 55 writes a second and reader. At 500 readers 25 ms would save
 * a tenth of the CPU of a million deliveries a second and cost 5 ms of the median, 10 ms save 3 ms and cost a fiftieth more.
 */
export const FLUSH_MAX_DELAY_MS = 18;

/** Readers for which one millisecond of batching pays: a write costs some 8 µs, so that writing keeps a core a quarter busy at most. */
export const READERS_PER_FLUSH_MS = 33;

/** Bytes of one write to a reader. A reader that stops keeps one such batch alive, shared with others that stopped at the same place. */
export const BATCH_MAX_BYTES = 64 * 1024;

/** Keep-alive of streams. DESIGN asks for 15 s or less; proxies cut at 30 to 60 s. */
export const KEEPALIVE_INTERVAL_MS = 12_000;

/** WebSocket pings; a peer that has said nothing by the next one is closed. DESIGN asks for 15 to 30 s. */
export const WS_PING_INTERVAL_MS = 20_000;

/** A reader whose socket has taken nothing for so long is closed; until then it costs a cursor. */
export const READER_STALL_LIMIT_MS = 300_000;

/** Most live readers; further ones get 503. Each is a socket and some 15 KB. */
export const MAX_READERS = 10_000;

/** Largest `tail=`: DESIGN, section 9. */
export const MAX_TAIL = 10_000;

/** Frames that a WebSocket client may send: pings and nothing else. */
export const WS_MAX_INCOMING_BYTES = 4096;

/** Bodies of `/ingest/*` (DESIGN, section 9): packed, unpacked, and all that are being read at once. */
export const INGEST_MAX_PACKED_BYTES = 16 * 1024 * 1024;
export const INGEST_MAX_UNPACKED_BYTES = 64 * 1024 * 1024;
export const INGEST_MAX_IN_FLIGHT_BYTES = 32 * 1024 * 1024;

/** Events of one batch. 64 MB of line breaks or of `1,` would be tens of millions, and each costs some 50 bytes as long as the batch is being taken. */
export const INGEST_MAX_BATCH_EVENTS = 1_000_000;

/**
 * Longest text that is parsed as JSON, as a multiple of MAX_LINE_BYTES: JSON may take six characters for one of the line,
 * and an envelope is around it. Parsed, `{},` can take twenty times its size: 64 MB of them in one element were 1 GB.
 */
export const PARSED_CHARS_PER_LINE_BYTE = 8;

/** Batch ids that are remembered (DESIGN, section 9: at least the newest 200,000 and an hour of them). */
export const BATCH_IDS_KEPT = 200_000;
export const BATCH_ID_MAX_CHARS = 200;

/** Request headers and paths: more than any client of ours sends. */
export const MAX_HEADER_BYTES = 16 * 1024;

/** Sign-in bodies: a token is some hundred bytes. */
export const SESSION_BODY_MAX_BYTES = 8 * 1024;

/** A session cookie's life, and how many are kept; the oldest is signed out beyond that. */
export const SESSION_LIFETIME_MS = 30 * 86_400_000;
export const MAX_SESSIONS = 1000;

/** Wrong tokens in a minute from one address before answers to it slow down, by how much each, and at most (DESIGN, section 9). */
export const WRONG_TOKENS_FREE = 19;
export const WRONG_TOKEN_DELAY_MS = 50;
export const WRONG_TOKEN_MAX_DELAY_MS = 2000;
export const WRONG_TOKEN_WINDOW_MS = 60_000;
/** Addresses whose wrong tokens are counted at once; beyond it the oldest count is forgotten. */
export const WRONG_TOKEN_ADDRESSES = 10_000;

/** NATS: a half-open link is noticed after three pings without an answer, so within 24 s (DESIGN asks for 30). */
export const NATS_PING_INTERVAL_MS = 8_000;
export const NATS_MAX_PINGS_OUT = 2;
export const NATS_CONNECT_TIMEOUT_MS = 5_000;

/** A lost server is tried at least every 2 s, a refusal every 20 s (DESIGN, section 9); jitter only shortens. */
export const NATS_RETRY_BASE_MS = 250;
export const NATS_RETRY_MAX_MS = 2_000;
export const NATS_AUTH_RETRY_MS = 20_000;

/** Silence before a subscription counts as stalled: between these, four times the longest usual pause in between. */
export const STALL_MIN_SILENCE_MS = 30_000;
export const STALL_MAX_SILENCE_MS = 30 * 60_000;
export const STALL_PAUSE_FACTOR = 4;
/** Messages after which the usual pause is known. */
export const STALL_MIN_MESSAGES = 20;

/** Subscriptions of one hub: apps named in FLY_APP. */
export const MAX_APPS = 200;
