import { LogEvent } from '@flywatch/core';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { makeEvent } from '../../buffer/event.fixture.ts';
import { lineKey } from './line-key.ts';
import { Overlap } from './overlap.ts';
import { Tally } from './tally.ts';

const WINDOW = { fromMs: 0, toMs: 1000 };

function line(position: number, timeMs = 500): LogEvent {
  return new LogEvent({
    ...makeEvent(position, 'the same', timeMs),
    app: 'web',
    structure: undefined,
    extras: undefined,
  });
}

const KEY = lineKey('web', line(0));

/** How a fill may go: what the bus brings before the store is asked, then bus and API in any order, then the bus again. */
const passes = fc.array(
  fc.record({
    beforeLoad: fc.nat(2),
    reports: fc.array(fc.constantFrom('bus', 'api'), { maxLength: 8 }),
    afterEnd: fc.nat(2),
  }),
  { maxLength: 4 },
);

test('whatever the order, of a line there are as many events as the side that brings more of it brings', () => {
  fc.assert(
    fc.property(fc.nat(3), passes, (before, plan) => {
      const overlap = new Overlap(100);
      const store: number[] = [];
      let position = 0;
      let bus = 0;
      let mostOfApi = 0;
      const fromBus = (times: number) => {
        for (let i = 0; i < times; i++) {
          bus++;
          const event = line(++position);
          if (overlap.fromBus(event)) store.push(event.position);
        }
      };
      fromBus(before);
      for (const { beforeLoad, reports, afterEnd } of plan) {
        overlap.begin(WINDOW, 0);
        fromBus(beforeLoad);
        const slice = new Tally(100);
        for (const at of store) if (!overlap.isNoted(at)) slice.add(KEY);
        let api = 0;
        for (const report of reports) {
          if (report === 'bus') fromBus(1);
          else {
            api++;
            if (overlap.fromApi(KEY, 500, slice)) store.push(++position);
          }
          mostOfApi = Math.max(mostOfApi, api);
          expect(store).toHaveLength(Math.max(bus, mostOfApi));
        }
        overlap.end();
        fromBus(afterEnd);
      }
      expect(store).toHaveLength(Math.max(bus, mostOfApi));
    }),
    { numRuns: 2000 },
  );
});

test('what is outside the window, and what comes when nothing is filled, is not remembered', () => {
  const overlap = new Overlap(0);
  expect(overlap.fromBus(line(1))).toBe(true);
  overlap.begin(WINDOW, 0);
  expect(overlap.fromBus(line(2, 1000))).toBe(true);
  expect(overlap.fromBus(line(3, -1))).toBe(true);
  expect(overlap.forgotten).toBe(0);
  expect(overlap.fromBus(line(4))).toBe(true);
  expect(overlap.forgotten).toBe(1);
  overlap.end();
  expect(overlap.fromBus(line(5))).toBe(true);
  expect(overlap.forgotten).toBe(1);
});
