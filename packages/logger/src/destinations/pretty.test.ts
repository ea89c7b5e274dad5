import { expect, test } from 'vitest';
import { getLogger } from '../get-logger.ts';
import { createPretty } from './pretty.ts';

function prettyOf(write: (log: ReturnType<typeof getLogger>) => void, color = false): string {
  const render = createPretty({ color });
  let text = '';
  const now = () => new Date(2026, 0, 2, 3, 4, 5, 6).getTime();
  write(
    getLogger('api', {
      now,
      destinations: [
        {
          write: (record) => {
            text += render(record);
          },
        },
      ],
    }),
  );
  return text;
}

test('a line for people has clock, level, logger, message and context', () => {
  const text = prettyOf((log) => log.info('order accepted', { id: 7, by: 'ann lee', tags: ['a'] }));
  expect(text).toBe('03:04:05.006 INFO  api order accepted id=7 by="ann lee" tags=["a"]\n');
});

test('an error has its trace below, with its causes', () => {
  const text = prettyOf((log) => log.error('failed', new Error('card', { cause: new Error('gateway') })));
  expect(text).toMatch(
    /^03:04:05\.006 ERROR api failed\n {4}Error: card\n {8}at [\s\S]*\n {4}caused by: Error: gateway\n/,
  );
});

test('nothing in a line moves the cursor or forges a colour', () => {
  const text = prettyOf((log) => log.named('a\x1b[2J').warn('\x1b[31mred\x07', { 'k\x1b': 'v\x9b' }));
  expect(text).not.toMatch(/[\x00-\x08\x0b-\x1f\x7f-\x9f]/);
  expect(text).toContain('\\x1b[31mred\\x07');
});

test('levels have colours where there are any', () => {
  expect(prettyOf((log) => log.warn('x'), true)).toContain('\x1b[33mWARN \x1b[0m');
});
