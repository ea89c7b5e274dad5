/** Readers of options that know some words, and of the rate that knows an off. */

import { MAX_DEMO_RATE, MIN_DEMO_RATE } from '../ingest/demo/demo-source.ts';
import type { LogLevelName } from '../log.ts';
import type { Redaction } from '../tools/redact.ts';
import { readBoolean, readNumber } from './read-values.ts';

export function readOwnHost(text: string): boolean | 'auto' {
  if (text.trim().toLowerCase() === 'auto') return 'auto';
  try {
    return readBoolean(text);
  } catch {
    throw new Error('expected auto, true or false');
  }
}

export function readRedaction(text: string): Redaction {
  const word = text.trim().toLowerCase();
  if (word === 'email' || word === 'emails' || word === 'e-mail') return 'email';
  try {
    return readBoolean(text) ? 'true' : 'false';
  } catch {
    throw new Error('expected true, false or email');
  }
}

/** Off, or from a line in ten seconds up: below, a page would look dead rather than quiet. */
export function readDemoRate(text: string): number {
  const rate = readNumber(0, MAX_DEMO_RATE)(text);
  if (rate > 0 && rate < MIN_DEMO_RATE)
    throw new Error(`expected 0, or a number from ${MIN_DEMO_RATE} to ${MAX_DEMO_RATE}`);
  return rate;
}

const LOG_LEVELS: readonly LogLevelName[] = ['error', 'warn', 'info', 'debug', 'trace'];

/** `debug`, or a list as `RUST_LOG` has it: `warn,flywatch=debug`; our own name wins, then the bare level. */
export function readLogLevel(text: string): LogLevelName {
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
