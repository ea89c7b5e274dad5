import { describe, expect, it } from 'vitest';
import { describeFailure, HubError, HubUnreachableError, MAX_SERVER_DELAY_MS, parseRetryAfter } from './errors.ts';

const NOW = Date.parse('2026-11-20T10:15:02Z');

describe('parseRetryAfter', () => {
  it.each([
    ['0', 0],
    ['7', 7000],
    [' 7 ', 7000],
    ['Fri, 20 Nov 2026 10:15:12 GMT', 10_000],
    ['Fri, 20 Nov 2026 10:00:00 GMT', 0],
    ['86400', MAX_SERVER_DELAY_MS],
    ['soon', undefined],
    ['', undefined],
    [null, undefined],
  ])('%s', (value, ms) => {
    expect(parseRetryAfter(value, NOW)).toBe(ms);
  });
});

describe('HubError', () => {
  const init = { status: 400, code: 'bad_query', url: 'http://hub/logs/stream' };

  it('is one line without control characters, and not endless', () => {
    expect(new HubError('a\u001b[31m\r\nb\u009b', init).message).toBe('a [31m b');
    expect(new HubError('x'.repeat(9999), init).message).toHaveLength(501);
  });

  it.each([
    [400, true],
    [401, true],
    [403, true],
    [404, false],
    [408, false],
    [429, false],
    [500, false],
    [503, false],
  ])('%i: final is %s', (status, isFinal) => {
    expect(new HubError('x', { ...init, status }).isFinal).toBe(isFinal);
  });
});

describe('HubUnreachableError', () => {
  it('keeps its cause', () => {
    const cause = new Error('fetch failed');
    const error = new HubUnreachableError('ECONNREFUSED', { url: 'http://hub/health', cause });
    expect(error).toMatchObject({ message: 'no answer from http://hub/health: ECONNREFUSED', cause });
  });
});

describe('describeFailure', () => {
  it.each([
    ['the code deepest within reach', new TypeError('fetch failed', { cause: coded('ECONNRESET') }), 'ECONNRESET'],
    ['the code on top', coded('ENOTFOUND'), 'ENOTFOUND'],
    ['the message of a browser', new TypeError('Failed to fetch'), 'Failed to fetch'],
    ['what is no error', 'gone', 'gone'],
  ])('gives %s', (_name, failure, text) => {
    expect(describeFailure(failure)).toBe(text);
  });

  function coded(code: string): Error {
    return Object.assign(new Error('x'), { code });
  }
});
