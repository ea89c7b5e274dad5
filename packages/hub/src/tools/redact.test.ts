import { expect, test } from 'vitest';
import { redact } from './redact.ts';

const plain = (text: string) => redact(text, { emails: false });

test.each([
  ['login with password=hunter2 ok', 'login with password=[masked] ok'],
  ['{"user":"ada","password":"hunter2","n":1}', '{"user":"ada","password":"[masked]","n":1}'],
  ['{\\"api_key\\":\\"abcdef123\\"}', '{\\"api_key\\":\\"[masked]\\"}'],
  ['DB_PASSWORD: hunter2, retry', 'DB_PASSWORD: [masked], retry'],
  ['GET /cb?code=1&access_token=abc.def&x=2', 'GET /cb?code=1&access_token=[masked]&x=2'],
  ['Authorization: Bearer abcdef.123456', 'Authorization: [masked] [masked token]'],
  ['curl -H "Bearer abcdef123456"', 'curl -H "Bearer [masked token]"'],
  ['X-Auth: 9f8a7b6c5d', 'X-Auth: [masked]'],
  ['amex 378282246310005', 'amex [masked card]'],
  ['to postgres://app:s3cr%et@db.internal:5432/shop', 'to postgres://app:[masked]@db.internal:5432/shop'],
  ['key sk-or-v1-0123456789abcdef0123', 'key [masked token]'],
  ['ghp_0123456789abcdefghijABCDEFGHIJ456789 leaked', '[masked token] leaked'],
  ['AKIAIOSFODNN7EXAMPLE in config', '[masked token] in config'],
  ['jwt eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.dGVzdA done', 'jwt [masked token] done'],
  ['paid by 4111 1111 1111 1111 today', 'paid by [masked card] today'],
  ['paid by 5555-5555-5555-4444', 'paid by [masked card]'],
  ['token fwa_0123456789abcdef', 'token [masked token]'],
  ['FlyV1 fm2_lJPECAAAAAAAAcFixBB', 'FlyV1 [masked token]'],
  ['-----BEGIN RSA PRIVATE KEY-----\\nMIIEow\\n-----END RSA PRIVATE KEY-----', '[masked private key]'],
  ['-----BEGIN PRIVATE KEY-----\nMIIEow cut', '[masked private key]'],
  ['set-cookie: flywatch_session=abcdef', 'set-cookie: [masked]'],
])('%j becomes %j', (text, masked) => {
  expect(plain(text)).toBe(masked);
});

test.each([
  'request 4111111111111112 done', // no check sum
  'at 1763747171253 and 1700000000000', // times
  'auth: connection refused',
  'block blk_38865049064139660 size 67108864',
  'trace 0000000000000000',
  'authored by ada, secretary of the board',
  'tokens: 12',
  'GET /users/42 200 in 12ms',
  'connection to db.internal:5432 refused',
  'https://example.org:8080/a@b',
])('%j stays', (text) => {
  expect(plain(text)).toBe(text);
});

test('e-mail addresses stay unless they are asked to go', () => {
  const text = 'mail to ada.lovelace+x@example.co.uk failed';
  expect(plain(text)).toBe(text);
  expect(redact(text, { emails: true })).toBe('mail to [masked e-mail] failed');
});

test('what is masked stays masked', () => {
  const once = plain('password=hunter2 Bearer abcdef123456 postgres://a:b@c');
  expect(plain(once)).toBe(once);
});

test('long lines made against it take no longer than their length', () => {
  const lines = ['a', '-----BEGIN PRIVATE KEY', 'eyJ', '1 ', 'token', 'password=', '://', 'x@', 'a.', 'Bearer ', '-'];
  for (const piece of lines) {
    const line = piece.repeat(Math.ceil(200_000 / piece.length));
    const before = process.cpuUsage();
    redact(line, { emails: true });
    const { user, system } = process.cpuUsage(before);
    // A quadratic way through 200,000 characters takes minutes.
    expect((user + system) / 1e6, piece).toBeLessThan(5);
  }
});
