/** Live readers that count: every event once, one a frame, valid JSON, in order. */

import { get, type IncomingMessage } from 'node:http';
import { connect } from 'node:net';
import { handshake, ServerFrames } from './ws-wire.ts';

export interface CountingReader {
  /** Events seen so far. */
  readonly events: number;
  /** What was wrong with the stream, the first few. */
  readonly problems: string[];
  stop(): void;
}

const MAX_PROBLEMS = 10;

/** An SSE reader of `/logs/stream`; `onEvent` gets each event's data. */
export async function readSse(
  port: number,
  query: string,
  onEvent: (value: unknown, id: string) => void,
): Promise<CountingReader> {
  const state = { events: 0, problems: [] as string[], stop: () => request.destroy() };
  const fail = (what: string) => {
    if (state.problems.length < MAX_PROBLEMS) state.problems.push(`SSE: ${what}`);
  };
  const request = get({ host: '127.0.0.1', port, path: `/logs/stream${query}`, agent: false });
  request.on('error', () => {});
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    request.once('response', resolve);
    request.once('error', reject);
  });
  let lastId = '';
  let text = '';
  const block = (lines: readonly string[]) => {
    let id = '';
    let name = '';
    const data: string[] = [];
    for (const line of lines) {
      if (line.startsWith('id: ')) id = line.slice(4);
      else if (line.startsWith('event: ')) name = line.slice(7);
      else if (line.startsWith('data: ')) data.push(line.slice(6));
      else if (!line.startsWith(':') && !line.startsWith('retry: '))
        fail(`a line ${JSON.stringify(line.slice(0, 100))}`);
    }
    if (name === 'ping' || data.length === 0) return;
    if (name === 'gap') return fail(`a gap: ${data.join()}`);
    if (data.length !== 1) return fail(`an event of ${data.length} data lines`);
    state.events++;
    if (id <= lastId) fail(`id ${id} after ${lastId}`);
    lastId = id;
    try {
      onEvent(JSON.parse(data[0]!), id);
    } catch (error) {
      fail(`${(error as Error).message} in ${data[0]!.slice(0, 200)}`);
    }
  };
  response.setEncoding('utf8');
  response.on('error', () => {});
  response.on('data', (piece: string) => {
    // The standard knows three line ends: a bare CR in data would break a frame in two.
    text += piece;
    const end = text.lastIndexOf('\n\n');
    if (end === -1) return;
    for (const part of text.slice(0, end).split('\n\n')) block(part.split(/\r\n|\n|\r/));
    text = text.slice(end + 2);
  });
  await new Promise((resolve) => response.once('data', resolve));
  return state;
}

/** A WebSocket reader of `/logs/ws`. */
export async function readWs(port: number, query: string, onEvent: (value: unknown) => void): Promise<CountingReader> {
  const socket = connect({ host: '127.0.0.1', port });
  const state = { events: 0, problems: [] as string[], stop: () => socket.destroy() };
  const fail = (what: string) => {
    if (state.problems.length < MAX_PROBLEMS) state.problems.push(`WebSocket: ${what}`);
  };
  const frames = new ServerFrames();
  let head: Buffer | undefined = Buffer.alloc(0);
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  socket.on('error', (error) => fail(error.message));
  await new Promise<void>((resolve, reject) => {
    socket.on('data', (piece: Buffer) => {
      let bytes = piece;
      if (head !== undefined) {
        head = Buffer.concat([head, piece]);
        const end = head.indexOf('\r\n\r\n');
        if (end === -1) return;
        if (!head.toString('latin1', 0, end).startsWith('HTTP/1.1 101')) reject(new Error(head.toString('latin1')));
        bytes = head.subarray(end + 4);
        head = undefined;
        resolve();
      }
      for (const { opcode, payload } of frames.push(bytes)) {
        if (opcode === 9 || opcode === 10) continue;
        if (opcode !== 1) {
          fail(`a frame with opcode ${opcode}`);
          continue;
        }
        state.events++;
        try {
          const value: unknown = JSON.parse(decoder.decode(payload));
          if ((value as { type?: unknown } | null)?.type === 'gap' && payload.includes('"reason"')) fail('a gap');
          onEvent(value);
        } catch (error) {
          fail(`${(error as Error).message} in ${payload.toString('utf8', 0, 200)}`);
        }
      }
      if (frames.problem !== undefined) fail(frames.problem);
    });
    socket.write(handshake(`/logs/ws${query}`));
  });
  return state;
}
