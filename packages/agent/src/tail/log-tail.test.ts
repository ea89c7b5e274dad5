/** The tail over real files, with a sink in place of a hub. Rotation by real logrotate with `kill -9` is in `test/agent`. */

import {
  appendFileSync,
  copyFileSync,
  linkSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmSync,
  truncateSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { COPY_SEARCH_MS, MAX_LINE_BYTES, PARTIAL_WAIT_MS, ROTATE_WAIT_MS } from './limits.ts';
import { setupTail } from './recording-sink.fixture.ts';

const numbered = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, i) => `{"message":"line ${from + i}, and some text that makes it longer"}`);
const text = (lines: readonly string[]) => lines.map((line) => `${line}\n`).join('');

/** Resolves when these files are open, which they are by the tail: from then on they may be renamed and removed. */
async function opened(...files: readonly string[]): Promise<void> {
  const open = () =>
    readdirSync('/proc/self/fd').flatMap((fd) => {
      try {
        return [readlinkSync(`/proc/self/fd/${fd}`)];
      } catch {
        // The one by which the list was read.
        return [];
      }
    });
  await expect.poll(open).toEqual(expect.arrayContaining([...files]));
}

/** Long enough for a line that should not come to come. */
const QUIET_MS = 1_500;

describe.concurrent('lines', () => {
  test('a file is read from its beginning, and on as it grows; its lines carry app and file name', async () => {
    await using setup = setupTail();
    const { sink, path } = setup;
    writeFileSync(path('app.log'), text(numbered(1, 3)));
    await setup.start('app.log');
    await sink.until(3);
    appendFileSync(path('app.log'), text(numbered(4, 5)));
    expect(await sink.until(5)).toEqual(numbered(1, 5));
    expect(sink.lines[0]).toMatchObject({ app: 'shop', source: 'app.log' });
  });

  test('a file that comes late, in a folder that comes late, is found', async () => {
    await using setup = setupTail();
    await setup.start('*/deep/*.log');
    mkdirSync(setup.path('a/deep'), { recursive: true });
    writeFileSync(setup.path('a/deep/x.log'), text(numbered(1, 2)));
    writeFileSync(setup.path('a/deep/x.txt'), 'not this one\n');
    expect(await setup.sink.until(2)).toEqual(numbered(1, 2));
  });

  test('a line without its end waits for it, and goes out marked where it never comes', async () => {
    await using setup = setupTail();
    const { sink, path } = setup;
    writeFileSync(path('app.log'), 'begun and');
    await setup.start('app.log');
    await sleep(QUIET_MS);
    expect(sink.texts).toEqual([]);
    appendFileSync(path('app.log'), ' ended\nbegun again');
    expect(await sink.until(1)).toEqual(['begun and ended']);
    await sleep(QUIET_MS);
    setup.skip(PARTIAL_WAIT_MS);
    expect(JSON.parse((await sink.until(2))[1]!)).toEqual({ message: 'begun again', partial: true });
    appendFileSync(path('app.log'), ', after all\n');
    expect((await sink.until(3))[2]).toBe(', after all');
  });

  test('a line of megabytes is cut on a character, says how long it was, and holds up nothing', async () => {
    await using setup = setupTail();
    const long = '€'.repeat(1_000_000);
    writeFileSync(setup.path('app.log'), `before\n${long}\nafter\n`);
    await setup.start('app.log');
    const [before, cut, after] = await setup.sink.until(3);
    expect([before, after]).toEqual(['before', 'after']);
    const { message, truncated_bytes: bytes } = JSON.parse(cut!) as { message: string; truncated_bytes: number };
    expect(bytes).toBe(3_000_001);
    expect(message).toBe('€'.repeat(Math.floor(MAX_LINE_BYTES / 3)));
  });

  test('bytes that are no UTF-8, empty lines and carriage returns stay as they are', async () => {
    await using setup = setupTail();
    writeFileSync(
      setup.path('app.log'),
      Buffer.concat([Buffer.from('a\r\n\n'), Buffer.from([0xff, 0xfe, 0x41, 0x0a])]),
    );
    await setup.start('app.log');
    expect(await setup.sink.until(3)).toEqual(['a\r', '', '\ufffd\ufffdA']);
  });

  test('a stack trace is one event, at the end of a file as in its middle', async () => {
    await using setup = setupTail();
    const trace = 'Error: boom\n    at f (a.js:1:2)\n';
    writeFileSync(setup.path('app.log'), `start\n${trace}`);
    await setup.start('app.log');
    await setup.sink.until(2);
    appendFileSync(setup.path('app.log'), 'Error: twice\n    at g (b.js:3:4)\nnext\n');
    const lines = await setup.sink.until(4);
    expect(lines[0]).toBe('start');
    expect(JSON.parse(lines[1]!)).toEqual({ message: 'Error: boom\n    at f (a.js:1:2)' });
    expect(JSON.parse(lines[2]!)).toEqual({ message: 'Error: twice\n    at g (b.js:3:4)' });
    expect(lines[3]).toBe('next');
  });
});

describe.concurrent('rotation', () => {
  test('a renamed file is read to its end while its writer goes on, then the new one', async () => {
    await using setup = setupTail();
    const { sink, path } = setup;
    writeFileSync(path('app.log'), text(numbered(1, 2)));
    const tail = await setup.start('app.log');
    await sink.until(2);
    renameSync(path('app.log'), path('app.log.1'));
    // Long enough for it to have looked, which it does in vain.
    await sleep(700);
    appendFileSync(path('app.log.1'), text(numbered(3, 4)));
    writeFileSync(path('app.log'), text(numbered(5, 6)));
    await sink.until(6);
    expect(new Set(sink.texts)).toEqual(new Set(numbered(1, 6)));
    setup.skip(ROTATE_WAIT_MS);
    await expect.poll(() => tail.status().files.length).toBe(1);
  });

  test.each(['app.log', 'app.log*'])(
    'a copy that was made before the file was truncated is not read twice (%s)',
    async (pattern) => {
      await using setup = setupTail();
      const { sink, path } = setup;
      writeFileSync(path('app.log'), text(numbered(1, 50)));
      await setup.start(pattern);
      await sink.until(50);
      copyFileSync(path('app.log'), path('app.log.1'));
      truncateSync(path('app.log'));
      appendFileSync(path('app.log'), text(numbered(51, 60)));
      await sink.until(60);
      await sleep(QUIET_MS);
      expect(sink.texts).toEqual(numbered(1, 60));
    },
  );

  test('what was written between the last look and the truncation is read from the copy', async () => {
    await using setup = setupTail();
    const { sink, path } = setup;
    writeFileSync(path('app.log'), text(numbered(1, 50)));
    await setup.start('app.log');
    await sink.until(50);
    appendFileSync(path('app.log'), text(numbered(51, 55)));
    copyFileSync(path('app.log'), path('app.log.1'));
    truncateSync(path('app.log'));
    // Longer than before, so that its size says nothing.
    appendFileSync(path('app.log'), text(numbered(56, 200)));
    await sink.until(200);
    expect(sink.texts).toHaveLength(200);
    expect(new Set(sink.texts)).toEqual(new Set(numbered(1, 200)));
  });

  test('a file that begins like another one is a file of its own', async () => {
    await using setup = setupTail();
    const { sink, path } = setup;
    const header = `# ${'the same long header in each file '.repeat(40)}`;
    writeFileSync(path('app.log'), text([header, ...numbered(1, 5)]));
    await setup.start('app.log*');
    await sink.until(6);
    writeFileSync(path('app.log.1'), text([header, ...numbered(6, 9)]));
    await sink.until(11);
    // The same file, truncated and longer than before, with the same header.
    writeFileSync(path('app.log'), text([header, ...numbered(10, 30)]));
    await sink.until(33);
    expect(sink.texts.filter((line) => line === header)).toHaveLength(3);
    expect(new Set(sink.texts)).toEqual(new Set([header, ...numbered(1, 30)]));
  });

  test('a hole before the first line, left by a writer that does not append, is no line', async () => {
    await using setup = setupTail();
    const { sink, path } = setup;
    writeFileSync(path('app.log'), Buffer.concat([Buffer.alloc(1_000_000), Buffer.from(text(numbered(1, 2)))]));
    await setup.start('app.log');
    expect(await sink.until(2)).toEqual(numbered(1, 2));
  });

  test('a file under two names is read once', async () => {
    await using setup = setupTail();
    const { sink, path } = setup;
    writeFileSync(path('a.log'), text(numbered(1, 3)));
    linkSync(path('a.log'), path('b.log'));
    await setup.start('*.log');
    await sink.until(3);
    await sleep(QUIET_MS);
    expect(sink.texts).toEqual(numbered(1, 3));
  });

  test('packed files that nobody has read are read where the pattern has them, and packed ones that were read are not', async () => {
    await using setup = setupTail();
    const { sink, path } = setup;
    writeFileSync(path('app.log.2.gz'), gzipSync(text(numbered(1, 4))));
    writeFileSync(path('app.log'), text(numbered(5, 6)));
    await setup.start('app.log*');
    await sink.until(6);
    renameSync(path('app.log'), path('app.log.1'));
    writeFileSync(path('app.log'), text(numbered(7, 8)));
    await sink.until(8);
    writeFileSync(path('app.log.1.gz'), gzipSync(readFileSync(path('app.log.1'))));
    unlinkSync(path('app.log.1'));
    await sleep(2 * QUIET_MS);
    expect(new Set(sink.texts)).toEqual(new Set(numbered(1, 8)));
    expect(sink.texts).toHaveLength(8);
  });
});

test('a packed file that is damaged is said once, its readable lines come once, and all else goes on', async () => {
  await using setup = setupTail();
  const { sink, path } = setup;
  const packed = gzipSync(text(Array.from({ length: 20_000 }, (_, i) => `${i} ${Math.random()}`)));
  packed.fill(0, packed.length - 1_000);
  writeFileSync(path('app.log.1.gz'), packed);
  writeFileSync(path('app.log'), '{"message":"live"}\n');
  const first = await setup.start('app.log*');
  await expect.poll(() => setup.warnings.length).toBe(1);
  expect(setup.warnings[0]).toMatch(/app\.log\.1\.gz cannot be read on/);
  await sleep(QUIET_MS);
  await first.stop();
  await setup.start('app.log*');
  appendFileSync(path('app.log'), '{"message":"later"}\n');
  await expect.poll(() => sink.texts.includes('{"message":"later"}')).toBe(true);
  await sleep(QUIET_MS);
  expect(new Set(sink.texts).size).toBe(sink.texts.length);
  expect(setup.warnings).toHaveLength(1);
});

describe.concurrent('over a restart', () => {
  test('reading goes on where it was acknowledged', async () => {
    await using setup = setupTail();
    const { sink, path } = setup;
    writeFileSync(path('app.log'), text(numbered(1, 3)));
    const first = await setup.start('app.log');
    await sink.until(3);
    await first.stop();
    appendFileSync(path('app.log'), text(numbered(4, 6)));
    await setup.start('app.log');
    expect(await sink.until(6)).toEqual(numbered(1, 6));
  });

  test('a batch that was sent and not acknowledged goes out again as it was, under its id', async () => {
    await using setup = setupTail();
    const { sink, path } = setup;
    const trace = 'Error: boom\n    at f (a.js:1:2)';
    writeFileSync(path('app.log'), text([...numbered(1, 3), trace]));
    const bodies: string[] = [];
    // The hub has it, and its answer gets lost with the agent.
    sink.answer = (batch) => {
      sink.keep(batch);
      bodies.push(`${batch.id}\n${batch.body}`);
      return new Promise(() => {});
    };
    const first = await setup.start('app.log');
    await sink.until(3);
    await first.stop();
    appendFileSync(path('app.log'), text(numbered(5, 6)));
    sink.answer = (batch) => {
      bodies.push(`${batch.id}\n${batch.body}`);
      return 'taken';
    };
    await setup.start('app.log');
    await sink.until(6);
    expect(bodies[1]).toBe(bodies[0]);
    expect(sink.texts).toEqual([...numbered(1, 3), JSON.stringify({ message: trace }), ...numbered(5, 6)]);
  });

  test.each([
    ['renamed', (path: (name: string) => string) => renameSync(path('app.log'), path('app.log.1'))],
    [
      'renamed and packed',
      (path: (name: string) => string) => {
        writeFileSync(path('app.log.1.gz'), gzipSync(readFileSync(path('app.log'))));
        rmSync(path('app.log'));
      },
    ],
    [
      'copied and truncated',
      (path: (name: string) => string) => {
        copyFileSync(path('app.log'), path('app.log.1'));
        truncateSync(path('app.log'));
      },
    ],
    [
      'moved into another folder',
      (path: (name: string) => string) => {
        mkdirSync(path('old'));
        renameSync(path('app.log'), path(join('old', 'app.log-20261121')));
      },
    ],
  ])('what a file had that was %s meanwhile is found, and its unacknowledged batch made again', async (_, rotate) => {
    await using setup = setupTail();
    const { sink, path } = setup;
    writeFileSync(path('app.log'), text(numbered(1, 40)));
    const first = await setup.start('app.log');
    await sink.until(40);
    sink.answer = (batch) => {
      sink.keep(batch);
      return new Promise(() => {});
    };
    appendFileSync(path('app.log'), text(numbered(41, 50)));
    await sink.until(50);
    await first.stop();
    appendFileSync(path('app.log'), text(numbered(51, 60)));
    rotate(path);
    appendFileSync(path('app.log'), text(numbered(61, 65)));
    sink.answer = () => 'taken';
    const second = await setup.start('app.log');
    await sink.until(65);
    await sleep(QUIET_MS);
    expect(new Set(sink.texts)).toEqual(new Set(numbered(1, 65)));
    expect(sink.texts).toHaveLength(65);
    expect(sink.lostLines).toBe(0);
    expect(second.status()).toMatchObject({ linesLost: 0, bytesLost: 0 });
  });

  test('a whole file that came and went meanwhile is read; what was there before the first start is not', async () => {
    await using setup = setupTail();
    const { sink, path } = setup;
    writeFileSync(path('app.log.7'), text(numbered(900, 910)));
    await sleep(2_100);
    writeFileSync(path('app.log'), text(numbered(1, 10)));
    const first = await setup.start('app.log');
    await sink.until(10);
    await first.stop();
    renameSync(path('app.log'), path('app.log.2'));
    writeFileSync(path('app.log.1'), text(numbered(11, 20)));
    writeFileSync(path('app.log'), text(numbered(21, 30)));
    await setup.start('app.log');
    await sink.until(30);
    await sleep(QUIET_MS);
    expect(new Set(sink.texts)).toEqual(new Set(numbered(1, 30)));
    expect(sink.texts).toHaveLength(30);
  });

  test('a batch whose bytes are gone says so, and leaves the places of its lines empty', async () => {
    await using setup = setupTail();
    const { sink, path } = setup;
    writeFileSync(path('app.log'), text(numbered(1, 4)));
    const asked = Promise.withResolvers<void>();
    sink.answer = () => {
      asked.resolve();
      return new Promise(() => {});
    };
    const first = await setup.start('app.log');
    await asked.promise;
    await first.stop();
    writeFileSync(path('app.log'), text(numbered(5, 6)));
    sink.answer = () => 'taken';
    const second = await setup.start('app.log');
    expect(await sink.until(2)).toEqual(numbered(5, 6));
    expect(sink.lostLines).toBe(4);
    expect(second.status().linesLost).toBe(4);
  });

  test('a damaged ledger is put aside and said', async () => {
    await using setup = setupTail();
    const { sink, path } = setup;
    writeFileSync(path('app.log'), text(numbered(1, 2)));
    await (await setup.start('app.log')).stop();
    writeFileSync(join(setup.folder, 'state', 'tail.ledger'), 'this was never a ledger\n');
    await setup.start('app.log');
    await sink.until(2);
    expect(setup.warnings.join()).toMatch(/put aside as .*damaged-\d+; files are read from their beginning/);
  });
});

describe.concurrent('the other side', () => {
  test('a batch that is too large goes out in smaller ones, each line once', async () => {
    await using setup = setupTail();
    const { sink, path } = setup;
    const lines = numbered(1, 60_000);
    writeFileSync(path('app.log'), text(lines));
    sink.answer = (batch) => (batch.body.length > 700_000 ? 'too_large' : 'taken');
    await setup.start('app.log');
    await sink.until(lines.length);
    expect(sink.texts).toEqual(lines);
  });

  test('files that were renamed and removed while it was away are read when it is back', async () => {
    await using setup = setupTail();
    const { sink, path } = setup;
    const back = Promise.withResolvers<'taken'>();
    sink.answer = () => back.promise;
    writeFileSync(path('app.log'), text(numbered(1, 2)));
    const tail = await setup.start('app.log');
    await opened(path('app.log'));
    for (let i = 1; i <= 3; i++) {
      appendFileSync(path('app.log'), text(numbered(10 * i, 10 * i + 4)));
      renameSync(path('app.log'), path('app.log.1'));
      writeFileSync(path('app.log'), '');
      await opened(path('app.log.1'), path('app.log'));
      unlinkSync(path('app.log.1'));
    }
    back.resolve('taken');
    sink.answer = () => 'taken';
    await sink.until(17);
    expect(new Set(sink.texts)).toEqual(
      new Set([1, 10, 20, 30].flatMap((from) => numbered(from, from === 1 ? 2 : from + 4))),
    );
    expect(tail.status().lastAckMs).toBeDefined();
  });

  test.each([
    ['is let go, counted and said', false],
    ['is read from where it was packed', true],
  ])('a removed file that takes too much room while the other side is away %s', async (_, isPacked) => {
    await using setup = setupTail();
    const { sink, path } = setup;
    const back = Promise.withResolvers<'taken'>();
    const asked = Promise.withResolvers<void>();
    sink.answer = () => {
      asked.resolve();
      return back.promise;
    };
    writeFileSync(path('app.log'), text(numbered(1, 2)));
    const tail = await setup.start('app.log', { maxRemovedBytes: 50_000 });
    await asked.promise;
    appendFileSync(path('app.log'), text(numbered(3, 2_000)));
    renameSync(path('app.log'), path('app.log.1'));
    writeFileSync(path('app.log'), '');
    await opened(path('app.log.1'), path('app.log'));
    if (isPacked) writeFileSync(path('app.log.1.gz'), gzipSync(readFileSync(path('app.log.1'))));
    unlinkSync(path('app.log.1'));
    await expect.poll(() => setup.warnings.join()).toMatch(/removed file with \d+ unread bytes was let go/);
    back.resolve('taken');
    sink.answer = () => 'taken';
    if (isPacked) {
      await sink.until(2_000);
      expect(tail.status().bytesLost).toBe(0);
    } else {
      setup.skip(COPY_SEARCH_MS);
      await expect.poll(() => tail.status().bytesLost).toBe(Buffer.byteLength(text(numbered(3, 2_000))));
      expect(sink.texts).toEqual(numbered(1, 2));
    }
  });

  test('a file that pours holds up none that drips', async () => {
    await using setup = setupTail();
    const { sink, path } = setup;
    writeFileSync(path('a.log'), text(numbered(1, 100_000)));
    writeFileSync(path('b.log'), 'a drop\n{"message":"end"}\n');
    let firstBatch: readonly string[] = [];
    sink.answer = (batch) => {
      if (firstBatch.length === 0) firstBatch = batch.body.toString().split('\n');
      return 'taken';
    };
    await setup.start('*.log');
    await sink.until(100_002);
    expect(firstBatch).toContain('a drop');
  });
});
