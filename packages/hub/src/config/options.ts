/**
 * The table of options: names, aliases, defaults, checks, and the help that `docs/config.md` shows; a test compares the page with it.
 * To add one: a row here.
 */

import { MAX_ERROR_THRESHOLD } from '../limits.ts';
import type { LogLevelName } from '../log.ts';
import type { Redaction } from '../tools/redact.ts';
import {
  readDatabaseUrl,
  readHost,
  readHttpUrl,
  readOrigins,
  readRedisUrl,
  readRelayUrl,
  readServers,
} from './read-addresses.ts';
import { readDemoRate, readLogLevel, readOwnHost, readRedaction } from './read-choices.ts';
import { readApps, readGroup, readModel, readSlug, readToken } from './read-names.ts';
import { type Read, readBoolean, readBytes, readNumber, readWhole } from './read-values.ts';

export interface Option<T> {
  readonly aliases?: readonly string[];
  readonly default: T;
  readonly read: Read<T>;
  /** One line for help and docs. */
  readonly help: string;
  /** How the default reads in the docs where its value does not say it. */
  readonly shownDefault?: string;
  readonly secret?: boolean;
  /** Set by the platform, not by people: left out of the table in the docs' main part. */
  readonly fromPlatform?: boolean;
}

function option<T>(definition: Option<T>): Option<T> {
  return definition;
}

/** Every option, in the order in which the docs show them. */
export const OPTIONS = {
  FLY_ORG: option<string | undefined>({
    aliases: ['ORG_SLUG', 'ORG'],
    default: undefined,
    read: readSlug,
    help: 'Raw slug of the Fly.io organization (`fly orgs list`), the user name on its NATS bus. With `ACCESS_TOKEN` it turns the Fly source on.',
  }),
  ACCESS_TOKEN: option<string | undefined>({
    default: undefined,
    read: (text) => text.trim(),
    secret: true,
    help: 'Token for the bus (`fly tokens create readonly ORG`), with or without `FlyV1 `.',
  }),
  FLY_APP: option<readonly string[] | undefined>({
    aliases: ['FLY_PROD_APP_NAME'],
    default: undefined,
    read: readApps,
    shownDefault: '`FLY_APP_NAME`, else all apps',
    help: 'App to watch, a comma list, or `*` for the whole organization. Builders (`fly-builder-…`) are left out unless an entry names them, as `*,fly-builder-*` does.',
  }),
  NATS_URL: option<readonly string[]>({
    default: ['nats://[fdaa::3]:4223'],
    read: readServers,
    shownDefault: '`nats://[fdaa::3]:4223`',
    help: 'Address of the bus; the default is Fly’s, inside every machine of the organization. A comma list names several.',
  }),
  AUTH_TOKEN: option<string | undefined>({
    default: undefined,
    read: readToken,
    secret: true,
    help: 'Guards every route but the health checks and the static page. Unset: everybody who reaches the hub can read.',
  }),
  INGEST_TOKEN: option<string | undefined>({
    default: undefined,
    read: readToken,
    secret: true,
    help: 'A token that may write to `/ingest/…` and nothing else.',
  }),
  CORS_ORIGIN: option<readonly string[]>({
    default: [],
    read: readOrigins,
    shownDefault: 'none',
    help: 'Origins whose pages may use the API, as a comma list; `*` allows all of them without cookies.',
  }),
  METRICS_PUBLIC: option<boolean>({
    default: false,
    read: readBoolean,
    help: 'Opens `/metrics` and `/metrics/prometheus` without a token, for Fly’s scraper.',
  }),
  HOST: option<string>({
    default: '::',
    read: readHost,
    help: 'Address to listen on. `::` takes IPv4 too and falls back to `0.0.0.0` where there is no IPv6.',
  }),
  PORT: option<number>({ default: 8080, read: readWhole(0, 65_535), help: 'Port to listen on; 0 takes a free one.' }),
  LOG_BUFFER_MAX_ENTRIES: option<number>({
    default: 10_000,
    read: readWhole(1, 1_000_000),
    help: 'Events kept in memory for live readers, `tail`, `since` and short resumes.',
  }),
  LOG_BUFFER_MAX_AGE_MINUTES: option<number>({
    default: 30,
    read: readNumber(0.01, 10_080),
    help: 'Minutes after which an event leaves the memory.',
  }),
  PERSISTENCE_ENABLED: option<boolean>({
    default: true,
    read: readBoolean,
    help: 'Whether anything is written to disk.',
  }),
  STORE_PATH: option<string>({
    default: './data/flywatch.db',
    read: (text) => text,
    help: 'Where the hub keeps what must survive a restart; its folder is made when it is missing.',
  }),
  DATABASE_URL: option<string | undefined>({
    aliases: ['OBSERV_DB_URL'],
    default: undefined,
    read: readDatabaseUrl,
    secret: true,
    help: 'A PostgreSQL database that keeps the events instead, such as `postgresql://user:pass@host:5432/observ_metrics`. What arrives while it is away waits in a file beside `STORE_PATH`.',
  }),
  LOG_RETENTION_DAYS: option<number>({
    default: 30,
    read: readNumber(0.01, 36_500),
    help: 'Days after their arrival that events are kept.',
  }),
  STORE_MAX_BYTES: option<number | undefined>({
    default: undefined,
    read: readBytes,
    shownDefault: 'no limit',
    help: 'Size that the store may have on disk, such as `900MB`, at least 16 MB; the oldest events go first.',
  }),
  METRICS_RETENTION_DAYS: option<number>({
    default: 90,
    read: readNumber(0.01, 36_500),
    help: 'Days that figures of hosts and health checks are kept.',
  }),
  WATCH_OWN_HOST: option<boolean | 'auto'>({
    default: 'auto',
    read: readOwnHost,
    help: 'Whether the hub reports figures of its own host, every minute. `auto` does unless it runs on Fly or in a container whose name was made up, or an agent reports under the same name.',
  }),
  SNAPSHOT_INTERVAL_MINUTES: option<number>({
    default: 5,
    read: readNumber(0, 10_080),
    help: 'Minutes between snapshots of the hub’s state; 0 takes none on a schedule.',
  }),
  SNAPSHOT_ERROR_THRESHOLD: option<number>({
    default: 10,
    read: readWhole(0, MAX_ERROR_THRESHOLD),
    help: 'Errors in a minute beyond which a snapshot is taken, once an incident.',
  }),
  SNAPSHOT_MEMORY_THRESHOLD: option<number>({
    default: 85,
    read: readNumber(0, 100),
    help: 'Percent of the machine’s memory, or of the cgroup’s, beyond which a snapshot is taken.',
  }),
  FLY_API_BACKFILL: option<boolean>({
    default: false,
    read: readBoolean,
    help: 'Fills what was missed, after a start or a lost connection, from Fly’s HTTP log API.',
  }),
  FLY_API_BASE_URL: option<string>({
    default: 'https://api.fly.io',
    read: readHttpUrl,
    help: 'Where Fly’s HTTP log API is.',
  }),
  REDIS_URL: option<string | undefined>({
    default: undefined,
    read: readRedisUrl,
    secret: true,
    help: 'Shares live events with the other hubs of a group over Redis, such as `redis://user:pass@host:6379`.',
  }),
  RELAY_NATS_URL: option<string | undefined>({
    default: undefined,
    read: readRelayUrl,
    secret: true,
    help: 'The same over a NATS server of your own, such as `nats://user:pass@host:4222`; a comma list names several. Not Fly’s bus.',
  }),
  RELAY_DURABLE: option<boolean>({
    default: false,
    read: readBoolean,
    help: 'Whether JetStream keeps what is shared over `RELAY_NATS_URL` for a day, so that a hub that was away gets what it has missed.',
  }),
  RELAY_GROUP: option<string>({
    default: 'flywatch',
    read: readGroup,
    help: 'Name of the group: hubs with the same one share their events. Their Fly sources share the bus, so that each line comes to one of them.',
  }),
  OPENROUTER_API_KEY: option<string | undefined>({
    default: undefined,
    read: readToken,
    secret: true,
    help: 'Key of OpenRouter, or of the server at `OPENROUTER_BASE_URL`; it turns `/chat` on. A server without keys takes any word.',
  }),
  OPENROUTER_MODEL: option<string>({
    default: 'moonshotai/kimi-k2',
    read: readModel,
    help: 'The model that answers, as its provider names it; it has to know tool calls.',
  }),
  OPENROUTER_BASE_URL: option<string>({
    default: 'https://openrouter.ai/api/v1',
    read: readHttpUrl,
    help: 'Any server with OpenAI’s interface, up to and with its `/v1`: Ollama, vLLM, llama.cpp, a gateway.',
  }),
  CHAT_MAX_ROUNDS: option<number>({
    default: 10,
    read: readWhole(1, 100),
    help: 'Requests to the model for one question at most. In the last one it may call no tool and has to answer.',
  }),
  CHAT_MAX_TOKENS: option<number>({
    default: 150_000,
    read: readWhole(1, 100_000_000),
    help: 'Tokens of all requests and answers of one question at most.',
  }),
  CHAT_MAX_COST_USD: option<number>({
    default: 0.5,
    read: readNumber(0.0001, 1000),
    help: 'What one question may cost, in US dollars, where the provider reports it.',
  }),
  CHAT_TIMEOUT_SECONDS: option<number>({
    default: 120,
    read: readNumber(1, 3600),
    help: 'Seconds in which a question has to be answered.',
  }),
  CHAT_QUESTIONS_PER_MINUTE: option<number>({
    default: 30,
    read: readWhole(1, 10_000),
    help: 'Questions that one client may ask in a minute.',
  }),
  CHAT_REDACT: option<Redaction>({
    default: 'true',
    read: readRedaction,
    help: 'Whether secrets in what goes to a model are masked, over `/chat` and `/mcp`: `true`, `false`, or `email` for e-mail addresses too.',
  }),
  SHUTDOWN_TIMEOUT_MS: option<number>({
    default: 8000,
    read: readWhole(100, 300_000),
    help: 'Milliseconds that a graceful stop may take.',
  }),
  MAX_LINE_BYTES: option<number>({
    default: 262_144,
    read: readWhole(1024, 16_777_216),
    help: 'Bytes of one line in UTF-8; a longer one is cut on a character and marked.',
  }),
  DEMO_RATE: option<number>({
    default: 5,
    read: readDemoRate,
    help: 'Demo events a second while no real source is configured, 0.1 to 100,000; 0 turns them off.',
  }),
  DEMO_SEED: option<number>({
    default: 1,
    read: readWhole(0, 4_294_967_295),
    help: 'Seed of the demo traffic: the same seed tells the same story.',
  }),
  LOG_LEVEL: option<LogLevelName>({
    aliases: ['RUST_LOG'],
    default: 'info',
    read: readLogLevel,
    help: 'The hub’s own log: `error`, `warn`, `info`, `debug` or `trace`; `name=level` lists as in `RUST_LOG` are read too.',
  }),
  FLY_APP_NAME: option<string | undefined>({
    default: undefined,
    read: (text) => text,
    fromPlatform: true,
    help: 'Set by Fly: the app that the hub runs as.',
  }),
  FLY_MACHINE_ID: option<string | undefined>({
    aliases: ['FLY_ALLOC_ID'],
    default: undefined,
    read: (text) => text,
    fromPlatform: true,
    help: 'Set by Fly: lines of this very machine are left out, so that the hub does not hear itself.',
  }),
} as const;
