export type { CheckErrorKind, CheckResult, CheckSpec, CheckState } from './checks/check.ts';
export { type CheckRow, checkRow } from './checks/check-row.ts';
export { CheckRunner, type CheckRunnerOptions } from './checks/check-runner.ts';
export { HostCollector, type HostCollectorOptions, type HostFigures } from './collectors/host-collector.ts';
export { type MetricsRow, metricsRow } from './collectors/metrics-row.ts';
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
export { AgentConfigError, type ConfigMistake } from './config/mistakes.ts';
