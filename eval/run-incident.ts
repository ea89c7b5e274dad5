/** One incident: a hub of its own, the traffic, the question, and marks for what came of it. */

import { startTestHub } from '../test/support/test-hub.ts';
import type { Incident, Planted } from './incidents.ts';

export interface EvalModel {
  readonly env: Readonly<Record<string, string>>;
  /** Whether a script answers: its words are not judged. */
  readonly isScripted: boolean;
  /** What has gone to the model since it was last asked, where that is known. */
  readonly told?: () => string;
}

export interface Mark {
  readonly what: string;
  readonly ok: boolean;
  readonly detail?: string;
}

export interface EvalResult {
  readonly name: string;
  readonly marks: readonly Mark[];
  readonly response: string;
  readonly toolsCalled: readonly string[];
  readonly tokens: number;
  readonly costUsd: number | undefined;
  readonly timeMs: number;
}

interface Answer {
  readonly response: string;
  readonly tools_called: readonly string[];
  readonly usage: { readonly total_tokens: number };
  readonly cost?: { readonly total_cost_usd: number };
  readonly processing_time_ms: number;
}

const JSON_SENT = { 'content-type': 'application/json' };

export async function runIncident(incident: Incident, model: EvalModel): Promise<EvalResult> {
  await using hub = await startTestHub(model.env);
  await send(hub.url, incident.plant(Date.now()));
  const response = await fetch(`${hub.url}/chat`, {
    ...{ method: 'POST', headers: { ...JSON_SENT, accept: 'text/event-stream' } },
    body: JSON.stringify({ message: incident.question }),
  });
  const events = [...(await response.text()).matchAll(/^event: (\w+)\ndata: (.*)\n\n/gm)].map(
    ([, event, data]) => [event, JSON.parse(data!)] as const,
  );
  const [last, answer] = events.at(-1) ?? [];
  if (last !== 'done') {
    const error = `${response.status}: ${JSON.stringify(answer ?? 'no answer')}`;
    return { ...EMPTY, name: incident.name, marks: [{ what: 'an answer', ok: false, detail: error }] };
  }
  const results = events.filter(([event]) => event === 'tool_result').map(([, data]) => String(data.result));
  const { response: text, tools_called: called, usage, cost, processing_time_ms: timeMs } = answer as Answer;
  const told = model.told?.() ?? results.join('\n');
  const marks: Mark[] = [mark('an answer', text.trim() !== '')];
  const names = called.map((call) => call.replace(/\(.*/s, ''));
  if (incident.tools.length > 0)
    marks.push(
      mark(
        'looks at what would tell',
        incident.tools.some((name) => names.includes(name)),
        names.join(', '),
      ),
    );
  if (model.told !== undefined)
    for (const pattern of incident.evidence) marks.push(mark(`is told ${pattern}`, pattern.test(told)));
  marks.push(mark('cites lines that exist', await citesExist(hub.url, text)));
  if (!model.isScripted) {
    for (const pattern of incident.says) marks.push(mark(`says ${pattern}`, pattern.test(text)));
    for (const pattern of incident.neverSays) marks.push(mark(`does not say ${pattern}`, !pattern.test(text)));
  }
  return {
    ...{ name: incident.name, marks, response: text, toolsCalled: called, tokens: usage.total_tokens },
    ...{ costUsd: cost?.total_cost_usd, timeMs },
  };
}

const EMPTY = { response: '', toolsCalled: [], tokens: 0, costUsd: undefined, timeMs: 0 };

function mark(what: string, ok: boolean, detail?: string): Mark {
  return { what, ok, ...(detail === undefined ? undefined : { detail }) };
}

async function send(url: string, { lines, metrics, checks }: Planted): Promise<void> {
  for (const [route, rows] of [
    ['logs', lines],
    ['metrics', metrics],
    ['checks', checks],
  ] as const) {
    if (rows === undefined) continue;
    const body = JSON.stringify(rows);
    const response = await fetch(`${url}/ingest/${route}`, { method: 'POST', headers: JSON_SENT, body });
    if (!response.ok) throw new Error(`/ingest/${route}: ${await response.text()}`);
  }
}

async function citesExist(url: string, text: string): Promise<boolean> {
  for (const [, id] of text.matchAll(/#([0-9a-z]{11}-[0-9a-z]{5})/g)) {
    if (!(await fetch(`${url}/logs/context?id=${id}&before=0&after=0`)).ok) return false;
  }
  return true;
}
