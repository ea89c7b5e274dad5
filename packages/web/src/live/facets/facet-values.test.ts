import { expect, it } from 'vitest';
import { levelValues, mergeValues } from './facet-values.ts';

const values = (text: string) =>
  text.split(' ').map((one) => {
    const [value = '', count] = one.split('=');
    return { value, count: Number(count) };
  });

it('without a filter the values are those of the answer, most frequent first', () => {
  expect(mergeValues(values('a=1 b=2'), values('b=9 c=3'), [], false)).toEqual(values('b=9 c=3'));
});

it('with a filter values without a line stay where they are, and new ones follow', () => {
  expect(mergeValues(values('a=9 b=2 c=1'), values('c=5 d=4'), [], true)).toEqual(values('a=0 b=0 c=5 d=4'));
});

it('what the filter names is there, so that it can be taken back', () => {
  expect(mergeValues([], values('a=1'), ['gone'], true)).toEqual(values('a=1 gone=0'));
});

it('a million different values leave a thousand', () => {
  const many = Array.from({ length: 3000 }, (_, i) => ({ value: `v${i}`, count: 1 }));
  expect(mergeValues(many, many, [], true)).toHaveLength(1000);
});

it('levels stand in their own order, and trace only where there is any', () => {
  expect(levelValues(values('info=5 error=1'), []).map(({ value, count }) => `${value}=${count}`)).toEqual([
    'fatal=0',
    'error=1',
    'warn=0',
    'info=5',
    'debug=0',
  ]);
  expect(levelValues(values('trace=1'), [])).toHaveLength(6);
});
