/**
 * Lines of log files whose form says what they are: access logs of nginx and Apache, syslog as it is written into files and sent over
 * wires. Only what agents read from files is looked at: what an app prints, or a client posts as text, is its message as it stands.
 * To add a shape: one function, one row. Each first looks at what costs nothing, since every line of a file passes through here.
 *
 * The line itself stays the message where it is read as a whole (access logs), and what stands before the text goes into labels where
 * people read the text alone (syslog). Times without a year or a zone are not times: the hub then says when it got the line.
 */

import type { Fields } from '../event.ts';
import type { Draft } from './draft.ts';

type TextShape = (line: string) => Draft | undefined;

const TEXT_SHAPES: readonly TextShape[] = [accessLog, modernSyslog, fileSyslog];

/** What a line of text says; undefined where it says nothing but itself. */
export function recognizeText(line: string): Draft | undefined {
  for (const shape of TEXT_SHAPES) {
    const draft = shape(line);
    if (draft !== undefined) return draft;
  }
  return undefined;
}

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** Parts of a line in this form are short; a longer line is looked at up to here. */
const SCANNED_CHARS = 4096;

/** Common and combined log format, with or without a virtual host before it and anything behind it. */
const ACCESS =
  /^(?:[\w.:-]+ )?([\da-fA-F.:]+|[\w.-]+|-) \S+ (\S+) \[(\d{2})\/([A-Z][a-z]{2})\/(\d{4}):(\d{2}:\d{2}:\d{2}) ([+-]\d{2})(\d{2})\] "((?:[^"\\]|\\.)*)" (\d{3}) (\d+|-)(?: "((?:[^"\\]|\\.)*)" "((?:[^"\\]|\\.)*)")?/;

const REQUEST = /^([A-Z]{3,20}) (\S+)(?: (HTTP\/[\d.]+))?$/;

/** From here on an answer is the server's fault. What clients do wrong is their affair: 404 is the noise of every public address. */
const SERVER_ERROR = 500;

function accessLog(line: string): Draft | undefined {
  if (!line.includes('] "')) return undefined;
  const match = ACCESS.exec(line.slice(0, SCANNED_CHARS));
  if (match === null) return undefined;
  const [, address, user, day, monthName, year, time, zoneHours, zoneMinutes, request, status, bytes, referer, agent] =
    match;
  const month = MONTHS.indexOf(monthName!) + 1;
  if (month === 0) return undefined;
  const [, method, path, protocol] = REQUEST.exec(request!) ?? [];
  const structure: Fields = Object.assign(Object.create(null), {
    remote_addr: address,
    ...(user === '-' ? undefined : { user }),
    ...(method === undefined ? { request } : { method, path, protocol }),
    status: Number(status),
    ...(bytes === '-' ? undefined : { bytes: Number(bytes) }),
    ...(referer === undefined || referer === '-' ? undefined : { referer }),
    ...(agent === undefined || agent === '-' ? undefined : { user_agent: agent }),
  });
  return {
    time: `${year}-${String(month).padStart(2, '0')}-${day}T${time}${zoneHours}:${zoneMinutes}`,
    level: Number(status) >= SERVER_ERROR ? 'error' : 'info',
    levelIsFinal: true,
    message: line,
    structure,
  };
}

/** RFC 5424: `<34>1 2003-10-11T22:14:15.003Z mymachine.example.com su - ID47 - text`. */
const MODERN =
  /^<(\d{1,3})>1 (\S{1,40}) (\S{1,255}) (\S{1,48}) (\S{1,128}) (\S{1,32}) (-|(?:\[(?:[^\]\\"]|\\.|"(?:[^"\\]|\\.)*")*\])+) ?/;

function modernSyslog(line: string): Draft | undefined {
  if (line.charCodeAt(0) !== 0x3c /* < */) return undefined;
  const match = MODERN.exec(line.slice(0, SCANNED_CHARS));
  if (match === null) return undefined;
  const [head, priority, time, host, program, pid, messageId] = match;
  const given = (text: string | undefined) => (text === '-' ? undefined : text);
  return {
    time: given(time),
    level: levelOfPriority(Number(priority) % 8),
    // A byte order mark says that the text is UTF-8, which it is taken for anyway.
    message: line.slice(head.length).replace(/^\ufeff/, ''),
    host: given(host),
    source: given(program),
    structure: fieldsOf({ pid: given(pid), message_id: given(messageId) }),
  };
}

/** As rsyslog and syslog-ng write files, with a time of RFC 3339 or of old: `Nov 21 10:00:00 web-1 sshd[812]: text`. */
const IN_FILES =
  /^(?:<(\d{1,3})>)?(?:([A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d)|(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d))) ([\w.:-]{1,255}) ([\w./()@-]{1,64})(?:\[(\d+)\])?: /;

function fileSyslog(line: string): Draft | undefined {
  if (!line.includes(': ')) return undefined;
  const match = IN_FILES.exec(line.slice(0, SCANNED_CHARS));
  if (match === null) return undefined;
  const [head, priority, oldTime, time, host, program, pid] = match;
  if (oldTime !== undefined && !MONTHS.includes(oldTime.slice(0, 3))) return undefined;
  return {
    time,
    level: priority === undefined ? undefined : levelOfPriority(Number(priority) % 8),
    message: line.slice(head.length),
    host,
    source: program,
    structure: fieldsOf({ pid }),
  };
}

const SEVERITIES = ['fatal', 'fatal', 'fatal', 'error', 'warn', 'info', 'info', 'debug'] as const;

/** Level of a severity of syslog, 0 to 7, as journald has it too. */
export function levelOfPriority(severity: number): string | undefined {
  return SEVERITIES[severity];
}

function fieldsOf(given: Readonly<Record<string, string | undefined>>): Fields | undefined {
  let fields: Fields | undefined;
  for (const [name, value] of Object.entries(given)) {
    if (value === undefined) continue;
    fields ??= Object.create(null) as Fields;
    fields[name] = /^\d{1,9}$/.test(value) ? Number(value) : value;
  }
  return fields;
}
