/** Options of one health check, and how they become a check. */

import { readFileSync } from 'node:fs';
import type { CheckProtocol, CheckSpec } from '../checks/check.ts';
import { type Condition, parseCondition } from '../checks/condition.ts';
import type { Mistakes } from './mistakes.ts';
import { option, readMapping, type Values } from './option.ts';
import { readList, readOneOf, readSeconds, readText, readTruth, readWhole } from './read-values.ts';
import type { YamlValue } from './yaml-value.ts';

/** Longer bodies are no health check; the text stays in memory. */
const MAX_BODY_CHARS = 64 * 1024;

/** More are a mistake in a generated file rather than wishes of somebody. */
const MAX_CONDITIONS = 50;
const MAX_HEADERS = 50;

/** Certificates of an authority are a few KB. */
const MAX_CA_BYTES = 1024 * 1024;

const TLS_OPTIONS = {
  insecure: option<boolean>({
    read: readTruth,
    default: false,
    type: 'boolean',
    help: 'Takes any certificate. What is wrong with it is then not said.',
  }),
  ca: option<string | undefined>({
    read: readCertificates,
    default: undefined,
    type: 'file',
    help: 'PEM file of the authority to trust instead of the system’s.',
  }),
} as const;

export const CHECK_OPTIONS = {
  url: option<URL | undefined>({
    read: readTarget,
    default: undefined,
    type: 'string',
    required: true,
    help: 'What to check: `http://`, `https://`, or `tcp://host:port` and `tls://host:port`, which only connect.',
  }),
  name: option<string | undefined>({
    read: readText,
    default: undefined,
    type: 'string',
    shownDefault: 'the URL',
    help: 'How the check is called where people read.',
  }),
  interval: option<number | undefined>({
    read: readSeconds(1000, 86_400_000),
    default: undefined,
    type: 'seconds',
    shownDefault: '`collection_interval`',
    help: 'Time from one start to the next, at least 1.',
  }),
  timeout: option<number>({
    read: readSeconds(100, 300_000),
    default: 5000,
    type: 'seconds',
    shownDefault: '`5`',
    help: 'What one try may take in all: name, connection, TLS, redirects and body.',
  }),
  method: option<string>({
    read: readOneOf('GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'),
    default: 'GET',
    type: 'string',
    help: 'Method of the request.',
  }),
  headers: option<Readonly<Record<string, string>>>({
    read: readHeaders,
    default: {},
    type: 'mapping',
    shownDefault: 'none',
    help: 'Headers of the request. After a redirect to another host `Authorization` and `Cookie` are left out.',
  }),
  body: option<string | undefined>({
    read: readBody,
    default: undefined,
    type: 'string',
    help: 'Body of the request.',
  }),
  redirects: option<number>({
    read: readWhole(0, 20),
    default: 10,
    type: 'integer',
    help: 'Redirects that are followed; with 0 the first answer is judged.',
  }),
  expect: option<readonly Condition[]>({
    read: readList(readCondition, MAX_CONDITIONS),
    default: [],
    type: 'list',
    shownDefault: 'a status from 200 to 399',
    help: 'Conditions that the answer has to meet, see below.',
  }),
  retries: option<number>({
    read: readWhole(0, 10),
    default: 0,
    type: 'integer',
    help: 'Further tries before a run counts as failed.',
  }),
  retry_interval: option<number>({
    read: readSeconds(0, 60_000),
    default: 1000,
    type: 'seconds',
    shownDefault: '`1`',
    help: 'Wait before another try.',
  }),
  fail_after: option<number>({
    read: readWhole(1, 100),
    default: 3,
    type: 'integer',
    help: 'Failed runs in a row that make the state `down`; before that it is `degraded`.',
  }),
  recover_after: option<number>({
    read: readWhole(1, 100),
    default: 2,
    type: 'integer',
    help: 'Good runs in a row that end `down`.',
  }),
  family: option<'4' | '6' | undefined>({
    read: readOneOf('4', '6'),
    default: undefined,
    type: '`4` or `6`',
    shownDefault: 'any',
    help: 'Only addresses of this version of IP.',
  }),
  tls: option<Values<typeof TLS_OPTIONS>>({
    read: (value, mistakes) => readMapping(value, TLS_OPTIONS, mistakes).values,
    default: { insecure: false, ca: undefined },
    type: 'mapping',
    shownDefault: 'the system’s certificates',
    help: '`insecure: true` takes any certificate; `ca:` names a PEM file of the authority to trust instead of the system’s.',
  }),
} as const;

/** Options that only a request has. */
const HTTP_ONLY = ['method', 'headers', 'body', 'redirects'] as const;

export interface CheckDefaults {
  readonly app: string;
  readonly intervalMs: number;
}

/** Reads one entry of `health_checks`; a bare URL stands for `url:`. Undefined where it has mistakes. */
export function readCheck(
  entry: YamlValue,
  { app, intervalMs }: CheckDefaults,
  mistakes: Mistakes,
): CheckSpec | undefined {
  const before = mistakes.count;
  const { values, at } = entry.isMapping
    ? readMapping(entry, CHECK_OPTIONS, mistakes)
    : { values: { ...defaults(), url: readTarget(entry) }, at: {} };
  const { url: target } = values;
  if (target === undefined || mistakes.count > before) return undefined;
  const protocol = target.protocol.slice(0, -1) as CheckProtocol;
  if (protocol === 'tcp' || protocol === 'tls') {
    for (const name of HTTP_ONLY) {
      if (at[name] !== undefined)
        mistakes.add(at[name].mistake(`has no meaning for ${protocol}://, which only connects`));
    }
    for (const { subject, text } of values.expect) {
      if (subject !== 'STATUS' && subject !== 'BODY') continue;
      mistakes.add(
        (at.expect ?? entry).mistake(`${text} has no meaning for ${protocol}://, which has no [${subject}]`),
      );
    }
  }
  if (mistakes.count > before) return undefined;
  const url = withoutCredentials(target, (at.url ?? entry).text().trim());
  return {
    app,
    url,
    target,
    protocol,
    name: values.name ?? url,
    intervalMs: values.interval ?? intervalMs,
    timeoutMs: values.timeout,
    method: values.method,
    headers: values.headers,
    body: values.body,
    redirects: values.redirects,
    expect: values.expect,
    retries: values.retries,
    retryIntervalMs: values.retry_interval,
    failAfter: values.fail_after,
    recoverAfter: values.recover_after,
    family: values.family === undefined ? 0 : values.family === '4' ? 4 : 6,
    insecure: values.tls.insecure,
    ca: values.tls.ca,
  };
}

/** As written; a password in it is for the request and not for those who read results. */
function withoutCredentials(target: URL, text: string): string {
  if (target.username === '' && target.password === '') return text;
  const shown = new URL(target);
  shown.username = '';
  shown.password = '';
  return shown.href;
}

function defaults(): Values<typeof CHECK_OPTIONS> {
  return Object.fromEntries(Object.entries(CHECK_OPTIONS).map(([name, { default: given }]) => [name, given])) as Values<
    typeof CHECK_OPTIONS
  >;
}

function readTarget(value: YamlValue): URL {
  const text = value.text().trim();
  const target = URL.parse(text);
  // Of `http:///health`, which is left of an address when a variable is empty, the standard makes the host `health`.
  if (target === null || !/^(?:https?|tcp|tls):\/\/[^/]/i.test(text) || target.hostname === '') {
    throw value.mistake(`expected an address such as http://localhost:8000/health, not ${JSON.stringify(text)}`);
  }
  if (/^t/.test(target.protocol) && target.port === '') {
    throw value.mistake(`${JSON.stringify(text)} has no port; expected one such as ${target.protocol}//host:5432`);
  }
  return target;
}

function readHeaders(value: YamlValue, mistakes: Mistakes): Readonly<Record<string, string>> {
  const headers: Record<string, string> = {};
  const pairs = value.pairs();
  if (pairs.length > MAX_HEADERS) throw value.mistake(`expected at most ${MAX_HEADERS} headers, not ${pairs.length}`);
  for (const { name, key, value: given } of pairs) {
    const text = mistakes.collect(() => given.text(), '');
    if (!/^[\w!#$%&'*+.^`|~-]+$/.test(name)) mistakes.add(key.mistake('is no name of a header'));
    else if (/[^\t\x20-\x7e\x80-\xff]/.test(text))
      mistakes.add(given.mistake('has characters that no header may have'));
    else headers[name.toLowerCase()] = text;
  }
  return headers;
}

function readBody(value: YamlValue): string {
  const text = value.text();
  if (text.length > MAX_BODY_CHARS)
    throw value.mistake(`expected at most ${MAX_BODY_CHARS} characters, not ${text.length}`);
  return text;
}

function readCertificates(value: YamlValue): string {
  const path = readText(value);
  let text: string;
  try {
    text = readFileSync(path, { encoding: 'utf8' });
  } catch (error) {
    throw value.mistake(`the file ${path} cannot be read: ${(error as NodeJS.ErrnoException).code ?? 'unknown error'}`);
  }
  if (text.length > MAX_CA_BYTES || !text.includes('-----BEGIN CERTIFICATE-----')) {
    throw value.mistake(`the file ${path} has no certificate in PEM form`);
  }
  return text;
}

function readCondition(value: YamlValue): Condition {
  const text = value.text();
  try {
    return parseCondition(text);
  } catch (error) {
    throw value.mistake((error as Error).message);
  }
}
