/**
 * Reads one answer of HTTP/1.1 (RFC 9112) from pieces of any size. Own code and not `node:http`: that would cost the single file
 * 12 MB.
 */

import { CheckFailure } from './check-failure.ts';

/** Bytes of status line and headers, and of one line within a chunked body; more is no server that is well. */
const MAX_HEAD_BYTES = 64 * 1024;

/** More of a body is not read: a health check that answers with more is judged by its beginning. */
const MAX_BODY_BYTES = 1024 * 1024;

export interface Answer {
  readonly statusCode: number;
  readonly location: string | undefined;
  readonly body: string | undefined;
  readonly bodyCut: boolean;
}

export interface ReadOptions {
  /** Not so after a HEAD. */
  readonly hasBody: boolean;
  /** Whether the text is wanted. */
  readonly keepBody: boolean;
  /** Called when status and headers are there. */
  readonly onHead: () => void;
}

interface Head {
  readonly statusCode: number;
  readonly headers: ReadonlyMap<string, string>;
}

export class AnswerReader {
  readonly #next: () => Promise<Buffer | undefined>;
  #held: Buffer = Buffer.alloc(0);

  /** @param next - the next bytes; undefined at the end */
  constructor(next: () => Promise<Buffer | undefined>) {
    this.#next = next;
  }

  /** @throws {CheckFailure} where it is no answer, or not a whole one */
  async read({ hasBody, keepBody, onHead }: ReadOptions): Promise<Answer> {
    let head = await this.#head();
    // "Continue", hints: the answer follows.
    while (head.statusCode < 200 && head.statusCode !== 101) head = await this.#head();
    onHead();
    const { statusCode, headers } = head;
    const body = new Body(keepBody);
    if (hasBody && statusCode !== 101 && statusCode !== 204 && statusCode !== 304) await this.#body(headers, body);
    return { statusCode, location: headers.get('location'), body: body.text, bodyCut: body.isCut };
  }

  async #head(): Promise<Head> {
    const first = await this.#line('the connection was closed without an answer');
    const statusCode = Number(/^HTTP\/1\.[01] (\d{3})(?: |$)/.exec(first)?.[1]);
    if (Number.isNaN(statusCode)) throw notHttp(`it begins with ${JSON.stringify(first.slice(0, 80))}`);
    const headers = new Map<string, string>();
    for (let bytes = 0; ; ) {
      const line = await this.#line();
      if (line === '') return { statusCode, headers };
      bytes += line.length;
      if (bytes > MAX_HEAD_BYTES) throw notHttp(`its headers have more than ${MAX_HEAD_BYTES} bytes`);
      const [, name, value] = /^([^\s:]+):[ \t]*(.*?)[ \t]*$/.exec(line) ?? [];
      if (name === undefined) throw notHttp(`a header is ${JSON.stringify(line.slice(0, 80))}`);
      headers.set(name.toLowerCase(), value!);
    }
  }

  async #body(headers: ReadonlyMap<string, string>, body: Body): Promise<void> {
    const length = headers.get('content-length');
    if (/(?:^|,)\s*chunked$/i.test(headers.get('transfer-encoding') ?? '')) await this.#chunks(body);
    else if (length === undefined) await this.#rest(body);
    else if (!/^\d{1,15}$/.test(length)) throw notHttp(`its length is ${JSON.stringify(length.slice(0, 80))}`);
    else await this.#bytes(Number(length), body);
  }

  /** Until the other side ends. */
  async #rest(body: Body): Promise<void> {
    do {
      body.add(this.#held);
      this.#held = Buffer.alloc(0);
    } while (!body.isCut && (await this.#more()));
  }

  async #chunks(body: Body): Promise<void> {
    while (!body.isCut) {
      const line = await this.#line();
      const size = /^([0-9a-f]{1,8})[ \t]*(?:;|$)/i.exec(line)?.[1];
      if (size === undefined) throw notHttp(`the size of a chunk is ${JSON.stringify(line.slice(0, 80))}`);
      // What may follow the last chunk are further headers, which nobody asks for.
      if (/^0+$/.test(size)) return;
      await this.#bytes(Number.parseInt(size, 16), body);
      if (!body.isCut && (await this.#line()) !== '') throw notHttp('a chunk is longer than it says');
    }
  }

  async #bytes(count: number, body: Body): Promise<void> {
    for (let left = count; left > 0 && !body.isCut; ) {
      if (this.#held.length === 0 && !(await this.#more())) throw brokenOff();
      const piece = this.#held.subarray(0, left);
      this.#held = this.#held.subarray(piece.length);
      left -= piece.length;
      body.add(piece);
    }
  }

  /** A line without its end, in latin1, as headers are. */
  async #line(ifEmpty?: string): Promise<string> {
    for (let searched = 0; ; ) {
      const end = this.#held.indexOf(0x0a, searched);
      if (end !== -1) {
        const line = this.#held.toString('latin1', 0, end);
        this.#held = this.#held.subarray(end + 1);
        return line.endsWith('\r') ? line.slice(0, -1) : line;
      }
      searched = this.#held.length;
      if (searched > MAX_HEAD_BYTES) throw notHttp(`a line has more than ${MAX_HEAD_BYTES} bytes`);
      if (await this.#more()) continue;
      throw searched === 0 && ifEmpty !== undefined ? new CheckFailure('protocol', ifEmpty) : brokenOff();
    }
  }

  /** False at the end. */
  async #more(): Promise<boolean> {
    const piece = await this.#next();
    if (piece === undefined) return false;
    this.#held = this.#held.length === 0 ? piece : Buffer.concat([this.#held, piece]);
    return true;
  }
}

/** What there is of a body, up to the limit. */
class Body {
  readonly #pieces: Buffer[] | undefined;
  #bytes = 0;

  constructor(isKept: boolean) {
    this.#pieces = isKept ? [] : undefined;
  }

  get isCut(): boolean {
    return this.#bytes > MAX_BODY_BYTES;
  }

  get text(): string | undefined {
    return this.#pieces && Buffer.concat(this.#pieces).toString('utf8', 0, Math.min(this.#bytes, MAX_BODY_BYTES));
  }

  add(piece: Buffer): void {
    this.#bytes += piece.length;
    this.#pieces?.push(piece);
  }
}

function notHttp(why: string): CheckFailure {
  return new CheckFailure('protocol', `the answer is not HTTP/1.1: ${why}`);
}

function brokenOff(): CheckFailure {
  return new CheckFailure('protocol', 'the connection was closed within the answer');
}
