/** Texts, values and bytes that programs stumble over, for all targets. */

import type { Random } from './random.ts';

/** Texts that mean something to somebody: property names, formats, escapes, injections, other people's syntax. */
export const ODD_TEXTS: readonly string[] = [
  '',
  ' ',
  '\0',
  'null',
  'undefined',
  'NaN',
  '-0',
  '1e999',
  '9007199254740993',
  '00kq3v0x9f2-h7c2d',
  'zzzzzzzzzzz-zzzzz',
  '__proto__',
  'constructor',
  'hasOwnProperty',
  'toString',
  '../../../../etc/passwd',
  "' or 1=1 --",
  '%s%n%x',
  '$(id)',
  '{{7*7}}',
  '<script>alert(1)</script>',
  '=cmd|calc!A1',
  'data: forged\n\nid: 1',
  '\r\nX-Injected: 1\r\n\r\n',
  '\u2028\u2029',
  '\ufeffbom',
  '\ud800',
  '\udc00\ud800',
  '\u{1f600}\u{1f468}\u200d\u{1f469}',
  'e\u0301\u0301\u0301',
  '\u202egnirts',
  '\x1b[31mred\x1b[0m',
  '\x1b]8;;http://x\x07link',
  '\x1b[',
  '\x1b]never ends',
  'ß',
  'İı',
  'ﬀ',
];

/** A text of some kind, at most about `maxChars` long. */
export function hostileText(random: Random, maxChars = 200): string {
  switch (random.int(0, 6)) {
    case 0:
      return random.pick(ODD_TEXTS);
    case 1:
      return random.list(0, 6, () => random.pick(ODD_TEXTS)).join(random.pick(['', ' ', '=', ',', '\n']));
    case 2:
      return random
        .pick(['a', '(', '[', '{', '\\', '"', '%', '\x1b[', '=', 'é', '\ud83d', '../', '0'])
        .repeat(random.size(maxChars));
    case 3:
      return random.list(0, 12, () => `${word(random)}=${word(random)}`).join(' ');
    case 4:
      return random.bytes(random.size(maxChars)).toString('latin1');
    case 5:
      return random.bytes(random.size(maxChars)).toString('utf8');
    default:
      return random.list(0, 12, () => word(random)).join(' ');
  }
}

function word(random: Random): string {
  return random.pick(['error', 'GET', 'status', '500', 'user.id', 'ams', 'info', 'warn', '12ms', 'app', 'msg', 'ü']);
}

/** A value of JSON, or of JavaScript that JSON prints somehow. */
export function hostileValue(random: Random, depth = 0): unknown {
  switch (random.int(0, depth > 3 ? 5 : 8)) {
    case 0:
      return null;
    case 1:
      return random.chance(0.5);
    case 2:
      return random.pick([0, -1, 1.5, 1e21, -1e-7, 2 ** 53, 1e308, 1795169704, 1795169704113, 253402300800000]);
    case 3:
    case 4:
    case 5:
      return hostileText(random, 60);
    case 6:
      return random.list(0, 4, () => hostileValue(random, depth + 1));
    default:
      return Object.fromEntries(
        random.list(0, 4, () => [random.pick(KEYS) ?? hostileText(random, 10), hostileValue(random, depth + 1)]),
      );
  }
}

/** Keys that the hub looks for in payloads, and those that it must not trip over. */
const KEYS: readonly (string | undefined)[] = [
  ...'fly event log message timestamp host app name instance region level provider error http url msg time'.split(' '),
  ...'pid hostname v logger context exception source meta type persistent fields receivedAt attributes'.split(' '),
  ...['severity', 'lvl', '@timestamp', '@l', '@m', 'log.level', '__proto__', 'constructor', 'toJSON', '', 'a.b'],
  undefined,
];

/** Nested so deeply that a recursive reader runs out of stack. */
export function deepJson(random: Random): string {
  const depth = random.pick([100, 1000, 10_000, 100_000]);
  const [open, close] = random.pick([
    ['[', ']'],
    ['{"a":', '}'],
    ['{"message":', '}'],
    ['[{"fly":', '}]'],
  ] as const);
  return open.repeat(depth) + random.pick(['', '1', 'null']) + (random.chance(0.7) ? close.repeat(depth) : '');
}

/** The same bytes with some of them changed, lost, repeated or moved. */
export function mutateBytes(bytes: Buffer, random: Random): Buffer {
  let mutated = Buffer.from(bytes);
  for (let left = random.int(1, 4); left > 0; left--) {
    const at = random.int(0, Math.max(0, mutated.length - 1));
    const end = Math.min(mutated.length, at + random.size(64));
    switch (random.int(0, 5)) {
      case 0:
        if (mutated.length > 0) mutated[at] = random.int(0, 255);
        break;
      case 1:
        mutated = Buffer.concat([mutated.subarray(0, at), mutated.subarray(end)]);
        break;
      case 2:
        mutated = Buffer.concat([mutated.subarray(0, end), mutated.subarray(at)]);
        break;
      case 3:
        mutated = mutated.subarray(0, at);
        break;
      case 4:
        mutated = Buffer.concat([mutated.subarray(0, at), random.bytes(random.size(32)), mutated.subarray(at)]);
        break;
      default:
        mutated = Buffer.concat([
          mutated.subarray(0, at),
          Buffer.from(random.pick(['"', '\\', '{', '}', '[', ']', ',', ':', '\n', '\0', '\\ud800', '\xff']), 'latin1'),
          mutated.subarray(at),
        ]);
    }
  }
  return mutated;
}
