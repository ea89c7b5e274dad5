export { OPTIONS } from './config/options.ts';
export { type Config, type LoadedConfig, loadConfig } from './config.ts';
export { ConfigError, ERRORS, HttpError } from './errors.ts';
export { type Hub, type HubOptions, startHub, VERSION } from './hub.ts';
export { createLog, type Log } from './log.ts';
export { serve } from './main.ts';
