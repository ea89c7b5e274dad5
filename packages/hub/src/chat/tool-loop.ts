/**
 * The loop: a request to the model, the tools that it calls, and again, until it answers without calling any. Bounded in rounds, tokens, money and
 * time; near a bound the model is asked once more without tools, so that what it has found is told.
 */

import { setTimeout as sleep } from 'node:timers/promises';
import type { ModelMessage, ToolResultPart } from 'ai';
import { HttpError } from '../errors.ts';
import { CHAT_ANSWER_MAX_TOKENS, CHAT_CALLS_PER_ROUND } from '../limits.ts';
import type { Fence } from '../tools/fence.ts';
import type { ToolDescription } from '../tools/index.ts';
import type { ToolOutcome } from '../tools/run-tool.ts';
import type { Tool } from '../tools/tool.ts';
import type { ChatEvent } from './answer.ts';
import type { CalledTool, Round, RunRound } from './model.ts';
import { LAST_ROUND } from './prompt.ts';
import { estimateTokens } from './tokens.ts';
import { UpstreamError } from './upstream-error.ts';

export interface LoopOptions {
  readonly model: string;
  readonly runRound: RunRound;
  readonly tools: readonly Tool[];
  readonly described: readonly ToolDescription[];
  readonly run: (tool: Tool, input: unknown) => Promise<ToolOutcome>;
  readonly system: string;
  /** Of the system prompt and of what the tools say of themselves: they go along with each request. */
  readonly fixedTokens: number;
  readonly messages: readonly ModelMessage[];
  readonly fence: Fence;
  readonly maxRounds: number;
  readonly maxTokens: number;
  readonly maxCostUsd: number;
  readonly signal: AbortSignal;
  readonly onEvent: (event: ChatEvent) => void;
}

/** What a question has used so far; filled on the way, so that it is known also where the loop fails. */
export class Spent {
  promptTokens = 0;
  completionTokens = 0;
  estimated = false;
  /** Undefined as long as the provider has not said. */
  costUsd: number | undefined;
  rounds = 0;
  readonly calls: string[] = [];

  get tokens(): number {
    return this.promptTokens + this.completionTokens;
  }
}

/** Waits before a second try; a provider that wants longer is not asked again within this question. */
const RETRY_DELAY_MS = 500;
const RETRY_MAX_DELAY_MS = 5_000;

/** @returns all texts of the model, as they were streamed */
export async function runLoop(options: LoopOptions, spent: Spent): Promise<string> {
  const messages = [...options.messages];
  const known = new Map<string, number>();
  const outcomes: ToolOutcome[] = [];
  let response = '';
  const say = (delta: string) => {
    response += delta;
    options.onEvent({ event: 'text', data: { delta } });
  };
  for (;;) {
    const isLast = mustAnswer(options, spent, messages);
    if (isLast && spent.calls.length > 0) messages.push({ role: 'user', content: LAST_ROUND });
    const begin = response.length;
    const round = await inTwoTries(options, spent, !isLast, messages, (delta) => {
      // Text of an earlier round stands apart.
      if (response.length === begin && begin > 0) say('\n\n');
      say(delta);
    });
    // Where it may call none, what it says besides a call is its answer.
    if (round.calls.length === 0 || isLast) {
      if (round.cut) say('\n\n(The answer was cut here.)');
      return response;
    }
    messages.push(assistantMessage(round));
    const results: ToolResultPart[] = [];
    for (const [i, call] of round.calls.entries()) {
      const written = `${call.name}(${JSON.stringify(call.input ?? {})})`;
      spent.calls.push(written);
      options.onEvent({ event: 'tool_call', data: { id: call.id, name: call.name, arguments: call.input ?? {} } });
      const earlier = known.get(written);
      const outcome =
        i >= CHAT_CALLS_PER_ROUND
          ? { ok: false, text: `Error: only ${CHAT_CALLS_PER_ROUND} calls at once are answered; call again.` }
          : earlier !== undefined && outcomes[earlier]!.ok
            ? { ok: true, text: 'You have asked this before: the answer is above. Ask something else, or answer.' }
            : await runCall(options, call);
      if (earlier === undefined) known.set(written, outcomes.push(outcome) - 1);
      options.signal.throwIfAborted();
      options.onEvent({
        event: 'tool_result',
        data: { id: call.id, name: call.name, ok: outcome.ok, result: outcome.text },
      });
      results.push({
        ...{ type: 'tool-result', toolCallId: call.id, toolName: call.name },
        output: { type: 'text', value: options.fence.enclose(outcome.ok ? call.name : 'error', outcome.text) },
      });
    }
    messages.push({ role: 'tool', content: results });
  }
}

async function runCall({ tools, run }: LoopOptions, call: CalledTool): Promise<ToolOutcome> {
  const tool = tools.find(({ name }) => name === call.name);
  if (tool === undefined)
    return { ok: false, text: `Error: there is no such tool; there are ${tools.map(({ name }) => name).join(', ')}.` };
  if (call.malformed) return { ok: false, text: 'Error: the arguments were no JSON object; call it again with one.' };
  return run(tool, call.input);
}

function assistantMessage({ text, calls }: Round): ModelMessage {
  return {
    role: 'assistant',
    content: [
      ...(text === '' ? [] : [{ type: 'text' as const, text }]),
      ...calls.map(({ id, name, input }) => ({
        type: 'tool-call' as const,
        toolCallId: id,
        toolName: name,
        input: input ?? {},
      })),
    ],
  };
}

/** Whether the next round is the last that the bounds allow. @throws {HttpError} where not even that */
function mustAnswer(options: LoopOptions, spent: Spent, messages: readonly ModelMessage[]): boolean {
  const { maxRounds, maxTokens, maxCostUsd } = options;
  const next = options.fixedTokens + estimateTokens(JSON.stringify(messages));
  const left = maxTokens - spent.tokens;
  const costUsd = spent.costUsd ?? 0;
  if (left < next || costUsd >= maxCostUsd)
    throw new HttpError('chat_limit', `the question would cost more than it may; ${boundOf(options, spent)}`);
  // One more with tools has to leave enough for the last one, which is longer by an answer and what the tools say.
  const isShort = left < 2 * next + 2 * CHAT_ANSWER_MAX_TOKENS;
  const isDear = spent.rounds > 0 && costUsd + 2.5 * (costUsd / spent.rounds) > maxCostUsd;
  return spent.rounds + 1 >= maxRounds || isShort || isDear;
}

function boundOf({ maxRounds, maxTokens, maxCostUsd }: LoopOptions, spent: Spent): string {
  const cost = spent.costUsd === undefined ? '' : `, ${spent.costUsd.toFixed(4)} of CHAT_MAX_COST_USD=${maxCostUsd}`;
  return `it took ${spent.rounds} of CHAT_MAX_ROUNDS=${maxRounds}, ${spent.tokens} tokens of CHAT_MAX_TOKENS=${maxTokens}${cost}`;
}

/** A request that failed in passing, before a word of it was told, is made once more. */
async function inTwoTries(
  options: LoopOptions,
  spent: Spent,
  mayCall: boolean,
  messages: readonly ModelMessage[],
  onText: (delta: string) => void,
): Promise<Round> {
  const { model, system, described, signal } = options;
  for (let isSecond = false; ; isSecond = true) {
    let told = false;
    try {
      const round = await options.runRound({
        ...{ model, system, messages, tools: described, mayCall, signal },
        onText: (delta) => {
          if (!told && delta.trim() === '') return;
          told = true;
          onText(delta);
        },
      });
      count(spent, round, options, messages);
      if (round.stubborn && round.text.trim() === '') {
        const message = `the model calls tools again and again and does not answer; ${boundOf(options, spent)}`;
        throw new HttpError('chat_limit', message);
      }
      if (round.text.trim() === '' && round.calls.length === 0) throw new UpstreamError('empty', 'an empty answer');
      return round;
    } catch (error) {
      if (!(error instanceof UpstreamError)) throw error;
      const delayMs = (error.retryAfterSeconds ?? 0) * 1000 || RETRY_DELAY_MS;
      if (isSecond || told || !error.isPassing || delayMs > RETRY_MAX_DELAY_MS) throw error;
      await sleep(delayMs, undefined, { signal });
    }
  }
}

function count(spent: Spent, round: Round, { fixedTokens }: LoopOptions, messages: readonly ModelMessage[]): void {
  spent.rounds++;
  if (!(round.promptTokens! > 0)) spent.estimated = true;
  spent.promptTokens += round.promptTokens || fixedTokens + estimateTokens(JSON.stringify(messages));
  spent.completionTokens += round.completionTokens || estimateTokens(round.text + JSON.stringify(round.calls));
  if (round.costUsd !== undefined) spent.costUsd = (spent.costUsd ?? 0) + round.costUsd;
}
