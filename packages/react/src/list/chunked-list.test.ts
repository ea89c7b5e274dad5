import fc from 'fast-check';
import { expect, test } from 'vitest';
import { fastestOfThree } from '../../../../test/support/fastest.ts';
import { ChunkedList } from './chunked-list.ts';

const numbers = (from: number, count: number) => Array.from({ length: count }, (_, i) => from + i);

type Step = { readonly kind: 'append' | 'prepend' | 'drop' | 'replace' | 'insert' | 'remove'; readonly n: number };

const step: fc.Arbitrary<Step> = fc.record({
  kind: fc.constantFrom('append', 'prepend', 'drop', 'replace', 'insert', 'remove'),
  n: fc.integer({ min: 0, max: 1300 }),
});

function apply(list: ChunkedList<number>, array: readonly number[], { kind, n }: Step, seed: number) {
  const items = numbers(seed * 10_000, n);
  const index = array.length === 0 ? 0 : n % array.length;
  const position = list.first + index;
  if (kind === 'append') return { list: list.append(items), array: [...array, ...items] };
  if (kind === 'prepend') return { list: list.prepend(items), array: [...items, ...array] };
  if (kind === 'drop') return { list: list.dropFirst(n), array: array.slice(n) };
  if (kind === 'insert') return { list: list.insert(position, items), array: array.toSpliced(index, 0, ...items) };
  if (array.length === 0) return { list, array };
  if (kind === 'remove') return { list: list.remove(position), array: array.toSpliced(index, 1) };
  return { list: list.replace(position, -seed), array: array.with(index, -seed) };
}

test('a list is what an array would be after the same changes, and older lists stay what they were', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 12 }), (steps) => {
      let state = { list: ChunkedList.from<number>(), array: [] as readonly number[] };
      const history = [state];
      for (const [i, change] of steps.entries()) {
        state = apply(state.list, state.array, change, i + 1);
        history.push(state);
      }
      for (const { list, array } of history) {
        expect([...list]).toEqual(array);
        expect(list.length).toBe(array.length);
      }
      const { list, array } = state;
      for (const i of [0, Math.floor(array.length / 2), array.length - 1]) {
        expect(list.at(list.first + i)).toBe(array[i]);
      }
      expect(list.at(list.end)).toBeUndefined();
      expect(list.at(list.first - 1)).toBeUndefined();
      expect([...list.between(list.first + 3, list.end - 2)]).toEqual(array.slice(3, Math.max(3, array.length - 2)));
    }),
    { numRuns: 200 },
  );
});

test('two lists that go on from the same one do not see what the other appends', () => {
  const base = ChunkedList.from([1, 2, 3]);
  const left = base.append([4]);
  const right = base.append([5]);
  expect([...left, ...right, ...base]).toEqual([1, 2, 3, 4, 1, 2, 3, 5, 1, 2, 3]);
});

test('items keep their positions when others are put before them', () => {
  const list = ChunkedList.from(numbers(0, 1000));
  expect(list.prepend(numbers(5000, 700)).at(999)).toBe(999);
  expect(list.insert(500, [-1, -2]).at(500)).toBe(500);
  expect(list.insert(500, [-1, -2]).at(499)).toBe(-2);
});

test('an append to 100,000 items copies a reference a chunk and not the items', async () => {
  let list = ChunkedList.from(numbers(0, 100_000));
  const fastestMs = await fastestOfThree(() => {
    for (let i = 0; i < 1000; i++) list = list.append([i]).dropFirst(1);
  });
  expect(list.length).toBe(100_000);
  // Copying the items would take some 100 ms for each hundred of these.
  expect(fastestMs).toBeLessThan(500);
});
