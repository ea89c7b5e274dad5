import { expect, test } from 'vitest';
import { Outbox } from './outbox.ts';

/** An engine that takes what it is told to. */
function setup(maxBytes = 1000) {
  const taken: number[] = [];
  const engine = { isAway: false };
  const outbox = new Outbox({
    maxBytes,
    send: async (message) => {
      if (engine.isAway) throw new Error('away');
      taken.push(message[0]!);
    },
  });
  const push = (...numbers: number[]) => {
    for (const number of numbers) outbox.push(new Uint8Array(10).fill(number));
  };
  return { outbox, engine, taken, push };
}

test('messages go in their order when it is open', async () => {
  const { outbox, taken, push } = setup();
  push(1, 2);
  expect(taken).toEqual([]);
  outbox.open();
  push(3);
  await outbox.drained();
  expect(taken).toEqual([1, 2, 3]);
});

test('what the engine has not taken is sent again when it is back', async () => {
  const { outbox, engine, taken, push } = setup();
  outbox.open();
  engine.isAway = true;
  push(1, 2);
  await new Promise(setImmediate);
  push(3);
  engine.isAway = false;
  outbox.open();
  await outbox.drained();
  expect(taken).toEqual([1, 2, 3]);
});

test('what waits is bounded: the oldest go', async () => {
  const { outbox, taken, push } = setup(30);
  push(1, 2, 3, 4, 5);
  outbox.open();
  await outbox.drained();
  expect(taken).toEqual([3, 4, 5]);
});

test('hundreds of messages are under way a few at a time', async () => {
  let underWay = 0;
  let most = 0;
  const outbox = new Outbox({
    maxBytes: 1e6,
    send: async () => {
      most = Math.max(most, ++underWay);
      await new Promise(setImmediate);
      underWay--;
    },
  });
  outbox.open();
  for (let i = 0; i < 300; i++) outbox.push(new Uint8Array(1));
  await outbox.drained();
  expect(most).toBeLessThanOrEqual(32);
});
