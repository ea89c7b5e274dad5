/**
 * One request to a model: the `ai` SDK over OpenRouter's interface, which is OpenAI's. The libraries take some 30 MB and are loaded with the
 * first question. What goes wrong comes out as an {@link UpstreamError}, without the body of the provider's answer.
 */

import type { ModelMessage, ToolSet } from 'ai';
import { CHAT_ANSWER_MAX_CHARS, CHAT_ANSWER_MAX_TOKENS } from '../limits.ts';
import type { ToolDescription } from '../tools/index.ts';
import { UpstreamError } from './upstream-error.ts';

export interface ModelOptions {
  readonly apiKey: string;
  readonly baseUrl: string;
}

export interface RoundOptions {
  readonly model: string;
  readonly system: string;
  readonly messages: readonly ModelMessage[];
  readonly tools: readonly ToolDescription[];
  /** False: it is told of the tools, which some providers want where earlier messages have calls, and may not call them. */
  readonly mayCall: boolean;
  readonly signal: AbortSignal;
  readonly onText: (delta: string) => void;
}

export interface CalledTool {
  readonly id: string;
  readonly name: string;
  readonly input: unknown;
  /** Whether the arguments were no JSON. */
  readonly malformed: boolean;
}

/** What one request came to. */
export interface Round {
  readonly text: string;
  readonly calls: readonly CalledTool[];
  /** Undefined where the provider does not say. */
  readonly promptTokens: number | undefined;
  readonly completionTokens: number | undefined;
  readonly costUsd: number | undefined;
  /** Whether the answer was cut at its longest. */
  readonly cut: boolean;
  /** Whether it calls tools where it may not. */
  readonly stubborn: boolean;
}

export type RunRound = (options: RoundOptions) => Promise<Round>;

const OPENROUTER = 'openrouter.ai';

/** Loads the libraries. */
export async function createModel({ apiKey, baseUrl }: ModelOptions): Promise<RunRound> {
  const [{ streamText, jsonSchema }, { createOpenRouter }] = await Promise.all([
    import('ai'),
    import('@openrouter/ai-sdk-provider'),
  ]);
  // It would warn on standard error, in a form that is not the hub's.
  (globalThis as { AI_SDK_LOG_WARNINGS?: false }).AI_SDK_LOG_WARNINGS = false;
  const isOpenRouter = URL.parse(baseUrl)?.hostname.endsWith(OPENROUTER) === true;
  const provider = createOpenRouter({
    apiKey,
    baseURL: baseUrl,
    // Strict asks for the usage of a stream, which OpenAI's interface has.
    compatibility: 'strict',
    appName: 'Flywatch',
  });

  return async ({ model, system, messages, tools, mayCall, signal, onText }) => {
    // A request that is ended here ends at the provider too.
    const own = new AbortController();
    const { stream } = streamText({
      model: provider.chat(model, isOpenRouter ? { usage: { include: true } } : {}),
      system,
      messages: [...messages],
      // Judged by the tools themselves, whose words the model can use; so the schema is told and not enforced.
      tools: Object.fromEntries(
        tools.map(({ name, description, schema }) => [name, { description, inputSchema: jsonSchema(schema) }]),
      ) as ToolSet,
      toolChoice: mayCall ? 'auto' : 'none',
      maxRetries: 0,
      maxOutputTokens: CHAT_ANSWER_MAX_TOKENS,
      temperature: 0.3,
      abortSignal: AbortSignal.any([signal, own.signal]),
      // Told by the stream too; without this it would be printed.
      onError: () => {},
    });
    let text = '';
    const calls: CalledTool[] = [];
    const written = new Map<string, string>();
    const round = { promptTokens: undefined, completionTokens: undefined, costUsd: undefined, cut: false } as {
      -readonly [K in 'promptTokens' | 'completionTokens' | 'costUsd' | 'cut']: Round[K];
    };
    let failure: UpstreamError | undefined;
    // What fails ends the request and not the reading: the library has promises of its own, which would then reject with nobody there.
    const fail = (error: unknown) => {
      failure ??= UpstreamError.of(error);
      // A call that may not be comes whole, and what it has used is still to come.
      if (failure.kind !== 'stubborn') own.abort();
    };
    try {
      for await (const part of stream) {
        if (part.type === 'finish-step') {
          round.promptTokens = part.usage.inputTokens;
          round.completionTokens = part.usage.outputTokens;
          round.cut = part.finishReason === 'length';
          round.costUsd = costOf(part.providerMetadata);
        } else if (failure !== undefined) continue;
        else if (part.type === 'text-delta') {
          text += part.text;
          if (text.length > CHAT_ANSWER_MAX_CHARS) fail(new UpstreamError('failed', 'the answer has no end'));
          else onText(part.text);
        } else if (part.type === 'tool-call') {
          // The library puts `{}` in the place of arguments that do not parse: a question that nobody has asked.
          const malformed = !isObject(part.input) || !parses(written.get(part.toolCallId));
          calls.push({ id: part.toolCallId, name: part.toolName, input: malformed ? {} : part.input, malformed });
        } else if (part.type === 'tool-input-delta') {
          written.set(part.id, (written.get(part.id) ?? '') + part.delta);
        } else if (part.type === 'error') {
          fail(part.error ?? new UpstreamError('failed', 'an error without words'));
        }
      }
    } catch (error) {
      failure ??= UpstreamError.of(error);
    }
    signal.throwIfAborted();
    if (failure?.kind === 'stubborn') return { text, calls, ...round, stubborn: true };
    if (failure !== undefined) throw failure;
    return { text, calls, ...round, stubborn: false };
  };
}

function costOf(metadata: unknown): number | undefined {
  const { cost } = (metadata as { openrouter?: { usage?: { cost?: unknown } } } | undefined)?.openrouter?.usage ?? {};
  return typeof cost === 'number' && cost >= 0 ? cost : undefined;
}

function isObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Whether arguments are JSON; some models send none at all where there is nothing to say. */
function parses(text = ''): boolean {
  if (text.trim() === '') return true;
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
