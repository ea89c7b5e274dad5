// The bench's own instruments: readers that count wrongly or a publisher that sends something else than it says would make
// every figure worthless, and nobody would notice.

import { createServer as createHttpServer } from 'node:http';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import { compilePrograms, type NativePrograms } from './native.ts';
import { type PublishLoad, type PublishTo, startPublisher } from './publisher/publisher.ts';
import { type ReadersOptions, type ReadersReport, startReaders } from './readers/readers.ts';
import { findNats, startNats } from './servers/nats.ts';

let native: NativePrograms;
beforeAll(() => {
  native = compilePrograms(); // without a compiler this says what to install
});

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

// ---- servers that send known bytes ------------------------------------------------------------------------------------------

const MARK = /@fw:\d{19}\.\d{10}/g;

/** A payload with one mark, aged by `ageNs`, and with '@' and half a tag as traps. */
function event(seq: number, { ageNs = 0n, pad = 40 } = {}): string {
  const at = String(process.hrtime.bigint() - ageNs).padStart(19, '0');
  const mark = `@fw:${at}.${String(seq).padStart(10, '0')}`;
  return `{"message":"mail a@b.de @fw @f @@fw ${'x'.repeat(pad)} ${mark}","n":${seq}}`;
}

const sse = (text: string): string => `id: 1\ndata: ${text}\n\n`;

function frame(payload: string | Buffer, { opcode = 1, fin = true } = {}): Buffer {
  const body = Buffer.from(payload);
  const head = Buffer.alloc(body.length < 126 ? 2 : body.length < 65_536 ? 4 : 10);
  head[0] = (fin ? 0x80 : 0) | opcode;
  head[1] = body.length < 126 ? body.length : body.length < 65_536 ? 126 : 127;
  if (head.length === 4) head.writeUInt16BE(body.length, 2);
  if (head.length === 10) head.writeBigUInt64BE(BigInt(body.length), 2);
  return Buffer.concat([head, body]);
}

const chunk = (part: Buffer): Buffer =>
  Buffer.concat([Buffer.from(`${part.length.toString(16)}\r\n`), part, Buffer.from('\r\n')]);

const listen = (server: Server): Promise<number> =>
  new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port)));

/** A TCP server that answers each request head with `head`, then leaves the socket to `talk`; connections count from 0. */
async function serve(head: string, talk: (socket: Socket, index: number) => unknown): Promise<number> {
  let next = 0;
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.setNoDelay(true).on('error', () => {});
    let request = '';
    const onHead = (data: Buffer): void => {
      request += data;
      if (!request.includes('\r\n\r\n')) return;
      socket.off('data', onHead);
      socket.write(head);
      talk(socket, next++);
    };
    socket.on('data', onHead);
  });
  cleanups.push(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return listen(server);
}

const OK = 'HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n';
const OK_CHUNKED = 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n';
const SWITCH = 'HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n';

/** Writes `bytes` in two parts, split at `at`, far enough apart to be two reads. */
async function writeSplit(socket: Socket, bytes: Buffer, at: number): Promise<void> {
  socket.write(bytes.subarray(0, at));
  await sleep(30);
  socket.write(bytes.subarray(at));
}

async function read(options: ReadersOptions, events: number): Promise<ReadersReport> {
  const readers = await startReaders(native.readers, options);
  cleanups.push(() => readers.child.stop());
  await readers.settled(events, 1000);
  return readers.stop();
}

/** Every connection gets the same bytes, split at another place: all places are tried at once. */
async function readSplitEverywhere(mode: ReadersOptions['mode'], head: string, bytes: Buffer, events: number) {
  const port = await serve(head, (socket, index) => writeSplit(socket, bytes, index));
  const connections = bytes.length;
  const report = await read(
    { mode, port, paths: ['/'], connections, samples: connections, napUs: 0 },
    events * connections,
  );
  expect(report).toMatchObject({ events: events * connections, least: events, most: events, gaps: 0, repeats: 0 });
  return report;
}

// ---- counting ---------------------------------------------------------------------------------------------------------------

describe('SSE', () => {
  test('events are counted wherever a plain body is split', async () => {
    const bytes = Buffer.from(`retry: 1000\n\n${[0, 1, 2].map((seq) => sse(event(seq))).join('')}: ping\n\n`);
    await readSplitEverywhere('sse', OK, bytes, 3);
  });

  test('events are counted wherever a chunked body is split', async () => {
    const bytes = Buffer.concat([0, 1, 2].map((seq) => chunk(Buffer.from(sse(event(seq))))));
    await readSplitEverywhere('sse', OK_CHUNKED, bytes, 3);
  });

  test('a chunk may end anywhere in an event, in the mark too', async () => {
    const bytes = Buffer.from([0, 1, 2].map((seq) => sse(event(seq))).join(''));
    const port = await serve(OK_CHUNKED, (socket, index) => {
      const size = index + 1;
      for (let at = 0; at < bytes.length; at += size) socket.write(chunk(bytes.subarray(at, at + size)));
    });
    const report = await read({ mode: 'sse', port, paths: ['/'], connections: 150, samples: 150 }, 450);
    expect(report).toMatchObject({ events: 450, least: 3, most: 3, gaps: 0 });
  });

  test('losses and repeats show in the sequence numbers', async () => {
    const port = await serve(OK, (socket) =>
      socket.write([0, 1, 5, 6, 6, 2, 7].map((seq) => sse(event(seq))).join('')),
    );
    expect(await read({ mode: 'sse', port, paths: ['/'], connections: 1 }, 7)).toMatchObject({
      events: 7,
      gaps: 3,
      repeats: 2,
    });
  });

  test('a refused request ends with the status line', async () => {
    const port = await serve('HTTP/1.1 401 Unauthorized\r\n\r\n', () => {});
    const started = startReaders(native.readers, { mode: 'sse', port, paths: ['/'], connections: 1 });
    await expect(started).rejects.toThrow('wanted HTTP/1.1 200, got HTTP/1.1 401 Unauthorized');
  });
});

describe('WebSocket', () => {
  test('events are counted wherever frames of all length forms are split', async () => {
    const bytes = Buffer.concat([
      frame('{"n":1}'),
      frame(event(0, { pad: 0 })),
      frame(event(1, { pad: 100 })),
      frame('x', { opcode: 9 }),
    ]);
    const report = await readSplitEverywhere('ws', SWITCH, bytes, 2);
    expect(report).toMatchObject({ other_frames: report.connections, pings: report.connections });
  });

  test('a frame with a length of 64 bits is one event', async () => {
    const port = await serve(SWITCH, (socket) =>
      socket.write(Buffer.concat([frame(event(0, { pad: 70_000 })), frame(event(1))])),
    );
    expect(await read({ mode: 'ws', port, paths: ['/'], connections: 3 }, 6)).toMatchObject({
      events: 6,
      least: 2,
      other_frames: 0,
    });
  });

  test('a message in fragments, a ping between them, is one event', async () => {
    const text = Buffer.from(event(0));
    const port = await serve(SWITCH, (socket, index) => {
      const at = index + 1;
      const first = frame(text.subarray(0, at), { fin: false });
      socket.write(Buffer.concat([first, frame('hey', { opcode: 9 }), frame(text.subarray(at), { opcode: 0 })]));
    });
    const connections = text.length - 1;
    const report = await read({ mode: 'ws', port, paths: ['/'], connections }, connections);
    expect(report).toMatchObject({ events: connections, least: 1, most: 1, pings: connections });
  });

  test('a ping is answered with a masked pong of the same payload', async () => {
    const answer = Promise.withResolvers<Buffer>();
    const port = await serve(SWITCH, (socket) => {
      socket.on('data', (data: Buffer) => answer.resolve(data));
      socket.write(Buffer.concat([frame('beat', { opcode: 9 }), frame(event(0))]));
    });
    expect(await read({ mode: 'ws', port, paths: ['/'], connections: 1 }, 1)).toMatchObject({ events: 1, pings: 1 });
    const pong = await answer.promise;
    expect([pong[0], pong[1]]).toEqual([0x8a, 0x80 | 4]);
    const payload = pong.subarray(6).map((byte, i) => byte ^ pong[2 + (i % 4)]!);
    expect(Buffer.from(payload).toString()).toBe('beat');
  });

  test('a connection that the server closes is counted', async () => {
    const port = await serve(SWITCH, (socket, index) => {
      if (index === 0) socket.write(frame(Buffer.from([3, 0xf4]), { opcode: 8 }));
    });
    expect(await read({ mode: 'ws', port, paths: ['/'], connections: 2 }, 1)).toMatchObject({ closed: 1, events: 0 });
  });
});

describe('NATS over WebSocket', () => {
  test('messages are counted wherever they are split, and PING is answered', async () => {
    const msg = (seq: number): string => {
      const payload = event(seq);
      return `MSG logs.app.iad.m1 1 ${payload.length}\r\n${payload}\r\n`;
    };
    const bytes = Buffer.concat([frame(msg(0) + msg(1), { opcode: 2 }), frame(`PING\r\n${msg(2)}`, { opcode: 2 })]);
    let pongs = 0;
    const port = await serve(SWITCH, (socket, index) => {
      socket.write(frame('INFO {"server_id":"x"}\r\n', { opcode: 2 }));
      socket.once('data', () => {
        // the readers' first frame: CONNECT, SUB and PING
        socket.on('data', () => pongs++);
        socket.write(frame('PONG\r\n', { opcode: 2 }));
        writeSplit(socket, bytes, index);
      });
    });
    const connections = bytes.length;
    const report = await read(
      { mode: 'natsws', port, paths: ['/'], connections, samples: connections },
      connections * 3,
    );
    expect(report).toMatchObject({
      events: connections * 3,
      least: 3,
      most: 3,
      gaps: 0,
      repeats: 0,
      pings: connections,
    });
    expect(pongs).toBe(connections);
  });

  test.skipIf(!findNats())(
    'a real nats-server delivers what the publisher says it sent (skipped without nats-server)',
    async () => {
      const nats = await startNats();
      cleanups.push(() => nats.stop());
      const { user, password } = nats;
      const connect = { mode: 'natsws' as const, port: nats.websocketPort, paths: ['/'], user, password };
      const readers = await startReaders(native.readers, { ...connect, connections: 25 });
      cleanups.push(() => readers.child.stop());
      const to: PublishTo = { kind: 'nats', port: nats.port, user, password };
      const sent = await startPublisher(native.publisher, to, { count: 4000 }).done;
      expect(sent).toMatchObject({ sent: 4000, by_word: Array(10).fill(400) });
      await readers.settled(100_000);
      expect(await readers.stop()).toMatchObject({
        events: 100_000,
        least: 4000,
        most: 4000,
        gaps: 0,
        repeats: 0,
        closed: 0,
      });
    },
  );
});

// ---- latency and window -----------------------------------------------------------------------------------------------------

test('latencies come out as they were put in', async () => {
  // Ages of 1 to 100 s make what the machine adds invisible.
  const events = Array.from({ length: 100 }, (_, i) => sse(event(i, { ageNs: BigInt(i + 1) * 1_000_000_000n }))).join(
    '',
  );
  const port = await serve(OK, (socket) => socket.write(events));
  const { latency_ms: latency } = await read({ mode: 'sse', port, paths: ['/'], connections: 1 }, 100);
  expect(latency.count).toBe(100);
  const near = (value: number, seconds: number): void =>
    expect(Math.abs(value / 1000 - seconds)).toBeLessThan(seconds * 0.02 + 1);
  near(latency.p50, 50);
  near(latency.p90, 90);
  near(latency.p99, 99);
  near(latency.max, 100);
});

test('the window counts what came between start and stop, the totals count all', async () => {
  const socket = Promise.withResolvers<Socket>();
  const port = await serve(OK, (opened) => socket.resolve(opened));
  const readers = await startReaders(native.readers, { mode: 'sse', port, paths: ['/'], connections: 1 });
  cleanups.push(() => readers.child.stop());
  const server = await socket.promise;
  server.write(sse(event(0)));
  await readers.settled(1);
  await readers.command('start');
  server.write(sse(event(1)) + sse(event(2)));
  await readers.settled(3);
  expect((await readers.command('stop')).window.events).toBe(2);
  server.write(sse(event(3)));
  await readers.settled(4);
  const { events, window, latency_ms: latency } = await readers.stop();
  expect([events, window.events, latency.count]).toEqual([4, 2, 2]);
});

test('a stuck reader reads nothing until it is told to', async () => {
  const port = await serve(OK, (socket) => setTimeout(() => socket.write(sse(event(0))), 100));
  const readers = await startReaders(native.readers, { mode: 'sse', port, paths: ['/'], connections: 1, stuck: true });
  cleanups.push(() => readers.child.stop());
  expect(await readers.settled(1, 500)).toMatchObject({ events: 0 });
  await readers.command('read');
  expect(await readers.settled(1)).toMatchObject({ events: 1 });
});

// ---- publisher --------------------------------------------------------------------------------------------------------------

/** A NATS server of a few lines that keeps what is published. */
async function collectPublished(
  load: PublishLoad,
): Promise<{ messages: { subject: string; payload: string }[]; sent: number; seconds: number }> {
  const messages: { subject: string; payload: string }[] = [];
  const server = createServer((socket) => {
    let text = '';
    socket.write('INFO {}\r\n');
    socket.setEncoding('latin1').on('data', (data) => {
      text += data;
      for (;;) {
        const end = text.indexOf('\r\n');
        if (end === -1) return;
        const [verb, subject, length] = text.slice(0, end).split(' ');
        if (verb === 'PUB') {
          const bytes = Number(length);
          if (text.length < end + 4 + bytes) return;
          messages.push({ subject: subject!, payload: text.slice(end + 2, end + 2 + bytes) });
          text = text.slice(end + 4 + bytes);
        } else {
          text = text.slice(end + 2);
          if (verb === 'PING') socket.write('PONG\r\n');
        }
      }
    });
  });
  cleanups.push(() => server.close());
  const to: PublishTo = { kind: 'nats', port: await listen(server), user: 'u', password: 'p' };
  const { sent, seconds } = await startPublisher(native.publisher, to, load).done;
  return { messages, sent, seconds };
}

test('what is published are Fly envelopes of some 340 bytes with one mark each, numbered', async () => {
  const { messages, sent } = await collectPublished({ count: 3000 });
  expect([sent, messages.length]).toEqual([3000, 3000]);
  for (const [i, { subject, payload }] of messages.entries()) {
    const envelope = JSON.parse(payload);
    expect(subject).toBe(`logs.${envelope.fly.app.name}.${envelope.fly.region}.${envelope.fly.app.instance}`);
    expect(payload.match(MARK)).toHaveLength(1);
    expect(payload.split('@')).toHaveLength(2);
    expect(Number(/\.(\d{10})/.exec(envelope.message)?.[1])).toBe(i);
    expect(envelope.message).toMatch(new RegExp(`\\bw${i % 10}\\b`));
    expect(Math.abs(Date.parse(envelope.timestamp) - Date.now())).toBeLessThan(60_000);
  }
  const mean = messages.reduce((sum, { payload }) => sum + payload.length, 0) / messages.length;
  expect(mean).toBeGreaterThan(320);
  expect(mean).toBeLessThan(360);
});

test('a rate is kept over its time', async () => {
  const { messages, seconds } = await collectPublished({ rate: 1500, seconds: 2 });
  expect(messages).toHaveLength(3000);
  expect(seconds).toBeGreaterThan(1.9); // how much later it may end is the machine's affair
});

test('the same payloads go over HTTP to nchan, each answer awaited', async () => {
  const bodies: string[] = [];
  const server = createHttpServer(async (request, response) => {
    let body = '';
    for await (const part of request) body += part;
    bodies.push(body);
    response.statusCode = bodies.length === 100 ? 503 : 202;
    response.end('queued messages: 1\r\n');
  });
  cleanups.push(() => server.close());
  const to: PublishTo = { kind: 'nchan', port: await listen(server), path: '/pub' };
  expect(await startPublisher(native.publisher, to, { count: 2000 }).done).toMatchObject({ sent: 2000, refused: 1 });
  const numbers = bodies
    .map((body) => Number(/@fw:\d+\.(\d+)/.exec(JSON.parse(body).message)?.[1]))
    .sort((a, b) => a - b);
  expect(numbers).toEqual(Array.from({ length: 2000 }, (_, i) => i));
});
