/**
 * The thread of the spool: writes what the hub hands it to disk, and takes it over into PostgreSQL. Both in one thread, since
 * the one is a few milliseconds of work at a time and the other mostly waits for the network.
 */

import { statSync } from 'node:fs';
import { parentPort, receiveMessageOnPort, workerData } from 'node:worker_threads';
import { describe } from '@flywatch/agent/postgres';
import type { BatchIdLimits } from '../embedded/batch-id-table.ts';
import { NewerSchemaError } from '../embedded/database.ts';
import { WaitingBatches } from '../embedded/waiting-batches.ts';
import type { FromWriter, ToWriter, WriterCalls } from '../embedded/writer-loop.ts';
import { Adopter } from './adopter.ts';
import { FigureRollUp } from './figure-roll-up.ts';
import { FigureWriter } from './figure-writer.ts';
import type { Retention } from './partitions.ts';
import { Shipper } from './shipper.ts';
import { Spool } from './spool.ts';

export interface SpoolData {
  readonly path: string;
  readonly url: string;
  readonly hub: string;
  readonly maxBytes: number;
  readonly batchIds: BatchIdLimits;
  readonly retentionMs: Retention;
}

export interface SpoolCalls extends WriterCalls {
  /** Gives positions to all lines that agents have written so far, and puts all figures into buckets. */
  takeOver(): Promise<void>;
}

/** What only this thread is told. */
export type SpoolTold = { readonly kind: 'reserved'; readonly request: number; readonly first: number | undefined };

/** What only this thread says. */
export type SpoolSaid =
  | { readonly kind: 'server'; readonly away: string | undefined }
  | { readonly kind: 'full'; readonly reason: string | undefined }
  | { readonly kind: 'spooled'; readonly events: number; readonly bytes: number }
  | { readonly kind: 'shipped'; readonly events: number }
  | { readonly kind: 'lost'; readonly message: string }
  /** Rows of agents, which are to be given positions. */
  | { readonly kind: 'foreign'; readonly request: number; readonly batch: Uint8Array };

const UPKEEP_MS = 1000;

/** How often rows that agents wrote are looked for: DESIGN asks for 5 s until live readers have them. */
const TAKE_OVER_MS = 2000;

/** How long a stop waits for the database to have everything: less than SHUTDOWN_TIMEOUT_MS by what else a stop does. What is left stays in the spool. */
const STOP_PATIENCE_MS = 3000;

/** Share of the limit below which the spool counts as having room again, so that it does not change its mind with each batch. */
const ROOM_AGAIN = 0.95;

const port = parentPort!;
const data = workerData as SpoolData;
const { path, url, hub, maxBytes } = data;

let spool: Spool | undefined;
let shipper: Shipper | undefined;
let problem: string | undefined;
let isFull = false;
let isServerThere = false;
let lastRequest = 0;
const reservations = new Map<number, (first: number | undefined) => void>();

const adopter = new Adopter({
  url,
  hub,
  announce: (batch) =>
    new Promise((resolve, reject) => {
      reservations.set(++lastRequest, (first) => {
        if (first === undefined) reject(new Error('there are no positions'));
        else resolve(first);
      });
      say({ kind: 'foreign', request: lastRequest, batch });
    }),
});

const figureWriter = new FigureWriter(url);
const figureRollUp = new FigureRollUp(url, data.retentionMs.vps_metrics);

function say(message: FromWriter | SpoolSaid): void {
  port.postMessage(message);
}

function tell(message: string | undefined): void {
  if (message === problem) return;
  problem = message;
  say({ kind: 'problem', message });
}

/** Opens the file where it is not open yet; false where that cannot be done now. */
function open(): boolean {
  if (spool !== undefined) return true;
  try {
    spool = new Spool(path, data.batchIds);
  } catch (error) {
    tell(error instanceof NewerSchemaError ? error.message : `${path} cannot be opened: ${(error as Error).message}`);
    return false;
  }
  say({ kind: 'opened', setAside: spool.setAside });
  tell(undefined);
  shipper = new Shipper({ url, hub, retentionMs: data.retentionMs }, spool, {
    ready: () => {
      isServerThere = true;
      say({ kind: 'server', away: undefined });
    },
    away: (detail) => {
      isServerThere = false;
      say({ kind: 'server', away: detail });
    },
    shipped: (events) => {
      say({ kind: 'shipped', events });
      measure();
    },
    refused: (message) => say({ kind: 'lost', message }),
  });
  shipper.start();
  measure();
  return true;
}

function measure(): void {
  if (spool === undefined) return;
  say({ kind: 'spooled', events: spool.events, bytes: spool.bytes });
  const full = spool.bytes > maxBytes * (isFull ? ROOM_AGAIN : 1);
  if (full === isFull) return;
  isFull = full;
  const reason = `the spool in front of PostgreSQL has reached ${Math.round(maxBytes / 2 ** 20)} MB; until the database takes it over, what arrives is not kept`;
  say({ kind: 'full', reason: full ? reason : undefined });
}

const waiting = new WaitingBatches({
  open,
  commit: (batches) => spool!.commit(batches, Date.now()),
  committed: (batches) => {
    tell(undefined);
    // Before the word that they are safe: whoever hears that may look how much is in the spool.
    measure();
    say({ kind: 'committed', number: batches.at(-1)!.number });
    shipper?.wake();
  },
  refused: ({ number }, message) => say({ kind: 'refused', number, message }),
  failed: (error) => tell(`${path} cannot be written: ${error.message}`),
});

const calls: { readonly [M in keyof SpoolCalls]: (...args: Parameters<SpoolCalls[M]>) => unknown } = {
  batchMark: (id) => (open() ? spool!.batchMark(id) : undefined),
  saveSnapshot: (id, atMs, json) => opened().snapshots.save(id, atMs, json),
  listSnapshots: (limit) => opened().snapshots.list(limit),
  readSnapshot: (id) => opened().snapshots.read(id),
  keepFigures: async (batch) => {
    // Tables and partitions are made before the server counts as there.
    if (!isServerThere) throw new Error('PostgreSQL is away');
    try {
      return await figureWriter.keep(batch);
    } catch (error) {
      throw new Error(describe(error, url, 'DATABASE_URL'), { cause: error });
    }
  },
  takeOver,
  close: async () => {
    clearInterval(upkeepTimer);
    clearInterval(takeOverTimer);
    waiting.close();
    await shipper?.stop(STOP_PATIENCE_MS);
    adopter.close();
    figureWriter.close();
    figureRollUp.close();
    spool?.close();
    if (!waiting.isEmpty) throw new Error(problem ?? 'not everything could be written');
  },
};

async function takeOver(): Promise<void> {
  if (isServerThere) await Promise.all([adopter.adopt(), figureRollUp.run()]);
}

function opened(): Spool {
  if (!open()) throw new Error(problem);
  return spool!;
}

async function answer({ call, method, args }: Extract<ToWriter, { kind: 'call' }>): Promise<void> {
  let value: unknown;
  let error: string | undefined;
  try {
    value = await (calls[method] as (...given: readonly unknown[]) => unknown)(...args);
  } catch (thrown) {
    error = (thrown as Error).message;
  }
  say({ kind: 'result', call, value, error });
  if (method === 'close') port.close();
}

/** All that has arrived is written in one go: a commit costs the same for one batch and for a hundred. */
function receive(first: ToWriter | SpoolTold): void {
  const requests: Extract<ToWriter, { kind: 'call' }>[] = [];
  let next: ToWriter | SpoolTold | undefined = first;
  while (next !== undefined) {
    if (next.kind === 'batch') waiting.add(next.batch);
    else if (next.kind === 'call') requests.push(next);
    else {
      reservations.get(next.request)?.(next.first);
      reservations.delete(next.request);
    }
    next = (receiveMessageOnPort(port) as { message: ToWriter | SpoolTold } | undefined)?.message;
  }
  waiting.write();
  for (const request of requests) void answer(request);
}

function upkeep(): void {
  if (!open()) return;
  try {
    spool!.upkeep(Date.now());
    const walBytes = statSync(`${path}-wal`, { throwIfNoEntry: false })?.size ?? 0;
    say({ kind: 'size', bytes: spool!.fileBytes() + walBytes });
  } catch (error) {
    tell(`${path} cannot be kept in order: ${(error as Error).message}`);
  }
}

const upkeepTimer = setInterval(upkeep, UPKEEP_MS);
const takeOverTimer = setInterval(() => {
  // The shipper notices a server that has gone away, and says so.
  takeOver().catch(() => {});
}, TAKE_OVER_MS);
port.on('message', receive);
upkeep();
