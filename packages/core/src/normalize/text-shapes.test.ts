import { expect, test } from 'vitest';
import { renderFlat } from '../renderings.ts';
import { Normalizer } from './normalizer.ts';
import { recognizeText } from './text-shapes.ts';

const now = Date.UTC(2026, 10, 21, 12, 0, 0);

function setup() {
  let position = 0;
  const normalizer = new Normalizer({
    hub: 'test0',
    nextPosition: () => ++position,
    maxLineBytes: 262_144,
    maxParsedChars: 2_097_152,
  });
  return (text: string, envelope = {}) =>
    JSON.parse(renderFlat(normalizer.fromPayload(text, { wins: false, isAgents: true, ...envelope }, now))) as Record<
      string,
      unknown
    >;
}

/** A line as it is found in files, and what its record has to say. */
const lines: [string, string, Record<string, unknown>][] = [
  [
    'nginx, combined',
    '203.0.113.9 - - [21/Nov/2026:10:15:00 +0100] "GET /cart?id=7 HTTP/1.1" 200 512 "https://shop.example/" "Mozilla/5.0 (X11)"',
    {
      time: '2026-11-21T09:15:00Z',
      level: 'info',
      fields: {
        remote_addr: '203.0.113.9',
        method: 'GET',
        path: '/cart?id=7',
        protocol: 'HTTP/1.1',
        status: 200,
        bytes: 512,
        referer: 'https://shop.example/',
        user_agent: 'Mozilla/5.0 (X11)',
      },
    },
  ],
  [
    'Apache, common, an error of the server, a user',
    '::1 - alice [21/Nov/2026:10:15:00 +0000] "POST /pay HTTP/2.0" 502 -',
    {
      level: 'error',
      fields: { remote_addr: '::1', user: 'alice', method: 'POST', path: '/pay', protocol: 'HTTP/2.0', status: 502 },
    },
  ],
  [
    'Apache, with the virtual host before it',
    'shop.example:443 198.51.100.4 - - [21/Nov/2026:10:15:00 +0000] "GET / HTTP/1.1" 404 0 "-" "curl/8.0"',
    {
      level: 'info',
      fields: {
        remote_addr: '198.51.100.4',
        method: 'GET',
        path: '/',
        protocol: 'HTTP/1.1',
        status: 404,
        bytes: 0,
        user_agent: 'curl/8.0',
      },
    },
  ],
  [
    'nginx, no request at all',
    '192.0.2.1 - - [21/Nov/2026:10:15:00 +0000] "\\x16\\x03\\x01" 400 157 "-" "-"',
    { level: 'info', fields: { remote_addr: '192.0.2.1', request: '\\x16\\x03\\x01', status: 400, bytes: 157 } },
  ],
  [
    'syslog as rsyslog writes it now',
    '2026-11-21T10:15:00.123456+02:00 web-1 sshd[812]: error: Received disconnect',
    {
      time: '2026-11-21T08:15:00.123456Z',
      level: 'error',
      host: 'web-1',
      source: 'sshd',
      message: 'error: Received disconnect',
      fields: { pid: 812 },
    },
  ],
  [
    'syslog as it was always written',
    'Nov 21 10:15:00 web-1 CRON[99]: (root) CMD (true)',
    {
      level: 'info',
      host: 'web-1',
      source: 'CRON',
      message: '(root) CMD (true)',
      fields: { pid: 99, _time: 'received' },
    },
  ],
  [
    'syslog of RFC 5424',
    '<11>1 2026-11-21T10:15:00.003Z web-1 su 77 ID47 [a b="c]"] \ufeffauthentication failed',
    {
      time: '2026-11-21T10:15:00.003Z',
      level: 'error',
      host: 'web-1',
      source: 'su',
      message: 'authentication failed',
      fields: { pid: 77, message_id: 'ID47' },
    },
  ],
];

test.each(lines)('%s is understood', (_, line, expected) => {
  const record = setup()(line);
  expect(record).toMatchObject(expected);
  if (expected.message === undefined) expect(record.message).toBe(line);
});

test.each(lines)('%s, posted by whoever is no agent, is its message as it stands', (_, line) => {
  const record = setup()(line, { isAgents: false });
  expect(record).toMatchObject({ message: line, receivedAt: record.time });
});

test('a line that only looks like one of these stays text', () => {
  for (const line of [
    'GET / HTTP/1.1" 200 12',
    '10.0.0.1 - - [21/Foo/2026:10:00:00 +0000] "GET / HTTP/1.1" 200 12',
    'Now 21 10:15:00 web-1 sshd: x',
    '<11> hello',
    'error: something',
    '',
  ]) {
    expect(recognizeText(line)).toBeUndefined();
  }
});

test('lines made to be slow are read in no time', () => {
  for (const part of ['a ', '[', '<1>', '"\\', 'a: ', '] "', '1.', '<1>1 a b c d e [']) {
    const text = part.repeat(100_000);
    expect(() => {
      recognizeText(text);
      recognizeText(`10.0.0.1 - - [21/Nov/2026:10:00:00 +0000] "GET${text}`);
      recognizeText(`<1>1 a b c d e [x${text}`);
    }).not.toThrow();
  }
});

test('an entry of journald gives time, level, program and text; bytes that are no text too', () => {
  const entry = {
    __CURSOR: 's=1;i=2',
    __REALTIME_TIMESTAMP: '1795256100123456',
    PRIORITY: '4',
    SYSLOG_IDENTIFIER: 'nginx',
    _SYSTEMD_UNIT: 'nginx.service',
    _HOSTNAME: 'web-1',
    _PID: '812',
    MESSAGE: 'worker process exited',
  };
  expect(setup()(JSON.stringify(entry))).toMatchObject({
    time: '2026-11-21T10:15:00.123456Z',
    level: 'warn',
    source: 'nginx',
    host: 'web-1',
    message: 'worker process exited',
    fields: { unit: 'nginx.service', pid: '812' },
  });
  expect(setup()(JSON.stringify({ ...entry, MESSAGE: [72, 105, 255] }))).toMatchObject({ message: 'Hi\ufffd' });
});

test('what an agent says of its host wins over what an app prints, and the payload stays the app’s', () => {
  const line = '{"level":30,"time":1795256100123,"hostname":"7f3a","name":"api","msg":"ready"}';
  const record = setup()(line, { host: 'web-1', app: 'shop', source: 'app.log', isAgents: true });
  expect(record).toMatchObject({ host: 'web-1', app: 'shop', source: 'api', message: 'ready' });
});
