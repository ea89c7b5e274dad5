export {
  type AgentConfig,
  type AgentConfigSource,
  type AppConfig,
  configFileOf,
  type LoadedAgentConfig,
  loadAgentConfig,
  type Output,
} from './config/agent-config.ts';
export { AgentConfigError, type ConfigMistake } from './config/mistakes.ts';
