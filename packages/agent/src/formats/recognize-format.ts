/**
 * The name of a line's format, for people: `tail-test` shows it. Nothing depends on it. What a line means is said where it
 * is kept (`packages/core/src/normalize`), whichever way it comes; so each format is told by what only it has, and no line is parsed.
 */

export type LogFormat =
  | 'logcore'
  | 'structured'
  | 'pino'
  | 'bunyan'
  | 'winston'
  | 'json'
  | 'journald'
  | 'access'
  | 'syslog'
  | 'logfmt'
  | 'plain';

/** Most telling first. */
const JSON_FORMATS: readonly (readonly [LogFormat, readonly RegExp[]])[] = [
  ['journald', [/"__REALTIME_TIMESTAMP"/]],
  ['bunyan', [/"v":0\b/, /"name":/, /"level":\d/]],
  ['pino', [/"level":\d/, /"time":/]],
  ['pino', [/"msg":/, /"time":/]],
  ['logcore', [/"logger":/, /"message":/, /"timestamp":/]],
  ['structured', [/"level":"/, /"message":/, /"(?:source|meta)":/]],
  ['winston', [/"level":"/, /"message":/]],
];

const TEXT_FORMATS: readonly (readonly [LogFormat, RegExp])[] = [
  ['access', /^\S+ (?:\S+ )?\S+ \S+ \[\d\d\/[A-Z][a-z]{2}\/\d{4}:[\d: +-]+\] "/],
  [
    'syslog',
    /^(?:<\d{1,3}>)?(?:1 )?(?:[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d|\d{4}-\d\d-\d\dT\S+) \S+ \S+?(?:\[\d+\])?(?::| \S+ \S+ (?:-|\[))/,
  ],
  ['logfmt', /(?:^|\s)[\w.]+=(?:"[^"]*"|\S+)\s+[\w.]+=/],
];

export function recognizeFormat(line: string): LogFormat {
  if (line.startsWith('{') && line.trimEnd().endsWith('}')) {
    return JSON_FORMATS.find(([, marks]) => marks.every((mark) => mark.test(line)))?.[0] ?? 'json';
  }
  return TEXT_FORMATS.find(([, mark]) => mark.test(line))?.[0] ?? 'plain';
}
