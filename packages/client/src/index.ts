export type { BufferStats, HealthReport, IngestResult, MetricsReport, ReadyReport } from './answers.ts';
export type { ChatAnswer, ChatEvent, ChatQuestion } from './chat.ts';
export type { ConnectionOptions } from './connection.ts';
export { describeFailure, HubError, HubUnreachableError } from './errors.ts';
export type { LogFilters } from './filters.ts';
export type { HistoryOptions, HistoryPage } from './history.ts';
export {
  type CallOptions,
  createHubClient,
  type HubClient,
  type HubClientOptions,
  type IngestOptions,
  type Query,
} from './hub-client.ts';
export type { PatternChange, PatternReport, PatternRow, PatternsOptions } from './patterns.ts';
export { type SseItem, SseParser, type SseParserOptions } from './sse-parser.ts';
export { type Tail, type TailStats, tail } from './tail.ts';
export type {
  GapReason,
  TailClosed,
  TailConnecting,
  TailEvent,
  TailGap,
  TailInterruption,
  TailItem,
  TailOpen,
  TailState,
  TailWaiting,
} from './tail-items.ts';
export type { HubTailOptions, TailOptions } from './tail-options.ts';
export type { Timers } from './timers.ts';
