/** The thread that writes. It takes batches and a few requests from the hub, and says how far it has come. */

import { statSync } from 'node:fs';
import { type MessagePort, receiveMessageOnPort } from 'node:worker_threads';
import { shrinkHeap } from '../../shrink-heap.ts';
import type { FigureBatch, KeptBatch } from '../figures.ts';
import { OutsideHeap } from '../outside-heap.ts';
import { BatchIdTable } from './batch-id-table.ts';
import { NewerSchemaError, openForWriting } from './database.ts';
import { FigureRetention } from './figure-retention.ts';
import { FigureTables } from './figure-tables.ts';
import { SnapshotTable } from './snapshot-table.ts';
import { type PendingBatch, StoreWriter, type WriterLimits } from './store-writer.ts';
import { WaitingBatches } from './waiting-batches.ts';

export interface WriterData {
  readonly path: string;
  readonly limits: WriterLimits;
  /** See `EmbeddedStoreOptions.startPosition`. */
  readonly startPosition: number;
}

/** What the hub asks of the writer and waits for. */
export interface WriterCalls {
  batchMark(id: string): { taken: number; complete: boolean } | undefined;
  saveSnapshot(id: string, atMs: number, json: string): void;
  listSnapshots(limit: number): string[];
  readSnapshot(id: string): string | undefined;
  keepFigures(batch: FigureBatch): KeptBatch;
  close(): void;
}

export type ToWriter =
  | { readonly kind: 'batch'; readonly batch: PendingBatch }
  | {
      readonly kind: 'call';
      readonly call: number;
      readonly method: keyof WriterCalls;
      readonly args: readonly unknown[];
    };

export type FromWriter =
  | { readonly kind: 'opened'; readonly setAside: { readonly path: string; readonly reason: string } | undefined }
  /** All batches up to this number survive a crash. */
  | { readonly kind: 'committed'; readonly number: number }
  | { readonly kind: 'problem'; readonly message: string | undefined }
  /** A batch that cannot be written at all; it was left out. */
  | { readonly kind: 'refused'; readonly number: number; readonly message: string }
  | { readonly kind: 'size'; readonly bytes: number }
  | { readonly kind: 'result'; readonly call: number; readonly value: unknown; readonly error: string | undefined };

/** How often size and age are looked at. */
const UPKEEP_MS = 1000;

/** How long nothing may have been written before chunks are joined: repacking takes the thread for a quarter of a second. */
const QUIET_MS = 5000;

/** Serves the hub on `port` until it is closed. */
export function serveWriter(port: MessagePort, { path, limits, startPosition }: WriterData): void {
  let writer: StoreWriter | undefined;
  let snapshots: SnapshotTable | undefined;
  let figures: FigureTables | undefined;
  let figureRetention: FigureRetention | undefined;
  let problem: string | undefined;
  let lastWriteMs = 0;
  let isPacked = false;
  let lastBytes = -1;
  const outsideHeap = new OutsideHeap('minor');

  function say(message: FromWriter): void {
    port.postMessage(message);
  }

  function tell(message: string | undefined): void {
    if (message === problem) return;
    problem = message;
    say({ kind: 'problem', message });
  }

  /** Opens the file where it is not open yet; false where that cannot be done now. */
  function open(): boolean {
    if (writer !== undefined) return true;
    try {
      const { db, setAside } = openForWriting(path, { maxBytes: limits.maxBytes });
      writer = new StoreWriter(db, limits, startPosition);
      snapshots = new SnapshotTable(db, limits.snapshotsKept, limits.snapshotsMaxAgeMs);
      figures = new FigureTables(db, new BatchIdTable(db, limits));
      figureRetention = new FigureRetention(db, limits.metricsRetentionMs);
      say({ kind: 'opened', setAside });
      return true;
    } catch (error) {
      tell(error instanceof NewerSchemaError ? error.message : `${path} cannot be opened: ${(error as Error).message}`);
      return false;
    }
  }

  const waiting = new WaitingBatches({
    open,
    commit: (batches) => writer!.commit(batches, Date.now()),
    committed: (batches) => {
      const bytes = batches.reduce((sum, batch) => sum + (batch.bytes?.length ?? 0), 0);
      // The batches, and about as much again for packing them.
      outsideHeap.letGo(bytes * 2);
      lastWriteMs = performance.now();
      isPacked = false;
      tell(undefined);
      say({ kind: 'committed', number: batches.at(-1)!.number });
    },
    refused: ({ number }, message) => say({ kind: 'refused', number, message }),
    failed: (error) => tell(`${path} cannot be written: ${error.message}`),
  });

  const calls: WriterCalls = {
    batchMark: (id) => (open() ? writer!.batchMark(id) : undefined),
    saveSnapshot: (id, atMs, json) => snapshotTable().save(id, atMs, json),
    listSnapshots: (limit) => snapshotTable().list(limit),
    readSnapshot: (id) => snapshotTable().read(id),
    keepFigures: (batch) => {
      if (!open()) throw new Error(problem);
      return figures!.keep(batch, Date.now());
    },
    close: () => {
      clearInterval(upkeepTimer);
      waiting.close();
      writer?.close();
      if (!waiting.isEmpty) throw new Error(problem ?? 'not everything could be written');
    },
  };

  function snapshotTable(): SnapshotTable {
    if (!open()) throw new Error(problem);
    return snapshots!;
  }

  function answer({ call, method, args }: Extract<ToWriter, { kind: 'call' }>): void {
    let value: unknown;
    let error: string | undefined;
    try {
      value = (calls[method] as (...given: unknown[]) => unknown)(...args);
    } catch (thrown) {
      error = (thrown as Error).message;
    }
    say({ kind: 'result', call, value, error });
    if (method === 'close') port.close();
  }

  /** All that has arrived is written in one go: a commit costs the same for one batch and for a hundred. */
  function receive(first: ToWriter): void {
    const requests: Extract<ToWriter, { kind: 'call' }>[] = [];
    let next: ToWriter | undefined = first;
    while (next !== undefined) {
      if (next.kind === 'batch') waiting.add(next.batch);
      else requests.push(next);
      next = (receiveMessageOnPort(port) as { message: ToWriter } | undefined)?.message;
    }
    waiting.write();
    for (const request of requests) answer(request);
  }

  function walBytes(): number {
    return statSync(`${path}-wal`, { throwIfNoEntry: false })?.size ?? 0;
  }

  /** Figures are all that is left to drop, so that it is looked at twice: a long WAL is no reason. */
  function isReallyFull(): boolean {
    return writer!.hasNoRoom(walBytes()) && writer!.emptyWal() && writer!.hasNoRoom(walBytes());
  }

  function upkeep(): void {
    if (!open() || writer === undefined) return;
    try {
      const endMs = performance.now() + UPKEEP_MS / 4;
      while (writer.retain(Date.now(), walBytes()) && performance.now() < endMs);
      while (figureRetention!.tend(Date.now()) && performance.now() < endMs);
      while (isReallyFull() && figureRetention!.shed() && performance.now() < endMs);
      writer.forgetBatchIds(Date.now());
      snapshots!.forget(Date.now());
      if (!isPacked && performance.now() - lastWriteMs > QUIET_MS) isPacked = !writer.repack();
      const bytes = writer.size().fileBytes + walBytes();
      if (bytes !== lastBytes) say({ kind: 'size', bytes });
      lastBytes = bytes;
      // Nothing is waiting to be written, so that this is what tells whether the disk takes anything again.
      if (waiting.isEmpty) tell(undefined);
    } catch (error) {
      tell(`${path} cannot be kept in order: ${(error as Error).message}`);
    }
  }

  const upkeepTimer = setInterval(upkeep, UPKEEP_MS);
  port.on('message', receive);
  upkeep();
  shrinkHeap();
}
