/** One request and its answer over a connection that is there already. */

import { type Answer, AnswerReader } from './answer-reader.ts';
import { failureOf } from './check-failure.ts';
import type { PhaseClock } from './phases.ts';
import type { Wire } from './wire.ts';

export interface ExchangeRequest {
  readonly target: URL;
  readonly method: string;
  /** Names in small letters; none has a line break in it. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | undefined;
  /** Whether the text of the answer is wanted, or only that it came. */
  readonly keepBody: boolean;
}

/** The connection is closed afterwards, whatever comes of it. @throws {CheckFailure} */
export async function exchange(wire: Wire, request: ExchangeRequest, clock: PhaseClock): Promise<Answer> {
  const { method, keepBody } = request;
  try {
    clock.begin('firstByte');
    wire.write(requestBytes(request));
    const reader = new AnswerReader(() => wire.read());
    return await reader.read({ hasBody: method !== 'HEAD', keepBody, onHead: () => clock.end() });
  } catch (error) {
    throw failureOf(error, 'protocol');
  } finally {
    wire.close();
  }
}

function requestBytes({ target, method, headers, body }: ExchangeRequest): Buffer {
  const credentials = `${decodeURIComponent(target.username)}:${decodeURIComponent(target.password)}`;
  const all = {
    host: target.host,
    'user-agent': 'flywatch-agent',
    accept: '*/*',
    'accept-encoding': 'identity',
    ...(credentials === ':' ? undefined : { authorization: `Basic ${Buffer.from(credentials).toString('base64')}` }),
    ...(body === undefined ? undefined : { 'content-length': String(Buffer.byteLength(body)) }),
    ...headers,
    // Not to be chosen: one connection, one answer.
    connection: 'close',
  };
  const head = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
  return Buffer.from(`${method} ${target.pathname}${target.search} HTTP/1.1\r\n${head.join('')}\r\n${body ?? ''}`);
}
