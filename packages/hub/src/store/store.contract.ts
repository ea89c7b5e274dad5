/** What every store promises, as tests. `open` makes one over the same data each time it is called with the same place. */

import {
  compileSelection,
  type EventInit,
  LEVELS,
  type LogEvent,
  PatternMiner,
  parseSelection,
  renderFlat,
} from '@flywatch/core';
import { afterEach, describe, expect, test } from 'vitest';
import { linearRegexes } from '../linear-regex.ts';
import { makeEvent as makePlainEvent } from './made-event.fixture.ts';
import type { HistoryKey, PageAnswer, PageQuestion, TimeRange } from './questions.ts';
import type { EventStore } from './store.ts';

export interface StorePlace {
  open(): Promise<EventStore>;
  /** Ends the store without telling it, as `kill -9` would; undefined where a test cannot do that in its own process. */
  remove(): Promise<void>;
}

const START_MS = Date.UTC(2026, 10, 20, 10);
const HUB = 'test0';

let lastPosition = 1_000_000;

export function makeEvent(init: Partial<EventInit> = {}): LogEvent {
  const position = init.position ?? ++lastPosition;
  const timeMs = init.timeMs ?? START_MS + position;
  const timeNanos = init.timeNanos ?? 0;
  const fraction = String((timeMs % 1000) * 1e6 + timeNanos).padStart(9, '0');
  return makePlainEvent(position, {
    hub: HUB,
    time: `${new Date(timeMs).toISOString().slice(0, 19)}.${fraction}Z`,
    message: `line ${position}`,
    ...init,
    position,
    timeMs,
    timeNanos,
  });
}

export function page(
  parameters: Record<string, string> = {},
  more: Partial<PageQuestion> = {},
): PageQuestion & { kind: 'page' } {
  return {
    kind: 'page',
    selection: parseSelection(parameters),
    range: {},
    order: 'desc',
    limit: 100,
    form: 'flat',
    patienceMs: 10_000,
    ...more,
  };
}

export function idsOf(answer: PageAnswer): string[] {
  return answer.rows.map((row) => (JSON.parse(row) as { id: string }).id);
}

/** All pages, each after the other. */
export async function readAll(store: EventStore, question: PageQuestion & { kind: 'page' }): Promise<string[]> {
  const ids: string[] = [];
  let after: HistoryKey | undefined;
  do {
    const answer = await store.ask({ ...question, after });
    ids.push(...idsOf(answer));
    after = answer.next;
  } while (after !== undefined);
  return ids;
}

function byHistory(a: LogEvent, b: LogEvent): number {
  return a.timeMs - b.timeMs || a.timeNanos - b.timeNanos || a.position - b.position;
}

/** Lines of several programs: words, numbers, JSON, logfmt, colours, and letters beyond ASCII. */
export function variedEvents(count: number): LogEvent[] {
  let seed = 7;
  const next = (below: number) => {
    seed = (Math.imul(seed, 1_103_515_245) + 12_345) >>> 0;
    return (seed >>> 8) % below;
  };
  const messages: (() => Partial<EventInit>)[] = [
    () => ({ message: `GET /users/${next(900)} 200 in ${next(40)}ms` }),
    () => ({ message: `worker_${next(5)} took job ${next(1e6)} of Node${next(3)}a` }),
    () => ({ message: `level=info user=${next(50)} msg="signed in\\tat once" took=${next(9)}.5` }),
    () => {
      const message = JSON.stringify({
        msg: 'order paid',
        'user.id': next(40),
        deep: { state: 'ok' },
        note: 'a\nfresh start',
      });
      return { message, structure: JSON.parse(message) as { [key: string]: unknown }, structureInMessage: true };
    },
    () => ({ message: `\u001b[31mer\u001b[0mror ${next(3)}: Verbindung zu größe${next(4)} verloren`, level: 'error' }),
    () => ({ message: `connection refused (${next(255)}.${next(255)}.0.1:${next(65_535)})`, level: 'warn' }),
    () => ({ message: `${'x'.repeat(next(6000))} long tail`, level: 'debug' }),
    () => ({ message: '', level: 'trace' }),
    () => ({ message: `half \ud800 a pair ${next(9)}` }),
    () => ({
      message: 'with structure',
      structure: { request_id: `r-${next(30)}`, n: next(3) },
      extras: { _time: 'received' },
    }),
  ];
  return Array.from({ length: count }, () => {
    const instance = next(4);
    // Some come late, some at the very same time.
    const timeMs = START_MS + Math.floor(lastPosition / 5) - (next(20) === 0 ? next(100_000) : 0);
    return makeEvent({
      timeMs,
      timeNanos: next(3) === 0 ? next(1e6) : 0,
      app: ['web', 'api', undefined][instance % 3],
      instance: `i${instance}`,
      level: LEVELS[next(6)]!,
      ...messages[next(messages.length)]!(),
    });
  });
}

/** Filters of all kinds. */
const FILTERS: readonly Record<string, string>[] = [
  {},
  { level: 'warn' },
  { app: 'web,api' },
  { instance: 'i2', level: 'error' },
  { q: 'refused' },
  { q: 'job' },
  { q: 'error' },
  { q: 'er' },
  { q: 'worker_3' },
  { q: 'WORKER_3 -node1a' },
  { q: 'node1a or node2a' },
  { q: 'nod*' },
  { q: '*efuse*' },
  { q: '"refused (1"' },
  { q: '"signed in"' },
  { q: '"took job 9"' },
  { q: '"Verbindung zu"' },
  { q: 'größe2' },
  { q: 'user:7' },
  { q: 'user.id:7' },
  { q: 'deep.state:ok' },
  { q: 'note:fresh' },
  { q: 'took:>4' },
  { q: 'request_id:"r-7"' },
  { q: '_time:received' },
  { q: 'n:*' },
  { q: 'level:error' },
  { q: 'app:we*' },
  { q: '-app:*' },
  { q: '/job \\d*77/' },
  { q: '/REFUSED/i' },
  { q: 'message:long' },
  { q: 'fresh (paid or nothing)' },
  { q: 'half' },
  { q: '77' },
  { q: 'nothing_like_this' },
];

export function storeContract(name: string, createPlace: () => Promise<StorePlace>): void {
  describe(name, () => {
    interface Opened {
      store: EventStore;
      readonly place: StorePlace;
    }
    const open: Opened[] = [];
    afterEach(async () => {
      for (const { store, place } of open.splice(0)) {
        await store.stop();
        await place.remove();
      }
    });
    const setup = async () => {
      const place = await createPlace();
      const opened: Opened = { store: await place.open(), place };
      open.push(opened);
      return opened;
    };
    const restart = async (opened: Opened) => {
      await opened.store.stop();
      opened.store = await opened.place.open();
    };
    /** Most of the events at rest, as a stop leaves them, and the others as they have just been written. */
    const fill = async (opened: Opened, events: readonly LogEvent[]): Promise<EventStore> => {
      const atRest = Math.floor(events.length * 0.7);
      for (const event of events.slice(0, atRest)) opened.store.append(event);
      await restart(opened);
      for (const event of events.slice(atRest)) opened.store.append(event);
      await opened.store.durable(60_000);
      return opened.store;
    };

    test('what was taken a moment ago is found, written or not', async () => {
      const { store } = await setup();
      const event = makeEvent({ message: 'just now' });
      store.append(event);
      expect(idsOf(await store.ask(page()))).toEqual([event.id]);
      await store.durable(30_000);
      expect(idsOf(await store.ask(page()))).toEqual([event.id]);
    });

    test('who asks after every event sees each of them once, also while what was written is put together', async () => {
      const { store } = await setup();
      const ids: string[] = [];
      for (let i = 0; i < 45; i++) {
        const event = makeEvent();
        ids.unshift(event.id);
        store.append(event);
        await store.durable(30_000);
        expect(idsOf(await store.ask(page()))).toEqual(ids);
      }
    });

    test('every field of every event comes back as it was', async () => {
      const opened = await setup();
      const raw = '{"msg":"hello \\"you\\"","n":1}';
      const events = [
        ...variedEvents(500),
        makeEvent({ message: 'hello "you"', raw, verbatim: true, source: 's', host: 'h', region: undefined }),
        makeEvent({ message: 'plain', raw: 'plain' }),
        makeEvent({ message: '', raw: '\u0000\ufffd odd', app: undefined, instance: undefined, provider: undefined }),
        makeEvent({ timeMs: START_MS, time: '2026-11-20T09:59:60Z' }),
        makeEvent({ timeMs: START_MS, time: '2026-11-20T10:00:00Z' }),
        makeEvent({ timeMs: START_MS + 120, time: '2026-11-20T10:00:00.12Z' }),
      ].sort((a, b) => a.position - b.position);
      const store = await fill(opened, events);
      const check = async (from: EventStore) => {
        const rows = new Map<string, string>();
        let after: HistoryKey | undefined;
        do {
          const answer: PageAnswer = await from.ask({ ...page({}, { form: 'flat-raw', order: 'asc' }), after });
          for (const row of answer.rows) rows.set((JSON.parse(row) as { id: string }).id, row);
          after = answer.next;
        } while (after !== undefined);
        for (const event of events) {
          expect(JSON.parse(rows.get(event.id) ?? 'null')).toEqual(JSON.parse(renderFlat(event, { raw: true })));
        }
        expect(rows.size).toBe(events.length);
      };
      await check(store);
      await restart(opened);
      await check(opened.store);
    });

    test('history agrees with the live filters on every line, in pages, both ways', async () => {
      const opened = await setup();
      const events = variedEvents(3000);
      const store = await fill(opened, events.slice(0, 2000));
      for (const event of events.slice(2000)) store.append(event);
      const ordered = [...events].sort(byHistory);
      for (const parameters of FILTERS) {
        const { matches } = compileSelection(parseSelection(parameters), { regex: linearRegexes() });
        const expected = ordered.filter(matches).map((event) => event.id);
        const label = JSON.stringify(parameters);
        expect(await readAll(store, page(parameters, { order: 'asc', limit: 700 })), label).toEqual(expected);
        expect(await readAll(store, page(parameters, { order: 'desc', limit: 333 })), label).toEqual(
          expected.reverse(),
        );
      }
    });

    test('a range of time begins with its first moment and ends before its last, to the nanosecond', async () => {
      const opened = await setup();
      const events = [0, 1, 2, 3, 4].map((i) =>
        makeEvent({ timeMs: START_MS + Math.floor(i / 2), timeNanos: (i % 2) * 5 }),
      );
      const store = await fill(opened, events);
      const range = { from: { ms: START_MS, nanos: 5 }, to: { ms: START_MS + 2, nanos: 0 } };
      expect(await readAll(store, page({}, { range, order: 'asc' }))).toEqual(events.slice(1, 4).map(({ id }) => id));
      const later = { from: { ms: START_MS, nanos: 6 }, to: { ms: START_MS + 1, nanos: 5 } };
      expect(await readAll(store, page({}, { range: later, order: 'asc' }))).toEqual([events[2]!.id]);
    });

    test('counts over time, by value and by level are exact', async () => {
      const opened = await setup();
      const events = variedEvents(2500);
      const store = await fill(opened, events.slice(0, 1500));
      for (const event of events.slice(1500)) store.append(event);
      for (const parameters of FILTERS.slice(0, 12)) {
        const selection = parseSelection(parameters);
        const { matches } = compileSelection(selection, { regex: linearRegexes() });
        const expected = events.filter(matches);
        for (const intervalMs of [60_000, 1000, undefined]) {
          const answer = await store.ask({ kind: 'histogram', selection, range: {}, intervalMs, maxBuckets: 200 });
          expect(answer.total).toBe(expected.length);
          const step = answer.intervalMs;
          for (const { timeMs, counts } of answer.buckets) {
            const within = expected.filter((event) => Math.floor(event.timeMs / step) * step === timeMs);
            expect(counts).toEqual(LEVELS.map((level) => within.filter((event) => event.level === level).length));
          }
          if (intervalMs === undefined) expect(answer.buckets.length).toBeLessThanOrEqual(200);
        }
        const { facets, total } = await store.ask({
          ...{ kind: 'facets', selection, range: {}, limit: 100 },
          fields: ['app', 'instance', 'level', 'user'],
        });
        expect(total).toBe(expected.length);
        for (const field of ['app', 'instance', 'level'] as const) {
          const counts = new Map<string, number>();
          for (const event of expected) {
            const value = event[field];
            if (value !== undefined) counts.set(value, (counts.get(value) ?? 0) + 1);
          }
          expect(Object.fromEntries(facets[field]!.map(({ value, count }) => [value, count]))).toEqual(
            Object.fromEntries(counts),
          );
        }
        const users = expected.filter((event) => Object.hasOwn(event.fields, 'user')).length;
        expect(facets.user!.reduce((sum, { count }) => sum + count, 0)).toBe(users);
      }
    });

    test('the fields of lines are told with their types and values, and not beyond the time there is', async () => {
      const opened = await setup();
      const { encodeBatch } = await import('./format/batch.ts');
      const events = variedEvents(1200);
      const other = makeEvent({ message: 'x', structure: { only: { here: true } } });
      const store = await fill(opened, events.slice(0, 900));
      for (const event of events.slice(900)) store.append(event);
      const others = [encodeBatch([other])];
      const question = { kind: 'fields', range: {}, limit: 100, patienceMs: 60_000 } as const;
      for (const parameters of [{}, { level: 'warn' }, { q: 'paid or signed' }]) {
        const selection = parseSelection(parameters);
        const { matches } = compileSelection(selection, { regex: linearRegexes() });
        const { fields, total, complete } = await store.ask({ ...question, selection }, { others });
        const all = [...events, other].filter(matches);
        expect([total, complete]).toEqual([all.length, true]);
        const counts = Object.fromEntries(fields.map(({ name, lines }) => [name, lines]));
        const having = (name: string) => all.filter((event) => Object.hasOwn(event.fields, name)).length || undefined;
        expect([counts.level, counts.user, counts['user.id'], counts.request_id]).toEqual([
          all.length,
          having('user'),
          having('user.id'),
          having('request_id'),
        ]);
        expect(counts['only.here']).toBe(matches(other) ? 1 : undefined);
      }
      const selection = { lists: {} };
      const { fields } = await store.ask({ ...question, selection });
      expect(fields.find(({ name }) => name === 'user.id')).toMatchObject({ type: 'number' });
      expect(fields.find(({ name }) => name === 'deep.state')).toMatchObject({ type: 'text', samples: ['ok'] });
      expect((await store.ask({ ...question, selection, limit: 3 })).fields).toEqual(fields.slice(0, 3));
      const hurried = await store.ask({ ...question, selection, patienceMs: -1 });
      expect([hurried.complete, hurried.total < events.length]).toEqual([false, true]);
    });

    test('lines and errors are counted by who said them and when, those in memory alone too, whoever asks again', async () => {
      const opened = await setup();
      const { encodeBatch } = await import('./format/batch.ts');
      const events = variedEvents(2500);
      const other = makeEvent({ app: 'api', instance: 'i1', level: 'fatal', timeMs: START_MS, provider: 'health' });
      const store = await fill(opened, events.slice(0, 1500));
      for (const event of events.slice(1500)) store.append(event);
      const [fromMs, stepMs, buckets] = [START_MS, 120_000, 4];
      const all = [...events, other];
      for (let time = 0; time < 2; time++) {
        const answer = await store.ask(
          { kind: 'origins', fromMs, stepMs, buckets },
          { others: [encodeBatch([other])] },
        );
        expect(answer.truncated).toBe(false);
        const originOf = ({ app, instance, region, host, provider }: LogEvent) =>
          JSON.stringify([app, instance, region, host, provider]);
        const byOrigin = Map.groupBy(
          all.filter(({ timeMs }) => timeMs >= fromMs && timeMs < fromMs + buckets * stepMs),
          originOf,
        );
        const told = answer.origins.map(({ origin: { app, instance, region, host, provider }, ...counts }) => [
          JSON.stringify([app, instance, region, host, provider]),
          { ...counts, lines: [...counts.lines], errors: [...counts.errors] },
        ]);
        const countsOf = (own: readonly LogEvent[]) =>
          Array.from(
            { length: buckets },
            (_, i) => own.filter((e) => Math.floor((e.timeMs - fromMs) / stepMs) === i).length,
          );
        const expected = [...byOrigin].map(([origin, own]) => [
          origin,
          {
            lines: countsOf(own),
            errors: countsOf(own.filter(({ level }) => level === 'error' || level === 'fatal')),
            lastMs: Math.floor(Math.max(...own.map(({ timeMs }) => timeMs)) / 1000) * 1000,
          },
        ]);
        expect(Object.fromEntries(told)).toEqual(Object.fromEntries(expected));
      }
    });

    test('patterns are those of the lines, wherever the lines are, with their counts', async () => {
      const opened = await setup();
      const varied = variedEvents(2500);
      const escaped = ['Größe', 'Höhe'].map((word) =>
        makeEvent({ message: JSON.stringify({ msg: `${word} unknown` }).replace('ö', '\\u00f6'), timeMs: START_MS }),
      );
      const events = [...varied, ...escaped];
      const store = await fill(opened, events.slice(0, 1800));
      for (const event of events.slice(1800)) store.append(event);
      const middle = { ms: START_MS + 350_000, nanos: 0 };
      for (const [parameters, range, baseline] of [
        [{}, {}, undefined],
        [{ level: 'warn', app: 'web' }, {}, undefined],
        [{ q: 'job or refused or paid' }, { from: middle }, { to: middle }],
      ] as const) {
        const selection = parseSelection(parameters);
        const { matches } = compileSelection(selection, { regex: linearRegexes() });
        const within = ({ from, to }: TimeRange, event: LogEvent) =>
          (from === undefined || event.timeMs >= from.ms) && (to === undefined || event.timeMs < to.ms);
        const miner = new PatternMiner<{ ids: string[]; before: number }>({
          merge: (into, from) => {
            into.ids.push(...from.ids);
            into.before += from.before;
          },
        });
        for (const event of events.filter(matches)) {
          if (within(range, event)) miner.add(event.message, { ids: [event.id], before: 0 });
          else if (baseline !== undefined && within(baseline, event)) miner.add(event.message, { ids: [], before: 1 });
        }
        const expected = new Map(miner.patterns().map(({ pattern, tally }) => [pattern, tally]));
        const question = { kind: 'patterns', selection, range, baseline, limit: 1000, patienceMs: 10_000 } as const;
        const answer = await store.ask(question);
        expect(
          Object.fromEntries(answer.patterns.map((found) => [found.pattern, [found.count, found.baselineCount]])),
        ).toEqual(
          Object.fromEntries([...expected].map(([pattern, { ids, before }]) => [pattern, [ids.length, before]])),
        );
        for (const { pattern, count, levels, example } of answer.patterns) {
          if (count === 0) continue;
          expect(expected.get(pattern)!.ids).toContain(example.id);
          expect(levels.reduce((sum, n) => sum + n, 0)).toBe(count);
        }
        expect(answer.found).toBe(expected.size);
        expect(answer.looked).toEqual({
          events: [...expected.values()].reduce((sum, { ids }) => sum + ids.length, 0),
          backToMs: undefined,
        });
      }
    });

    test('what came after an event is given in the order of arrival, in pieces, once', async () => {
      const opened = await setup();
      const events = variedEvents(1200);
      const store = await fill(opened, events.slice(0, 900));
      for (const event of events.slice(900)) store.append(event);
      const selection = parseSelection({ q: 'job or refused' });
      const { matches } = compileSelection(selection, { regex: linearRegexes() });
      const from = events[100]!.position;
      const until = events[1100]!.position;
      const expected = events
        .slice(101, 1101)
        .filter(matches)
        .map(({ position }) => position);
      const seen: number[] = [];
      for (let position = from; position < until; ) {
        const answer = await store.ask({
          ...{ kind: 'after', selection, range: {} },
          position,
          until,
          form: 'fly',
          maxBytes: 5000,
        });
        seen.push(...answer.positions);
        expect(answer.rows).toHaveLength(answer.positions.length);
        expect(answer.reached).toBeGreaterThan(position);
        position = answer.reached;
      }
      expect(seen).toEqual(expected);
    });

    test('a reader that wants the last few is told where they begin', async () => {
      const opened = await setup();
      const events = variedEvents(800);
      const store = await fill(opened, events);
      const selection = parseSelection({ q: 'job' });
      const { matches } = compileSelection(selection, { regex: linearRegexes() });
      const matching = events.filter(matches);
      const until = events.at(-1)!.position;
      const { position } = await store.ask({ ...{ kind: 'start', selection, range: {} }, tail: 10, until });
      expect(events.filter((event) => event.position > position && matches(event))).toEqual(matching.slice(-10));
      const all = await store.ask({ ...{ kind: 'start', selection, range: {} }, tail: 10_000, until });
      expect(all.position).toBeLessThan(matching[0]!.position);
    });

    test('the lines around one are of its stream, oldest first; a line that is not there has none', async () => {
      const opened = await setup();
      const events = variedEvents(600);
      const store = await fill(opened, events);
      const line = events[300]!;
      const around = async (scope: 'instance' | 'app' | 'all') => {
        const answer = await store.ask({
          kind: 'context',
          hub: HUB,
          position: line.position,
          scope,
          before: 5,
          after: 7,
        });
        expect((JSON.parse(answer.line!) as { id: string }).id).toBe(line.id);
        return [answer.before, answer.after].map((rows) => rows.map((row) => (JSON.parse(row) as { id: string }).id));
      };
      const ordered = [...events].sort(byHistory);
      const expected = (belongs: (event: LogEvent) => boolean) => {
        const own = ordered.filter((event) => event === line || belongs(event));
        const at = own.indexOf(line);
        return [own.slice(Math.max(0, at - 5), at), own.slice(at + 1, at + 8)].map((part) => part.map(({ id }) => id));
      };
      expect(await around('all')).toEqual(expected(() => true));
      expect(await around('app')).toEqual(expected(({ app }) => app === line.app));
      expect(await around('instance')).toEqual(
        expected(({ app, instance }) => app === line.app && instance === line.instance),
      );
      const missing = await store.ask({ kind: 'context', hub: HUB, position: 5, scope: 'all', before: 5, after: 5 });
      expect(missing).toEqual({ line: undefined, before: [], after: [] });
    });

    test('the last of each level, and a summary with repeated errors counted', async () => {
      const opened = await setup();
      const events = [
        ...variedEvents(300),
        ...[1, 2, 3].map((i) =>
          makeEvent({ message: `Connection refused to postgres:${5430 + i}`, level: 'error', app: 'db' }),
        ),
      ];
      const store = await fill(opened, events);
      const { levels } = await store.ask({ kind: 'levels', selection: { lists: {} }, range: {}, perLevel: 4 });
      for (const level of LEVELS) {
        const expected = [...events]
          .sort(byHistory)
          .filter((event) => event.level === level)
          .slice(-4)
          .reverse();
        expect(levels[level].map((row) => (JSON.parse(row) as { id: string }).id)).toEqual(
          expected.map(({ id }) => id),
        );
      }
      const summary = await store.ask({ kind: 'summary', selection: { lists: {} }, range: {}, limit: 5 });
      expect(summary.total).toBe(events.length);
      expect(summary.errors[0]).toMatchObject({ message: 'Connection refused to postgres:5433', count: 3, app: 'db' });
    });

    test('paging goes on without loss or repeats while events arrive, late ones and equal times included', async () => {
      const opened = await setup();
      const sameTime = Array.from({ length: 250 }, () => makeEvent({ timeMs: START_MS }));
      const before = [...sameTime, ...variedEvents(250)].sort((a, b) => a.position - b.position);
      const store = await fill(opened, before);
      for (const order of ['asc', 'desc'] as const) {
        const ids: string[] = [];
        let after: HistoryKey | undefined;
        do {
          const answer: PageAnswer = await store.ask({ ...page({}, { order, limit: 60 }), after });
          ids.push(...idsOf(answer));
          after = answer.next;
          for (const event of variedEvents(20)) store.append(event);
        } while (after !== undefined && ids.length < 5000);
        expect(new Set(ids).size).toBe(ids.length);
        const seen = new Set(ids);
        expect(before.filter(({ id }) => !seen.has(id))).toEqual([]);
      }
    });

    test('a batch of a client is remembered with how much of it was taken, across a restart', async () => {
      const opened = await setup();
      const { store } = opened;
      expect(await store.batch('b-1')).toBeUndefined();
      store.append(makeEvent());
      store.mark({ id: 'b-1', taken: 1, complete: false });
      await store.durable(30_000);
      expect(await store.batch('b-1')).toEqual({ taken: 1, complete: false });
      store.append(makeEvent());
      store.mark({ id: 'b-1', taken: 2, complete: true });
      await restart(opened);
      expect(await opened.store.batch('b-1')).toEqual({ taken: 2, complete: true });
      expect(await readAll(opened.store, page())).toHaveLength(2);
    });

    test('a question that nobody waits for any more is refused with the reason', async () => {
      const opened = await setup();
      const store = await fill(opened, variedEvents(100));
      const aborted = new AbortController();
      const answer = store.ask(page({ q: '/x{3,}y/' }), { signal: aborted.signal });
      aborted.abort(new Error('gone'));
      await expect(answer).rejects.toThrow('gone');
      expect((await store.ask(page())).rows).toHaveLength(100);
    });

    test('events that live in memory alone are seen with the question that brings them', async () => {
      const opened = await setup();
      const { encodeBatch } = await import('./format/batch.ts');
      const [kept, other] = [makeEvent({ message: 'kept' }), makeEvent({ message: 'demo', demo: true })];
      const store = await fill(opened, [kept]);
      expect(idsOf(await store.ask(page(), { others: [encodeBatch([other])] }))).toEqual([other.id, kept.id]);
      expect(idsOf(await store.ask(page()))).toEqual([kept.id]);
    });
  });
}
