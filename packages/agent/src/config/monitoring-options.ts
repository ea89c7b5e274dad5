/** Options under `monitoring:`; `docs/agent.md` is compared with these tables by a test. */

import { option } from './option.ts';
import { readList, readSeconds, readText, readTruth } from './read-values.ts';
import type { YamlValue } from './yaml-value.ts';

/** One agent serves a host, and a host has tens of apps; more is a glob that caught too much. */
export const MAX_APPS = 200;
const MAX_CHECKS = 500;
const MAX_LOG_FILES = 500;

export const MONITORING_OPTIONS = {
  enabled: option<boolean>({
    read: readTruth,
    default: false,
    type: 'boolean',
    help: 'Whether this app is watched.',
  }),
  hub_url: option<string | undefined>({
    read: readHubUrl,
    default: undefined,
    type: 'string',
    help: 'The hub that everything is sent to, such as `https://flywatch.example.com`.',
  }),
  token: option<string | undefined>({
    read: readToken,
    default: undefined,
    type: 'string',
    secret: true,
    help: 'Token for the hub; one that may only write is enough.',
  }),
  postgres_url: option<string | undefined>({
    read: readPostgresUrl,
    default: undefined,
    type: 'string',
    secret: true,
    help: 'A PostgreSQL database in place of a hub, such as `postgresql://user:pass@db.host:5432/observ_metrics`.',
  }),
  collection_interval: option<number>({
    read: readSeconds(10_000, 86_400_000),
    default: 60_000,
    type: 'seconds',
    shownDefault: '`60`',
    help: 'How often the figures of the host are taken, at least 10.',
  }),
  health_checks: option<readonly YamlValue[]>({
    // Read as checks later, when the interval that they fall back to is known.
    read: readList((value) => value, MAX_CHECKS),
    default: [],
    type: 'list',
    shownDefault: 'none',
    help: 'What to check; each entry has the options below, or is a URL alone.',
  }),
  log_files: option<readonly string[]>({
    read: readList(readText, MAX_LOG_FILES),
    default: [],
    type: 'list',
    shownDefault: 'none',
    help: 'Log files to follow, with `*` for any part of a name.',
  }),
  journal_units: option<readonly string[]>({
    read: readList(readUnit, MAX_LOG_FILES),
    default: [],
    type: 'list',
    shownDefault: 'none',
    help: 'Units of systemd whose journal is followed from the first start on, such as `nginx.service`; `*` for all of it.',
  }),
  vps_name: option<string | undefined>({
    read: readName,
    default: undefined,
    type: 'string',
    shownDefault: 'the host name',
    help: 'How this host is called; `--vps-name` wins.',
  }),
  apps: option<readonly string[]>({
    read: readList(readText, MAX_APPS),
    default: [],
    type: 'list',
    shownDefault: 'none',
    help: 'Configuration files of further apps that this agent serves, such as `/opt/deployments/*/config.yml`.',
  }),
} as const;

function readHubUrl(value: YamlValue): string {
  const text = value.text().trim();
  const url = URL.parse(text);
  if (url === null || !['http:', 'https:'].includes(url.protocol)) {
    throw value.mistake(`expected an address such as https://flywatch.example.com, not ${JSON.stringify(text)}`);
  }
  if (url.username !== '' || url.password !== '') throw value.mistake('the address has a password in it; use token');
  return `${url.origin}${url.pathname.replace(/\/+$/, '')}`;
}

function readToken(value: YamlValue): string {
  const text = value.text().trim();
  if (!/^[\x21-\x7e]+$/.test(text))
    throw value.mistake('expected printable ASCII without blanks: it travels in a header');
  return text;
}

/** The value is not shown: it has a password. */
function readPostgresUrl(value: YamlValue): string {
  const text = value.text().trim();
  const url = URL.parse(text);
  if (url === null || !['postgres:', 'postgresql:'].includes(url.protocol)) {
    throw value.mistake('expected an address such as postgresql://user:pass@db.host:5432/observ_metrics');
  }
  return text;
}

/** A name that would be an option of journalctl is none. */
function readUnit(value: YamlValue): string {
  const text = readText(value);
  if (!/^[\w:.@*?\\][\w:.@*?\\-]{0,254}$/.test(text)) {
    throw value.mistake(`expected the name of a unit such as nginx.service, not ${JSON.stringify(text)}`);
  }
  return text;
}

export function isName(text: string): boolean {
  return /^[^\s/\\\x00-\x1f][^/\\\x00-\x1f]{0,199}$/.test(text);
}

function readName(value: YamlValue): string {
  const text = value.text().trim();
  if (!isName(text)) throw value.mistake(`expected a name without slashes, not ${JSON.stringify(text)}`);
  return text;
}
