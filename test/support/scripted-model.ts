/**
 * A server with OpenAI's interface that says what a test tells it to: text, calls of tools, and faults of every kind, streamed as providers do.
 * It keeps each request, so that a test sees what has left the hub.
 */

import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';

export interface ModelRequest {
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: ModelRequestBody;
  /** Of the body as it came. */
  readonly text: string;
}

export interface ModelRequestBody {
  readonly model: string;
  readonly stream?: boolean;
  readonly messages: readonly ModelRequestMessage[];
  readonly tool_choice?: unknown;
  readonly tools?: readonly { readonly function: { readonly name: string; readonly parameters: object } }[];
}

export interface ModelRequestMessage {
  readonly role: 'system' | 'user' | 'assistant' | 'tool';
  readonly content: unknown;
  readonly tool_calls?: readonly {
    readonly id: string;
    readonly function: { readonly name: string; readonly arguments: string };
  }[];
}

interface Usage {
  readonly prompt_tokens: number;
  readonly completion_tokens: number;
  readonly total_tokens?: number;
  readonly cost?: number;
}

/** What it does with one request. */
export type Turn =
  | {
      readonly text?: string;
      /** Name and arguments; arguments that are a string go out as they are. */
      readonly calls?: readonly (readonly [name: string, input: object | string])[];
      /** @defaultValue 100 and 20 tokens; null: it says nothing of its usage */
      readonly usage?: Usage | null;
      readonly finish?: string;
      /** Waits before each piece, in milliseconds. */
      readonly delayMs?: number;
    }
  /** Another status, with a body. */
  | { readonly status: number; readonly body?: string; readonly headers?: Readonly<Record<string, string>> }
  /** Bytes as they are, as an event stream, and the end of the connection where `cut`. */
  | { readonly raw: string; readonly cut?: boolean; readonly contentType?: string }
  /** No answer at all, or the connection is cut at once. */
  | { readonly silent: true }
  | { readonly reset: true };

export type Script = (request: ModelRequest, index: number) => Turn | Promise<Turn>;

export interface ScriptedModel {
  /** For `OPENROUTER_BASE_URL`. */
  readonly url: string;
  readonly requests: readonly ModelRequest[];
  /** Requests whose connection was closed before they were answered. */
  readonly abandoned: number;
  /** Resolves when so many requests have come. */
  received(count: number): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

/** @param script - a turn for each request in their order, the last one again and again; or a function */
export async function startScriptedModel(script: readonly Turn[] | Script): Promise<ScriptedModel> {
  const requests: ModelRequest[] = [];
  const sockets = new Set<Socket>();
  const waiting = new Set<() => void>();
  const state = { abandoned: 0 };
  const decide: Script =
    typeof script === 'function' ? script : (_request, index) => script[Math.min(index, script.length - 1)]!;
  const server = createServer((request, response) => {
    void answer(request, response);
  });
  const answer = async (request: IncomingMessage, response: ServerResponse) => {
    let text = '';
    for await (const piece of request.setEncoding('utf8')) text += piece;
    response.once('close', () => {
      if (!response.writableEnded) state.abandoned++;
    });
    const body = JSON.parse(text) as ModelRequestBody;
    const kept = { path: request.url ?? '', headers: request.headers, body, text };
    const index = requests.push(kept) - 1;
    for (const check of waiting) check();
    await play(await decide(kept, index), body, index, response);
  };
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    requests,
    get abandoned() {
      return state.abandoned;
    },
    received: (count) =>
      new Promise((resolve) => {
        const check = () => {
          if (requests.length < count) return;
          waiting.delete(check);
          resolve();
        };
        waiting.add(check);
        check();
      }),
    [Symbol.asyncDispose]: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function play(
  turn: Turn,
  { model, stream }: ModelRequestBody,
  index: number,
  response: ServerResponse,
): Promise<void> {
  if ('silent' in turn) return;
  if ('reset' in turn) {
    response.socket?.resetAndDestroy();
    return;
  }
  if ('status' in turn) {
    response.writeHead(turn.status, { 'content-type': 'application/json', ...turn.headers }).end(turn.body ?? '');
    return;
  }
  if ('raw' in turn) {
    response.writeHead(200, { 'content-type': turn.contentType ?? 'text/event-stream' });
    response.write(turn.raw);
    if (turn.cut === true) setImmediate(() => response.socket?.resetAndDestroy());
    else response.end();
    return;
  }
  const usage = turn.usage === null ? undefined : (turn.usage ?? { prompt_tokens: 100, completion_tokens: 20 });
  const calls = (turn.calls ?? []).map(([name, input], i) => ({
    ...{ index: i, id: `call_${index}_${i}`, type: 'function' },
    function: { name, arguments: typeof input === 'string' ? input : JSON.stringify(input) },
  }));
  const finish = turn.finish ?? (calls.length > 0 ? 'tool_calls' : 'stop');
  const totals =
    usage === undefined ? undefined : { total_tokens: usage.prompt_tokens + usage.completion_tokens, ...usage };
  if (stream !== true) {
    const message = {
      role: 'assistant',
      content: turn.text ?? null,
      ...(calls.length > 0 ? { tool_calls: calls } : undefined),
    };
    const whole = {
      id: `gen-${index}`,
      object: 'chat.completion',
      model,
      choices: [{ index: 0, message, finish_reason: finish }],
      usage: totals,
    };
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(whole));
    return;
  }
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  const send = async (delta: object, finishReason: string | null = null, extra: object = {}) => {
    if (turn.delayMs !== undefined) await new Promise((resolve) => setTimeout(resolve, turn.delayMs));
    if (response.destroyed) return;
    const chunk = {
      id: `gen-${index}`,
      object: 'chat.completion.chunk',
      model,
      choices: [{ index: 0, delta, finish_reason: finishReason }],
      ...extra,
    };
    response.write(`data: ${JSON.stringify(chunk)}\n\n`);
  };
  // In pieces of a few characters, arguments too.
  for (const piece of (turn.text ?? '').match(/[\s\S]{1,7}/g) ?? []) await send({ role: 'assistant', content: piece });
  for (const call of calls) {
    await send({ tool_calls: [{ ...call, function: { name: call.function.name, arguments: '' } }] });
    for (const piece of call.function.arguments.match(/[\s\S]{1,9}/g) ?? [])
      await send({ tool_calls: [{ index: call.index, function: { arguments: piece } }] });
  }
  await send({}, finish, totals === undefined ? {} : { usage: totals });
  response.write('data: [DONE]\n\n');
  response.end();
}
