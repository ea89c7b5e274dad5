/**
 * The shapes in which an event may arrive, recognised by what only they have. Bus messages and `/ingest/logs` go through
 * the same table, so that a pino line is a pino line wherever it comes from. To add a shape: one function, one row.
 */

import type { Fields } from '../event.ts';
import { sourceOfStructure } from '../inspect-message.ts';
import { decodeUtf8 } from '../utf8.ts';
import { type Draft, isObject, label, own } from './draft.ts';
import { levelOfPriority } from './text-shapes.ts';

type Shape = (object: Fields) => Draft | undefined;

/** Most telling first; `generic` takes what is left. */
const SHAPES: readonly Shape[] = [
  recognizeEnvelope,
  flyApi,
  natstream,
  journald,
  bunyan,
  pino,
  logcore,
  flat,
  structured,
];

/** What an object that arrived as one event says. */
export function recognizeShape(object: Fields): Draft {
  for (const shape of SHAPES) {
    const draft = shape(object);
    if (draft !== undefined) return draft;
  }
  return generic(object);
}

const FLY_EXTRAS = ['error', 'http', 'url'] as const;

/** Seed 000's envelope, the form of Fly's bus. Odd or missing parts are simply unknown. */
export function recognizeEnvelope(object: Fields): Draft | undefined {
  const { fly, event, log } = object;
  if (!isObject(fly) && !(isObject(event) && 'provider' in event) && !(isObject(log) && 'message' in object)) {
    return undefined;
  }
  const app = own(fly, 'app');
  let structure: Fields | undefined;
  for (const key of FLY_EXTRAS) {
    if (!Object.hasOwn(object, key) || !isObject(object[key])) continue;
    structure ??= Object.create(null) as Fields;
    structure[key] = object[key];
  }
  const given = isObject(object.fields) ? { ...object.fields, ...structure } : structure;
  const message = own(object, 'message');
  return {
    time: own(object, 'timestamp'),
    level: own(log, 'level') ?? own(object, 'level'),
    // An edge error may have its text in `error.message` alone (facts, 5.4).
    message:
      message === '' || message === null || message === undefined
        ? (own(own(object, 'error'), 'message') ?? '')
        : message,
    app: label(own(app, 'name')) ?? label(app),
    instance: label(own(app, 'instance')) ?? label(own(own(fly, 'machine'), 'id')) ?? label(own(object, 'instance')),
    region: label(own(fly, 'region')) ?? label(own(object, 'region')),
    host: label(own(object, 'host')),
    provider: label(own(event, 'provider')),
    structure: given,
    isEnvelope: true,
  };
}

/** One element of Fly's HTTP log API (facts, 5.7). */
function flyApi(object: Fields): Draft | undefined {
  const { attributes } = object;
  if (!isObject(attributes) || !('message' in attributes)) return undefined;
  const meta = own(attributes, 'meta');
  return {
    time: attributes.timestamp,
    level: attributes.level,
    message: attributes.message,
    instance: label(attributes.instance) ?? label(own(meta, 'instance')),
    region: label(attributes.region) ?? label(own(meta, 'region')),
    provider: label(own(own(meta, 'event'), 'provider')),
  };
}

const NATSTREAM_TYPES: Readonly<Record<string, string>> = { log: 'info', system: 'info', error: 'error' };

/** Seed 002's line: message, timestamp in milliseconds, type, persistent. */
function natstream(object: Fields): Draft | undefined {
  const { type, timestamp } = object;
  if (typeof type !== 'string' || !Object.hasOwn(NATSTREAM_TYPES, type)) return undefined;
  if (!('persistent' in object) || !('message' in object)) return undefined;
  return { time: timestamp, level: NATSTREAM_TYPES[type], message: object.message, ...labels(object) };
}

/** Fields of an entry that are worth keeping; the others are ids and addresses of the journal itself. */
const JOURNALD_FIELDS = {
  unit: '_SYSTEMD_UNIT',
  pid: '_PID',
  uid: '_UID',
  command: '_COMM',
  transport: '_TRANSPORT',
} as const;

/** systemd's journal as `journalctl -o json` prints it: texts all of them, bytes where a text is not UTF-8. */
function journald(object: Fields): Draft | undefined {
  const { MESSAGE: message, __REALTIME_TIMESTAMP: time } = object;
  if (time === undefined || !('__CURSOR' in object || message !== undefined)) return undefined;
  const structure = Object.create(null) as Fields;
  for (const [name, key] of Object.entries(JOURNALD_FIELDS)) {
    if (typeof object[key] === 'string') structure[name] = object[key];
  }
  const isBytes = Array.isArray(message) && message.every((byte) => Number.isInteger(byte));
  return {
    time: object._SOURCE_REALTIME_TIMESTAMP ?? time,
    level: levelOfPriority(Number(object.PRIORITY ?? 6)),
    message: isBytes ? decodeUtf8(Uint8Array.from(message as number[])) : (message ?? ''),
    host: label(object._HOSTNAME),
    source: label(object.SYSLOG_IDENTIFIER) ?? label(object._SYSTEMD_UNIT) ?? label(object._COMM),
    structure: isEmpty(structure) ? undefined : structure,
  };
}

const BUNYAN_KEYS = new Set(['v', 'name', 'hostname', 'level', 'msg', 'time']);

function bunyan(object: Fields): Draft | undefined {
  if (object.v !== 0 || typeof object.level !== 'number' || typeof object.name !== 'string') return undefined;
  const given = labels(object);
  return {
    time: object.time,
    level: object.level,
    message: object.msg,
    ...given,
    source: given.source ?? label(object.name),
    host: given.host ?? label(object.hostname),
    structure: remainder(object, BUNYAN_KEYS),
    levelIsFinal: true,
  };
}

const PINO_KEYS = new Set(['level', 'time', 'msg', 'hostname', 'name']);

/** pino: a numeric level and epoch time, `msg`; also with its level as a label and ISO times. */
function pino(object: Fields): Draft | undefined {
  if (!('msg' in object) && !(typeof object.level === 'number' && 'time' in object)) return undefined;
  if (!('time' in object) && typeof object.level !== 'number') return undefined;
  const given = labels(object);
  return {
    time: object.time,
    level: object.level,
    message: object.msg ?? own(object.err, 'message') ?? '',
    ...given,
    host: given.host ?? label(object.hostname),
    source: given.source ?? label(object.name),
    structure: remainder(object, PINO_KEYS),
    levelIsFinal: true,
  };
}

/** Seed 003's logcore line: timestamp, level, logger, message; `context`, `exception`, `source{file,line,function}`. All but the context keep their names beside what is in it. */
function logcore(object: Fields): Draft | undefined {
  const { logger, message } = object;
  if (typeof logger !== 'string' || message === undefined || !('timestamp' in object)) return undefined;
  const structure: Fields = Object.create(null) as Fields;
  structure.logger = logger;
  if (isObject(object.context)) Object.assign(structure, object.context);
  else if (object.context !== undefined && object.context !== null) structure.context = object.context;
  if (object.exception !== undefined) structure.exception = object.exception;
  if (isObject(object.source)) structure.source = object.source;
  return {
    time: object.timestamp,
    level: object.level,
    message,
    source: label(logger),
    app: label(object.app) ?? label(object.app_name),
    instance: label(object.instance),
    region: label(object.region),
    host: label(object.host) ?? label(object.vps_name),
    provider: label(object.provider),
    structure,
    levelIsFinal: true,
  };
}

/** Our own flat record, as history and exports print it. The receiving hub gives id and arrival anew. */
function flat(object: Fields): Draft | undefined {
  if (!('time' in object) || !('message' in object) || !('receivedAt' in object || isObject(object.fields)))
    return undefined;
  const fields = isObject(object.fields) ? remainder(object.fields, OWN_NOTES, NO_LABELS) : undefined;
  return {
    time: object.time,
    level: object.level,
    message: object.message,
    ...labels(object),
    structure: fields,
    levelIsFinal: true,
  };
}

/** Notes that a hub puts into the fields of a record: never taken over from input. */
const OWN_NOTES = new Set(['_time', '_time_given', '_truncated', '_backfilled', 'demo']);

const STRUCTURED_KEYS = new Set(['timestamp', 'level', 'source', 'message', 'meta', '@timestamp', 'time']);

/** Seed 004's structured log, and winston's, whose own keys lie at the top: timestamp, level, message, meta or the rest. */
function structured(object: Fields): Draft | undefined {
  if (!('message' in object) || typeof object.level !== 'string') return undefined;
  const given = labels(object);
  const others = remainder(object, STRUCTURED_KEYS);
  const meta = isObject(object.meta) ? object.meta : undefined;
  return {
    time: object.timestamp ?? object['@timestamp'] ?? object.time,
    level: object.level,
    message: object.message,
    ...given,
    instance: given.instance ?? label(own(meta, 'instance')),
    region: given.region ?? label(own(meta, 'region')),
    structure: meta === undefined ? others : { ...others, ...meta },
    levelIsFinal: true,
  };
}

const TIME_KEYS = ['timestamp', '@timestamp', 'time', 'ts', 'datetime', 'date', '@t'] as const;
const MESSAGE_KEYS = ['message', 'msg', '@m', '@mt', 'text', 'log', 'line'] as const;
const LEVEL_KEYS = ['level', 'severity', 'lvl', 'levelname', 'log.level', '@l'] as const;

/** Any other object: the usual keys where they are, the whole of it as the message where there is none. */
function generic(object: Fields): Draft {
  const messageKey = MESSAGE_KEYS.find((key) => typeof own(object, key) === 'string');
  const given = labels(object);
  const level = first(object, LEVEL_KEYS);
  return {
    time: first(object, TIME_KEYS),
    level,
    message: messageKey === undefined ? object : object[messageKey],
    ...given,
    source: given.source ?? sourceOfStructure(object),
    structure:
      messageKey === undefined ? object : remainder(object, new Set([...TIME_KEYS, ...LEVEL_KEYS, messageKey])),
    levelIsFinal: level !== undefined,
  };
}

const LABEL_KEYS = ['app', 'app_name', 'instance', 'region', 'host', 'vps_name', 'provider', 'source'] as const;

function labels(object: Fields): Pick<Draft, 'app' | 'instance' | 'region' | 'host' | 'provider' | 'source'> {
  return {
    app: label(own(object, 'app')) ?? label(own(object, 'app_name')),
    instance: label(own(object, 'instance')),
    region: label(own(object, 'region')),
    host: label(own(object, 'host')) ?? label(own(object, 'vps_name')),
    provider: label(own(object, 'provider')),
    source: label(own(object, 'source')),
  };
}

const LABELS: ReadonlySet<string> = new Set(LABEL_KEYS);
const NO_LABELS: ReadonlySet<string> = new Set();

/** A copy without `keys` and without labels that were understood, or undefined where nothing is left. */
function remainder(object: Fields, keys: ReadonlySet<string>, labelKeys = LABELS): Fields | undefined {
  let left: Fields | undefined;
  for (const key of Object.keys(object)) {
    const value = object[key];
    if (keys.has(key) || (labelKeys.has(key) && label(value) !== undefined)) continue;
    left ??= Object.create(null) as Fields;
    left[key] = value;
  }
  return left;
}

function first(object: Fields, keys: readonly string[]): unknown {
  for (const key of keys) {
    const value = own(object, key);
    if (value !== undefined && value !== null) return value;
  }
  return undefined;
}

function isEmpty(object: Fields): boolean {
  for (const _ in object) return false;
  return true;
}
