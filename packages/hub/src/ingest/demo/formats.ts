/** How the shop's programs write their lines. Values that are handed in hold nothing that JSON would have to escape. */

import type { Instance } from './cast.ts';
import type { Moment } from './moment.ts';
import type { Text } from './stage.ts';

type PinoLevel = 20 | 30 | 40 | 50 | 60;

/** A pino line; `rest` are the members between the standard ones, without the outer commas (`"took_ms":12`). */
export function pino(level: PinoLevel, speaker: Instance, msg: string, rest = ''): Text {
  const comma = rest === '' ? '' : ',';
  return (at: Moment) =>
    `{"level":${level},"time":${at.epochMs},"pid":${speaker.pid},"hostname":"${speaker.id}",${rest}${comma}"msg":"${msg}"}`;
}

type LogcoreLevel = 'DEBUG' | 'INFO' | 'WARNING' | 'ERROR' | 'CRITICAL';

/** A logcore line, with the blanks of Python's `json.dumps`; `rest` are further members such as `"context": {…}`. */
export function logcore(level: LogcoreLevel, logger: string, message: string, rest = ''): Text {
  const comma = rest === '' ? '' : ', ';
  return (at: Moment) =>
    `{"timestamp": "${at.micros}", "level": "${level}", "logger": "${logger}", "message": "${message}"${comma}${rest}}`;
}

type LogfmtLevel = 'debug' | 'info' | 'warn' | 'error';

/** A logfmt line of one of the database's helpers. */
export function logfmt(level: LogfmtLevel, component: string, msg: string, rest = ''): Text {
  const blank = rest === '' ? '' : ' ';
  return (at: Moment) => `time=${at.millis} level=${level} component=${component} msg="${msg}"${blank}${rest}`;
}

type PostgresLevel = 'LOG' | 'WARNING' | 'ERROR' | 'FATAL' | 'PANIC' | 'HINT' | 'DETAIL';

/** A line of Postgres itself. */
export function postgres(level: PostgresLevel, pid: number, message: string): Text {
  return (at: Moment) => `${at.postgres} [${pid}] ${level}:  ${message}`;
}

const GREEN = '\x1b[32m';
const YELLOW = '\x1b[33m';
const RED = '\x1b[31m';
const RESET = '\x1b[39m';

/** A coloured line of the page renderer, in the manner of development servers that nobody told of production. */
export function renderer(colour: 'green' | 'yellow' | 'red', pid: number, context: string, message: string): Text {
  const ansi = colour === 'green' ? GREEN : colour === 'yellow' ? YELLOW : RED;
  const word = colour === 'green' ? '    LOG' : colour === 'yellow' ? '   WARN' : '  ERROR';
  return (at: Moment) =>
    `${ansi}[render] ${pid}  - ${RESET}${at.clock} ${ansi}${word}${RESET} ${YELLOW}[${context}]${RESET} ${ansi}${message}${RESET}`;
}

interface Access {
  readonly address: string;
  readonly method: string;
  readonly path: string;
  readonly status: number;
  readonly bytes: number;
  readonly referrer: string;
  readonly agent: string;
  readonly tookMs: number;
  /** Left out for files that no program was asked for. */
  readonly requestId?: string;
}

/** nginx's combined form, followed by the response time and the request id as `key=value`. */
export function access(entry: Access): Text {
  const { address, method, path, status, bytes, referrer, agent } = entry;
  const id = entry.requestId === undefined ? '' : ` request_id=${entry.requestId}`;
  const seconds = (entry.tookMs / 1000).toFixed(3);
  return (at: Moment) =>
    `${address} - - [${at.nginx}] "${method} ${path} HTTP/1.1" ${status} ${bytes} "${referrer}" "${agent}" rt=${seconds}${id}`;
}
