/** Bounds of the logger, each with its unit, its reason, and what happens at it. */

/** Levels of objects in one another. Deeper ones are named and not shown: whoever logs a request object means its top. */
export const MAX_DEPTH = 8;

/** Entries of one object or array; a note says how many more there are. */
export const MAX_ENTRIES = 200;

/** Characters of one text, and of a message; what is over is cut on a character, with a note. */
export const MAX_TEXT_CHARS = 32_768;

/**
 * Characters of all values of a line together, the same again for its exception. What comes after them is left out.
 * With a message of full length a line stays below the 262,144 bytes that a hub takes.
 */
export const MAX_FIELDS_CHARS = 65_536;

/** Causes behind an error that are followed: the sixth has never helped anybody. */
export const MAX_CAUSES = 5;

/** Characters of the name of a key; what is over is cut. */
export const MAX_KEY_CHARS = 256;

/** Names of keys that are remembered with their JSON; keys made of data (ids) would fill the memory otherwise. */
export const MAX_KNOWN_KEYS = 2_000;

/**
 * Characters that make a write before the turn of the event loop has ended: beyond this a larger write costs no less
 * per line.
 */
export const WRITE_CHARS = 65_536;

/**
 * Bytes that wait where a file or a pipe takes nothing (full disk, a reader that stands still). New lines are dropped
 * beyond it.
 */
export const MAX_WAITING_BYTES = 16 * 1024 * 1024;

/**
 * Between two tries to write to what takes nothing: a reader of a pipe is back within a millisecond, a full disk is
 * not.
 */
export const WRITE_RETRY_MIN_MS = 1;
export const WRITE_RETRY_MAX_MS = 100;

/** How long the end of the process waits for a pipe whose reader stands still; what is left then is told and lost. */
export const EXIT_WAIT_MS = 2_000;

/** logcore's files: 50 MB each, five old ones beside the one that is written. */
export const FILE_MAX_BYTES = 50 * 1024 * 1024;
export const FILE_COUNT = 5;

/** How often a file is looked at for having been renamed, emptied or deleted, or written by another process. */
export const FILE_LOOK_MS = 250;
export const FILE_LOOK_BYTES = 1024 * 1024;

/** A lock of a rotation that is older was left behind by a process that died. A rotation takes a millisecond. */
export const LOCK_STALE_MS = 10_000;

/** A batch for the hub: as large as this, or as old. Lines are to be seen within a second. */
export const BATCH_CHARS = 256 * 1024;
export const BATCH_MS = 250;

/** Characters of lines that wait for a hub that is away. The oldest go first, and the hub is told how many. */
export const HUB_WAITING_CHARS = 8 * 1024 * 1024;

/** Fewer, and there would be no room for one batch on its way and one that is gathered. */
export const HUB_WAITING_MIN_CHARS = 1024 * 1024;

/** For one post: a hub answers when its disk has the lines, within 10 s. */
export const POST_TIMEOUT_MS = 15_000;

/**
 * Waits between posts that failed, as ceilings; after a refused token the longer one, since it is not put right within
 * seconds.
 */
export const RETRY_BASE_MS = 500;
export const RETRY_CAP_MS = 30_000;
export const REFUSED_RETRY_MS = 60_000;

/** How long a process that ends, and whoever asks for it, waits for the hub to take what is left. */
export const DRAIN_MS = 1_000;

/** The same trouble is told so often. */
export const COMPLAINT_MS = 60_000;

/** Lines that the gateway remembers, and the most that it may be told to. */
export const FEED_LINES = 1_000;
export const MAX_FEED_LINES = 10_000;

/** Characters of lines that the gateway remembers, whatever their number. */
export const FEED_CHARS = 4 * 1024 * 1024;

/** Readers of a gateway; the next one gets 503. It lives in an app that has other things to do. */
export const MAX_READERS = 100;

/** Bytes in a reader's socket from which on nothing more is written to it. */
export const READER_BUFFER_BYTES = 256 * 1024;

/** Wait of a gateway before it writes: many lines, one write. */
export const READER_FLUSH_MS = 20;

/** Protocol pings of the gateway, and how long a reader may take nothing. */
export const PING_MS = 20_000;
export const STALLED_MS = 60_000;

/** Bytes of a frame from a client. */
export const CLIENT_FRAME_BYTES = 4_096;

/** Characters of a path, of a user's id and of a request's id in a request log; beyond it they are cut. */
export const MAX_PATH_CHARS = 2_048;
export const MAX_ID_CHARS = 128;
