/** From the lines of a ledger to what was known when the last one was written. */

import type { AliasRecord, LedgerRecord, PlannedBatch } from './ledger.ts';
import { Stream } from './stream.ts';

export interface Replayed {
  readonly streams: readonly Stream[];
  readonly aliases: readonly AliasRecord[];
  /** The batch that was sent, or about to be, when the run ended. */
  readonly unacknowledged: PlannedBatch | undefined;
}

export function replay(records: readonly LedgerRecord[]): Replayed {
  const streams = new Map<number, Stream>();
  const aliases = new Map<string, AliasRecord>();
  let plan: PlannedBatch | undefined;
  for (const record of records) {
    switch (record.t) {
      case 'begin':
        break;
      case 'stream':
        streams.set(record.stream.id, new Stream(record.stream));
        break;
      case 'alias':
        aliases.set(record.alias.key, record.alias);
        break;
      case 'forget':
        streams.delete(record.stream);
        break;
      case 'plan':
        // One is on its way at a time: where another one follows, the first has arrived.
        if (plan !== undefined) acknowledge(streams, plan);
        plan = record.batch;
        learn(streams, plan);
        break;
      case 'ack':
        if (plan?.seq === record.seq) {
          acknowledge(streams, plan);
          plan = undefined;
        }
        break;
      case 'withdraw':
        if (plan?.seq === record.seq) plan = undefined;
        break;
    }
  }
  return { streams: [...streams.values()], aliases: [...aliases.values()], unacknowledged: plan };
}

/** What was read for a batch says something about its files, whether it arrived or not. */
function learn(streams: ReadonlyMap<number, Stream>, batch: PlannedBatch): void {
  for (const { stream: id, mark, head } of batch.sections) {
    const stream = streams.get(id);
    if (stream === undefined) continue;
    stream.addMark(mark);
    if (head !== undefined) stream.head = head;
    stream.lastReadMs = batch.atMs;
  }
}

function acknowledge(streams: ReadonlyMap<number, Stream>, batch: PlannedBatch): void {
  for (const { stream: id, to } of batch.sections) {
    const stream = streams.get(id);
    if (stream === undefined) continue;
    stream.acked = to;
    stream.readAt = to;
  }
}
