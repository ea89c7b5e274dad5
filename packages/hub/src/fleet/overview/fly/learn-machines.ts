/** After a start: what machines did before, learned again from the store. */

import type { AnswerTo, HistoryKey } from '../../../store/questions.ts';
import type { AskPast } from '../ask-past.ts';
import { spanOf } from '../span.ts';
import type { FlyMachines, MachineLine } from './fly-machines.ts';
import { PLATFORM_PROVIDERS } from './platform-lines.ts';

/** How far back: what a machine does is mostly told by its last day. */
const LEARN_BACK_HOURS = 24;

/** Lines that are read of each kind, the newest first: a proxy that complains a thousand times a second must not be read for a minute. */
const MAX_LINES = 20_000;
const PAGE_LINES = 1000;
const PAGE_PATIENCE_MS = 2000;

/**
 * Lines that say something of a machine. The proxy's are mostly about requests, and those of apps about anything, so that
 * words are asked for that only the texts in `platform-lines.ts` have.
 */
const LOOKS = [
  { lists: { provider: PLATFORM_PROVIDERS.filter((provider) => provider !== 'proxy') } },
  { lists: { provider: ['proxy'] }, q: '"machine started in" or "became reachable" or autostopping' },
  {
    lists: { provider: ['app'] },
    q: '"starting init" or "main child exited" or "oom killed" or "out of memory: killed" or "to main child process"',
  },
] as const;

export async function learnMachines(machines: FlyMachines, past: AskPast, nowMs: number): Promise<void> {
  const range = { from: { ms: nowMs - LEARN_BACK_HOURS * 3_600_000, nanos: 0 } };
  for (const selection of LOOKS) {
    let after: HistoryKey | undefined;
    let read = 0;
    do {
      const page: AnswerTo<'page'> = await past.ask(
        {
          ...{ kind: 'page', selection, range, order: 'desc', form: 'flat', limit: PAGE_LINES, after },
          patienceMs: PAGE_PATIENCE_MS,
        },
        undefined,
        REAL,
      );
      for (const [i, row] of page.rows.entries()) machines.observe(lineOf(row, page.keys[i]!.ms));
      read += page.rows.length;
      after = page.next;
    } while (after !== undefined && read < MAX_LINES);
  }
  // Machines that only their own lines tell of.
  const { origins } = await past.ask({ kind: 'origins', ...spanOf(LEARN_BACK_HOURS, nowMs) }, undefined, REAL);
  for (const { origin, lastMs } of origins) machines.observe({ ...origin, message: '', timeMs: lastMs, demo: false });
}

const REAL = { demo: false } as const;

function lineOf(row: string, timeMs: number): MachineLine {
  const line = JSON.parse(row) as { readonly [K in 'app' | 'instance' | 'region' | 'provider']?: string | null };
  const { message } = line as { readonly message: string };
  const [app, instance, region, provider] = [line.app, line.instance, line.region, line.provider].map(
    (label) => label ?? undefined,
  );
  return { app, instance, region, provider, message, timeMs, demo: false };
}
