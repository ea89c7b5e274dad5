/** What `install` and `uninstall` make of files that may have been there: texts in, texts out. */

import { type Document, isMap, parseDocument } from 'yaml';

/** The name under which the token is in `.env.production`. */
const TOKEN_NAME = 'FLYWATCH_INGEST_TOKEN';

const TOKEN_LINE = new RegExp(`^(?:export\\s+)?${TOKEN_NAME}\\s*=.*\\n?`, 'm');

export interface Wishes {
  readonly hub: string;
  readonly app: string | undefined;
  /** What the host is to be called. */
  readonly vpsName: string | undefined;
}

/** The configuration with this hub as its output. Everything else in it stays, comments too; without an app it serves all of them. */
export function withMonitoring(text: string | undefined, { hub, app, vpsName }: Wishes): string {
  const document = parse(text);
  document.setIn(['monitoring', 'enabled'], true);
  document.setIn(['monitoring', 'hub_url'], hub);
  document.setIn(['monitoring', 'token'], `\${${TOKEN_NAME}}`);
  document.deleteIn(['monitoring', 'postgres_url']);
  if (vpsName !== undefined) document.setIn(['monitoring', 'vps_name'], vpsName);
  if (app === undefined && !document.hasIn(['monitoring', 'apps'])) {
    document.setIn(['monitoring', 'apps'], '/opt/deployments/*/config.yml');
  }
  return document.toString({ lineWidth: 0 });
}

/** Switched off. Checks and log files stay: who installs again has them back. */
export function withoutMonitoring(text: string): string {
  const document = parse(text);
  if (!document.has('monitoring')) return text;
  document.setIn(['monitoring', 'enabled'], false);
  document.deleteIn(['monitoring', 'hub_url']);
  document.deleteIn(['monitoring', 'token']);
  return document.toString({ lineWidth: 0 });
}

export function withToken(text: string | undefined, token: string): string {
  const rest = withoutToken(text ?? '');
  return `${rest}${rest === '' || rest.endsWith('\n') ? '' : '\n'}${TOKEN_NAME}=${token}\n`;
}

export function withoutToken(text: string): string {
  return text.replace(TOKEN_LINE, '');
}

/** @throws {Error} where the file is there and is no mapping, rather than make something else of it */
function parse(text: string | undefined): Document {
  const document = parseDocument(text === undefined || text.trim() === '' ? '{}' : text) as Document;
  const [error] = document.errors;
  if (error !== undefined) throw new Error(`the configuration is no YAML: ${error.message.split('\n')[0]}`);
  if (!isMap(document.contents)) throw new Error('the configuration has to be one mapping');
  document.contents.flow = false;
  const monitoring = document.get('monitoring');
  if (monitoring === null || monitoring === undefined) document.set('monitoring', document.createNode({}));
  else if (!isMap(monitoring)) throw new Error('monitoring in the configuration has to be a mapping');
  return document;
}
