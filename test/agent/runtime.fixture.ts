/** What the runtime that it is started with makes of `#runtime/…`, as JSON; a test compares Node and Bun. */

import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { zstdDecompressSync } from 'node:zlib';

const runtime = 'Bun' in globalThis ? 'bun' : 'node';
const door = (name: string) => import(`../../packages/agent/src/runtime/${runtime}/${name}.ts`);

const { crc32, sha256 } = await door('checksum');
const { compress, compressApart } = await door('pack');
const { lookup } = await door('lookup');
const { outputOf } = await door('program');
const { askText, isServed, serveText } = await door('text-socket');

const text = 'Grüße, 世界 '.repeat(5000);
const bytes = Buffer.from(text);
const socket = join(tmpdir(), `flywatch-runtime-${process.pid}.sock`);
// A program that ends may take its time on a busy machine; only one that would not end is cut short.
const program = { timeoutMs: 10_000, env: { PATH: process.env.PATH ?? '', GIVEN: 'x' } };
const wasServed = await isServed(socket);
const end = await serveText(socket, () => text);
const isServedNow = await isServed(socket);
const bounds = { maxBytes: 1_000_000, signal: AbortSignal.timeout(5000) };
const told = await Promise.all([1, 2, 3].map(() => askText(socket, bounds)));
const tooMuch = await askText(socket, { ...bounds, maxBytes: 10 }).catch((error: Error) => error.message);
end();

process.stdout.write(
  JSON.stringify({
    sums: [crc32(text), crc32(bytes), crc32(bytes.subarray(9), crc32(bytes.subarray(0, 9))), crc32(''), sha256(text)],
    packed: [compress(bytes), await compressApart(bytes)].map((packed) =>
      sha256(zstdDecompressSync(packed).toString()),
    ),
    addresses: (await lookup('localhost', 4)) as unknown,
    unknown: await lookup('does-not-exist.invalid', 0).then(String, (error: Error) =>
      /ENOTFOUND|EAI_AGAIN/.test(error.message),
    ),
    programs: await Promise.all([
      outputOf('sh', ['-c', 'echo $GIVEN; echo complaint >&2'], program),
      outputOf('sh', ['-c', 'echo half; exit 3'], program),
      outputOf('sleep', ['60'], { ...program, timeoutMs: 300 }),
      outputOf('no-such-program', [], program),
    ]).then((all) => all.map((one) => one ?? null)),
    served: [wasServed, isServedNow, await isServed(socket)],
    told: [...told.map((one: string) => one === text), tooMuch],
  }),
);
process.exit(0);
