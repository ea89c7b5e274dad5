/**
 * The hub's own log: one line a happening on standard error, and never one per event. On Fly what the hub prints comes
 * back to it over the bus, so that a line per event would feed itself (facts, 5.6).
 */

export type LogLevelName = 'trace' | 'debug' | 'info' | 'warn' | 'error';

const ORDER: readonly LogLevelName[] = ['trace', 'debug', 'info', 'warn', 'error'];

export interface Log {
  debug(message: string, fields?: LogFields): void;
  info(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  error(message: string, fields?: LogFields): void;
}

export type LogFields = Readonly<Record<string, string | number | boolean | undefined>>;

/** A log that writes logfmt lines from `level` up. Values are quoted and escaped, so that no line can be forged. */
export function createLog(level: LogLevelName, write: (line: string) => void): Log {
  const lowest = ORDER.indexOf(level);
  const at = (name: LogLevelName) => (message: string, fields?: LogFields) => {
    if (ORDER.indexOf(name) < lowest) return;
    write(formatLine(name, message, fields));
  };
  return { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') };
}

function formatLine(level: LogLevelName, message: string, fields: LogFields = {}): string {
  let line = `${new Date().toISOString()} ${level.toUpperCase().padEnd(5)} ${oneLine(message)}`;
  for (const [key, value] of Object.entries(fields)) {
    if (value === undefined) continue;
    line += ` ${key}=${typeof value === 'string' && !/^[\w./:@-]+$/.test(value) ? JSON.stringify(value) : value}`;
  }
  return `${line}\n`;
}

function oneLine(text: string): string {
  return text.replace(/[\x00-\x1f\x7f]+/g, ' ');
}
