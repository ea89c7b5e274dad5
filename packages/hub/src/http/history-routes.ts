/** Routes about the past. Rows come written out from where the events are; here they are put together. */

import { Readable } from 'node:stream';
import { formatTimeMs, LEVELS, MAX_FILTER_LENGTH, ParameterError } from '@flywatch/core';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { HttpError } from '../errors.ts';
import type { History } from '../query/history.ts';
import { CSV_COLUMNS } from '../store/answers/render-row.ts';
import type { HistoryKey, RepeatedMessage } from '../store/questions.ts';
import {
  formatCursor,
  MAX_BUCKETS,
  parseAsked,
  parseChoice,
  parsed,
  parseExactLevel,
  parseFields,
  parseId,
  parseInterval,
  parseLimit,
  parsePage,
  parseWhole,
} from './history-params.ts';
import { parseFlag, type Query, single } from './live-params.ts';
import { whenGone } from './when-gone.ts';

type Route = (request: FastifyRequest, reply: FastifyReply) => unknown;

/** Somebody is typing: within 2 s, other questions in between, and not for as long as a page may take. */
const FIELDS_PATIENCE_MS = 1000;

/** Values of a field that are told, of which completion shows some. */
const SAMPLES_TOLD = 20;

export interface HistoryRoutes {
  readonly history: Route;
  readonly histogram: Route;
  readonly facets: Route;
  readonly fields: Route;
  readonly context: Route;
  readonly levels: Route;
  readonly summary: Route;
  readonly exportLogs: Route;
  readonly searchLogs: Route;
  readonly recentLogs: Route;
}

export function createHistoryRoutes(history: History): HistoryRoutes {
  return {
    history: async (request, reply) => {
      const query = request.query as Query;
      const page = parsed(() => parsePage(query, Date.now(), (id) => history.positionOf(id)));
      const signal = whenGone(reply);
      const { rows, next, partial } = await history.ask(page, signal);
      const head = `"next_cursor":${next === undefined ? 'null' : JSON.stringify(formatCursor(next, page.order))},"has_more":${next !== undefined}`;
      const scanned = partial ? `,"scanned_to":${JSON.stringify(formatTimeMs(next!.ms))}` : '';
      if (page.form !== 'legacy') return json(reply, `{"logs":[${rows.join(',')}],${head}${scanned}}`);
      // Seed 000: the events before a time, oldest first, and how many there are in all.
      const { total } = await history.ask(
        { kind: 'histogram', selection: page.selection, range: {}, intervalMs: 60_000, maxBuckets: 2 },
        signal,
      );
      const logs = page.order === 'desc' ? [...rows].reverse() : rows;
      return json(reply, `{"logs":[${logs.join(',')}],"total_count":${total},${head}${scanned}}`);
    },

    histogram: async (request, reply) => {
      const query = request.query as Query;
      const { asked, intervalMs } = parsed(() => ({
        asked: parseAsked(query, Date.now()),
        intervalMs: parseInterval(query),
      }));
      const answer = await history.ask({ kind: 'histogram', ...asked, intervalMs, maxBuckets: 200 }, whenGone(reply));
      const step = answer.intervalMs;
      const first = answer.buckets[0];
      const last = answer.buckets.at(-1);
      const buckets: { time: string; counts: Record<string, number> }[] = [];
      if (first !== undefined && last !== undefined) {
        const steps = (last.timeMs - first.timeMs) / step + 1;
        if (steps > MAX_BUCKETS) {
          throw new HttpError(
            'bad_parameter',
            `interval: ${JSON.stringify(single(query, 'interval'))} makes ${steps} buckets; expected at most ${MAX_BUCKETS}, by a longer interval or a shorter range`,
          );
        }
        const byTime = new Map(answer.buckets.map(({ timeMs, counts }) => [timeMs, counts]));
        for (let timeMs = first.timeMs; timeMs <= last.timeMs; timeMs += step) {
          buckets.push({ time: formatTimeMs(timeMs), counts: namedCounts(byTime.get(timeMs) ?? []) });
        }
      }
      return { buckets, interval_ms: step, total: answer.total };
    },

    facets: async (request, reply) => {
      const query = request.query as Query;
      const question = parsed(() => ({
        ...parseAsked(query, Date.now()),
        fields: parseFields(query),
        limit: parseLimit(query),
      }));
      const { facets, total, truncated } = await history.ask({ kind: 'facets', ...question }, whenGone(reply));
      return { facets, total, ...(truncated.length === 0 ? undefined : { truncated }) };
    },

    fields: async (request, reply) => {
      const query = request.query as Query;
      const question = parsed(() => ({ ...parseAsked(query, Date.now()), limit: parseLimit(query) }));
      const wish = { kind: 'fields', ...question, patienceMs: FIELDS_PATIENCE_MS } as const;
      const { fields, total, complete } = await history.ask(wish, whenGone(reply));
      const shown = fields.map((field) => ({ ...field, samples: field.samples.slice(0, SAMPLES_TOLD) }));
      return { fields: shown, total, complete };
    },

    context: async (request, reply) => {
      const query = request.query as Query;
      const { id, ...question } = parsed(() => ({
        id: parseId('id', single(query, 'id') ?? ''),
        scope: parseChoice(query, 'scope', ['instance', 'app', 'request', 'all'] as const, 'instance'),
        before: parseWhole(query, 'before', 0, 500, 20),
        after: parseWhole(query, 'after', 0, 500, 20),
      }));
      const answer = await history.around({ ...id, ...question }, whenGone(reply));
      if (answer.line === undefined) {
        throw new HttpError(
          'unknown_event',
          `id: there is no event ${single(query, 'id')}; retention may have taken it, or another hub has given the id`,
        );
      }
      const { before, line, after } = answer;
      return json(reply, `{"before":[${before.join(',')}],"line":${line},"after":[${after.join(',')}]}`);
    },

    levels: async (request, reply) => {
      const query = request.query as Query;
      const { asked, n } = parsed(() => ({
        asked: parseAsked(query, Date.now()),
        n: parseWhole(query, 'n', 1, 1000, 10),
      }));
      const { levels } = await history.ask({ kind: 'levels', ...asked, perLevel: n }, whenGone(reply));
      const newest = (...rows: (readonly string[])[]) => `[${mergeNewest(rows, n).join(',')}]`;
      const byLevel = LEVELS.map((level) => `"${level}":[${levels[level].join(',')}]`);
      const { trace, debug, info, warn, error, fatal } = levels;
      const groups = [
        `"errors":${newest(error, fatal)}`,
        `"warnings":${newest(warn)}`,
        `"infos":${newest(info)}`,
        `"others":${newest(trace, debug)}`,
      ];
      return json(reply, `{${groups.join(',')},"levels":{${byLevel.join(',')}}}`);
    },

    summary: async (request, reply) => {
      const query = request.query as Query;
      const { asked, limit } = parsed(() => ({
        asked: parseAsked(query, Date.now()),
        limit: parseWhole(query, 'limit', 1, 100, 10),
      }));
      const { total, counts, errors } = await history.ask({ kind: 'summary', ...asked, limit }, whenGone(reply));
      return { total, counts: namedCounts(counts), top_errors: errors.map(describeRepeated) };
    },

    exportLogs: async (request, reply) => {
      const query = request.query as Query;
      const { asked, format, raw } = parsed(() => ({
        asked: parseAsked(query, Date.now()),
        format: parseChoice(query, 'format', ['ndjson', 'json', 'csv'] as const, 'ndjson'),
        raw: parseFlag(query, 'raw'),
      }));
      const form = format === 'csv' ? 'csv' : raw ? 'flat-raw' : 'flat';
      const signal = whenGone(reply);
      // What arrives while it is written is not part of it, or it would never end.
      const { lastPosition } = await history.ask({ kind: 'extent' }, signal);
      const positions = { after: 0, until: lastPosition ?? 0 };
      async function* pages(): AsyncGenerator<readonly string[]> {
        let after: HistoryKey | undefined;
        do {
          const page: { rows: readonly string[]; next: HistoryKey | undefined } = await history.ask(
            { ...{ kind: 'page', ...asked, order: 'asc', limit: 1000, form, positions }, after, patienceMs: 1000 },
            signal,
          );
          if (page.rows.length > 0) yield page.rows;
          after = page.next;
        } while (after !== undefined);
      }
      const name = `flywatch-logs-${formatTimeMs(Date.now()).slice(0, 19).replaceAll(':', '')}.${format}`;
      reply.header('content-disposition', `attachment; filename="${name}"`);
      reply.header('content-type', EXPORT_TYPES[format]);
      return reply.send(Readable.from(writeExport(pages(), format), { objectMode: false }));
    },

    searchLogs: async (request, reply) => {
      const query = request.query as Query;
      const text = single(query, 'query');
      if (text === undefined) {
        throw new HttpError('bad_parameter', 'query: missing; expected the text to look for');
      }
      const question = parsed(() => ({ ...fleetSelection(query), hours: parseWhole(query, 'hours', 1, 168, 24) }));
      return fleetRows(reply, { ...question, q: parsed(() => phraseOf(text)) });
    },

    recentLogs: (request, reply) => {
      const query = request.query as Query;
      return fleetRows(reply, { ...parsed(() => fleetSelection(query)), q: undefined, hours: undefined });
    },
  };

  async function fleetRows(
    reply: FastifyReply,
    {
      hours,
      q,
      limit,
      ...wanted
    }: ReturnType<typeof fleetSelection> & { q: string | undefined; hours: number | undefined },
  ) {
    const selection = { ...wanted, ...(q === undefined ? undefined : { q }) };
    const range = hours === undefined ? {} : { from: { ms: Date.now() - hours * 3_600_000, nanos: 0 } };
    const rows: string[] = [];
    let after: HistoryKey | undefined;
    const signal = whenGone(reply);
    do {
      const page: { rows: readonly string[]; next: HistoryKey | undefined } = await history.ask(
        {
          ...{ kind: 'page', selection, range, order: 'desc', form: 'fleet' },
          limit: limit - rows.length,
          after,
          patienceMs: 2000,
        },
        signal,
      );
      rows.push(...page.rows);
      after = page.next;
    } while (after !== undefined && rows.length < limit);
    return json(reply, `[${rows.join(',')}]`);
  }
}

/** What seed 003's routes ask for; both names of a machine are understood. */
function fleetSelection(query: Query) {
  const app = single(query, 'app_name');
  return {
    lists: app === undefined ? {} : { app: [app] },
    machine: single(query, 'vps_name'),
    onlyLevel: parseExactLevel(query),
    limit: parseLimit(query),
  };
}

/** The filter that finds a text as it stands. */
function phraseOf(text: string): string {
  const phrase = `"${text.replace(/[\\"]/g, '\\$&')}"`;
  if (phrase.length <= MAX_FILTER_LENGTH) return phrase;
  throw new ParameterError(
    'query',
    text,
    `at most ${MAX_FILTER_LENGTH - 2} characters, where quotes and backslashes count twice`,
  );
}

function json(reply: FastifyReply, text: string): FastifyReply {
  return reply.header('content-type', 'application/json; charset=utf-8').send(text);
}

/** Counts by level name; levels without events are left out. */
function namedCounts(counts: readonly number[]): Record<string, number> {
  return Object.fromEntries(LEVELS.flatMap((level, rank) => ((counts[rank] ?? 0) > 0 ? [[level, counts[rank]!]] : [])));
}

export function describeRepeated({ firstSeenMs, lastSeenMs, app, instance, ...rest }: RepeatedMessage) {
  return {
    ...rest,
    app: app ?? null,
    instance: instance ?? null,
    first_seen: formatTimeMs(firstSeenMs),
    last_seen: formatTimeMs(lastSeenMs),
  };
}

/** The newest of several lists that are each newest first. */
function mergeNewest(lists: readonly (readonly string[])[], limit: number): string[] {
  // Without the `Z`, a time with more digits is greater than its beginning.
  const timed = lists.flat().map((row) => ({ row, time: (JSON.parse(row) as { time: string }).time.slice(0, -1) }));
  return timed
    .sort((a, b) => (a.time < b.time ? 1 : a.time > b.time ? -1 : 0))
    .slice(0, limit)
    .map(({ row }) => row);
}

const EXPORT_TYPES = {
  ndjson: 'application/x-ndjson; charset=utf-8',
  json: 'application/json; charset=utf-8',
  csv: 'text/csv; charset=utf-8',
} as const;

async function* writeExport(
  pages: AsyncIterable<readonly string[]>,
  format: keyof typeof EXPORT_TYPES,
): AsyncGenerator<string> {
  if (format === 'csv') yield `${CSV_COLUMNS.join(',')}\r\n`;
  if (format === 'json') yield '[';
  let first = true;
  for await (const rows of pages) {
    if (format === 'csv') yield rows.map((row) => `${row}\r\n`).join('');
    else if (format === 'ndjson') yield rows.map((row) => `${row}\n`).join('');
    else yield `${first ? '\n' : ',\n'}${rows.join(',\n')}`;
    first = false;
  }
  if (format === 'json') yield '\n]\n';
}
