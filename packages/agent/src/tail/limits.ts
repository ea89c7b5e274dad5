/** Bounds of the log path, each with its unit, its reason, and what happens at it. */

/** Bytes of one line that are sent. A longer one is cut on a character and marked; the hub would cut there too. */
export const MAX_LINE_BYTES = 256 * 1024;

/** Bytes that one event may span in its file, however little of it is sent: what goes on without a line break is cut there. */
export const MAX_LINE_SPAN_BYTES = 16 * 1024 * 1024;

/** Lines and bytes of one event of many lines: a stack trace of ten causes has some 300 lines. What follows begins another event. */
export const MAX_GROUP_LINES = 500;
export const MAX_GROUP_BYTES = 64 * 1024;

/** How long the last line of a file waits for lines that belong to it. Longer than a program takes between two writes of one stack trace, and short beside the second in which a line has to be out. */
export const GROUP_WAIT_MS = 200;

/** How long a line without a line break waits for it. Then it is sent as it is, and marked. */
export const PARTIAL_WAIT_MS = 5_000;

/** Bytes of the beginning of a file that tell it from others. */
export const HEAD_BYTES = 1024;

/** Bytes before a position that tell whether the file is still the one that was read up to there. */
export const MARK_BYTES = 256;

/**
 * Positions of a file that are remembered with their marks. A copy that `copytruncate` makes ends a few writes before or
 * behind what was read; one of these lies in it.
 */
export const MARKS_KEPT = 16;

/** Bytes that one file gives to a batch before the next one has its turn, so that a file that pours delays none that drips. */
export const FILE_TURN_BYTES = 256 * 1024;

/**
 * Bytes after which a batch is sent. One is on its way at a time, so that it has to hold what comes until it is acknowledged: at 50,000
 * lines a second and 150 bytes a line, a hub takes two megabytes in less than the quarter of a second in which the next two come.
 */
export const BATCH_BYTES = 2 * 1024 * 1024;

/** Lines of one batch: empty lines are a byte each, and an event in the hub. */
export const BATCH_LINES = 30_000;

/**
 * How often files are looked at for more, and those that have been quiet for QUIET_AFTER_MS. Looked at, and not watched with
 * inotify: that wakes the agent with each write, 2,000 times a second in a busy file, does not work on network file systems, and forgets
 * events when its queue is full, so that files have to be looked at all the same. A quiet file's first line is out within
 * this and GROUP_WAIT_MS, which leaves a second time enough.
 */
export const POLL_MS = 300;
export const QUIET_POLL_MS = 600;
export const QUIET_AFTER_MS = 10_000;

/**
 * How often a batch is begun, as long as batches do not fill up: each costs a write to disk and a request, whatever is in it. A line
 * waits for this and GROUP_WAIT_MS at most, and so is out within the second.
 */
export const BATCH_SPACING_MS = 700;

/** How often paths are looked at for files that came, went or changed places. */
export const SCAN_MS = 500;

/** How long a renamed file is held open after its last line: until the program that writes it has noticed, too (facts, C.1). */
export const ROTATE_WAIT_MS = 30_000;

/** How long the copy of a truncated file is looked for. It is written before the file is truncated, so that the first look finds it unless it is being compressed. */
export const COPY_SEARCH_MS = 60_000;

/** How long a file that may be a copy in the making must keep its size before it is judged. */
export const SETTLE_MS = 1_000;

/** Files that are held open at once; further ones wait until there is room. Systems allow 1,024 by default. */
export const MAX_OPEN_FILES = 512;

/** Files that are known, those that are done included; of these the longest unseen make room. Where all are being read, further ones are left out, which the status says. */
export const MAX_FILES = 2_000;

/**
 * Bytes of removed files that are held on disk because they are not read yet: while a hub is away, rotation goes on. Beyond it the oldest
 * are let go, which is counted and said: logs that fill the disk would cost more than lines.
 */
export const MAX_REMOVED_BYTES = 1024 * 1024 * 1024;

/** How long a file is remembered that is no longer there. A rotated file may come back from a backup, or compressed. */
export const FORGET_MS = 24 * 3_600_000;

/** Bytes of the ledger beyond what is known of files, from which on it is written anew: at one batch a second, some 20 minutes of them. */
export const LEDGER_BYTES = 256 * 1024;
