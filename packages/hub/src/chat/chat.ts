/**
 * The assistant: takes a question, gives an answer. Libraries and tools are loaded with the first question: they take some 40 MB, which a hub without
 * a question does not have.
 */

import type { ModelMessage } from 'ai';
import { HttpError } from '../errors.ts';
import * as limits from '../limits.ts';
import type { Log } from '../log.ts';
import { createFence } from '../tools/fence.ts';
import type { ToolDescription } from '../tools/index.ts';
import { createMask, type Mask, type Redaction } from '../tools/redact.ts';
import { runTool } from '../tools/run-tool.ts';
import type { Tool, ToolSources } from '../tools/tool.ts';
import type { ChatAnswer, ChatEvent } from './answer.ts';
import { buildContext, type EventRing } from './context.ts';
import { Conversations, newestOf, type Said } from './conversations.ts';
import type { RunRound } from './model.ts';
import { questionMessage, systemPrompt } from './prompt.ts';
import type { Question } from './question.ts';
import { RateLimit } from './rate-limit.ts';
import { estimateTokens } from './tokens.ts';
import { runLoop, Spent } from './tool-loop.ts';
import { UpstreamError } from './upstream-error.ts';
import type { UsageTotals } from './usage-totals.ts';

export interface ChatOptions {
  /** Undefined: there is no model, and every question is refused. */
  readonly apiKey: string | undefined;
  readonly baseUrl: string;
  readonly model: string;
  readonly maxRounds: number;
  readonly maxTokens: number;
  readonly maxCostUsd: number;
  readonly timeoutMs: number;
  readonly questionsPerMinute: number;
  readonly redaction: Redaction;
  readonly sources: ToolSources;
  readonly ring: EventRing;
  /** What is counted of each question that went to the model. */
  readonly usage: UsageTotals;
  readonly log: Log;
}

interface Loaded {
  readonly runRound: RunRound;
  readonly tools: readonly Tool[];
  readonly described: readonly ToolDescription[];
  readonly toolTokens: number;
}

export class Chat {
  readonly #options: ChatOptions;
  readonly #mask: Mask;
  readonly #conversations = new Conversations({
    maxCount: limits.CHAT_MAX_CONVERSATIONS,
    maxAgeMs: limits.CHAT_CONVERSATION_MAX_AGE_MS,
    maxChars: limits.CHAT_CONVERSATION_MAX_CHARS,
  });
  readonly #rate: RateLimit;
  readonly #stopped = new AbortController();
  #loaded: Promise<Loaded> | undefined;
  #running = 0;

  constructor(options: ChatOptions) {
    this.#options = options;
    this.#mask = createMask(options.redaction);
    this.#rate = new RateLimit({ perMinute: options.questionsPerMinute, maxClients: limits.CHAT_MAX_CLIENTS });
  }

  get isConfigured(): boolean {
    return this.#options.apiKey !== undefined;
  }

  /** Ends the questions under way. */
  stop(): void {
    this.#stopped.abort(new HttpError('shutting_down', 'the hub is about to stop'));
  }

  /**
   * Admits a question, and counts it for its client; {@link Admitted.answer} then asks the model.
   * @throws {HttpError} where it cannot be asked
   */
  admit(question: Question, client: string): Admitted {
    if (this.#options.apiKey === undefined)
      throw new HttpError('chat_not_configured', 'no model is configured; set OPENROUTER_API_KEY (docs/chat.md)');
    this.#stopped.signal.throwIfAborted();
    const before = this.#before(question);
    const waitMs = this.#rate.take(client, Date.now());
    if (waitMs > 0) {
      const message = `more than ${this.#options.questionsPerMinute} questions in a minute`;
      throw new HttpError('rate_limited', message, { headers: { 'retry-after': String(Math.ceil(waitMs / 1000)) } });
    }
    if (this.#running >= limits.CHAT_MAX_AT_ONCE) {
      const message = `${limits.CHAT_MAX_AT_ONCE} questions are being answered, as many as the hub takes at once`;
      throw new HttpError('overloaded', message, { headers: { 'retry-after': '5' } });
    }
    return { answer: (onEvent, signal) => this.#answer(question, before, onEvent, signal) };
  }

  #before({ conversationId, before }: Question): readonly Said[] {
    if (conversationId === undefined) return newestOf(before, limits.CHAT_CONVERSATION_MAX_CHARS);
    const said = this.#conversations.read(conversationId, Date.now());
    if (said === undefined)
      throw new HttpError(
        'unknown_conversation',
        'there is no conversation with this conversation_id; begin a new one without it',
      );
    return said;
  }

  async #answer(
    question: Question,
    before: readonly Said[],
    onEvent: (event: ChatEvent) => void,
    left: AbortSignal,
  ): Promise<ChatAnswer> {
    const startedAt = performance.now();
    const { timeoutMs } = this.#options;
    const model = question.model ?? this.#options.model;
    const timeout = AbortSignal.timeout(timeoutMs);
    const signal = AbortSignal.any([left, timeout, this.#stopped.signal]);
    const spent = new Spent();
    let failed = true;
    this.#running++;
    try {
      const response = await this.#ask(question, { model, before, onEvent, signal }, spent);
      failed = false;
      const said: readonly Said[] = [
        ...before,
        { role: 'user', content: question.message },
        { role: 'assistant', content: response },
      ];
      return {
        response,
        model,
        tools_called: spent.calls,
        usage: { ...usageOf(spent), ...(spent.estimated ? { estimated: true } : undefined) },
        ...(spent.costUsd === undefined ? undefined : { cost: { total_cost_usd: spent.costUsd } }),
        processing_time_ms: Math.round(performance.now() - startedAt),
        conversation_id: this.#conversations.keep(question.conversationId, said, Date.now()),
      };
    } catch (error) {
      this.#stopped.signal.throwIfAborted();
      left.throwIfAborted();
      if (timeout.aborted)
        throw new HttpError(
          'model_timeout',
          `the model came to no answer within CHAT_TIMEOUT_SECONDS=${timeoutMs / 1000}`,
        );
      if (!(error instanceof UpstreamError)) throw error;
      this.#options.log.warn('a question was not answered', { reason: error.kind, status: error.status, model });
      throw error.toHttpError(model);
    } finally {
      this.#running--;
      const timeMs = performance.now() - startedAt;
      if (spent.rounds > 0 || failed)
        this.#options.usage.add({
          usage: usageOf(spent),
          costUsd: spent.costUsd ?? 0,
          toolCalls: spent.calls.length,
          timeMs,
          failed,
        });
    }
  }

  async #ask({ message }: Question, { model, before, onEvent, signal }: Asked, spent: Spent): Promise<string> {
    const { ring, sources, log, maxRounds, maxTokens, maxCostUsd } = this.#options;
    const mask = this.#mask;
    const { runRound, tools, described, toolTokens } = await this.#load();
    const nowMs = Date.now();
    const fence = createFence();
    const context = await buildContext({
      ...{ ring, fence, mask, nowMs, metrics: sources.metrics() },
      maxTokens: limits.CHAT_CONTEXT_MAX_TOKENS,
    });
    const system = systemPrompt(fence, nowMs);
    const messages: ModelMessage[] = [
      ...before.map(({ role, content }) => ({ role, content: mask(content) })),
      { role: 'user', content: questionMessage(context, mask(message)) },
    ];
    return runLoop(
      {
        ...{
          model,
          runRound,
          tools,
          described,
          system,
          messages,
          fence,
          maxRounds,
          maxTokens,
          maxCostUsd,
          signal,
          onEvent,
        },
        fixedTokens: estimateTokens(system) + toolTokens,
        run: (tool, input) =>
          runTool(tool, input, {
            ...{ sources, mask, signal },
            onFault: (error) => log.error(`the tool ${tool.name} failed: ${(error as Error).message}`),
          }),
      },
      spent,
    );
  }

  #load(): Promise<Loaded> {
    const { apiKey, baseUrl } = this.#options;
    this.#loaded ??= Promise.all([import('./model.ts'), import('../tools/index.ts')])
      .then(async ([{ createModel }, { TOOLS, describeTools }]) => ({
        runRound: await createModel({ apiKey: apiKey!, baseUrl }),
        tools: TOOLS,
        described: describeTools(),
        toolTokens: estimateTokens(JSON.stringify(describeTools())),
      }))
      .catch((error: unknown) => {
        this.#loaded = undefined;
        throw error;
      });
    return this.#loaded;
  }
}

export interface Admitted {
  /** @param left - ends it when the client has left */
  answer(onEvent: (event: ChatEvent) => void, left: AbortSignal): Promise<ChatAnswer>;
}

interface Asked {
  readonly model: string;
  readonly before: readonly Said[];
  readonly onEvent: (event: ChatEvent) => void;
  readonly signal: AbortSignal;
}

function usageOf({ promptTokens, completionTokens, tokens }: Spent) {
  return { prompt_tokens: promptTokens, completion_tokens: completionTokens, total_tokens: tokens };
}
