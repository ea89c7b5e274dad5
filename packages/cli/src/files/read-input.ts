/** Standard input, into the sink that files go into. */

import { usage } from '../program/cli-error.ts';
import { write } from '../program/output.ts';
import type { FileSink } from './file-output.ts';

/** @param afterPast - called when all was read */
export async function readInput<Sink extends FileSink>(sink: Sink, afterPast: (sink: Sink) => void): Promise<void> {
  if (process.stdin.isTTY === true) throw usage('name a file, or pipe something in; --help shows how');
  for await (const bytes of process.stdin) {
    sink.push(bytes as Buffer);
    await write(sink.take());
  }
  sink.end();
  afterPast(sink);
  await write(sink.take());
}
