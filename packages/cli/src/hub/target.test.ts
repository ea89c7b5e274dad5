import { describe, expect, test } from 'vitest';
import { CliError } from '../program/cli-error.ts';
import { parseHubAddress, resolveTarget } from './target.ts';

const SAVED = { url: 'https://logs.example.org/', token: 'saved' };

// biome-ignore format: a table
test.each([
  [{}, {}, undefined, { url: 'http://localhost:8080/', token: undefined, urlFrom: 'the default' }],
  [{}, {}, SAVED, { ...SAVED, urlFrom: 'flywatch login' }],
  [{}, { FLYWATCH_URL: 'http://a', FLYWATCH_TOKEN: 't' }, SAVED, { url: 'http://a/', token: 't', urlFrom: 'FLYWATCH_URL' }],
  [{ url: 'http://b', token: 'u' }, { FLYWATCH_URL: 'http://a', FLYWATCH_TOKEN: 't' }, SAVED, { url: 'http://b/', token: 'u', urlFrom: '--url' }],
  [{ url: 'logs.example.org' }, {}, SAVED, { url: SAVED.url, token: 'saved', urlFrom: '--url' }],
  [{ url: 'http://logs.example.org' }, {}, SAVED, { url: 'http://logs.example.org/', token: undefined, urlFrom: '--url' }],
  [{ url: '' }, { FLYWATCH_URL: ' ', FLYWATCH_TOKEN: '' }, undefined, { url: 'http://localhost:8080/', token: undefined, urlFrom: 'the default' }],
])('%j, %j and login %j', (flags, env, login, target) => {
  expect(resolveTarget(flags, env, () => login)).toEqual(target);
});

// biome-ignore format: a table
test.each([
  ['localhost:8080', 'http://localhost:8080/'],
  ['127.0.0.1:3000', 'http://127.0.0.1:3000/'],
  ['[::1]:8080', 'http://[::1]:8080/'],
  ['hub.internal:8080', 'http://hub.internal:8080/'],
  ['logs.example.org/hub', 'https://logs.example.org/hub'],
  ['ws://localhost:3000/logs', 'http://localhost:3000/logs'],
])('%s means %s', (given, url) => expect(parseHubAddress(given)).toBe(url));

test.each(['s3cr et', 's3crét', 's3cret\nagain'])(
  'the token %j is a mistake of usage, and is not repeated',
  (token) => {
    expect(() => resolveTarget({ token }, {}, () => undefined)).toThrow(CliError);
    expect(() => resolveTarget({ token }, {}, () => undefined)).not.toThrow(/s3cr/);
  },
);

describe('refused, without repeating what may be a secret', () => {
  test.each(['http://user:s3cret@x', 'http://x?token=s3cret', 'http://x#s3cret', 'ftp://x', 'http://', 'http://a b'])(
    '%s',
    (given) => {
      expect(() => parseHubAddress(given)).toThrow(CliError);
      expect(() => parseHubAddress(given)).not.toThrow(/s3cret/);
    },
  );
});
