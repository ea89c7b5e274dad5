export { type GatewayOptions, LogEmitter, LogFeed, LogGateway, type StructuredLog } from '../gateway/index.ts';
export type { Logger } from '../logger.ts';
export { FlywatchLogger } from './flywatch-logger.ts';
export { HttpLogInterceptor } from './http-log.interceptor.ts';
export { LoggingModule } from './logging.module.ts';
export { LOG_FEED, LOGGER, LOGGING_OPTIONS, type LoggingAsyncOptions, type LoggingOptions } from './options.ts';
