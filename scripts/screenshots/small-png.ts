/**
 * A screenshot with a palette of 256 colours: a quarter of the bytes, and of a page nobody sees the difference. Reads what Chromium
 * writes: eight bits a channel, RGB or RGBA, not interlaced.
 */

import { crc32, deflateSync, inflateSync } from 'node:zlib';

const SIGNATURE = Buffer.from('89504e470d0a1a0a', 'hex');
const COLOURS = 256;

/** Of these, so many go to the colours that are most frequent; the others to those that are farthest from all that were chosen. */
const FREQUENT = 176;

/** Points of a colour that is meant, such as a small mark; fewer are the edge of a letter. */
const MEANT = 24;

export function smallPng(png: Buffer): Buffer {
  const { width, height, pixels } = decode(png);
  const { palette, indexOf } = choosePalette(pixels);
  const rows = Buffer.alloc(height * (width + 1));
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) rows[y * (width + 1) + 1 + x] = indexOf(pixels[y * width + x]!);
  }
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 3, 0, 0, 0], 8);
  const colours = Buffer.from(palette.flatMap((rgb) => [rgb >> 16, (rgb >> 8) & 255, rgb & 255]));
  return Buffer.concat([
    SIGNATURE,
    chunk('IHDR', header),
    chunk('PLTE', colours),
    chunk('IDAT', deflateSync(rows, { level: 9 })),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

/** The most frequent colours, and rare ones that nothing frequent is like; every other one becomes the nearest of them. */
function choosePalette(pixels: Uint32Array): { palette: number[]; indexOf: (rgb: number) => number } {
  const counts = new Map<number, number>();
  for (const rgb of pixels) counts.set(rgb, (counts.get(rgb) ?? 0) + 1);
  const byCount = [...counts].sort((a, b) => b[1] - a[1]);
  const palette = byCount.slice(0, FREQUENT).map(([rgb]) => rgb);
  const others = byCount.slice(FREQUENT).filter(([, count]) => count >= MEANT);
  const far = others.map(([rgb]) => ({ rgb, from: Math.min(...palette.map((one) => distance(one, rgb))) }));
  while (palette.length < COLOURS && far.length > 0) {
    const next = far.reduce((best, one) => (one.from > best.from ? one : best));
    palette.push(next.rgb);
    far.splice(far.indexOf(next), 1);
    for (const one of far) one.from = Math.min(one.from, distance(next.rgb, one.rgb));
  }
  const known = new Map(palette.map((rgb, index) => [rgb, index]));
  return {
    palette,
    indexOf: (rgb) => {
      let index = known.get(rgb);
      if (index === undefined) {
        index = palette.reduce((best, one, at) => (distance(one, rgb) < distance(palette[best]!, rgb) ? at : best), 0);
        known.set(rgb, index);
      }
      return index;
    },
  };
}

function distance(a: number, b: number): number {
  const red = (a >> 16) - (b >> 16);
  const green = ((a >> 8) & 255) - ((b >> 8) & 255);
  const blue = (a & 255) - (b & 255);
  return red * red + green * green + blue * blue;
}

function decode(png: Buffer): { width: number; height: number; pixels: Uint32Array } {
  const data: Buffer[] = [];
  let width = 0;
  let height = 0;
  let channels = 3;
  for (let at = SIGNATURE.length; at < png.length; ) {
    const length = png.readUInt32BE(at);
    const type = png.toString('latin1', at + 4, at + 8);
    const body = png.subarray(at + 8, at + 8 + length);
    if (type === 'IHDR') {
      width = body.readUInt32BE(0);
      height = body.readUInt32BE(4);
      channels = body[9] === 6 ? 4 : 3;
    } else if (type === 'IDAT') data.push(body);
    at += length + 12;
  }
  const bytes = inflateSync(Buffer.concat(data));
  const stride = width * channels;
  const pixels = new Uint32Array(width * height);
  let above = new Uint8Array(stride);
  for (let y = 0; y < height; y++) {
    const start = y * (stride + 1);
    const row = unfilter(bytes[start]!, bytes.subarray(start + 1, start + 1 + stride), above, channels);
    for (let x = 0; x < width; x++) {
      const at = x * channels;
      pixels[y * width + x] = (row[at]! << 16) | (row[at + 1]! << 8) | row[at + 2]!;
    }
    above = row;
  }
  return { width, height, pixels };
}

/** One row without its filter: PNG, section 9.2. */
function unfilter(type: number, row: Uint8Array, above: Uint8Array, channels: number): Uint8Array<ArrayBuffer> {
  const out = new Uint8Array(row.length);
  for (let i = 0; i < row.length; i++) {
    const left = out[i - channels] ?? 0;
    const up = above[i]!;
    const corner = i < channels ? 0 : above[i - channels]!;
    const predicted = [0, left, up, (left + up) >> 1, paeth(left, up, corner)][type]!;
    out[i] = row[i]! + predicted;
  }
  return out;
}

function paeth(left: number, up: number, corner: number): number {
  const guess = left + up - corner;
  const [byLeft, byUp, byCorner] = [Math.abs(guess - left), Math.abs(guess - up), Math.abs(guess - corner)];
  if (byLeft <= byUp && byLeft <= byCorner) return left;
  return byUp <= byCorner ? up : corner;
}

function chunk(type: string, body: Buffer): Buffer {
  const head = Buffer.alloc(8);
  head.writeUInt32BE(body.length, 0);
  head.write(type, 4, 'latin1');
  const end = Buffer.alloc(4);
  end.writeUInt32BE(crc32(Buffer.concat([head.subarray(4), body])), 0);
  return Buffer.concat([head, body, end]);
}
