/** The evaluation by its script: with a model it is `npm run eval`. */

import { afterAll, beforeAll, expect, test } from 'vitest';
import { INCIDENTS } from '../../eval/incidents.ts';
import { investigate } from '../../eval/investigator.ts';
import { runIncident } from '../../eval/run-incident.ts';
import { type ScriptedModel, startScriptedModel } from '../support/scripted-model.ts';

let script: ScriptedModel;

beforeAll(async () => {
  script = await startScriptedModel(investigate);
});

afterAll(() => script[Symbol.asyncDispose]());

test.each(INCIDENTS.map((incident) => [incident.name, incident] as const))(
  '%s: what has happened is told to the model',
  async (_name, incident) => {
    const { marks } = await runIncident(incident, {
      ...{ isScripted: true, env: { OPENROUTER_API_KEY: 'script', OPENROUTER_BASE_URL: script.url } },
      told: () => JSON.stringify(script.requests.at(-1)!.body.messages),
    });
    expect(marks.length).toBeGreaterThan(2);
    expect(marks.filter(({ ok }) => !ok)).toEqual([]);
  },
);

test.each(INCIDENTS)('marks of $name tell a good answer from a wrong one', ({ name, says, neverSays }) => {
  const isQuiet = name.startsWith('a noisy') || name.startsWith('nothing');
  const wrong = isQuiet ? 'There is a major outage: the database is down.' : 'Nothing is wrong.';
  expect(says.every((pattern) => pattern.test(wrong)) && !neverSays.some((pattern) => pattern.test(wrong))).toBe(false);
});
