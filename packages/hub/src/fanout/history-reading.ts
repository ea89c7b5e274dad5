/**
 * Readers that want what the ring has no more: they are brought up from history, a piece at a time, until the ring has the
 * rest. A piece is asked for when the socket has taken the one before, so that a slow reader asks slowly.
 */

import type { EventBuffer } from '../buffer/event-buffer.ts';
import type { CatchUp, CatchUpPiece, CatchUpWish } from './catch-up.ts';
import type { Reader } from './reader.ts';

/** What the fan-out does for a reader that is being brought up. */
export interface ReaderCare {
  /** Says where the reader begins. */
  begin(reader: Reader): void;
  /** Serves the reader from where it is now. */
  goOn(reader: Reader): void;
  /** The same, once others had their turn. */
  goOnLater(reader: Reader): void;
  /** Writes rows; false when the socket is full with them. */
  writeRows(reader: Reader, piece: CatchUpPiece): boolean;
  /** Tells the reader what is missing between its place and a position; false when the socket is full with it. */
  tellGap(reader: Reader, toPosition: number, reason: 'expired' | 'lagged'): boolean;
}

/** Text that is asked for at a time: enough that asking costs little beside it, and what a socket takes in one go. */
const PIECE_BYTES = 256 * 1024;

export class HistoryReading {
  readonly #buffer: EventBuffer;
  readonly #catchUp: CatchUp;
  readonly #care: ReaderCare;

  constructor(buffer: EventBuffer, catchUp: CatchUp, care: ReaderCare) {
    this.#buffer = buffer;
    this.#catchUp = catchUp;
    this.#care = care;
  }

  /** The ring has not all that a reader wants to begin with: asks where the last `left` before it begin. */
  findStart(reader: Reader, left: number): void {
    if (reader.asking !== undefined) return;
    const tail = Number.isFinite(left) ? left : undefined;
    void this.#ask(reader, (wish) => this.#catchUp.start(tail, wish)).then((position) => {
      if (reader.state === 'closed') return;
      if (position !== undefined) {
        reader.position = Math.min(position, reader.position);
        reader.fromHistory = reader.position < this.#buffer.evictedTo;
      }
      this.#care.begin(reader);
      this.#care.goOn(reader);
    });
  }

  /** The next piece; or, where the ring has the rest, on with that. */
  readOn(reader: Reader): void {
    const buffer = this.#buffer;
    if (reader.asking !== undefined) return;
    if (reader.position >= buffer.evictedTo) {
      reader.fromHistory = false;
      reader.cursor = buffer.indexAfter(reader.position);
      this.#care.goOn(reader);
      return;
    }
    void this.#ask(reader, (wish) => this.#catchUp.read(reader.position, PIECE_BYTES, wish)).then((piece) => {
      if (reader.state === 'closed') return;
      if (piece === undefined) this.#giveUp(reader);
      else if (this.#give(reader, piece)) this.#care.goOnLater(reader);
    });
  }

  /** False when the socket is full: what it could not take with a gap is asked for again. */
  #give(reader: Reader, piece: CatchUpPiece): boolean {
    if (piece.droppedTo > reader.position) {
      // Retention has eaten part of what the reader has not seen.
      const gapWritten = this.#care.tellGap(reader, piece.droppedTo, 'expired');
      reader.position = piece.droppedTo;
      if (!gapWritten) return false;
    }
    reader.position = Math.max(reader.position, piece.reached);
    return this.#care.writeRows(reader, piece);
  }

  /** History cannot be read: on with what the ring has. */
  #giveUp(reader: Reader): void {
    const to = this.#buffer.evictedTo;
    reader.fromHistory = false;
    const gapWritten = to <= reader.position || this.#care.tellGap(reader, to, 'lagged');
    reader.cursor = this.#buffer.indexAfter(to);
    reader.position = to;
    if (gapWritten) this.#care.goOn(reader);
  }

  /** Asks for a reader; undefined where history cannot answer. */
  async #ask<T>(reader: Reader, ask: (wish: CatchUpWish) => Promise<T>): Promise<T | undefined> {
    const { encoding, selection } = reader.group.kind;
    const { backlog } = reader;
    const inBacklog = backlog !== undefined && reader.position < backlog.untilPosition;
    const { evictedTo } = this.#buffer;
    reader.asking = new AbortController();
    try {
      return await ask({
        selection,
        format: encoding.format,
        raw: encoding.raw,
        sinceMs: inBacklog ? backlog.sinceMs : undefined,
        until: inBacklog ? Math.min(evictedTo, backlog.untilPosition) : evictedTo,
        signal: reader.asking.signal,
      });
    } catch {
      // Whoever fills the contract has said why; for the reader it is a gap.
      return undefined;
    } finally {
      reader.asking = undefined;
    }
  }
}
