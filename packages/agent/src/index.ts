export {
  type DeliveryState,
  HubDelivery,
  type HubDeliveryOptions,
  type HubDeliverySettings,
  type HubDeliveryStatus,
  type Post,
  type PostOutcome,
} from './delivery/hub-delivery.ts';
export type { JournalCommand } from './formats/journal-reader.ts';
export type { LogFormat } from './formats/recognize-format.ts';
export {
  JournalTail,
  type JournalTailOptions,
  type JournalTailSettings,
  type JournalTailStatus,
} from './tail/journal-tail.ts';
export type { LogBatch, LogOutcome, LogSink } from './tail/log-sink.ts';
export {
  type FileStatus,
  LogTail,
  type LogTailOptions,
  type LogTailSettings,
  type LogTailStatus,
} from './tail/log-tail.ts';
export { type TailTestOptions, type TestedEvent, testTail } from './tail/tail-test.ts';
export type { WatchSettings } from './tail/watch.ts';
