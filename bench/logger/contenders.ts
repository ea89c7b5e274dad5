// The loggers that are held against each other: the same fields into the same kind of file, each in the ways in which it can be set up.

import { getLogger } from '@flywatch/logger';
import pino from 'pino';

export interface Contender {
  readonly name: string;
  /** @param file - where the lines go. */
  open(file: string): OpenLogger;
}

export interface OpenLogger {
  log(message: string, context: object | undefined): void;
  /** Resolves when all is in the file. */
  flush(): Promise<void>;
}

/** Far above what is written: nobody rotates. */
const MAX_FILE_BYTES = 1e12;

/** sonic-boom's `maxWrite` is 16384, and `minLength` has to be below it: the largest that pino can gather. */
const MIN_LENGTH = 16_383;

function ours(name: string, options: { readonly redact?: false }): Contender {
  return {
    name,
    open: (logFile) => {
      const log = getLogger('bench', { logFile, maxFileBytes: MAX_FILE_BYTES, ...options });
      return {
        log: (message, context) => (context === undefined ? log.info(message) : log.info(message, context)),
        flush: () => log.flush(),
      };
    },
  };
}

type PinoDestination = ReturnType<typeof pino.destination>;

function flushed(destination: PinoDestination): Promise<void> {
  return new Promise((resolve, reject) => destination.flush((error) => (error ? reject(error) : resolve())));
}

/** pino with logcore's fields: the same names, an ISO time, levels as words, the context in an object of its own. */
function pinoAs(name: string, options: { readonly sync: boolean; readonly minLength: number }): Contender {
  return {
    name,
    open: (dest) => {
      const destination = pino.destination({ dest, ...options });
      const log = pino(
        {
          base: { logger: 'bench' },
          messageKey: 'message',
          nestedKey: 'context',
          timestamp: () => `,"timestamp":"${new Date().toISOString()}"`,
          formatters: { level: (label) => ({ level: label.toUpperCase() }) },
        },
        destination,
      );
      return {
        log: (message, context) => (context === undefined ? log.info(message) : log.info(context, message)),
        flush: () => flushed(destination),
      };
    },
  };
}

/**
 * pino's own line at its best: numbers for time and level, its own names. Less work than the others do, and still to be
 * beaten.
 */
const PINO_ITSELF: Contender = {
  name: 'pino’s own fields, sync, minLength 16383',
  open: (dest) => {
    const destination = pino.destination({ dest, sync: true, minLength: MIN_LENGTH });
    const log = pino({ name: 'bench' }, destination);
    return {
      log: (message, context) => (context === undefined ? log.info(message) : log.info(context, message)),
      flush: () => flushed(destination),
    };
  },
};

export const CONTENDERS: readonly Contender[] = [
  ours('flywatch', {}),
  ours('flywatch, redact: false', { redact: false }),
  pinoAs('pino', { sync: true, minLength: 0 }),
  pinoAs('pino, sync, minLength 16383', { sync: true, minLength: MIN_LENGTH }),
  pinoAs('pino, async, minLength 16383', { sync: false, minLength: MIN_LENGTH }),
  PINO_ITSELF,
];
