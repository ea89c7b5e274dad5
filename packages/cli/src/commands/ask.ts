/** `flywatch ask QUESTION`: what the assistant of a hub says, while it says it. */

import { createHubClient, HubUnreachableError } from '@flywatch/client';
import type { Command } from 'commander';
import { explain } from '../hub/explain.ts';
import { addHubOptions, type HubFlags, targetOf } from '../options/hub-options.ts';
import { CliError, usage } from '../program/cli-error.ts';
import { note, write } from '../program/output.ts';
import { run } from '../program/run.ts';
import { FIRST_ANSWER_MS } from '../stream/wishes.ts';
import { safeJson, safeLabel, safeText } from '../view/terminal-text.ts';

interface AskFlags extends HubFlags {
  readonly json?: boolean;
  readonly quiet?: boolean;
  readonly model?: string;
  readonly conversation?: string;
}

export function define(command: Command): void {
  command.argument('<question...>', 'what you want to know; several words are joined by blanks');
  addHubOptions(command)
    .option('--json', 'the whole answer as one line of JSON, when it is there')
    .option('-q, --quiet', 'the answer alone: not what is looked at on the way')
    .option('--model <name>', 'another model than the hub’s')
    .option('--conversation <id>', 'go on with a conversation: the conversation_id of an answer (--json shows it)')
    .addHelpText(
      'after',
      `
The hub needs a model: OPENROUTER_API_KEY. What it sends there is in docs/chat.md.

Examples:
  $ flywatch ask "why are there errors in billing?"
  $ flywatch ask --json "did the last deploy break anything?" | jq -r .response

Status: 0 it was answered, 1 it was not or the hub does not answer, 2 wrong usage.`,
    )
    .action((words: string[], flags: AskFlags) => run(() => ask(words.join(' '), flags)));
}

async function ask(message: string, { json, quiet, model, conversation, ...flags }: AskFlags): Promise<void> {
  if (message.trim() === '') throw usage('the question is empty');
  const target = targetOf(flags);
  const client = createHubClient({ ...target, timeoutMs: FIRST_ANSWER_MS });
  let hasBegun = false;
  let text = '';
  try {
    for await (const events of client.chat({ message, model, conversationId: conversation })) {
      hasBegun = true;
      for (const event of events) {
        if (event.type === 'done') {
          if (json === true) await write(`${safeJson(event.answer)}\n`);
          else if (!text.endsWith('\n')) await write('\n');
        } else if (event.type === 'text' && json !== true) {
          text += event.delta;
          await write(safeText(event.delta, false));
        } else if (event.type === 'tool_call' && json !== true && quiet !== true) {
          note(`· ${safeLabel(`${event.name} ${JSON.stringify(event.arguments)}`)}`);
        }
      }
    }
  } catch (error) {
    // What was said so far ends with its line.
    if (text !== '' && !text.endsWith('\n')) await write('\n');
    // The address is good: what is said of one that is not would mislead.
    if (hasBegun && error instanceof HubUnreachableError)
      throw new CliError(`the connection to ${target.url} was lost before the answer was whole`);
    throw explain(error, target);
  }
}
