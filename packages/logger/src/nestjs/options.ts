import type { FeedOptions, GatewayOptions } from '../gateway/index.ts';
import type { HttpLogOptions } from '../http/http-log.ts';
import type { LoggerOptions } from '../options.ts';

export interface LoggingOptions extends LoggerOptions {
  /** Name of the app's logger, which request logs have as their `source`. @defaultValue 'api' */
  readonly name?: string | undefined;
  /** Request logs; `false`: none. */
  readonly http?: HttpLogOptions | false | undefined;
  /** The gateway at `/logs`; `false`: none. */
  readonly gateway?: (GatewayOptions & FeedOptions) | false | undefined;
}

/** What `forRootAsync` takes: a factory, and what is injected into it. */
export interface LoggingAsyncOptions {
  readonly imports?: readonly unknown[] | undefined;
  readonly inject?: readonly unknown[] | undefined;
  // biome-ignore lint/suspicious/noExplicitAny: Nest hands over what `inject` names, of any types
  readonly useFactory: (...dependencies: any[]) => LoggingOptions | Promise<LoggingOptions>;
}

/** Injection token of {@link LoggingOptions}. */
export const LOGGING_OPTIONS = Symbol.for('@flywatch/logger/nestjs/options');

/** Injection token of the app's `Logger`. */
export const LOGGER = Symbol.for('@flywatch/logger/nestjs/logger');

/** Injection token of the `LogFeed`. */
export const LOG_FEED = Symbol.for('@flywatch/logger/nestjs/feed');
