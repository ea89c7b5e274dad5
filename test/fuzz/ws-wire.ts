/** WebSocket by hand: handshakes and frames that a proper client would not send, and a reader of what comes back. */

import { randomBytes } from 'node:crypto';

/** A handshake; `headers` replace or add to the usual ones, and undefined leaves one out. */
export function handshake(path: string, headers: Readonly<Record<string, string | undefined>> = {}): string {
  const all: Record<string, string | undefined> = {
    Host: '127.0.0.1',
    Connection: 'Upgrade',
    Upgrade: 'websocket',
    'Sec-WebSocket-Version': '13',
    'Sec-WebSocket-Key': randomBytes(16).toString('base64'),
    ...headers,
  };
  const lines = Object.entries(all).flatMap(([name, value]) => (value === undefined ? [] : [`${name}: ${value}`]));
  return `GET ${path} HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n`;
}

export interface FrameParts {
  readonly opcode: number;
  readonly payload?: Buffer;
  readonly fin?: boolean;
  /** Reserved bits, 0 to 7. */
  readonly rsv?: number;
  readonly masked?: boolean;
  /** Announces a length that is not the payload's. */
  readonly claimedLength?: bigint;
  /** Bytes of the length field. @defaultValue the shortest that fits */
  readonly lengthBytes?: 1 | 2 | 8;
}

export function clientFrame(parts: FrameParts): Buffer {
  const { opcode, payload = Buffer.alloc(0), fin = true, rsv = 0, masked = true } = parts;
  const claimed = parts.claimedLength ?? BigInt(payload.length);
  const lengthBytes = parts.lengthBytes ?? (claimed < 126n ? 1 : claimed < 65_536n ? 2 : 8);
  const mask = masked ? 0x80 : 0;
  const head = Buffer.alloc(2 + (lengthBytes === 1 ? 0 : lengthBytes));
  head[0] = (fin ? 0x80 : 0) | (rsv << 4) | (opcode & 0xf);
  if (lengthBytes === 1) head[1] = mask | Number(claimed & 0x7fn);
  else if (lengthBytes === 2) {
    head[1] = mask | 126;
    head.writeUInt16BE(Number(claimed & 0xffffn), 2);
  } else {
    head[1] = mask | 127;
    head.writeBigUInt64BE(BigInt.asUintN(64, claimed), 2);
  }
  if (!masked) return Buffer.concat([head, payload]);
  const key = Buffer.from([0x12, 0x34, 0x56, 0x78]);
  const body = Buffer.from(payload);
  for (let i = 0; i < body.length; i++) body[i]! ^= key[i & 3]!;
  return Buffer.concat([head, key, body]);
}

export interface ServerFrame {
  readonly opcode: number;
  readonly payload: Buffer;
}

/** Reads a server's frames out of pieces, and notices what a server must not send. */
export class ServerFrames {
  #rest: Buffer = Buffer.alloc(0);
  problem: string | undefined;

  push(piece: Buffer): ServerFrame[] {
    this.#rest = this.#rest.length === 0 ? piece : Buffer.concat([this.#rest, piece]);
    const frames: ServerFrame[] = [];
    for (;;) {
      const bytes = this.#rest;
      if (bytes.length < 2) return frames;
      const short = bytes[1]! & 0x7f;
      const header = short < 126 ? 2 : short === 126 ? 4 : 10;
      if (bytes.length < header) return frames;
      const length = short < 126 ? short : short === 126 ? bytes.readUInt16BE(2) : Number(bytes.readBigUInt64BE(2));
      if ((bytes[0]! & 0xf0) !== 0x80) this.problem ??= `a first byte of 0x${bytes[0]!.toString(16)}`;
      if ((bytes[1]! & 0x80) !== 0) this.problem ??= 'a masked frame';
      if (bytes.length < header + length) return frames;
      frames.push({ opcode: bytes[0]! & 0xf, payload: bytes.subarray(header, header + length) });
      this.#rest = bytes.subarray(header + length);
    }
  }

  /** Bytes after the last whole frame. */
  get left(): number {
    return this.#rest.length;
  }
}
