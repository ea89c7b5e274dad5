/**
 * `npm run eval`: plants incidents in generated traffic, asks the assistant, and grades which tools it used and what it said. With
 * OPENROUTER_API_KEY a real model answers; without, a script, and only the loop and the context are checked.
 */

import { parseArgs } from 'node:util';
import { startScriptedModel } from '../test/support/scripted-model.ts';
import { INCIDENTS } from './incidents.ts';
import { investigate } from './investigator.ts';
import { type EvalModel, type EvalResult, runIncident } from './run-incident.ts';

const USAGE = `npm run eval -- [options]
  --only TEXT   incidents with this in their names
  --json        one JSON object an incident
  --scripted    the script, also where there is a key
OPENROUTER_API_KEY, OPENROUTER_MODEL and OPENROUTER_BASE_URL say which model answers.`;

function readArguments() {
  try {
    return parseArgs({
      options: { only: { type: 'string' }, json: { type: 'boolean' }, scripted: { type: 'boolean' } },
    }).values;
  } catch (error) {
    console.error(`${(error as Error).message}\n\n${USAGE}`);
    process.exit(2);
  }
}

const { only = '', json = false, scripted = false } = readArguments();
const { OPENROUTER_API_KEY: key = '', OPENROUTER_MODEL, OPENROUTER_BASE_URL } = process.env;
const isScripted = scripted || key === '';
const script = isScripted ? await startScriptedModel(investigate) : undefined;
const model: EvalModel =
  script === undefined
    ? { isScripted, env: { OPENROUTER_API_KEY: key, ...given({ OPENROUTER_MODEL, OPENROUTER_BASE_URL }) } }
    : {
        isScripted,
        env: { OPENROUTER_API_KEY: 'script', OPENROUTER_BASE_URL: script.url },
        told: () => JSON.stringify(script.requests.at(-1)?.body.messages),
      };
if (isScripted && !json)
  console.log(
    'No model: a script calls the tools. This checks the loop and the context, and says nothing about answers.\n',
  );

let failed = 0;
for (const incident of INCIDENTS.filter(({ name }) => name.includes(only))) {
  const result = await runIncident(incident, model);
  failed += result.marks.filter(({ ok }) => !ok).length;
  console.log(json ? JSON.stringify({ scripted: isScripted, ...result }) : describe(result));
}
await script?.[Symbol.asyncDispose]();
if (!json) console.log(failed === 0 ? 'All marks are good.' : `${failed} marks are bad.`);
process.exitCode = failed === 0 ? 0 : 1;

function describe({ name, marks, response, toolsCalled, tokens, costUsd, timeMs }: EvalResult): string {
  const cost = costUsd === undefined ? '' : `, $${costUsd.toFixed(4)}`;
  return [
    `== ${name}: ${marks.filter(({ ok }) => ok).length} of ${marks.length}; ${tokens} tokens${cost}, ${timeMs} ms`,
    ...toolsCalled.map((call) => `   ${call}`),
    ...marks.map(
      ({ what, ok, detail }) => `   ${ok ? 'good' : 'BAD '} ${what}${ok || detail === undefined ? '' : `: ${detail}`}`,
    ),
    ...(isScripted ? [] : [response.replace(/^/gm, '   | ')]),
    '',
  ].join('\n');
}

function given(values: Record<string, string | undefined>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(values).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}
