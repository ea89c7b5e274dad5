/** The time that a line of text begins with, for lines whose form nothing else knows. */

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** `2026-11-20T10:15:00.123Z`, `2026/11/20 10:15:00,123 +0100`, in brackets or not. */
const ISO = /^\[?(\d{4})[-/](\d\d)[-/](\d\d)[T ](\d\d):(\d\d):(\d\d)(?:[.,](\d{1,9}))? ?(Z|UTC|[+-]\d\d:?\d\d)?/;

/** `Nov 20 10:15:00`, as syslog writes it: of this year, or of the last one where that would be in the future. */
const SYSLOG = /^(?:<\d{1,3}>)?([A-Z][a-z]{2}) ([ \d]\d) (\d\d):(\d\d):(\d\d)/;

/** `[Sun Nov 20 10:15:00.123456 2005]`, as Apache's error log begins. */
const APACHE = /^\[[A-Z][a-z]{2} ([A-Z][a-z]{2}) ([ \d]\d) (\d\d):(\d\d):(\d\d)(?:\.\d{1,9})? (\d{4})\]/;

/** How far a clock may be ahead before a time without a year is taken for one of the last year. */
const AHEAD_MS = 86_400_000;

/** Milliseconds since 1970; undefined where the line does not begin with a time. Without a zone it is this machine's. */
export function leadingTimeMs(line: string, nowMs: number): number | undefined {
  const iso = ISO.exec(line);
  if (iso !== null) return isoMs(iso);
  const syslog = SYSLOG.exec(line);
  if (syslog !== null) return syslogMs(syslog, nowMs);
  const apache = APACHE.exec(line);
  return apache === null ? undefined : localMs(apache, Number(apache[6]));
}

/** The line without the time that it begins with, and without what joins the two: `] `, ` - `. */
export function withoutLeadingTime(line: string): string {
  const time = ISO.exec(line) ?? SYSLOG.exec(line) ?? APACHE.exec(line);
  return time === null ? line : line.slice(time[0].length).replace(/^[\]\s|-]+/, '');
}

function isoMs([, year, month, day, hour, minute, second, fraction = '', zone]: RegExpExecArray): number | undefined {
  const date = `${year}-${month}-${day}T${hour}:${minute}:${second}.${fraction.slice(0, 3).padEnd(3, '0')}`;
  const offset = zone === undefined ? '' : zone === 'UTC' ? 'Z' : zone.replace(/^([+-]\d\d)(\d\d)$/, '$1:$2');
  return valid(Date.parse(`${date}${offset}`));
}

function syslogMs(parts: RegExpExecArray, nowMs: number): number | undefined {
  const year = new Date(nowMs).getFullYear();
  const ms = localMs(parts, year);
  return ms !== undefined && ms > nowMs + AHEAD_MS ? localMs(parts, year - 1) : ms;
}

function localMs([, name, day, hour, minute, second]: RegExpExecArray, year: number): number | undefined {
  const month = MONTHS.indexOf(name!);
  if (month === -1) return undefined;
  return valid(new Date(year, month, Number(day), Number(hour), Number(minute), Number(second)).getTime());
}

function valid(ms: number): number | undefined {
  return Number.isNaN(ms) ? undefined : ms;
}
