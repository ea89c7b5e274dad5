export {
  type DeliveryState,
  HubDelivery,
  type HubDeliveryOptions,
  type HubDeliverySettings,
  type HubDeliveryStatus,
  type Post,
  type PostOutcome,
} from './delivery/hub-delivery.ts';
export type { LogBatch, LogOutcome, LogSink } from './tail/log-sink.ts';
export {
  type FileStatus,
  LogTail,
  type LogTailOptions,
  type LogTailSettings,
  type LogTailStatus,
} from './tail/log-tail.ts';
export type { WatchSettings } from './tail/watch.ts';
