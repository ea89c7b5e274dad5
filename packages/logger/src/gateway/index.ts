export type { AdmissionOptions } from './admission.ts';
export { LogEmitter, type LogListener, type StructuredLog } from './log-emitter.ts';
export { type FeedOptions, LogFeed } from './log-feed.ts';
export { type GatewayOptions, LogGateway } from './log-gateway.ts';
