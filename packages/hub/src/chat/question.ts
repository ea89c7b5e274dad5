/** The body of `POST /chat`, judged. */

import { HttpError } from '../errors.ts';
import { CHAT_MAX_MESSAGES, CHAT_QUESTION_MAX_CHARS } from '../limits.ts';
import type { Said } from './conversations.ts';

export interface Question {
  readonly message: string;
  /** What was said before, as the client tells it. */
  readonly before: readonly Said[];
  readonly conversationId: string | undefined;
  /** Where another one than the configured is asked for. */
  readonly model: string | undefined;
}

const FORM = 'expected a JSON object such as {"message": "Are there errors?"}';

/** @throws {HttpError} 400 */
export function parseQuestion(body: string): Question {
  const value = parseObject(body);
  const { message, messages, conversation_id: conversationId, model } = value;
  if (conversationId !== undefined && (typeof conversationId !== 'string' || conversationId === ''))
    throw wrong('conversation_id', 'the conversation_id of an answer before');
  if (model !== undefined && (typeof model !== 'string' || !/^[\x21-\x7e]{1,200}$/.test(model)))
    throw wrong('model', 'the name of a model, such as moonshotai/kimi-k2');
  if (messages === undefined) return { message: parseText('message', message), before: [], conversationId, model };
  if (message !== undefined) throw wrong('messages', 'either message or messages');
  if (conversationId !== undefined)
    throw wrong('messages', 'either conversation_id or messages: both say what was said before');
  const said = parseMessages(messages);
  return { message: said.at(-1)!.content, before: said.slice(0, -1), conversationId, model };
}

function parseObject(body: string): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch {
    throw new HttpError('bad_json', `the body is no JSON; ${FORM}`);
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new HttpError('bad_request', FORM);
  return value as Record<string, unknown>;
}

function parseMessages(value: unknown): readonly Said[] {
  if (!Array.isArray(value) || value.length === 0 || value.length > CHAT_MAX_MESSAGES)
    throw wrong('messages', `a list of 1 to ${CHAT_MAX_MESSAGES} messages`);
  const said = value.map((item: unknown, i): Said => {
    const { role, content } = (typeof item === 'object' && item !== null ? item : {}) as {
      role?: unknown;
      content?: unknown;
    };
    if (role !== 'user' && role !== 'assistant') throw wrong(`messages[${i}].role`, 'user or assistant');
    return { role, content: parseText(`messages[${i}].content`, content) };
  });
  if (said.at(-1)!.role !== 'user') throw wrong('messages', 'a question at the end, with the role user');
  return said;
}

function parseText(name: string, value: unknown): string {
  if (typeof value !== 'string' || value.trim() === '') throw wrong(name, 'a text that is not empty');
  if (value.length > CHAT_QUESTION_MAX_CHARS)
    throw wrong(name, `at most ${CHAT_QUESTION_MAX_CHARS} characters, not ${value.length}`);
  return value;
}

function wrong(name: string, expected: string): HttpError {
  return new HttpError('bad_request', `${name}: expected ${expected}`);
}
