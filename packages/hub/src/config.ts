/**
 * The hub's configuration: one table that gives names, aliases, defaults, checks, help and `docs/config.md` (a test
 * compares the page with the table). The environment wins over the YAML file; an empty value counts as unset; all
 * mistakes are reported at once. Nobody but `main.ts` and `hub.ts` reads it.
 */

import { readFileSync } from 'node:fs';
import { nearestName } from '@flywatch/core';
import { parse as parseYaml } from 'yaml';
import { ConfigError } from './errors.ts';
import { MAX_DEMO_RATE, MIN_DEMO_RATE } from './ingest/demo/demo-source.ts';
import { MAX_APPS, MAX_ERROR_THRESHOLD } from './limits.ts';
import type { LogLevelName } from './log.ts';
import type { Redaction } from './tools/redact.ts';

/** Reads one value; throws an Error whose message says what was expected. */
type Read<T> = (text: string) => T;

interface Option<T> {
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

export type Config = { readonly [K in keyof typeof OPTIONS]: (typeof OPTIONS)[K] extends Option<infer T> ? T : never };

/** Names with our prefix that are no options of the hub. */
const OTHER_PREFIXED = ['FLYWATCH_CONFIG', 'FLYWATCH_URL', 'FLYWATCH_TOKEN'];

export interface LoadedConfig {
  readonly config: Config;
  /** What is odd but usable, one sentence each. */
  readonly warnings: readonly string[];
}

/** Reads the environment and the file that `FLYWATCH_CONFIG` names. @throws {ConfigError} with all mistakes at once. */
export function loadConfig(env: Readonly<Record<string, string | undefined>>): LoadedConfig {
  const mistakes: string[] = [];
  const warnings: string[] = [];
  const file = readConfigFile(env.FLYWATCH_CONFIG, mistakes);
  const values: Record<string, unknown> = {};
  for (const [name, definition] of Object.entries(OPTIONS) as [string, Option<unknown>][]) {
    values[name] = definition.default;
    const names = [name, ...(definition.aliases ?? [])];
    const found = find(names, env) ?? find(names, file);
    if (found === undefined) continue;
    try {
      values[name] = definition.read(found.text);
    } catch (error) {
      const shown = definition.secret === true ? 'the value given' : JSON.stringify(found.text.slice(0, 100));
      mistakes.push(`${found.name}: ${shown} cannot be used: ${(error as Error).message}`);
    }
  }
  for (const name of [...Object.keys(env), ...Object.keys(file)]) {
    const given = env[name] ?? file[name];
    if (given === undefined || given === '') continue;
    if (name.startsWith('FLYWATCH_') && !OTHER_PREFIXED.includes(name))
      warnings.push(`${name} is no option of the hub${nearest(name)}`);
    else if (name in file && !isKnown(name))
      mistakes.push(`${name} in the configuration file is no option${nearest(name)}`);
  }
  const config = values as unknown as Config;
  checkTogether(config, mistakes);
  if (mistakes.length > 0) throw new ConfigError(mistakes);
  return { config, warnings };
}

/** Whether live events are shared with other hubs. */
export function hasRelay({ REDIS_URL, RELAY_NATS_URL }: Config): boolean {
  return REDIS_URL !== undefined || RELAY_NATS_URL !== undefined;
}

/** Contradictions between options that are each fine. */
function checkTogether(config: Config, mistakes: string[]): void {
  if (config.FLY_ORG !== undefined && config.ACCESS_TOKEN === undefined) {
    mistakes.push(
      'ACCESS_TOKEN is missing: FLY_ORG is set, and the Fly bus needs both. Create one with: fly tokens create readonly ORG',
    );
  }
  if (config.ACCESS_TOKEN !== undefined && config.FLY_ORG === undefined) {
    mistakes.push('FLY_ORG is missing: ACCESS_TOKEN is set, and the Fly bus needs both. The slug is in: fly orgs list');
  }
  if (config.REDIS_URL !== undefined && config.RELAY_NATS_URL !== undefined) {
    mistakes.push(
      'REDIS_URL and RELAY_NATS_URL are both set: hubs share their events over one of them; take the other one out',
    );
  }
  if (config.RELAY_DURABLE && config.RELAY_NATS_URL === undefined) {
    mistakes.push('RELAY_DURABLE needs RELAY_NATS_URL: Redis keeps nothing for a hub that is away');
  }
  if (config.AUTH_TOKEN !== undefined && config.AUTH_TOKEN === config.INGEST_TOKEN) {
    mistakes.push('INGEST_TOKEN equals AUTH_TOKEN: a token that may only write must differ from the one that may read');
  }
}

function isKnown(name: string): boolean {
  return Object.entries(OPTIONS as Record<string, Option<unknown>>).some(
    ([own, { aliases }]) => own === name || aliases?.includes(name),
  );
}

function find(names: readonly string[], from: Readonly<Record<string, string | undefined>>) {
  for (const name of names) {
    const text = from[name];
    if (text !== undefined && text.trim() !== '') return { name, text };
  }
  return undefined;
}

function readConfigFile(path: string | undefined, mistakes: string[]): Record<string, string | undefined> {
  if (path === undefined || path === '') return {};
  let value: unknown;
  try {
    value = parseYaml(readFileSync(path, 'utf8'));
  } catch (error) {
    mistakes.push(`FLYWATCH_CONFIG: the file ${path} cannot be read: ${(error as Error).message.split('\n')[0]}`);
    return {};
  }
  if (value === null) return {};
  if (typeof value !== 'object' || Array.isArray(value)) {
    mistakes.push(`FLYWATCH_CONFIG: the file ${path} has to hold one mapping of option names to values`);
    return {};
  }
  const texts: Record<string, string | undefined> = Object.create(null);
  for (const [name, given] of Object.entries(value)) {
    if (given === null) continue;
    if (Array.isArray(given)) texts[name] = given.join(',');
    else if (typeof given === 'object') mistakes.push(`${name} in ${path}: expected a value or a list, not a mapping`);
    else texts[name] = String(given);
  }
  return texts;
}

/** "; did you mean X?" where an option is close to the name. */
function nearest(name: string): string {
  const best = nearestName(name.replace(/^FLYWATCH_/, ''), Object.keys(OPTIONS));
  return best === undefined ? '' : `; did you mean ${best}?`;
}

function readSlug(text: string): string {
  const slug = text.trim();
  if (!/^[A-Za-z0-9][\w-]{0,99}$/.test(slug))
    throw new Error('expected the slug of an organization, letters, digits and dashes');
  return slug;
}

function readModel(text: string): string {
  const model = text.trim();
  if (!/^[\x21-\x7e]{1,200}$/.test(model)) throw new Error('expected the name of a model, such as moonshotai/kimi-k2');
  return model;
}

function readRedaction(text: string): Redaction {
  const word = text.trim().toLowerCase();
  if (word === 'email' || word === 'emails' || word === 'e-mail') return 'email';
  try {
    return readBoolean(text) ? 'true' : 'false';
  } catch {
    throw new Error('expected true, false or email');
  }
}

function readRedisUrl(text: string): string {
  const url = text.trim();
  if (!/^rediss?:\/\/[^/\s]+/.test(url)) throw new Error('expected an address such as redis://user:pass@host:6379');
  return url;
}

function readRelayUrl(text: string): string {
  const servers = text.split(',').map((server) => server.trim());
  for (const server of servers) {
    if (!/^(?:nats|tls):\/\/\S+$/.test(server) || !URL.canParse(server))
      throw new Error('expected an address such as nats://user:pass@host:4222');
  }
  return servers.join(',');
}

function readGroup(text: string): string {
  if (!/^[A-Za-z0-9][\w-]{0,63}$/.test(text))
    throw new Error('expected letters, digits, dashes and underscores, at most 64');
  return text;
}

function readApps(text: string): readonly string[] {
  const apps = text
    .split(',')
    .map((app) => app.trim())
    .filter((app) => app !== '');
  if (apps.length > MAX_APPS)
    throw new Error(`expected at most ${MAX_APPS} apps, not ${apps.length}; use * and filter`);
  for (const app of apps) {
    if (app !== '*' && app !== 'fly-builder-*' && !/^[a-z0-9][a-z0-9_-]{0,62}$/i.test(app)) {
      throw new Error(`${JSON.stringify(app)} is no app name: expected letters, digits and dashes, or * for all apps`);
    }
  }
  return apps;
}

function readServers(text: string): readonly string[] {
  return text.split(',').map((given) => {
    const server = given.trim();
    const url = URL.parse(server.includes('://') ? server : `nats://${server}`);
    if (url === null || url.hostname === '' || !['nats:', 'tls:'].includes(url.protocol)) {
      throw new Error('expected an address such as nats://[fdaa::3]:4223');
    }
    if (url.username !== '' || url.password !== '') {
      throw new Error('a user or password in the address is not used; put them into FLY_ORG and ACCESS_TOKEN');
    }
    return `${url.protocol}//${url.hostname}:${url.port === '' ? '4222' : url.port}`;
  });
}

function readToken(text: string): string {
  const token = text.trim();
  if (!/^[\x21-\x7e]+$/.test(token))
    throw new Error('a token is printable ASCII without blanks, since it travels in a header');
  return token;
}

function readOrigins(text: string): readonly string[] {
  return text.split(',').map((given) => {
    const origin = given.trim();
    if (origin === '*') return origin;
    const url = URL.parse(origin);
    if (url === null || url.origin === 'null' || url.origin !== origin.replace(/\/$/, '').toLowerCase()) {
      throw new Error('expected origins such as https://status.example.com, without a path, or *');
    }
    return url.origin;
  });
}

/** Bytes, with a unit if one is given: `900MB`, `1.5 GiB`. */
function readBytes(text: string): number {
  const match = /^(\d{1,15}(?:\.\d{1,3})?) ?(?:([kmgt])(i)?b?|b)?$/i.exec(text.trim());
  const power = match?.[2] === undefined ? 0 : 'kmgt'.indexOf(match[2].toLowerCase()) + 1;
  const bytes =
    match === null ? Number.NaN : Math.floor(Number(match[1]) * (match[3] === undefined ? 1000 : 1024) ** power);
  if (!(bytes >= MIN_STORE_BYTES)) throw new Error('expected a size of at least 16 MB, such as 900MB or 2GB');
  return bytes;
}

/** Below, what is not packed yet would be most of the store. */
const MIN_STORE_BYTES = 16_000_000;

function readHttpUrl(text: string): string {
  const url = URL.parse(text.trim());
  if (url === null || !['http:', 'https:'].includes(url.protocol))
    throw new Error('expected an address such as https://api.fly.io');
  return url.href.replace(/\/$/, '');
}

function readDatabaseUrl(text: string): string {
  const url = URL.parse(text.trim());
  if (url === null || !['postgres:', 'postgresql:'].includes(url.protocol) || url.hostname === '') {
    throw new Error('expected an address such as postgresql://user:pass@host:5432/database');
  }
  return text.trim();
}

function readHost(text: string): string {
  const host = text.trim().replace(/^\[(.*)\]$/, '$1');
  if (!/^[\w.:%-]+$/.test(host)) throw new Error('expected an address or a host name');
  return host;
}

function readBoolean(text: string): boolean {
  const value = text.trim().toLowerCase();
  if (['true', '1', 'yes', 'on'].includes(value)) return true;
  if (['false', '0', 'no', 'off'].includes(value)) return false;
  throw new Error('expected true or false');
}

function readOwnHost(text: string): boolean | 'auto' {
  if (text.trim().toLowerCase() === 'auto') return 'auto';
  try {
    return readBoolean(text);
  } catch {
    throw new Error('expected auto, true or false');
  }
}

function readNumber(minimum: number, maximum: number): Read<number> {
  return (text) => {
    const value = /^\d+(\.\d+)?$/.test(text.trim()) ? Number(text) : Number.NaN;
    if (!(value >= minimum && value <= maximum)) throw new Error(`expected a number from ${minimum} to ${maximum}`);
    return value;
  };
}

function readWhole(minimum: number, maximum: number): Read<number> {
  return (text) => {
    const value = /^\d{1,15}$/.test(text.trim()) ? Number(text) : Number.NaN;
    if (!(value >= minimum && value <= maximum))
      throw new Error(`expected a whole number from ${minimum} to ${maximum}`);
    return value;
  };
}

/** Off, or from a line in ten seconds up: below, a page would look dead rather than quiet. */
function readDemoRate(text: string): number {
  const rate = readNumber(0, MAX_DEMO_RATE)(text);
  if (rate > 0 && rate < MIN_DEMO_RATE)
    throw new Error(`expected 0, or a number from ${MIN_DEMO_RATE} to ${MAX_DEMO_RATE}`);
  return rate;
}

const LOG_LEVELS: readonly LogLevelName[] = ['error', 'warn', 'info', 'debug', 'trace'];

/** `debug`, or a list as `RUST_LOG` has it: `warn,flywatch=debug`; our own name wins, then the bare level. */
function readLogLevel(text: string): LogLevelName {
  let bare: string | undefined;
  for (const entry of text.toLowerCase().split(',')) {
    const [name = '', level] = entry.trim().split('=');
    if (level === undefined) bare ??= name;
    else if (name === 'flywatch') return asLogLevel(level);
  }
  return bare === undefined ? 'info' : asLogLevel(bare);
}

function asLogLevel(text: string): LogLevelName {
  const name = text === 'warning' ? 'warn' : text === 'off' ? 'error' : text;
  const level = LOG_LEVELS.find((known) => known === name);
  if (level === undefined) throw new Error(`expected one of ${LOG_LEVELS.join(', ')}`);
  return level;
}
