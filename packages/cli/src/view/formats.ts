/** What `--format` takes: a way of writing an event by its name, or a template. To add one: a function and a row here. */

import { createFieldLookup, type FieldLookup, type Fields } from '@flywatch/core';
import type { EventWriter } from './pretty.ts';
import type { ShownEvent } from './shown-event.ts';
import { safeJson, safeLabel, safeText } from './terminal-text.ts';

export interface FormatSetting {
  /** Whether what is written goes to a terminal, which obeys control characters. */
  readonly isTerminal: boolean;
  readonly colours: boolean;
}

const RECORD_KEYS = [
  'id',
  'time',
  'level',
  'message',
  'app',
  'instance',
  'region',
  'host',
  'provider',
  'source',
] as const;
type RecordKey = (typeof RECORD_KEYS)[number];

const NAMED: Readonly<Record<string, (setting: FormatSetting) => EventWriter>> = {
  json: createJson,
  raw: createRaw,
  logfmt: createLogfmt,
};

/** Names that `--format` takes beside templates. */
export const FORMAT_NAMES: readonly string[] = ['pretty', ...Object.keys(NAMED)];

/** The writer of a named format but `pretty`, or of a template; undefined where the text is neither. */
export function createFormat(format: string, setting: FormatSetting): EventWriter | undefined {
  return NAMED[format]?.(setting) ?? (format.includes('{') ? createTemplate(format, setting) : undefined);
}

/** Flat records. */
function createJson({ isTerminal }: FormatSetting): EventWriter {
  const toJson = isTerminal ? safeJson : JSON.stringify;
  return (event) => `${toJson(event.time === '' ? { ...event, time: undefined } : event)}\n`;
}

/** The message alone: to a pipe byte for byte. */
function createRaw({ isTerminal, colours }: FormatSetting): EventWriter {
  return ({ message }) => `${isTerminal ? safeText(message, colours) : message}\n`;
}

function createLogfmt({ isTerminal }: FormatSetting): EventWriter {
  const value = (given: unknown) => {
    const text = typeof given === 'object' ? JSON.stringify(given) : String(given);
    const quoted = text === '' || /[\s"=\x00-\x1f]/.test(text) ? JSON.stringify(text) : text;
    return isTerminal ? safeLabel(quoted) : quoted;
  };
  return (event) => {
    const pairs: string[] = [];
    for (const key of RECORD_KEYS) {
      const given = recordValue(event, key);
      if (given !== undefined && given !== '') pairs.push(`${key}=${value(given)}`);
    }
    for (const [key, given] of Object.entries(event.fields ?? {})) {
      if (given !== null) pairs.push(`${key.replace(/[\s"=\x00-\x1f]/g, '_')}=${value(given)}`);
    }
    return `${pairs.join(' ')}\n`;
  };
}

/** `{time} {level} {app} {user.id} {message}`; `\t` and `\n` as in C. What an event does not have is empty. */
function createTemplate(template: string, { isTerminal, colours }: FormatSetting): EventWriter {
  const parts = template.split(/\{([^{}]+)\}/).map((part, i) => (i % 2 === 0 ? unescaped(part) : placeholder(part)));
  const safe = (text: string) => (isTerminal ? safeText(text, colours) : text);
  return (event) => {
    let line = '';
    for (const part of parts) line += typeof part === 'string' ? part : safe(part(event));
    return `${line}\n`;
  };
}

function unescaped(text: string): string {
  return text.replace(/\\([tn\\])/g, (_, char: string) => ({ t: '\t', n: '\n' })[char] ?? char);
}

function placeholder(name: string): (event: ShownEvent) => string {
  const key = RECORD_KEYS.find((known) => known === name);
  if (key !== undefined) return (event) => textOf(recordValue(event, key));
  const lookUp: FieldLookup = createFieldLookup(name.replace(/^fields\./, ''));
  return ({ fields }) => (fields === undefined ? '' : textOf(lookUp(fields as Fields)));
}

function recordValue(event: ShownEvent & { readonly id?: string }, key: RecordKey): string | undefined {
  return event[key];
}

function textOf(value: unknown): string {
  if (value === undefined || value === null) return '';
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}
