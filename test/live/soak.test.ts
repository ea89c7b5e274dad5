/** Ten thousand readers come and go, politely and not: nothing of them stays. */

import { once } from 'node:events';
import { connect as connectSocket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { startTestHub } from '../support/test-hub.ts';

const READERS = 10_000;
/** At once; a test machine has 1,024 file descriptors to spare. */
const TOGETHER = 100;

const UPGRADE =
  'Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n';
const REQUESTS = [
  'GET /logs/stream HTTP/1.1\r\nHost: x\r\n\r\n',
  'GET /logs/stream?tail=5&q=level:error HTTP/1.1\r\nHost: x\r\n\r\n',
  'GET /api/logs HTTP/1.1\r\nHost: x\r\n\r\n',
  'GET /logs/stream HTTP/1.0\r\n\r\n',
  `GET /logs/ws HTTP/1.1\r\nHost: x\r\n${UPGRADE}\r\n`,
  `GET /logs/ws?control=1&app=a HTTP/1.1\r\nHost: x\r\n${UPGRADE}\r\n`,
  `GET /metrics/ws HTTP/1.1\r\nHost: x\r\n${UPGRADE}\r\n`,
  // Refused ones leave nothing either.
  'GET /logs/stream?tail=x HTTP/1.1\r\nHost: x\r\n\r\n',
  `GET /logs/ws?q=( HTTP/1.1\r\nHost: x\r\n${UPGRADE}\r\n`,
];

/** Connects, waits for the first bytes, and leaves: by FIN, by RST, or by closing both at once. */
async function comeAndGo(port: number, which: number): Promise<void> {
  const socket = connectSocket({ port, host: '127.0.0.1' });
  socket.on('error', () => {});
  socket.write(REQUESTS[which % REQUESTS.length]!);
  await once(socket, 'data');
  const gone = once(socket, 'close');
  if (which % 3 === 0) socket.resetAndDestroy();
  else if (which % 3 === 1) socket.destroy();
  else {
    socket.resume();
    socket.end();
    // A stream goes on after a half-close; the client leaves for good a moment later.
    setTimeout(() => socket.destroy(), 5);
  }
  await gone;
}

/** Kinds of things that keep a process busy, and how many of each there are. */
function resources(): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const kind of process.getActiveResourcesInfo()) counts[kind] = (counts[kind] ?? 0) + 1;
  return { sockets: counts.TCPSocketWrap ?? 0, timers: counts.Timeout ?? 0, immediates: counts.Immediate ?? 0 };
}

test('ten thousand readers that come and go leave no timer, listener, socket or gauge behind', {
  timeout: 180_000,
}, async () => {
  await using hub = await startTestHub();
  const post = () =>
    fetch(`${hub.url}/ingest/logs`, {
      method: 'POST',
      body: 'ERROR a\nb',
      headers: { 'content-type': 'text/plain', connection: 'close' },
    });
  const metrics = async () =>
    (await (await fetch(`${hub.url}/metrics`, { headers: { connection: 'close' } })).json()) as Record<string, number>;
  await post();
  for (let i = 0; i < REQUESTS.length; i++) await comeAndGo(hub.port, i);
  await sleep(200);
  const before = resources();
  const listenersBefore = process.eventNames().map((name) => process.listenerCount(name));
  for (let started = 0; started < READERS; started += TOGETHER) {
    await Promise.all(Array.from({ length: TOGETHER }, (_, i) => comeAndGo(hub.port, started + i)));
    await post();
  }
  await expect.poll(metrics).toMatchObject({ active_sse_connections: 0, active_ws_connections: 0, readers_blocked: 0 });
  // Waited for by hand: a poll would count its own timer.
  for (let waited = 0; waited < 50 && JSON.stringify(resources()) !== JSON.stringify(before); waited++)
    await sleep(100);
  expect(resources()).toEqual(before);
  expect(process.eventNames().map((name) => process.listenerCount(name))).toEqual(listenersBefore);
  const { sse_connections_total: sse, ws_connections_total: ws } = await metrics();
  expect(sse! + ws!).toBeGreaterThan((READERS * 6) / REQUESTS.length);
});
