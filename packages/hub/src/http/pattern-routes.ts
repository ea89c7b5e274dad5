/** The route about patterns: its parameters. */

import { ParameterError, parseDuration } from '@flywatch/core';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { findPatterns, type PatternWish } from '../patterns/patterns.ts';
import type { History } from '../query/history.ts';
import type { TimeRange } from '../store/questions.ts';
import { PAGE_PATIENCE_MS, parseAsked, parseChoice, parsed, parseLimit } from './history-params.ts';
import { type Query, single } from './live-params.ts';
import { whenGone } from './when-gone.ts';

export function createPatternRoutes(history: History) {
  return {
    patterns: (request: FastifyRequest, reply: FastifyReply) => {
      const query = request.query as Query;
      const wish = parsed(() => {
        const asked = parseAsked(query, Date.now());
        const baseline = parseBaseline(query, asked.range);
        return { ...asked, baseline, sort: parseSort(query, baseline), limit: parseLimit(query) };
      });
      return findPatterns(history, { ...wish, patienceMs: PAGE_PATIENCE_MS }, whenGone(reply));
    },
  };
}

function parseSort(query: Query, baseline: TimeRange | undefined): PatternWish['sort'] {
  const sort = parseChoice(query, 'sort', ['count', 'change'], baseline === undefined ? 'count' : 'change');
  if (sort === 'change' && baseline === undefined)
    throw new ParameterError(
      'sort',
      sort,
      'a `baseline` beside it, such as baseline=1h: without one nothing is known to have changed',
    );
  return sort;
}

/** The stretch of this length before `from`. */
function parseBaseline(query: Query, { from }: TimeRange): TimeRange | undefined {
  const text = single(query, 'baseline');
  if (text === undefined) return undefined;
  const lengthMs = parseDuration(text);
  if (lengthMs === undefined || lengthMs < 1) {
    throw new ParameterError('baseline', text, 'a duration such as 1h, for the stretch of that length before `from`');
  }
  if (from === undefined) {
    throw new ParameterError('baseline', text, 'a `from` beside it, since it ends where the range begins');
  }
  return { from: { ms: from.ms - lengthMs, nanos: from.nanos }, to: from };
}
