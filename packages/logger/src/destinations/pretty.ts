/** Lines for people at a terminal: local time, level, logger, message, context as `key=value`, the trace below. */

import type { Fields, Level } from '@flywatch/core';
import type { LogRecord } from '../log-record.ts';

export interface PrettyOptions {
  readonly color: boolean;
}

const COLORS: Readonly<Record<Level, string>> = {
  trace: '90',
  debug: '36',
  info: '32',
  warn: '33',
  error: '31',
  fatal: '97;41',
};

const DIM = '2';

/** What a terminal would obey instead of showing it; line breaks and tabs are harmless. */
const CONTROLS = /[\x00-\x08\x0b-\x1f\x7f-\x9f]/g;

/** A function from record to text, with its line break. */
export function createPretty({ color }: PrettyOptions): (record: LogRecord) => string {
  const paint = (code: string, text: string) => (color ? `\x1b[${code}m${text}\x1b[0m` : text);
  return (record) => {
    const level = paint(COLORS[record.level], record.level.toUpperCase().padEnd(5));
    const message = harmless(JSON.parse(record.message) as string);
    const head = `${paint(DIM, clock(record.timeMs))} ${level} ${paint(DIM, harmless(record.logger.text))}`;
    const context = record.context === '' ? '' : ` ${paint(DIM, pairs(record.context))}`;
    const trace = record.exception === undefined ? '' : `\n${traceOf(JSON.parse(record.exception) as Exception)}`;
    return `${head} ${message}${context}${trace}\n`;
  };
}

/** As in {@link ErrorRecord}, read back. */
interface Exception {
  readonly type: string;
  readonly message: string;
  readonly traceback?: string;
  readonly cause?: Exception;
}

function traceOf({ type, message, traceback, cause }: Exception, label = ''): string {
  const lines = harmless(`${label}${traceback ?? `${type}: ${message}`}`).split('\n');
  const text = lines.map((line) => `    ${line.trimEnd()}`).join('\n');
  return cause === undefined ? text : `${text}\n${traceOf(cause, 'caused by: ')}`;
}

function pairs(context: string): string {
  const fields = JSON.parse(`{${context}}`) as Fields;
  return Object.entries(fields)
    .map(
      ([key, value]) =>
        `${harmless(key)}=${harmless(typeof value === 'string' ? shown(value) : JSON.stringify(value))}`,
    )
    .join(' ');
}

/** A text with blanks in it is quoted, so that one sees where it ends. */
function shown(text: string): string {
  return /^\S+$/.test(text) ? text : JSON.stringify(text);
}

function harmless(text: string): string {
  return text.replace(CONTROLS, (control) => `\\x${control.charCodeAt(0).toString(16).padStart(2, '0')}`);
}

function clock(timeMs: number): string {
  const time = new Date(timeMs);
  const two = (value: number) => String(value).padStart(2, '0');
  const ms = String(time.getMilliseconds()).padStart(3, '0');
  return `${two(time.getHours())}:${two(time.getMinutes())}:${two(time.getSeconds())}.${ms}`;
}
