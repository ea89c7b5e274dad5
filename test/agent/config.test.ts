/** Configuration files as people write them, right and wrong, on a real disk. */

// biome-ignore-all lint/suspicious/noTemplateCurlyInString: variables of configuration files look like those of templates

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { AgentConfigError, loadAgentConfig } from '@flywatch/agent';
import { afterEach, beforeEach, expect, test } from 'vitest';

let root: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'flywatch-config-'));
});

afterEach(() => rmSync(root, { recursive: true }));

function write(path: string, text: string): string {
  const file = join(root, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
  return file;
}

function load(file: string, env: Record<string, string> = {}) {
  return loadAgentConfig({ file, env });
}

/** Mistakes with the temporary folder taken out. */
function mistakesOf(file: string, env: Record<string, string> = {}): string[] {
  try {
    load(file, env);
  } catch (error) {
    if (!(error instanceof AgentConfigError)) throw error;
    return error.mistakes.map((mistake) => String(mistake).replaceAll(`${root}/`, ''));
  }
  return [];
}

/** The example of the document that the format comes from. */
const SEED = `
monitoring:
  enabled: true
  postgres_url: \${OBSERV_DB_URL}
  collection_interval: 60
  health_checks:
    - url: http://localhost:8000/health
      interval: 30
      timeout: 5
  log_files:
    - /opt/deployments/{app}/current/logs/app.log
`;

test('the original example works as it stands, with the address from .env.production', () => {
  const file = write('my-app/config.yml', SEED);
  write('my-app/.env.production', 'OBSERV_DB_URL=postgresql://user:pass@db.host:5432/observ_metrics\n');
  const { config, warnings } = load(file);
  expect(warnings).toEqual([]);
  expect(config).toMatchObject({
    vpsName: hostname(),
    appName: 'my-app',
    output: { kind: 'postgres', url: 'postgresql://user:pass@db.host:5432/observ_metrics' },
    collectionIntervalMs: 60_000,
    apps: [
      {
        name: 'my-app',
        logFiles: ['/opt/deployments/my-app/current/logs/app.log'],
        checks: [
          { url: 'http://localhost:8000/health', intervalMs: 30_000, timeoutMs: 5000, failAfter: 3, recoverAfter: 2 },
        ],
      },
    ],
  });
});

test('the environment wins over .env.production, and the flags over the file', () => {
  const file = write('my-app/config.yml', `${SEED}  vps_name: from-file\n`);
  write('my-app/.env.production', 'OBSERV_DB_URL=postgresql://beside/x');
  const env = { OBSERV_DB_URL: 'postgresql://environment/x' };
  expect(load(file, env).config).toMatchObject({ output: { url: 'postgresql://environment/x' }, vpsName: 'from-file' });
  const { config } = loadAgentConfig({ file, env, appName: 'other', vpsName: 'vps-1' });
  expect(config).toMatchObject({
    vpsName: 'vps-1',
    apps: [{ logFiles: ['/opt/deployments/other/current/logs/app.log'] }],
  });
});

test('defaults are those of the original', () => {
  const file = write(
    'a/config.yml',
    'monitoring: {enabled: true, postgres_url: "postgresql://h/d", health_checks: [{url: "http://h/"}]}',
  );
  const { config } = load(file);
  expect(config).toMatchObject({
    collectionIntervalMs: 60_000,
    apps: [{ logFiles: [], checks: [{ intervalMs: 60_000, timeoutMs: 5000 }] }],
  });
});

test.each([
  ['', 'there is no monitoring'],
  ['name: shop\nmonitoring:\n', 'there is no monitoring'],
  ['monitorng:\n  enabled: true\n', 'config.yml:1:1: monitorng: did you mean monitoring?'],
])('%j is a file that asks for no monitoring, and says why', (text, why) => {
  const { config, warnings } = load(write('a/config.yml', text));
  expect(config).toBeUndefined();
  expect(warnings.join()).toContain(why);
});

test('monitoring that is switched off is no mistake, whatever else is there', () => {
  expect(load(write('a/config.yml', 'monitoring:\n  enabled: false\n  postgres_url: ${NOT_SET}\n  x: y\n'))).toEqual({
    config: undefined,
    warnings: [],
  });
});

test('all mistakes are reported at once, with line, column and the nearest name', () => {
  const file = write(
    'shop/config.yml',
    `monitoring:
  enabled: maybe
  postgres_url: \${OBSERV_DB_URL}
  colection_interval: 60
  collection_interval: 5
  health_checks:
    - url: ftp://localhost/
      intervall: 30
      timeout: soon
    - interval: 10
    - url: http://localhost/
      expect: ['[STATE] == 200', '[STATUS] == 200', '[BODY].a']
      tls: {ca: /nowhere/ca.pem, insecure: perhaps}
    - url: tcp://localhost
    - url: tcp://localhost:5432
      method: POST
      expect: '[STATUS] == 200'
    - url: ""
    - url: http://\${HEALTH_HOST:-}/health
  log_files:
    - [a]
    -
`,
  );
  expect(mistakesOf(file)).toEqual([
    'shop/config.yml:2:12: monitoring.enabled: expected true or false, not "maybe"',
    'shop/config.yml:3:17: monitoring.postgres_url: ${OBSERV_DB_URL} is not set: neither in the environment nor in shop/.env.production (which is not there)',
    'shop/config.yml:4:3: monitoring.colection_interval: unknown option; did you mean collection_interval?',
    'shop/config.yml:5:24: monitoring.collection_interval: 5 is below the minimum of 10 seconds',
    'shop/config.yml:7:12: monitoring.health_checks[0].url: expected an address such as http://localhost:8000/health, not "ftp://localhost/"',
    'shop/config.yml:8:7: monitoring.health_checks[0].intervall: unknown option; did you mean interval?',
    'shop/config.yml:9:16: monitoring.health_checks[0].timeout: expected seconds or a duration such as 30s or 5m, not "soon"',
    'shop/config.yml:10:7: monitoring.health_checks[1]: url is missing',
    'shop/config.yml:12:16: monitoring.health_checks[2].expect[0]: [STATE] is not known; known are STATUS, BODY, RESPONSE_TIME, CERTIFICATE_DAYS, CERTIFICATE_EXPIRATION, CONNECTED, IP',
    'shop/config.yml:12:53: monitoring.health_checks[2].expect[2]: expected a condition such as [STATUS] == 200 or [RESPONSE_TIME] < 300ms',
    'shop/config.yml:13:17: monitoring.health_checks[2].tls.ca: the file /nowhere/ca.pem cannot be read: ENOENT',
    'shop/config.yml:13:44: monitoring.health_checks[2].tls.insecure: expected true or false, not "perhaps"',
    'shop/config.yml:14:12: monitoring.health_checks[3].url: "tcp://localhost" has no port; expected one such as tcp://host:5432',
    'shop/config.yml:16:15: monitoring.health_checks[4].method: has no meaning for tcp://, which only connects',
    'shop/config.yml:17:15: monitoring.health_checks[4].expect: [STATUS] == 200 has no meaning for tcp://, which has no [STATUS]',
    'shop/config.yml:18:12: monitoring.health_checks[5].url: expected an address such as http://localhost:8000/health, not ""',
    'shop/config.yml:19:12: monitoring.health_checks[6].url: expected an address such as http://localhost:8000/health, not "http:///health"',
    'shop/config.yml:21:7: monitoring.log_files[0]: expected a value, not a list',
    'shop/config.yml:22:6: monitoring.log_files[1]: expected a value, not nothing',
  ]);
});

test.each([
  ['a: [1\nb: 2', /config\.yml:2:\d+: /],
  ['- a\n- b', /config\.yml:1:1: expected a mapping, not a list/],
  ['monitoring: yes', /config\.yml:1:13: monitoring: expected a mapping, not a value/],
  ['monitoring:\n  enabled: true\n  enabled: false', /config\.yml:3:3: Map keys must be unique/],
  ['monitoring: {enabled: true, journal_units: ["--all"]}', /journal_units\[0\]: expected the name of a unit/],
  ['monitoring: {enabld: true}', /enabld: unknown option; did you mean enabled\?/],
  ['monitoring:\n  enabled: true', /config\.yml:1:1: monitoring: postgres_url or hub_url is missing/],
  ['monitoring: {enabled: true, hub_url: "https://h"}', /hub_url: token is missing/],
  ['monitoring: {enabled: true, hub_url: "https://h", token: x, postgres_url: "postgresql://h/d"}', /choose one/],
  ['monitoring: {enabled: true, token: x, postgres_url: "postgresql://h/d"}', /token: is for hub_url/],
  ['monitoring: {enabled: true, hub_url: "h:8080", token: x}', /hub_url: expected an address such as https/],
  ['monitoring: {enabled: true, hub_url: "https://h", token: "a b"}', /token: expected printable ASCII/],
])('%j is refused: %s', (text, why) => {
  expect(mistakesOf(write('a/config.yml', text)).join('\n')).toMatch(why);
});

test('a file that is not there, or not for us, is one mistake that says which', () => {
  expect(mistakesOf(join(root, 'none.yml'))).toEqual(['none.yml: the file does not exist']);
  mkdirSync(join(root, 'folder.yml'));
  expect(mistakesOf(join(root, 'folder.yml'))).toEqual(['folder.yml: this is a folder and not a file']);
});

test('no secret is in a mistake', () => {
  const text = 'monitoring: {enabled: true, postgres_url: "postgrs://user:secret@h/d", token: "secret \u00e9"}';
  expect(mistakesOf(write('a/config.yml', text)).join()).not.toContain('secret');
});

test('a hub over plain http to another host is warned of, over loopback it is not', () => {
  const file = (url: string) => write('a/config.yml', `monitoring: {enabled: true, token: x, hub_url: "${url}"}`);
  expect(load(file('http://hub.example:8080/')).warnings.join()).toMatch(
    /hub_url: http:\/\/ sends the token unencrypted/,
  );
  expect(load(file('http://localhost:8080')).warnings).toEqual([]);
  expect(load(file('https://hub.example/flywatch/')).config?.output).toMatchObject({
    url: 'https://hub.example/flywatch',
  });
});

test('a check that may take longer than its interval is warned of', () => {
  const check = '{url: "http://h/", interval: 10, timeout: 5, retries: 2}';
  const file = write(
    'a/config.yml',
    `monitoring: {enabled: true, postgres_url: "postgresql://h/d", health_checks: [${check}]}`,
  );
  expect(load(file).warnings.join()).toMatch(/may take 17 s in all, longer than its interval of 10 s/);
});

test('anchors and aliases are followed', () => {
  const file = write(
    'a/config.yml',
    'x: &check {url: "http://h/", interval: 30}\nmonitoring: {enabled: true, postgres_url: "postgresql://h/d", health_checks: [*check]}',
  );
  expect(load(file).config?.apps[0]?.checks).toMatchObject([{ url: 'http://h/', intervalMs: 30_000 }]);
});

test('a list may be a single value, and a check a bare URL', () => {
  const file = write(
    'a/config.yml',
    'monitoring: {enabled: true, postgres_url: "postgresql://h/d", health_checks: "http://h/{app}", log_files: logs/*.log}',
  );
  expect(load(file).config?.apps).toMatchObject([
    { checks: [{ url: 'http://h/a', name: 'http://h/a' }], logFiles: [join(root, 'a/logs/*.log')] },
  ]);
});

test('one agent serves the apps that enable monitoring, each with its own .env.production', () => {
  const file = write(
    'etc/agent.yml',
    'monitoring: {enabled: true, hub_url: "https://hub", token: "${TOKEN}", apps: ../apps/*/config.yml, collection_interval: 30}',
  );
  write('etc/.env.production', 'TOKEN=t');
  const app = (enabled: boolean) =>
    `monitoring: {enabled: ${enabled}, health_checks: [{url: "http://h:\${PORT}/"}], log_files: ["/var/log/{app}/x.log"]}`;
  write('apps/one/config.yml', app(true));
  write('apps/one/.env.production', 'PORT=81');
  write('apps/two/config.yml', app(true));
  write('apps/two/.env.production', 'PORT=82');
  write('apps/off/config.yml', app(false));
  write('apps/bare/config.yml', 'name: bare');
  const { config } = load(file);
  expect(config).toMatchObject({ appName: 'host', output: { kind: 'hub', url: 'https://hub', token: 't' } });
  expect(
    config?.apps.map(({ name, logFiles, checks }) => [
      name,
      logFiles,
      checks.map(({ url, intervalMs }) => [url, intervalMs]),
    ]),
  ).toEqual([
    ['host', [], []],
    ['one', ['/var/log/one/x.log'], [['http://h:81/', 30_000]]],
    ['two', ['/var/log/two/x.log'], [['http://h:82/', 30_000]]],
  ]);
});

test('mistakes of all files come together, and two outputs are one too many', () => {
  const file = write(
    'etc/agent.yml',
    'monitoring: {enabled: true, hub_url: "https://hub", token: t, apps: ["../apps/*/config.yml", "../more/*/config.yml"]}',
  );
  write('apps/one/config.yml', 'monitoring: {enabled: true, postgres_url: "postgresql://h/d"}');
  write('apps/two/config.yml', 'monitoring: {enabled: true, helth_checks: []}');
  write('more/two/config.yml', 'monitoring: {enabled: true}');
  expect(mistakesOf(file)).toEqual([
    expect.stringMatching(
      /^apps\/one\/config\.yml:1:43: monitoring\.postgres_url: differs from that of etc\/agent\.yml/,
    ),
    'apps/two/config.yml:1:29: monitoring.helth_checks: unknown option; did you mean health_checks?',
    'more/two/config.yml: the app two is that of apps/two/config.yml too',
  ]);
});

test('an .env.production that cannot be read is named where a variable is missing', () => {
  const file = write('my-app/config.yml', SEED);
  mkdirSync(join(root, 'my-app/.env.production'));
  expect(mistakesOf(file).join()).toMatch(/my-app\/\.env\.production \(this is a folder and not a file\)/);
});
