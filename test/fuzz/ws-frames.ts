/**
 * Frames of WebSocket clients: unmasked, fragmented, with reserved bits, too long, invalid UTF-8, floods of pings, every
 * close code, and bytes after the end. The hub answers pings, closes what breaks the protocol with the right code, never
 * sends a frame after its close frame, and holds nothing afterwards.
 */

import { connect } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { hostileText } from './hostile.ts';
import type { Random } from './random.ts';
import { eachCase, type FuzzContext, type Target } from './target.ts';
import { clientFrame, handshake, type ServerFrame, ServerFrames } from './ws-wire.ts';

export const wsFrames: Target = { name: 'ws-frames', share: 0.05, run };

/** How long the hub may take to end a connection that the client has ended. */
const PATIENCE_MS = 5000;

/** Close codes that a server may send (RFC 6455, section 7.4). */
const CODES = new Set([1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 3000, 4000, 4999]);

async function run(context: FuzzContext): Promise<void> {
  const { open, tally } = context;
  await eachCase(context, 16, async (random, index) => {
    const made = anyFrames(random);
    const path = random.pick(['/logs/ws', '/logs/ws?control=1&tail=20', '/metrics/ws']);
    const what = `case ${index} (${made.what}) on ${path}`;
    const start = performance.now();
    const { frames, problem, ended } = await converse(open.port, path, made, random);
    tally.took(performance.now() - start, what);
    if (ended === 'hung') tally.finding(`no end: ${what}`);
    if (problem !== undefined) tally.finding(`${problem}: ${what}`);
    judge(
      frames,
      made,
      (found) => tally.finding(`${found}: ${what}`),
      (outcome) => tally.outcome(outcome),
    );
  });
}

function judge(
  frames: readonly ServerFrame[],
  made: FrameCase,
  fail: (found: string) => void,
  count: (outcome: string) => void,
): void {
  const closeAt = frames.findIndex(({ opcode }) => opcode === 8);
  if (closeAt !== -1 && closeAt < frames.length - 1)
    fail(`${frames.length - 1 - closeAt} frames after the close frame`);
  const close = frames[closeAt];
  const code = close === undefined ? undefined : close.payload.length >= 2 ? close.payload.readUInt16BE(0) : 1005;
  count(code === undefined ? 'no close frame' : `close ${code}`);
  if (code !== undefined && code !== 1005 && !CODES.has(code)) fail(`close code ${code}`);
  if (made.code !== undefined && code !== made.code) fail(`close code ${code}, not ${made.code}`);
  const pongs = frames.filter(({ opcode }) => opcode === 10);
  if (made.pong !== undefined && !pongs.some(({ payload }) => payload.equals(made.pong!))) fail('no pong');
  const texts = frames.filter(({ opcode }) => opcode === 1).map(({ payload }) => payload.toString('utf8'));
  if (made.textPong === true && !texts.includes('{"type":"pong"}')) fail('no {"type":"pong"}');
  for (const text of texts) {
    try {
      JSON.parse(text);
    } catch {
      fail(`a text frame that is no JSON: ${text.slice(0, 100)}`);
    }
  }
}

interface Conversation {
  readonly frames: readonly ServerFrame[];
  readonly problem: string | undefined;
  readonly ended: 'closed' | 'hung';
}

async function converse(port: number, path: string, made: FrameCase, random: Random): Promise<Conversation> {
  const socket = connect({ host: '127.0.0.1', port, noDelay: true });
  const reader = new ServerFrames();
  const frames: ServerFrame[] = [];
  let problem: string | undefined;
  let head: Buffer | undefined = Buffer.alloc(0);
  let ended: Conversation['ended'] = 'closed';
  socket.on('error', () => {});
  const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()));
  const open = new Promise<void>((resolve) => {
    socket.on('data', (piece: Buffer) => {
      let bytes = piece;
      if (head !== undefined) {
        head = Buffer.concat([head, piece]);
        const end = head.indexOf('\r\n\r\n');
        if (end === -1) return;
        if (!head.toString('latin1').startsWith('HTTP/1.1 101')) problem = head.toString('latin1', 0, 100);
        bytes = head.subarray(end + 4);
        head = undefined;
        resolve();
      }
      frames.push(...reader.push(bytes));
    });
  });
  socket.write(handshake(path));
  await Promise.race([open, closed]);
  if (made.isDeaf === true) socket.pause();
  for (const piece of made.pieces) {
    if (socket.destroyed || (made.isCutOff === true && random.chance(0.1))) break;
    socket.write(piece);
    if (random.chance(0.02)) await pause(1);
  }
  if (made.isDeaf === true) {
    await pause(20);
    socket.resume();
  }
  if (made.isCutOff === true) socket.destroy();
  else if (!made.closesItself) socket.write(clientFrame({ opcode: 8, payload: Buffer.from([3, 232]) }));
  const timer = setTimeout(() => {
    ended = 'hung';
    socket.destroy();
  }, PATIENCE_MS);
  await closed;
  clearTimeout(timer);
  return { frames, problem: problem ?? reader.problem, ended };
}

interface FrameCase {
  readonly what: string;
  readonly pieces: readonly Buffer[];
  /** The hub ends it, or the pieces do. */
  readonly closesItself?: boolean;
  readonly isCutOff?: boolean;
  /** Reads nothing while it sends. */
  readonly isDeaf?: boolean;
  /** Close code that has to come. */
  readonly code?: number;
  readonly pong?: Buffer;
  readonly textPong?: boolean;
}

function anyFrames(random: Random): FrameCase {
  const text = (content: string) => clientFrame({ opcode: 1, payload: Buffer.from(content) });
  switch (random.int(0, 15)) {
    case 0:
      return {
        what: 'unmasked',
        pieces: [clientFrame({ opcode: 1, payload: Buffer.from('hi'), masked: false })],
        closesItself: true,
        code: 1002,
      };
    case 1:
      return {
        what: 'reserved bits',
        pieces: [clientFrame({ opcode: random.pick([1, 2, 9]), rsv: random.int(1, 7) })],
        closesItself: true,
        code: 1002,
      };
    case 2:
      return {
        what: 'reserved opcode',
        pieces: [clientFrame({ opcode: random.pick([3, 4, 5, 6, 7, 11, 12, 13, 14, 15]) })],
        closesItself: true,
        code: 1002,
      };
    case 3:
      return {
        what: 'oversized',
        pieces: [clientFrame({ opcode: 1, claimedLength: random.pick([4097n, 65_536n, 2n ** 31n, 2n ** 53n - 1n]) })],
        closesItself: true,
        code: 1009,
      };
    case 4:
      return {
        what: 'absurd length',
        pieces: [clientFrame({ opcode: 2, claimedLength: random.pick([2n ** 53n, 2n ** 63n, 2n ** 64n - 1n]) })],
        closesItself: true,
        code: 1009,
      };
    case 5:
      return {
        what: 'long control',
        pieces: [clientFrame({ opcode: random.pick([8, 9, 10]), payload: random.bytes(random.int(126, 300)) })],
        closesItself: true,
        code: 1002,
      };
    case 6:
      return {
        what: 'fragmented control',
        pieces: [clientFrame({ opcode: random.pick([8, 9, 10]), fin: false })],
        closesItself: true,
        code: 1002,
      };
    case 7:
      return {
        what: 'invalid UTF-8',
        pieces: [
          clientFrame({
            opcode: 1,
            payload: random.pick([
              Buffer.from([0xff]),
              Buffer.from([0xed, 0xa0, 0x80]),
              Buffer.from([0xc0, 0x80]),
              Buffer.from([0xf4, 0x90, 0x80, 0x80]),
            ]),
          }),
        ],
        closesItself: true,
        code: 1007,
      };
    case 8: {
      const count = random.int(1, 40);
      const fragments = Array.from({ length: count }, (_, i) =>
        clientFrame({ opcode: i === 0 ? 1 : 0, fin: i === count - 1, payload: Buffer.from('x') }),
      );
      return { what: 'fragments', pieces: fragments };
    }
    case 9:
      return {
        what: 'continuation of nothing',
        pieces: [clientFrame({ opcode: 0, payload: Buffer.from('x') })],
        closesItself: true,
        code: 1002,
      };
    case 10: {
      const payload = random.bytes(random.int(0, 125));
      return { what: 'ping', pieces: [clientFrame({ opcode: 9, payload })], pong: payload };
    }
    case 11: {
      const count = random.int(50, 3000);
      const ping = random.chance(0.5)
        ? clientFrame({ opcode: 9, payload: Buffer.alloc(125) })
        : text('{"type":"ping"}');
      return {
        what: 'flood of pings',
        pieces: [Buffer.concat(Array.from({ length: count }, () => ping))],
        isDeaf: random.chance(0.5),
        isCutOff: true,
      };
    }
    case 12: {
      const code = random.pick([999, 1000, 1001, 1004, 1005, 1006, 1011, 1015, 1016, 2999, 3000, 4999, 5000, 65_535]);
      const payload = Buffer.concat([
        Buffer.from([code >> 8, code & 0xff]),
        random.pick([Buffer.alloc(0), Buffer.from('bye'), Buffer.from([0xff])]),
      ]);
      return {
        what: `close ${code}`,
        pieces: [
          clientFrame({ opcode: 8, payload: random.chance(0.1) ? payload.subarray(0, 1) : payload }),
          text('after the end'),
          random.bytes(50),
        ],
        closesItself: true,
      };
    }
    case 13:
      return { what: 'noise', pieces: [random.bytes(random.int(1, 2000))], isCutOff: true };
    case 14:
      return {
        what: 'texts',
        pieces: random.list(1, 10, () => text(hostileText(random, 300).toWellFormed())),
        isCutOff: random.chance(0.3),
      };
    default:
      return {
        what: 'application ping',
        pieces: [text(random.pick(['{"type":"ping"}', ' { "type" : "ping" , "n":1}']))],
        textPong: true,
      };
  }
}
