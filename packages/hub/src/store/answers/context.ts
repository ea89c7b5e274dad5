/** The lines around one, and the last lines of each level. */

import { createFieldLookup, LEVELS, type Level, type LogEvent } from '@flywatch/core';
import type { ContextAnswer, ContextQuestion, HistoryKey, LevelsAnswer, LevelsQuestion } from '../questions.ts';
import { readPage } from './page.ts';
import { renderRow } from './render-row.ts';
import type { RowSelection } from './row-test.ts';
import { keyOf, rowAfter, Scan } from './scan.ts';
import type { Pace, Snapshot } from './snapshot.ts';

/** Under which a request is named, most common first. */
const REQUEST_FIELDS = ['request_id', 'requestId', 'req_id', 'reqId', 'req.id', 'trace_id', 'traceId'];

export async function answerContext(snapshot: Snapshot, pace: Pace, question: ContextQuestion): Promise<ContextAnswer> {
  const line = await findEvent(snapshot, pace, question);
  if (line === undefined) return { line: undefined, before: [], after: [] };
  const selection = scopeOf(line.event, question.scope);
  const read = async (order: 'asc' | 'desc', limit: number) => {
    if (selection === undefined || limit === 0) return [];
    const { found } = await readPage(snapshot, pace, {
      ...{ selection, range: {}, order, limit, after: line.key, patienceMs: CONTEXT_PATIENCE_MS },
      take: (event) => renderRow(event, 'flat'),
      weigh: (row) => row.length,
    });
    return found.map(({ value }) => value);
  };
  return {
    line: renderRow(line.event, 'flat'),
    before: (await read('desc', question.before)).reverse(),
    after: await read('asc', question.after),
  };
}

/** A machine that said its last word a month ago is not looked for in all that came since. */
const CONTEXT_PATIENCE_MS = 2000;

async function findEvent(
  snapshot: Snapshot,
  pace: Pace,
  { position, hub }: Pick<ContextQuestion, 'position' | 'hub'>,
): Promise<{ event: LogEvent; key: HistoryKey } | undefined> {
  const scan = new Scan(snapshot, pace, { lists: {} }, {});
  for await (const handle of scan.walk('arrival-asc', { positions: { above: position - 1, upTo: position } })) {
    if (handle.firstPosition > position || handle.lastPosition < position) continue;
    const block = await handle.open();
    const row = rowAfter(block, position - 1);
    if (block.hub === hub && row < block.count && block.positionOf(row) === position)
      return { event: block.eventOf(row), key: keyOf(block, row) };
  }
  return undefined;
}

/** What lines beside this one have in common with it; undefined where it has nothing to go by. */
function scopeOf(event: LogEvent, scope: ContextQuestion['scope']): RowSelection | undefined {
  const { app, instance, host } = event;
  switch (scope) {
    case 'all':
      return { lists: {} };
    case 'app':
      return { lists: {}, exact: { app } };
    case 'instance':
      return { lists: {}, exact: instance === undefined ? { app, instance, host } : { app, instance } };
    case 'request': {
      for (const name of REQUEST_FIELDS) {
        const value = createFieldLookup(name)(event.fields);
        if (typeof value !== 'string' && typeof value !== 'number') continue;
        return { lists: {}, q: `${name}:"${String(value).replace(/[\\"]/g, '\\$&')}"` };
      }
      return undefined;
    }
  }
}

export async function answerLevels(snapshot: Snapshot, pace: Pace, question: LevelsQuestion): Promise<LevelsAnswer> {
  const levels = {} as Record<Level, readonly string[]>;
  for (const onlyLevel of LEVELS) {
    const { found } = await readPage(snapshot, pace, {
      selection: { ...question.selection, onlyLevel },
      range: question.range,
      order: 'desc',
      limit: question.perLevel,
      patienceMs: Number.POSITIVE_INFINITY,
      take: (event) => renderRow(event, 'flat'),
      weigh: (row) => row.length,
    });
    levels[onlyLevel] = found.map(({ value }) => value);
  }
  return { levels };
}
