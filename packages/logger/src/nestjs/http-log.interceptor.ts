/**
 * What only Nest knows of a request: its own request object, which has the user, and what a handler threw. The line
 * itself is written below Nest, where requests that never reach an interceptor are seen too.
 */

import type { IncomingMessage, ServerResponse } from 'node:http';
import { type CallHandler, type ExecutionContext, Inject, Injectable, type NestInterceptor } from '@nestjs/common';
import { type Observable, tap } from 'rxjs';
import { HttpLog } from '../http/http-log.ts';
import type { Logger } from '../logger.ts';
import { LOGGER, LOGGING_OPTIONS, type LoggingOptions } from './options.ts';

export class HttpLogInterceptor implements NestInterceptor {
  readonly #log: HttpLog;

  constructor(logger: Logger, options: LoggingOptions = {}) {
    this.#log = new HttpLog(logger, options.http === false ? {} : options.http);
  }

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    if (context.getType() !== 'http') return next.handle();
    const http = context.switchToHttp();
    const request = http.getRequest<IncomingMessage & { raw?: IncomingMessage }>();
    const response = http.getResponse<ServerResponse & { raw?: ServerResponse }>();
    // Where the module is not there, or came too late, the line begins here.
    const exchange = this.#log.begin(request.raw ?? request, response.raw ?? response);
    exchange.frameworkRequest = request;
    return next.handle().pipe(
      tap({
        error: (error: unknown) => {
          exchange.error = error;
        },
      }),
    );
  }
}

Injectable()(HttpLogInterceptor);
Inject(LOGGER)(HttpLogInterceptor, undefined, 0);
Inject(LOGGING_OPTIONS)(HttpLogInterceptor, undefined, 1);
