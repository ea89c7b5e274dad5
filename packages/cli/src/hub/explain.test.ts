import { HubError, HubUnreachableError } from '@flywatch/client';
import { expect, test } from 'vitest';
import { explain } from './explain.ts';

const target = { url: 'http://hub/', urlFrom: '--url', token: undefined };
const unreachable = (cause: unknown, detail = 'x') =>
  new HubUnreachableError(detail, { url: 'http://hub/logs/stream', cause });
const coded = (code: string) => new TypeError('fetch failed', { cause: Object.assign(new Error(code), { code }) });
const refusal = (status: number, code: string, message = 'said') =>
  new HubError(message, { status, code, url: 'http://hub/x' });

// biome-ignore format: a table
test.each([
  [unreachable(coded('ECONNREFUSED')), 'cannot reach http://hub/ (--url): nothing listens there'],
  [unreachable(coded('ENOTFOUND')), 'no host of that name'],
  [unreachable(coded('EAI_AGAIN')), 'the name server does not answer'],
  [unreachable(coded('ERR_SSL_WRONG_VERSION_NUMBER')), 'Is it http:// rather than https://?'],
  [unreachable(coded('DEPTH_ZERO_SELF_SIGNED_CERT')), 'NODE_EXTRA_CA_CERTS'],
  [unreachable(coded('HPE_INVALID_CONSTANT')), 'does not speak HTTP'],
  [unreachable(undefined, 'nothing within 2500 ms'), 'cannot reach http://hub/ (--url): nothing within 2500 ms'],
  [refusal(401, 'unauthorized'), 'wants a token'],
  [refusal(403, 'forbidden'), 'may only write'],
  [refusal(404, 'http_404'), 'neither a Flywatch hub nor an app'],
  [refusal(200, 'unexpected_answer'), 'neither a Flywatch hub nor an app'],
  [refusal(503, 'store_unavailable', 'the store is busy'), 'http://hub/ says: the store is busy'],
])('%s', (error, text) => expect(explain(error, target)).toMatchObject({ status: 1, message: expect.stringContaining(text) }));

test('a token that is refused is not asked for again', () => {
  const { message } = explain(refusal(401, 'unauthorized'), { ...target, token: 's3cret' });
  expect(message).toContain('refuses the token');
  expect(message).not.toContain('s3cret');
});

test('what the hub cannot read in the parameters is wrong usage', () => {
  expect(explain(refusal(400, 'bad_parameter', 'q: no'), target)).toMatchObject({
    status: 2,
    message: 'http://hub/ says: q: no',
  });
});

test('any other error is a defect, and stays what it is', () => {
  const defect = new RangeError('x');
  expect(() => explain(defect, target)).toThrow(defect);
});
