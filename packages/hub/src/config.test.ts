import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { loadConfig } from './config.ts';
import { ConfigError } from './errors.ts';

function mistakesOf(env: Record<string, string>): readonly string[] {
  try {
    loadConfig(env);
    return [];
  } catch (error) {
    expect(error).toBeInstanceOf(ConfigError);
    return (error as ConfigError).mistakes;
  }
}

test('nothing configured is a configuration', () => {
  const { config, warnings } = loadConfig({});
  expect(warnings).toEqual([]);
  expect(config).toMatchObject({
    HOST: '::',
    PORT: 8080,
    LOG_BUFFER_MAX_ENTRIES: 10_000,
    DEMO_RATE: 5,
    FLY_ORG: undefined,
  });
});

test.each([
  [{ FLY_ORG: 'acme', ACCESS_TOKEN: 't' }, 'acme'],
  [{ ORG_SLUG: 'acme', ACCESS_TOKEN: 't' }, 'acme'],
  [{ ORG: 'acme', ACCESS_TOKEN: 't' }, 'acme'],
  [{ ORG: 'third', ORG_SLUG: 'second', FLY_ORG: 'first', ACCESS_TOKEN: 't' }, 'first'],
  [{ ORG_SLUG: 'second', FLY_ORG: '', ACCESS_TOKEN: 't' }, 'second'],
])('%j names the organization %s', (env, org) => {
  expect(loadConfig(env).config.FLY_ORG).toBe(org);
});

test.each([
  ['[fdaa::3]:4223', ['nats://[fdaa::3]:4223']],
  ['nats://[fdaa:0:18::3]:4223', ['nats://[fdaa:0:18::3]:4223']],
  ['nats://127.0.0.1:4222, tls://bus.example', ['nats://127.0.0.1:4222', 'tls://bus.example:4222']],
])('the address %s is read as %j', (text, servers) => {
  expect(loadConfig({ NATS_URL: text }).config.NATS_URL).toEqual(servers);
});

test.each([
  ['debug', 'debug'],
  ['flywatch=trace,hyper=warn', 'trace'],
  ['warn,flywatch_http=debug', 'warn'],
  ['hyper=warn', 'info'],
  ['off', 'error'],
])('RUST_LOG=%s means %s', (text, level) => {
  expect(loadConfig({ RUST_LOG: text }).config.LOG_LEVEL).toBe(level);
});

test('all mistakes are reported at once, each with its value and what was expected', () => {
  const mistakes = mistakesOf({
    PORT: '70000',
    LOG_BUFFER_MAX_ENTRIES: 'many',
    METRICS_PUBLIC: 'maybe',
    FLY_ORG: 'acme',
    CORS_ORIGIN: 'example.com/x',
  });
  expect(mistakes).toHaveLength(5);
  expect(mistakes.join('\n')).toMatch(/PORT: "70000" cannot be used: expected a whole number from 0 to 65535/);
  expect(mistakes.join('\n')).toMatch(/ACCESS_TOKEN is missing.*fly tokens create readonly/);
});

test('a secret is never repeated', () => {
  const text = mistakesOf({ AUTH_TOKEN: 'to ken' }).join('\n');
  expect(text).toMatch(/AUTH_TOKEN: the value given cannot be used/);
  expect(text).not.toContain('to ken');
});

test.each([
  [{ NATS_URL: 'nats://user:secret@host:1' }, /user or password in the address/],
  [{ NATS_URL: 'http://host' }, /such as nats:/],
  [{ FLY_APP: 'a.b' }, /"a.b" is no app name/],
  [{ FLY_APP: 'acme web' }, /no app name/],
  [{ FLY_APP: '>' }, /no app name/],
  [{ AUTH_TOKEN: 'same', INGEST_TOKEN: 'same' }, /INGEST_TOKEN equals AUTH_TOKEN/],
  [{ ACCESS_TOKEN: 't' }, /FLY_ORG is missing/],
  [{ DEMO_RATE: '0.01' }, /DEMO_RATE/],
])('%j is a mistake', (env, message) => {
  expect(mistakesOf(env as unknown as Record<string, string>).join('\n')).toMatch(message);
});

test('unknown names with our prefix are warned of', () => {
  const { warnings } = loadConfig({ FLYWATCH_DEMO_RATES: '1', FLYWATCH_URL: 'http://x' });
  expect(warnings.join('\n')).toMatch(/FLYWATCH_DEMO_RATES is no option of the hub; did you mean DEMO_RATE\?/);
  expect(warnings).toHaveLength(1);
});

test('a YAML file has the same names; the environment wins, aliases included', () => {
  const folder = mkdtempSync(join(tmpdir(), 'flywatch-config-'));
  const file = join(folder, 'flywatch.yml');
  writeFileSync(file, 'PORT: 9000\nFLY_APP: [a, b]\nORG_SLUG: from-file\nACCESS_TOKEN: t\nMETRICS_PUBLIC: true\n');
  const { config } = loadConfig({ FLYWATCH_CONFIG: file, PORT: '9001', ORG: 'from-environment' });
  expect(config).toMatchObject({ PORT: 9001, FLY_APP: ['a', 'b'], FLY_ORG: 'from-environment', METRICS_PUBLIC: true });
  writeFileSync(file, 'PROT: 1\nPORT: {a: 1}\n');
  expect(mistakesOf({ FLYWATCH_CONFIG: file }).join('\n')).toMatch(
    /PROT in the configuration file is no option; did you mean PORT\?/,
  );
  expect(mistakesOf({ FLYWATCH_CONFIG: join(folder, 'none.yml') }).join('\n')).toMatch(/cannot be read/);
  rmSync(folder, { recursive: true });
});
