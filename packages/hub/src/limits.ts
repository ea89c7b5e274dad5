/**
 * Every bound of the hub that is not an option, with its unit, its reason, and what happens at it. Bounds that an
 * operator may want to move are in the table of `config.ts`.
 */

/** Payload characters that the ring may hold besides its bounds by count and age. 10,000 lines of the largest size would be 2.5 GB; the hub has to live in 256 MB, and beyond ASCII a character takes two bytes. The oldest go first, and are in the store. */
export const RING_MAX_CHARS = 16 * 1024 * 1024;

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

/** How long an event may wait before it is handed to the writing thread, and how many do not wait at all (seed 001: 100 ms or 100 events; a batch costs the same with a thousand). */
export const STORE_FLUSH_MS = 100;
export const STORE_FLUSH_EVENTS = 1000;

/** Encoded events that may wait for the disk: three minutes of 1,000 a second. Beyond it events from the bus are not kept, which is counted and said, and batches are refused. */
export const STORE_MAX_PENDING_BYTES = 32 * 1024 * 1024;

/** Encoded events that wait, beyond which a client that sends a large batch waits with them. */
export const STORE_BEHIND_BYTES = 8 * 1024 * 1024;

/** How long a batch may wait for the disk before its client is told to send it again. */
export const INGEST_DURABLE_PATIENCE_MS = 10_000;

/** How long a start waits for the store: to open it, and to go through what a crash left. */
export const STORE_OPEN_PATIENCE_MS = 5_000;

/** How long batch ids are kept at least (DESIGN, section 9). */
export const BATCH_IDS_MIN_AGE_MS = 3_600_000;

/** Events that a live reader may fall behind and still be brought up from the store: a reader that is slower than the events for so long will not catch up. */
export const CATCH_UP_MAX_EVENTS = 1_000_000;

/** Readers that `/status` lists, those in trouble first: more rows than anybody reads. All of them are counted. */
export const STATUS_MAX_READERS = 100;

/** Characters of a reader's User-Agent that are kept for `/status`. */
export const READER_AGENT_MAX_CHARS = 120;

/** Request headers and paths: more than any client of ours sends. */
export const MAX_HEADER_BYTES = 16 * 1024;

/** The dashboard's files in memory, packed: they are half a megabyte. A folder with more is not the dashboard; the hub does not start. */
export const PAGE_MAX_BYTES = 8 * 1024 * 1024;

/** Sign-in bodies: a token is some hundred bytes. */
export const SESSION_BODY_MAX_BYTES = 8 * 1024;

/** A session cookie's life, and how many are kept; the oldest is signed out beyond that. */
export const SESSION_LIFETIME_MS = 30 * 86_400_000;
export const MAX_SESSIONS = 1000;

/** Hosts that may have a token: some 150 bytes of the state file each, which is written as a whole. At the limit enrolling is 409. */
export const MAX_AGENTS = 1000;

/** How far the time at which a token was last used may be behind on disk, where the hub does not end in order: a write each ten minutes. */
export const AGENT_USE_SAVE_INTERVAL_MS = 600_000;

/** Body of `POST /agents`: a name. */
export const AGENT_BODY_MAX_BYTES = 1024;

/** Hosts that fetch the agent's file at once, which asks for no token; further ones get 503. Each holds a file and a socket. */
export const MAX_AGENT_DOWNLOADS = 16;

/** A host that takes nothing of the file for so long is cut off. */
export const AGENT_DOWNLOAD_IDLE_MS = 30_000;

/** Files that are looked at for the one that a host can run: there are two kinds of machines. The rest of the folder is not looked at. */
export const MAX_AGENT_FILES = 8;

/** Wrong tokens in a minute from one address before answers to it slow down, by how much each, and at most (DESIGN, section 9). */
export const WRONG_TOKENS_FREE = 19;
export const WRONG_TOKEN_DELAY_MS = 50;
export const WRONG_TOKEN_MAX_DELAY_MS = 2000;
export const WRONG_TOKEN_WINDOW_MS = 60_000;
/** Addresses whose wrong tokens are counted at once; beyond it the oldest count is forgotten. */
export const WRONG_TOKEN_ADDRESSES = 10_000;

/** Events of this hub that are sent to the others together: by time, which readers there wait longer, by number, and by size. */
export const RELAY_GATHER_MS = 5;
export const RELAY_BATCH_EVENTS = 500;
/** A message of three bytes a character stays within the megabyte that NATS takes. */
export const RELAY_BATCH_MAX_CHARS = 262_144;

/** Batches of clients that one message names as kept: beside the events there is room for the longest ids. */
export const RELAY_MESSAGE_KEPT_BATCHES = 500;

/** What another hub's events were given here is told with own events, or this long after it: readers take longer to change hubs. */
export const RELAY_TELL_MS = 50;

/**
 * A reader that comes from another hub waits this long for what that hub is about to tell: far longer than messages take, and no longer than
 * clients wait before they come. Then what was told has to do: its last hub was killed.
 */
export const RELAY_ORDER_PATIENCE_MS = 1000;

/** What waits to be shared while Redis or NATS is away; the oldest go first, and the others see that they are missing. */
export const RELAY_OUTBOX_MAX_BYTES = 16 * 1024 * 1024;

/** After Redis or NATS was away the others get this long to be back as well: what is published before is lost to them. */
export const RELAY_SETTLE_MS = 1500;

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

/** What counts as an error spike: more errors than SNAPSHOT_ERROR_THRESHOLD within this (DESIGN, section 9: in a minute). */
export const ERROR_SPIKE_WINDOW_MS = 60_000;

/**
 * How long errors must have stayed at or below half the threshold a minute before they can make a spike again. A whole
 * window: what fires then consists of errors that came after the last incident was over.
 */
export const ERROR_SPIKE_CALM_MS = 60_000;

/** From an error spike to its snapshot. The first errors of an incident are seldom those that explain it; DESIGN asks for 10 s or less. */
export const ERROR_SPIKE_SETTLE_MS = 2_000;

/** Largest SNAPSHOT_ERROR_THRESHOLD. The arrival of so many errors is remembered, with 8 bytes each. */
export const MAX_ERROR_THRESHOLD = 100_000;

/** How often memory is looked at for SNAPSHOT_MEMORY_THRESHOLD. A look reads three small files of the kernel. */
export const MEMORY_SAMPLE_INTERVAL_MS = 2_000;

/** Samples in a row over the threshold that make a snapshot: 4 to 6 s of it. One alone may be a build or a collection of garbage. */
export const MEMORY_HIGH_SAMPLES = 3;

/** Percent below the threshold that memory must fall before it can be high again, and for how many samples: a minute, as with errors. */
export const MEMORY_REARM_PERCENT = 5;
export const MEMORY_CALM_SAMPLES = 30;

/** What the logs of a snapshot are counted over where there is no schedule; else it is the interval of the schedule. */
export const SNAPSHOT_WINDOW_MS = 5 * 60_000;

/** Longest interval of the schedule: the longest timer that there is, 24 days. */
export const SNAPSHOT_MAX_INTERVAL_MS = 2 ** 31 - 1;

/** Errors that a snapshot tells with their texts, and characters of a text; the rest is left out. A snapshot then takes 3 KB or so, and 15 KB with the longest plain texts. */
export const SNAPSHOT_TOP_ERRORS = 10;
export const SNAPSHOT_TEXT_MAX_CHARS = 1_000;

/** How long a snapshot waits for its logs, and to be saved. Together less than SHUTDOWN_TIMEOUT_MS, since a stop waits for both. */
export const SNAPSHOT_SUMMARY_TIMEOUT_MS = 4_000;
export const SNAPSHOT_SAVE_TIMEOUT_MS = 1_500;

/** Snapshots that wait in memory for a storage that fails: eight hours of the usual schedule, 1.5 MB with the longest plain texts. The oldest go first, and are counted. */
export const SNAPSHOTS_WAITING = 100;

/** Snapshots that are kept: a week of the usual schedule. With longer intervals their age is the bound. The oldest go first. */
export const SNAPSHOTS_KEPT = 2_000;
export const SNAPSHOT_MAX_AGE_MS = 30 * 86_400_000;

/** The same without a disk: two days of the usual schedule, some 2 MB. */
export const SNAPSHOTS_KEPT_IN_MEMORY = 600;

/**
 * Fly's HTTP log API, as flyctl asks it: waits from 64 ms to 4.096 s, ten errors in a row and it is given up. What a
 * `Retry-After` asks for is granted up to a minute; a fill that has to wait for longer is better tried again as a whole.
 */
export const FLY_API_RETRY_BASE_MS = 64;
export const FLY_API_RETRY_MAX_MS = 4_096;
export const FLY_API_MAX_ERRORS = 10;
export const FLY_API_RETRY_AFTER_MAX_MS = 60_000;
/** A page of 100 lines takes well below a second; an answer that has not ended by then is an error. */
export const FLY_API_REQUEST_TIMEOUT_MS = 15_000;
/** 100 lines of 64 KB and their escapes. A larger answer is an error and is not read on. */
export const FLY_API_MAX_ANSWER_BYTES = 16 * 1024 * 1024;

/** How far back a fill may go. The API keeps some seven days; at 100 lines a request a day of a busy app is thousands of them. What is older stays missing. */
export const BACKFILL_MAX_WINDOW_MS = 86_400_000;
/** A fill asks for so much more at both ends: clocks of machines and hub differ, and lines are on their way for seconds. The merge drops what was there. */
export const BACKFILL_MARGIN_MS = 10_000;
/**
 * How long a line may take until the API tells of it. It is ingested apart from the bus, in batches: users of the API
 * speak of tens of seconds (mockforge #556), and the search engine behind it commits once a minute unless told otherwise.
 * So what is younger than two minutes is asked for once more when it has come of age.
 */
export const BACKFILL_LAG_MS = 120_000;
/** A fill that failed is tried again after so long: ten errors in a row are an outage, and those last for minutes. */
export const BACKFILL_RETRY_MS = 300_000;
/** A fill goes by slices, whose known lines are held as keys of some 60 bytes: at most an hour, or so many keys, 6 MB. */
export const BACKFILL_SLICE_MS = 3_600_000;
export const BACKFILL_SLICE_KEYS = 100_000;
/** Lines around a fill's end that bus and API may both bring: ten seconds of 10,000 a second. Beyond that a line that both bring may be there twice; it is counted. */
export const BACKFILL_OVERLAP_KEYS = 100_000;

/**
 * Bytes of the spool in front of PostgreSQL: what arrives while it is away. A day of 20 lines a second, in a tenth of the
 * disk of a small machine. At the limit what arrives is not kept, which the hub's log says and `droppedEvents` counts, and
 * `/ingest/logs` answers 503, so that agents hold what they have.
 */
export const SPOOL_MAX_BYTES = 512 * 1024 * 1024;

/** Rows of one batch of figures or checks: agents send 500 at most. More is 413. */
export const FIGURE_BATCH_MAX_ROWS = 5_000;

/** Bytes of one such row: what agents send has 2 to 10 KB. More is 413. */
export const FIGURE_ROW_MAX_BYTES = 256 * 1024;

/** Characters of such a row's names, of its other texts, and of all that has no column, as JSON: a host of 200 disks and containers has 40,000. More is 400. */
export const FIGURE_ROW_MAX_NAME_CHARS = 256;
export const FIGURE_ROW_MAX_TEXT_CHARS = 4_096;
export const FIGURE_ROW_MAX_DETAILS_CHARS = 128 * 1024;

/** How long the result of a check says how an app is (DESIGN, section 9). */
export const HEALTH_WINDOW_MS = 5 * 60_000;

/** Points of a host's chart: one app at 10 s for a day, beyond a day what a screen can show. Where there are more, every nth is told. */
export const MAX_RAW_POINTS = 10_000;
export const MAX_THINNED_POINTS = 2_000;

/** Results of checks in one answer, the newest: a week of one address a minute. */
export const MAX_CHECK_RESULTS = 10_000;

/** Body of `POST /chat`: a question and what was said before it. */
export const CHAT_BODY_MAX_BYTES = 256 * 1024;
export const CHAT_QUESTION_MAX_CHARS = 16_000;
export const CHAT_MAX_MESSAGES = 100;

/** Questions that are being answered at once; each holds a connection to the provider and some 100 KB. Further ones get 503. */
export const CHAT_MAX_AT_ONCE = 8;

/** Clients whose questions are counted at once; beyond it the count of who asked longest ago is forgotten. */
export const CHAT_MAX_CLIENTS = 10_000;

/** Conversations in memory, how long after their last question, and what of one is told again: its newest part. Beyond it the oldest go first. */
export const CHAT_MAX_CONVERSATIONS = 200;
export const CHAT_CONVERSATION_MAX_AGE_MS = 3_600_000;
export const CHAT_CONVERSATION_MAX_CHARS = 40_000;

/** Tokens of what a model is told of the logs before it asks: some 60 lines. Seed 001 wants few hundred; what is telling comes first. */
export const CHAT_CONTEXT_MAX_TOKENS = 2_500;

/** Tokens of one answer of the model, as seed 000's program asks for, and its characters, after which a provider that never ends is cut. */
export const CHAT_ANSWER_MAX_TOKENS = 4_096;
export const CHAT_ANSWER_MAX_CHARS = 64_000;

/** Tool calls of one round that are answered; the model is told that the others were not. */
export const CHAT_CALLS_PER_ROUND = 8;
/** How often the hub reports its own host: as often as agents do unless told otherwise. */
export const OWN_HOST_INTERVAL_MS = 60_000;

/** Body of `POST /mcp`: a call of a tool has some hundred bytes. */
export const MCP_BODY_MAX_BYTES = 256 * 1024;
