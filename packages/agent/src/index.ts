export { Agent, type AgentOptions, type AgentStatus } from './agent.ts';
export type { CheckErrorKind, CheckResult, CheckSpec, CheckState } from './checks/check.ts';
export { type CheckRow, checkRow } from './checks/check-row.ts';
export { CheckRunner, type CheckRunnerOptions } from './checks/check-runner.ts';
export {
  HostCollector,
  type HostCollectorOptions,
  type HostFigures,
  type MetricsRow,
  type MetricsRowContext,
  metricsRow,
} from './collectors/index.ts';
export {
  type AgentConfig,
  type AgentConfigSource,
  type AppConfig,
  configFileOf,
  HOST_CONFIG_FILE,
  type LoadedAgentConfig,
  loadAgentConfig,
  type Output,
} from './config/agent-config.ts';
export { CHECK_OPTIONS } from './config/check-options.ts';
export { AgentConfigError, type ConfigMistake } from './config/mistakes.ts';
export { MONITORING_OPTIONS } from './config/monitoring-options.ts';
export { createDelivery, type Delivery, type DeliveryContext, type DeliveryStatus } from './delivery/delivery.ts';
export {
  HubDelivery,
  type HubDeliveryOptions,
  type HubDeliverySettings,
  type Post,
  type PostOutcome,
} from './delivery/hub-delivery.ts';
export { PostgresDelivery, type PostgresDeliveryOptions } from './delivery/postgres/postgres-delivery.ts';
export type { WayState } from './delivery/way.ts';
export type { JournalCommand } from './formats/journal-reader.ts';
export type { LogFormat } from './formats/recognize-format.ts';
export type { RowKind, RowOutcome, RowSink, RowsToSend } from './rows/row-sink.ts';
export { type RunAgentOptions, runAgent } from './run-agent.ts';
export { possibleStateFolders, stateFolder } from './state-folder.ts';
export { askStatus } from './status/ask-status.ts';
export {
  JournalTail,
  type JournalTailOptions,
  type JournalTailSettings,
  type JournalTailStatus,
} from './tail/journal-tail.ts';
export type { LogBatch, LogOutcome, LogSink, Reached } from './tail/log-sink.ts';
export {
  type FileStatus,
  LogTail,
  type LogTailOptions,
  type LogTailSettings,
  type LogTailStatus,
} from './tail/log-tail.ts';
export { type TailTestOptions, type TestedEvent, testTail } from './tail/tail-test.ts';
export type { WatchSettings } from './tail/watch.ts';
