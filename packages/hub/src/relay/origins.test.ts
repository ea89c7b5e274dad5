import { expect, test } from 'vitest';
import { Origins } from './origins.ts';

/** What a run of the hub has kept of what it heard. */
function keeper() {
  const kept = new Map<string, number>();
  return {
    kept,
    sentOf: async (hub: string, run: number) => kept.get(`${hub}/${run}`),
    isKnown: async (hub: string) => [...kept.keys()].some((key) => key.startsWith(`${hub}/`)),
  };
}

const message = (sent: number, count: number, run = 1, hub = 'other') => ({ hub, run, sent, count });

test('each message is new once, in its order, and nothing is missing', async () => {
  const origins = new Origins(keeper());
  expect(await origins.judge(message(10, 10))).toEqual({ isNew: true, isFirst: true, heard: 0, lost: 0 });
  expect(await origins.judge(message(15, 5))).toEqual({ isNew: true, isFirst: false, heard: 10, lost: 0 });
  expect((await origins.judge(message(15, 5))).isNew).toBe(false);
  expect((await origins.judge(message(10, 10))).isNew).toBe(false);
});

test('what is missing between two messages is counted', async () => {
  const origins = new Origins(keeper());
  await origins.judge(message(10, 10));
  expect(await origins.judge(message(40, 5))).toMatchObject({ isNew: true, lost: 25 });
});

test('a hub that is heard for the first time has lost nothing to us', async () => {
  expect(await new Origins(keeper()).judge(message(1000, 5))).toMatchObject({ isNew: true, lost: 0 });
});

test('after a restart of ours what we have missed is counted, and what we have is known', async () => {
  const recall = keeper();
  recall.kept.set('other/1', 100);
  const origins = new Origins(recall);
  expect((await origins.judge(message(100, 20))).isNew).toBe(false);
  expect(await origins.judge(message(160, 20))).toMatchObject({ isNew: true, lost: 40 });
});

test('a hub that was started again counts from nothing; its old messages are stale', async () => {
  const origins = new Origins(keeper());
  await origins.judge(message(500, 500));
  expect(await origins.judge(message(30, 10, 2))).toEqual({ isNew: true, isFirst: true, heard: 0, lost: 20 });
  expect((await origins.judge(message(600, 100, 1))).isNew).toBe(false);
});

test('a hub that was started again while we were away is no stranger', async () => {
  const recall = keeper();
  recall.kept.set('other/1', 100);
  expect(await new Origins(recall).judge(message(50, 10, 2))).toMatchObject({ isNew: true, lost: 40 });
});

test('a message without events begins the count of its run, and tells of losses before it', async () => {
  const origins = new Origins(keeper());
  expect(await origins.judge(message(100, 0))).toEqual({ isNew: false, isFirst: true, heard: 100, lost: 0 });
  expect(await origins.judge(message(100, 0))).toMatchObject({ isNew: false, isFirst: false });
  expect(await origins.judge(message(107, 5))).toMatchObject({ isNew: true, heard: 100, lost: 2 });
  expect(await origins.judge(message(110, 0))).toMatchObject({ isNew: true, lost: 3 });
});
