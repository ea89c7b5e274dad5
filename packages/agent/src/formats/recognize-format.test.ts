import { expect, test } from 'vitest';
import { recognizeFormat } from './recognize-format.ts';

test.each([
  ['logcore', '{"timestamp":"2026-02-08T20:30:00Z","level":"INFO","logger":"my_app","message":"x","context":{}}'],
  ['structured', '{"timestamp":"2026-02-08T20:30:00Z","level":"info","source":"api","message":"x","meta":{}}'],
  ['pino', '{"level":30,"time":1795256100123,"pid":1,"hostname":"h","msg":"x"}'],
  ['bunyan', '{"name":"api","hostname":"h","pid":1,"level":30,"msg":"x","time":"2026-02-08T20:30:00Z","v":0}'],
  ['winston', '{"level":"info","message":"x","timestamp":"2026-02-08T20:30:00Z"}'],
  ['journald', '{"__CURSOR":"s=1","__REALTIME_TIMESTAMP":"1","MESSAGE":"x"}'],
  ['json', '{"a":1}'],
  ['logfmt', 'time="2026-02-08T20:30:00Z" level=info msg="x"'],
  ['access', '10.0.0.1 - - [21/Nov/2026:10:00:00 +0000] "GET / HTTP/1.1" 200 12'],
  ['syslog', 'Nov 21 10:15:00 web-1 CRON[99]: (root) CMD (true)'],
  ['syslog', '<11>1 2026-11-21T10:15:00.003Z web-1 su 77 ID47 - text'],
  ['plain', 'server started: port=80'],
  ['plain', '{"cut off'],
  ['plain', ''],
])('%s: %s', (format, line) => {
  expect(recognizeFormat(line)).toBe(format);
});
