/**
 * Everything for a Nest app in one import: the logger, request logs, the gateway. The request log and the gateway stand
 * on the HTTP server below the platform, so that Express and Fastify make no difference, nor a guard that rejects.
 */

import type { Server } from 'node:http';
import {
  type BeforeApplicationShutdown,
  type DynamicModule,
  Inject,
  Module,
  type OnApplicationShutdown,
  type OnModuleInit,
} from '@nestjs/common';
import { APP_INTERCEPTOR, HttpAdapterHost } from '@nestjs/core';
import type { FastifyInstance } from 'fastify';
import { addRequestHooks } from '../fastify.ts';
import { LogEmitter, LogFeed, LogGateway } from '../gateway/index.ts';
import { getLogger } from '../get-logger.ts';
import { HttpLog } from '../http/http-log.ts';
import { logHttp } from '../http/log-http.ts';
import type { Logger } from '../logger.ts';
import { FlywatchLogger } from './flywatch-logger.ts';
import { HttpLogInterceptor } from './http-log.interceptor.ts';
import { LOG_FEED, LOGGER, LOGGING_OPTIONS, type LoggingAsyncOptions, type LoggingOptions } from './options.ts';

/** What of Nest's adapter is needed: every platform has it. */
interface HttpAdapter {
  getHttpServer(): Server;
  getType(): string;
  getInstance(): unknown;
}

export class LoggingModule implements OnModuleInit, BeforeApplicationShutdown, OnApplicationShutdown {
  readonly #host: { readonly httpAdapter: HttpAdapter | undefined };
  readonly #options: LoggingOptions;
  readonly #logger: Logger;
  readonly #gateway: LogGateway;

  constructor(
    host: { readonly httpAdapter: HttpAdapter | undefined },
    options: LoggingOptions,
    logger: Logger,
    gateway: LogGateway,
  ) {
    this.#host = host;
    this.#options = options;
    this.#logger = logger;
    this.#gateway = gateway;
  }

  static forRoot(options: LoggingOptions = {}): DynamicModule {
    return moduleOf({ provide: LOGGING_OPTIONS, useValue: options });
  }

  static forRootAsync({ imports = [], inject = [], useFactory }: LoggingAsyncOptions): DynamicModule {
    const provider = { provide: LOGGING_OPTIONS, useFactory, inject: [...inject] as never[] };
    return { ...moduleOf(provider), imports: [...imports] as never[] };
  }

  onModuleInit(): void {
    const adapter = this.#host.httpAdapter;
    // A microservice or a script has no server.
    if (adapter === undefined) return;
    const server = adapter.getHttpServer();
    const { http = {}, gateway = {} } = this.#options;
    if (gateway !== false) this.#gateway.attach(server);
    if (http === false) return;
    logHttp(server, this.#logger, http);
    if (adapter.getType() === 'fastify') {
      addRequestHooks(adapter.getInstance() as FastifyInstance, new HttpLog(this.#logger, http));
    }
  }

  /** Before the server is closed, which waits for its sockets. */
  beforeApplicationShutdown(): void {
    this.#gateway.close();
  }

  async onApplicationShutdown(): Promise<void> {
    await this.#logger.flush();
  }
}

Module({})(LoggingModule);
Inject(HttpAdapterHost)(LoggingModule, undefined, 0);
Inject(LOGGING_OPTIONS)(LoggingModule, undefined, 1);
Inject(LOGGER)(LoggingModule, undefined, 2);
Inject(LogGateway)(LoggingModule, undefined, 3);

function moduleOf(options: NonNullable<DynamicModule['providers']>[number]): DynamicModule {
  return {
    module: LoggingModule,
    global: true,
    providers: [
      options,
      { provide: LOG_FEED, useFactory: createFeed, inject: [LOGGING_OPTIONS] },
      { provide: LOGGER, useFactory: createLogger, inject: [LOGGING_OPTIONS, LOG_FEED] },
      { provide: LogGateway, useFactory: createGateway, inject: [LOGGING_OPTIONS, LOG_FEED] },
      {
        provide: LogEmitter,
        useFactory: (logger: Logger, feed: LogFeed) => new LogEmitter(logger, feed),
        inject: [LOGGER, LOG_FEED],
      },
      FlywatchLogger,
      HttpLogInterceptor,
      { provide: APP_INTERCEPTOR, useExisting: HttpLogInterceptor },
    ],
    exports: [LOGGER, LOG_FEED, LogEmitter, LogGateway, FlywatchLogger, HttpLogInterceptor, LOGGING_OPTIONS],
  };
}

function createFeed({ gateway }: LoggingOptions): LogFeed {
  return new LogFeed(
    gateway === false ? {} : { history: gateway?.history, instance: gateway?.instance, region: gateway?.region },
  );
}

function createLogger(options: LoggingOptions, feed: LogFeed): Logger {
  const { name = 'api', http: _http, gateway: _gateway, ...rest } = options;
  // With a feed among the destinations the default would be no standard output any more.
  const stdout =
    rest.stdout ?? (rest.logFile === undefined && rest.hub === undefined && rest.destinations === undefined);
  return getLogger(name, { ...rest, stdout, destinations: [...(rest.destinations ?? []), feed] });
}

function createGateway({ gateway }: LoggingOptions, feed: LogFeed): LogGateway {
  const { path, token, authorize, origins } = gateway || {};
  return new LogGateway(feed, { path, token, authorize, origins });
}
