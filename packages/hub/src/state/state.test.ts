import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { memoryState, openHubState } from './hub-state.ts';
import { Positions } from './positions.ts';
import { newUsage } from './stored-usage.ts';

const root = mkdtempSync(join(tmpdir(), 'flywatch-state-'));
afterAll(() => rmSync(root, { recursive: true }));

let files = 0;
const newPath = () => join(root, `case-${++files}`, 'deeper', 'state.json');

test('a hub keeps its name and what it has reserved', async () => {
  const path = newPath();
  const first = await openHubState(path, () => {});
  await Positions.open(first, 1000, 5);
  const second = await openHubState(path, () => {});
  expect(second.data.hub).toBe(first.data.hub);
  expect(second.data.positionCeiling).toBe(6000);
});

test('a file from before agents had tokens is as good as ever, and a row of it that is none is left out', async () => {
  const path = newPath();
  const first = await openHubState(path, () => {});
  await first.save();
  const write = (data: object) => writeFileSync(path, JSON.stringify({ ...first.data, ...data }));
  write({ agents: undefined });
  expect((await openHubState(path, () => {})).data).toEqual(first.data);
  const agent = { id: 'a', name: null, hash: 'h', createdAtMs: 1, lastUsedAtMs: null };
  write({ agents: [agent, { ...agent, hash: 7 }, null] });
  expect((await openHubState(path, () => {})).data.agents).toEqual([agent]);
});

test('what was used is kept whole or not at all', async () => {
  const path = newPath();
  const first = await openHubState(path, () => {});
  first.data.usage = { ...newUsage(5), requests: 3, costUsd: 0.25 };
  await first.save();
  const read = async () => (await openHubState(path, () => {})).data.usage;
  expect(await read()).toEqual(first.data.usage);
  for (const wrong of [{ requests: '3' }, { costUsd: null }, { timeMs: -1 }]) {
    writeFileSync(path, JSON.stringify({ ...first.data, usage: { ...first.data.usage, ...wrong } }));
    expect(await read()).toBeUndefined();
  }
});

test('positions grow across a crash and a clock that was set back', async () => {
  const path = newPath();
  let last = 0;
  for (const nowMs of [1_000_000, 1_000_001, 3, 2]) {
    const state = await openHubState(path, () => {});
    const positions = await Positions.open(state, 1000, nowMs);
    expect(positions.start).toBeGreaterThanOrEqual(last);
    for (let i = 0; i < 700; i++) {
      const position = positions.next();
      expect(position).toBeGreaterThan(last);
      last = position;
    }
    // No stop: what was reserved for this run is on disk already. A write under way would have died with the process.
    await state.save();
  }
});

test('a block is reserved anew before it is used up, and never used beyond', async () => {
  const path = newPath();
  const state = await openHubState(path, () => {});
  const positions = await Positions.open(state, 1000, 1);
  for (let i = 0; i < 20; i++) {
    for (let j = 0; j < 400; j++) positions.next();
    await state.save();
    const onDisk = JSON.parse(readFileSync(path, 'utf8')) as { positionCeiling: number };
    expect(onDisk.positionCeiling).toBeGreaterThan(positions.start + (i + 1) * 400);
  }
});

test('without a disk, ids still grow from run to run by the clock', async () => {
  const first = await Positions.open(memoryState('aaaaa'), 1000, 1000);
  for (let i = 0; i < 500; i++) first.next();
  const second = await Positions.open(memoryState('aaaaa'), 1000, 1001);
  expect(second.next()).toBeGreaterThan(first.next());
});

test.each(['', '{', '[]', '{"hub":"TOOBIG","positionCeiling":1}', '{"hub":"abcde","positionCeiling":-1}'])(
  'a damaged file (%j) is set aside and said, and the hub starts',
  async (text) => {
    const path = newPath();
    const before = await openHubState(path, () => {});
    await before.save();
    writeFileSync(path, text);
    const problems: string[] = [];
    const state = await openHubState(path, (message) => problems.push(message));
    expect(problems.join()).toMatch(/damaged and is now/);
    expect(state.data.hub).not.toBe(before.data.hub);
    await state.save();
    expect(readdirSync(join(path, '..')).filter((name) => name.includes('.damaged-'))).toHaveLength(1);
  },
);

test('a place that cannot be written is said once, not at every save', async () => {
  const file = join(root, 'a-file');
  writeFileSync(file, '');
  const problems: string[] = [];
  const state = await openHubState(join(file, 'state.json'), (message) => problems.push(message));
  await state.save();
  await state.save();
  expect(state.problem).toMatch(/cannot be used/);
  expect(problems.length).toBeLessThanOrEqual(2);
});

test('saves that come together share their writes, and all are on disk when they resolve', async () => {
  const path = newPath();
  const state = await openHubState(path, () => {});
  const saves = [];
  for (let i = 1; i <= 50; i++) {
    state.data.positionCeiling = i;
    saves.push(state.save());
  }
  await Promise.all(saves);
  expect(JSON.parse(readFileSync(path, 'utf8')).positionCeiling).toBe(50);
});
