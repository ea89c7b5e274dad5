import type { Logger } from './logger.ts';

/** Names that are remembered; a name is a part of an app, and an app has few. Others get a logger each time. */
const MAX_NAMES = 1_000;

/** Loggers beside one, by name, made when they are first asked for. */
export class NamedLoggers {
  readonly #logger: Logger;
  readonly #byName = new Map<string, Logger>();

  constructor(logger: Logger) {
    this.#logger = logger;
  }

  of(name: string): Logger {
    let logger = this.#byName.get(name);
    if (logger === undefined) {
      logger = this.#logger.named(name);
      if (this.#byName.size < MAX_NAMES) this.#byName.set(name, logger);
    }
    return logger;
  }
}
