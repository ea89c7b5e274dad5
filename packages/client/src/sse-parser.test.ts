import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type SseItem, SseParser } from './sse-parser.ts';

/** The standard's algorithm as it stands there, over the whole text at once. */
function reference(text: string): SseItem[] {
  const items: SseItem[] = [];
  const lines = (text.startsWith('\ufeff') ? text.slice(1) : text).split(/\r\n|\r|\n/);
  lines.pop();
  let data: string[] = [];
  let event = '';
  let id = '';
  let idInBlock = false;
  for (const line of lines) {
    if (line === '') {
      if (data.length > 0) items.push({ type: 'event', event: event || 'message', data: data.join('\n'), id });
      else if (idInBlock) items.push({ type: 'id', id });
      data = [];
      event = '';
      idInBlock = false;
      continue;
    }
    if (line.startsWith(':')) continue;
    const [, name, value = ''] = /^([^:]*)(?:: ?(.*))?$/s.exec(line)!;
    if (name === 'data') data.push(value);
    if (name === 'event') event = value;
    if (name === 'retry' && /^[0-9]+$/.test(value)) items.push({ type: 'retry', ms: Number(value) });
    if (name === 'id' && !value.includes('\0')) {
      id = value;
      idInBlock = true;
    }
  }
  return items;
}

/** What the parser makes of these pieces of bytes, decoded as a tail decodes them. */
function parse(pieces: readonly Uint8Array[], maxBlockChars?: number): SseItem[] {
  const parser = new SseParser({ maxBlockChars });
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
  return pieces.flatMap((piece) => parser.push(decoder.decode(piece, { stream: true })));
}

function parseText(text: string, maxBlockChars?: number): SseItem[] {
  return parse([new TextEncoder().encode(text)], maxBlockChars);
}

const event = (data: string, id = '', name = 'message'): SseItem => ({ type: 'event', event: name, data, id });

const STREAMS: readonly (readonly [string, string, readonly SseItem[]])[] = [
  ['one event', 'data: a\n\n', [event('a')]],
  ['an event with id and name', 'event: gap\nid: 7\ndata: {}\n\n', [event('{}', '7', 'gap')]],
  ['the id stays for later blocks', 'id: 7\ndata: a\n\ndata: b\n\n', [event('a', '7'), event('b', '7')]],
  ['an id alone', 'id: 7\n\n', [{ type: 'id', id: '7' }]],
  ['an empty id takes it back', 'id: 7\ndata: a\n\nid\ndata: b\n\n', [event('a', '7'), event('b')]],
  ['the name does not stay', 'event: x\ndata: a\n\ndata: b\n\n', [event('a', '', 'x'), event('b')]],
  ['a name without data is nothing', 'event: x\n\ndata: b\n\n', [event('b')]],
  ['data in several lines', 'data: a\ndata:\ndata: c\n\n', [event('a\n\nc')]],
  ['empty data is data', 'data\n\ndata:\n\n', [event(''), event('')]],
  ['one blank after the colon goes', 'data:  a \n\ndata:b\n\n', [event(' a '), event('b')]],
  ['CR', 'data: a\r\rdata: b\r\r', [event('a'), event('b')]],
  ['CRLF', 'id: 1\r\ndata: a\r\n\r\ndata: b\r\n\r\n', [event('a', '1'), event('b', '1')]],
  ['line ends mixed', 'data: a\rdata: b\r\n\ndata: c\n\r\n', [event('a\nb'), event('c')]],
  ['comments', ': ping\n\n:\ndata: a\n: x\ndata: b\n\n', [event('a\nb')]],
  ['a BOM at the start', '\ufeffdata: a\n\n', [event('a')]],
  ['only one BOM', '\ufeff\ufeffdata: a\n\ndata: b\n\n', [event('b')]],
  ['a BOM later is text', 'data: a\n\n\ufeffdata: b\n\ndata: \ufeffc\n\n', [event('a'), event('\ufeffc')]],
  [
    'retry',
    'retry: 1500\nid: 3\n\n',
    [
      { type: 'retry', ms: 1500 },
      { type: 'id', id: '3' },
    ],
  ],
  ['a retry that is no number', 'retry: 1.5\nretry: -1\nretry: 1e3\nretry:\nretry: 5 \n\n', []],
  ['an id with NUL', 'id: 1\ndata: a\n\nid: 2\0\ndata: b\n\n', [event('a', '1'), event('b', '1')]],
  ['fields that nobody knows', 'dat: a\nDATA: b\n data: c\ndata : d\n\n', []],
  ['colons in the value', 'data: a: b:c\n\n', [event('a: b:c')]],
  ['characters of two, three and four bytes', 'data: grüße 日本 🛰️\nid: ü\n\n', [event('grüße 日本 🛰️', 'ü')]],
  ['line ends of Unicode are text', 'data: a\u2028b\u0085c\v\f\n\n', [event('a\u2028b\u0085c\v\f')]],
  ['a block that does not end', 'data: a\n\nid: 9\ndata: b\n', [event('a')]],
  ['a line that does not end', 'data: a\n\ndata: b', [event('a')]],
];

describe('SseParser', () => {
  it.each(STREAMS)('%s', (_name, text, items) => {
    expect(parseText(text)).toEqual(items);
    expect(reference(text)).toEqual(items);
  });

  it.each(STREAMS)('%s, cut at every byte', (_name, text, items) => {
    const bytes = new TextEncoder().encode(text);
    for (let cut = 0; cut <= bytes.length; cut++) {
      expect(parse([bytes.subarray(0, cut), bytes.subarray(cut)])).toEqual(items);
    }
    expect(parse([...bytes].map((byte) => Uint8Array.of(byte)))).toEqual(items);
  });

  it('reads anything as the standard does, however it is cut', () => {
    const token = fc.constantFrom(
      '\n',
      '\n',
      '\r',
      '\r\n',
      '\n\n',
      ':',
      ' ',
      'data',
      'data: ',
      'data:x',
      'event: gap',
      'id: 7',
      'id',
      'retry: 20',
      '\0',
      '\ufeff',
      'é',
      '🛰️',
    );
    const text = fc.array(token, { maxLength: 60 }).map((tokens) => tokens.join(''));
    fc.assert(
      fc.property(text, fc.array(fc.nat(200), { maxLength: 12 }), (stream, cuts) => {
        const bytes = new TextEncoder().encode(stream);
        const at = [0, ...cuts.map((cut) => Math.min(cut, bytes.length)).sort((a, b) => a - b), bytes.length];
        const pieces = at.slice(1).map((end, i) => bytes.subarray(at[i], end));
        expect(parse(pieces)).toEqual(reference(stream));
      }),
      { numRuns: 2000 },
    );
  });

  describe('a block over the bound', () => {
    const big = `id: 5\ndata: ${'x'.repeat(200)}\n\n`;

    it('is skipped and reported, and the stream goes on', () => {
      expect(parseText(`data: a\n\n${big}data: b\n\n`, 100)).toEqual([
        event('a'),
        { type: 'oversize', chars: 211, id: '5' },
        event('b', '5'),
      ]);
    });

    it('is the same at every cut', () => {
      const bytes = new TextEncoder().encode(`data: a\r\n\r\n${big.replaceAll('\n', '\r\n')}data: b\r\n\r\n`);
      for (let cut = 0; cut <= bytes.length; cut++) {
        const items = parse([bytes.subarray(0, cut), bytes.subarray(cut)], 100);
        expect(items.map((item) => item.type)).toEqual(['event', 'oversize', 'event']);
      }
    });

    it('still sets the id that follows its data', () => {
      expect(parseText(`data: ${'x'.repeat(5000)}\nid: 6\nretry: 9\n\n`, 100)).toEqual([
        { type: 'retry', ms: 9 },
        { type: 'oversize', chars: expect.any(Number), id: '6' },
      ]);
    });

    it('may be many short lines', () => {
      expect(parseText(`${'data: xxxx\n'.repeat(50)}\n`, 100)).toMatchObject([{ type: 'oversize' }]);
    });

    it('may be one that is exactly as large as allowed, and is not skipped then', () => {
      expect(parseText(`data: ${'x'.repeat(94)}\n\n`, 100)).toMatchObject([{ type: 'event' }]);
      expect(parseText(`data: ${'x'.repeat(95)}\n\n`, 100)).toMatchObject([{ type: 'oversize' }]);
    });

    it('is not what many pings in one block make', () => {
      expect(parseText(`${': ping\n'.repeat(100)}data: a\n\n`, 100)).toEqual([event('a')]);
    });

    it('holds no memory while a line goes on for ever', () => {
      setFlagsFromString('--expose-gc');
      const collectGarbage = runInNewContext('gc') as () => void;
      const parser = new SseParser({ maxBlockChars: 10_000 });
      const bytes = Buffer.alloc(1_000_000, 'x');
      collectGarbage();
      const before = process.memoryUsage().heapUsed;
      for (let i = 0; i < 100; i++) parser.push(bytes.toString('latin1'));
      collectGarbage();
      expect(process.memoryUsage().heapUsed - before).toBeLessThan(10_000_000);
      expect(parser.push('\n\ndata: a\n\n')).toEqual([{ type: 'oversize', chars: 1e8, id: '' }, event('a')]);
    });
  });

  it('takes a large event in many small pieces without copying it each time', () => {
    const parser = new SseParser();
    parser.push('data: ');
    for (let i = 0; i < 200_000; i++) parser.push('0123456789');
    const [item] = parser.push('\n\n');
    expect(item?.type === 'event' && item.data.length).toBe(2_000_000);
  });

  it.each([0, -1, 1.5, Number.NaN])('refuses a bound of %s', (maxBlockChars) => {
    expect(() => new SseParser({ maxBlockChars })).toThrow(/maxBlockChars/);
  });
});
