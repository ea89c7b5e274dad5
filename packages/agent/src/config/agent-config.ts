/**
 * The agent's configuration: seed 003's file and those of further apps that it names, checked as a whole. All mistakes of
 * all files are reported at once.
 */

import { globSync } from 'node:fs';
import { hostname } from 'node:os';
import { basename, dirname, isAbsolute, resolve } from 'node:path';
import { nearestName } from '@flywatch/core';
import type { CheckSpec } from '../checks/check.ts';
import { readCheck } from './check-options.ts';
import { readConfigFile } from './config-file.ts';
import { ConfigMistake, Mistakes } from './mistakes.ts';
import { isName, MAX_APPS, MONITORING_OPTIONS } from './monitoring-options.ts';
import { type Mapping, readMapping } from './option.ts';
import { readTruth } from './read-values.ts';
import type { YamlValue } from './yaml-value.ts';

export type Output =
  | { readonly kind: 'hub'; readonly url: string; readonly token: string }
  | { readonly kind: 'postgres'; readonly url: string };

/** What is watched for one app. */
export interface AppConfig {
  readonly name: string;
  readonly file: string;
  readonly checks: readonly CheckSpec[];
  /** Absolute paths, which may have `*`. */
  readonly logFiles: readonly string[];
  /** Units whose journal is followed; `*` for all of it. */
  readonly journalUnits: readonly string[];
}

export interface AgentConfig {
  readonly vpsName: string;
  /** The app that figures of the host are filed under: that of the first file. */
  readonly appName: string;
  readonly output: Output;
  readonly collectionIntervalMs: number;
  readonly apps: readonly AppConfig[];
}

export interface LoadedAgentConfig {
  /** Undefined where monitoring is not enabled. */
  readonly config: AgentConfig | undefined;
  /** What is odd but usable, a sentence each. */
  readonly warnings: readonly string[];
}

export interface AgentConfigSource {
  readonly file: string;
  readonly appName?: string | undefined;
  readonly vpsName?: string | undefined;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** Where seed 003 has the configuration of an app. */
export function configFileOf(app: string): string {
  return `/opt/deployments/${app}/config.yml`;
}

/** Where the configuration of a whole host is. */
export const HOST_CONFIG_FILE = '/etc/flywatch/agent.yml';

type Monitoring = Mapping<typeof MONITORING_OPTIONS>;

/** A file that was read; without `monitoring` where it asks for none. */
interface AppFile {
  readonly path: string;
  readonly app: string;
  readonly top: YamlValue;
  readonly monitoring: Monitoring | undefined;
}

interface WatchedFile extends AppFile {
  readonly monitoring: Monitoring;
}

function isWatched(file: AppFile): file is WatchedFile {
  return file.monitoring !== undefined;
}

/** @throws {AgentConfigError} with all mistakes at once */
export function loadAgentConfig(source: AgentConfigSource): LoadedAgentConfig {
  const mistakes = new Mistakes();
  const warnings: string[] = [];
  const path = resolve(source.file);
  for (const [flag, name] of [
    ['--app-name', source.appName],
    ['--vps-name', source.vpsName],
  ] as const) {
    if (name !== undefined && !isName(name))
      mistakes.add(new ConfigMistake(`${JSON.stringify(name)} is no name`, flag));
  }
  const context = { env: source.env, warnings };
  const first = readAppFile(path, source.appName ?? appOfFile(path), context, mistakes);
  if (first?.monitoring === undefined) {
    mistakes.throwIfAny();
    return { config: undefined, warnings };
  }
  const watched: WatchedFile = { ...first, monitoring: first.monitoring };
  const files = [watched, ...readFurther(watched, context, mistakes).filter(isWatched)];
  refuseEqualNames(files, mistakes);
  const { values } = first.monitoring;
  const output = chooseOutput(files, warnings, mistakes);
  const apps = files.map((file) => readApp(file, values.collection_interval, warnings, mistakes));
  mistakes.throwIfAny();
  const config: AgentConfig = {
    vpsName: source.vpsName ?? values.vps_name ?? hostname(),
    appName: first.app,
    output: output!,
    collectionIntervalMs: values.collection_interval,
    apps,
  };
  return { config, warnings };
}

/** `/opt/deployments/shop/config.yml` is the app shop; a file of another name is the host's. */
function appOfFile(path: string): string {
  const folder = basename(dirname(path));
  return /^config\.ya?ml$/.test(basename(path)) && folder !== '' ? folder : 'host';
}

interface Context {
  readonly env: AgentConfigSource['env'];
  readonly warnings: string[];
}

/**
 * Keys beside `monitoring` belong to others: the file is that of the deployment. Where monitoring is switched off nothing under it is
 * looked at: an app that is not watched must not stop the others for want of a variable.
 */
function readAppFile(path: string, app: string, context: Context, mistakes: Mistakes): AppFile | undefined {
  const top = readConfigFile(path, { app, ...context }, mistakes);
  if (top === undefined) return undefined;
  const pairs = top.isEmpty ? [] : mistakes.collect(() => top.pairs(), []);
  const value = pairs.find(({ name }) => name === 'monitoring')?.value;
  if (value === undefined || value.isEmpty) {
    const meant = pairs.find(({ name }) => name === nearestName('monitoring', [name]));
    context.warnings.push(
      meant === undefined || meant.name === 'monitoring'
        ? `${path}: there is no monitoring`
        : meant.key.mistake('did you mean monitoring?').toString(),
    );
    return { path, app, top, monitoring: undefined };
  }
  const monitoring = isSwitchedOff(value) ? undefined : readMapping(value, MONITORING_OPTIONS, mistakes);
  return { path, app, top, monitoring };
}

/** `enabled: false`, or no word of it. A misspelt one is no such word. */
function isSwitchedOff(monitoring: YamlValue): boolean {
  if (!monitoring.isMapping) return false;
  const pairs = monitoring.pairs();
  const given = pairs.find(({ name }) => name === 'enabled')?.value;
  if (given === undefined) return !pairs.some(({ name }) => nearestName(name, ['enabled']) !== undefined);
  if (given.isEmpty) return true;
  try {
    return !readTruth(given);
  } catch {
    // No truth value: a mistake, which is said when the options are read.
    return false;
  }
}

function readFurther(first: WatchedFile, context: Context, mistakes: Mistakes): AppFile[] {
  const at = first.monitoring.at.apps;
  const patterns = first.monitoring.values.apps.map((pattern) => absolute(pattern, first.path));
  const paths = new Set(patterns.flatMap((pattern) => globSync(pattern)).filter((path) => path !== first.path));
  if (paths.size > MAX_APPS) {
    mistakes.add(at!.mistake(`matches ${paths.size} files; expected at most ${MAX_APPS}`));
    return [];
  }
  for (const pattern of patterns) {
    if (globSync(pattern).length === 0) context.warnings.push(at!.mistake(`${pattern} matches no file yet`).toString());
  }
  const files: AppFile[] = [];
  for (const path of [...paths].sort()) {
    const file = readAppFile(path, appOfFile(path), context, mistakes);
    if (file?.monitoring?.at.apps !== undefined) {
      mistakes.add(file.monitoring.at.apps.mistake('only the first file may name further apps'));
    }
    if (file !== undefined) files.push(file);
  }
  return files;
}

function refuseEqualNames(files: readonly WatchedFile[], mistakes: Mistakes): void {
  const seen = new Map<string, string>();
  for (const { app, path } of files) {
    const other = seen.get(app);
    if (other === undefined) seen.set(app, path);
    else mistakes.add(new ConfigMistake(`the app ${app} is that of ${other} too`, path));
  }
}

/** One agent has one output. Files that name none follow the first that does; one that names another is a mistake. */
function chooseOutput(files: readonly WatchedFile[], warnings: string[], mistakes: Mistakes): Output | undefined {
  let chosen: { output: Output; path: string } | undefined;
  for (const { monitoring, path } of files) {
    const { values, at } = monitoring;
    const output = mistakes.collect(() => outputOf(values, at), undefined);
    const place = at.hub_url ?? at.postgres_url;
    if (output === undefined) continue;
    if (chosen === undefined) {
      chosen = { output, path };
      if (output.kind === 'hub' && !isPrivateTransport(new URL(output.url))) {
        warnings.push(place!.mistake('http:// sends the token unencrypted; use https://').toString());
      }
    } else if (JSON.stringify(output) !== JSON.stringify(chosen.output)) {
      mistakes.add(
        place!.mistake(`differs from that of ${chosen.path}, and one agent has one output; run an agent of its own`),
      );
    }
  }
  const wrong = files.some(({ monitoring }) => {
    const { hub_url, postgres_url } = monitoring.at;
    return hub_url !== undefined || postgres_url !== undefined;
  });
  if (chosen === undefined && !wrong) {
    const { path, top } = files[0]!;
    const monitoring = top.pairs().find(({ name }) => name === 'monitoring')?.key;
    mistakes.add(
      monitoring?.mistake('postgres_url or hub_url is missing') ?? new ConfigMistake('hub_url is missing', path),
    );
  }
  return chosen?.output;
}

function outputOf(values: Monitoring['values'], at: Monitoring['at']): Output | undefined {
  const { hub_url: hub, postgres_url: postgres, token } = values;
  if (at.hub_url !== undefined && at.postgres_url !== undefined) {
    throw at.postgres_url.mistake('hub_url is set too; choose one of them');
  }
  if (at.token !== undefined && at.postgres_url !== undefined)
    throw at.token.mistake('is for hub_url, which is not set');
  if (postgres !== undefined) return { kind: 'postgres', url: postgres };
  if (hub === undefined) return undefined;
  if (at.token === undefined)
    throw at.hub_url!.mistake('token is missing; the hub hands one out when a host is enrolled');
  return token === undefined ? undefined : { kind: 'hub', url: hub, token };
}

function isPrivateTransport({ protocol, hostname: host }: URL): boolean {
  return protocol === 'https:' || host === 'localhost' || host === '[::1]' || /^127\./.test(host);
}

function readApp(file: WatchedFile, hostIntervalMs: number, warnings: string[], mistakes: Mistakes): AppConfig {
  const { values, at } = file.monitoring;
  const intervalMs = at.collection_interval === undefined ? hostIntervalMs : values.collection_interval;
  const checks: CheckSpec[] = [];
  for (const entry of values.health_checks) {
    const check = mistakes.collect(() => readCheck(entry, { app: file.app, intervalMs }, mistakes), undefined);
    if (check === undefined) continue;
    checks.push(check);
    const longestMs = (check.retries + 1) * check.timeoutMs + check.retries * check.retryIntervalMs;
    if (longestMs > check.intervalMs) {
      const message = `may take ${longestMs / 1000} s in all, longer than its interval of ${check.intervalMs / 1000} s`;
      warnings.push(entry.mistake(message).toString());
    }
  }
  const logFiles = [...new Set(values.log_files.map((path) => absolute(path, file.path)))];
  return { name: file.app, file: file.path, checks, logFiles, journalUnits: values.journal_units };
}

/** Paths are seen from the file that they are in, and not from wherever the agent was started. */
function absolute(path: string, file: string): string {
  return isAbsolute(path) ? path : resolve(dirname(file), path);
}
