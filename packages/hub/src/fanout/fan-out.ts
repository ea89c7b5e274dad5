/**
 * The fan-out: from the ring to every live reader.
 *
 *   push ─▶ ring ─▶ flush (some ms later, or when much has come)
 *                     │ each group: filter once, encode once, join once
 *                     ├─▶ live readers: the same buffer, one write each
 *                     └─▶ a socket is full: the reader stays behind as a cursor, and reads on by itself when it drains
 *
 * What a reader costs is a socket and a cursor. A reader that stops reading costs nothing more, and a hundred of them
 * delay nobody: a flush skips them. When the ring has passed a reader's cursor, it jumps to the head and is told the gap.
 */

import { formatEventId } from '@flywatch/core';
import type { EventBuffer } from '../buffer/event-buffer.ts';
import { beginReading, positionBefore } from './begin.ts';
import type { CatchUp, CatchUpPiece } from './catch-up.ts';
import { type Clock, REAL_CLOCK } from './clock.ts';
import type { Encoding, Gap } from './encoding.ts';
import { joinFrames } from './frames.ts';
import type { Group } from './group.ts';
import { Groups } from './groups.ts';
import { HistoryReading } from './history-reading.ts';
import { isWithin, type OtherHubs } from './other-hubs.ts';
import { Reader, type Sink } from './reader.ts';
import { listReaders, type RosterEntry } from './roster.ts';
import type { LiveReader, Subscription } from './subscription.ts';
import { searchOn, type TailSearch } from './tail-search.ts';
import { Turns } from './turns.ts';

export interface FanOutOptions {
  readonly buffer: EventBuffer;
  readonly hub: string;
  readonly flushMaxDelayMs: number;
  readonly readersPerFlushMs: number;
  readonly batchMaxBytes: number;
  readonly keepAliveIntervalMs: number;
  readonly stallLimitMs: number;
  /** History; without it, what has left the ring is gone. */
  readonly catchUp?: CatchUp | undefined;
  /** Events that a reader may be behind and still be brought up from history; further back it is told the gap. */
  readonly catchUpMaxEvents?: number;
  /** Other hubs of the group; without it, ids of other hubs say nothing. */
  readonly otherHubs?: OtherHubs | undefined;
  readonly clock?: Clock;
}

/** Bytes that one reader may be given in one turn of the event loop when it catches up, so that others get theirs. */
const CATCH_UP_TURN_BYTES = 1024 * 1024;

/** Events after which a flush does not wait for its timer; a quarter of the ring where that is less. */
const FLUSH_EVENTS = 2048;

export class FanOut {
  readonly #options: FanOutOptions;
  readonly #buffer: EventBuffer;
  readonly #clock: Clock;
  readonly #groups: Groups;
  readonly #flushEvents: number;
  /** Groups that needed more than a turn and go on in turns of their own. */
  readonly #late = new Set<Group>();
  readonly #turns: Turns;
  readonly #history: HistoryReading | undefined;
  #flushTimer: unknown;
  #keepAliveTimer: unknown;
  #flushedTo: number;
  #readers = 0;
  /** Readers whose places are asked for. */
  #arriving = 0;
  #blocked = 0;
  #stopped = false;
  /** Data of pings: what the sources say, for readers of `/logs/stream`. */
  #pingData = '{}';

  /** Counters since start. */
  readonly counters = { deliveries: 0, bytes: 0, gaps: 0, eventsSkipped: 0, stalledClosed: 0 };

  constructor(options: FanOutOptions) {
    this.#options = options;
    this.#buffer = options.buffer;
    this.#clock = options.clock ?? REAL_CLOCK;
    this.#groups = new Groups(options.hub);
    this.#turns = new Turns(this.#clock);
    const { catchUp } = options;
    if (catchUp !== undefined) {
      this.#history = new HistoryReading(options.buffer, catchUp, {
        begin: (reader) => this.#open(reader),
        goOn: (reader) => this.#pump(reader),
        goOnLater: (reader) => this.#turns.later(() => this.#pump(reader)),
        writeRows: (reader, piece) => this.#writeRows(reader, piece),
        tellGap: (reader, toPosition, reason) => this.#tellGap(reader, this.#gapTo(reader, toPosition, reason)),
      });
    }
    this.#flushedTo = options.buffer.end;
    this.#flushEvents = Math.max(1, Math.min(FLUSH_EVENTS, Math.floor(options.buffer.capacity / 4)));
  }

  start(): void {
    if (this.#keepAliveTimer === undefined && !this.#stopped) this.#scheduleKeepAlive();
  }

  /** Readers connected now. */
  get readers(): number {
    return this.#readers + this.#arriving;
  }

  /** Readers whose sockets are full now. */
  get blocked(): number {
    return this.#blocked;
  }

  /** Groups of readers that share their bytes. */
  get groups(): number {
    return this.#groups.size;
  }

  /** The first `limit` of them, those in trouble before the others. */
  roster(limit: number): RosterEntry[] {
    return listReaders(this.#groups, this.#buffer, limit);
  }

  /** To be called after events were put into the ring. Cheap: most calls only see that a flush is due already. */
  published(): void {
    if (this.#readers === 0) {
      this.#flushedTo = this.#buffer.end;
      return;
    }
    if (this.#buffer.end - this.#flushedTo >= this.#flushEvents) this.#flush();
    else if (this.#flushTimer === undefined) {
      const { flushMaxDelayMs, readersPerFlushMs } = this.#options;
      const delay = Math.min(flushMaxDelayMs, Math.ceil((this.#readers - this.#blocked) / readersPerFlushMs));
      this.#flushTimer = this.#clock.setTimeout(() => this.#flush(), delay);
    }
  }

  /** Adds a reader and begins to serve it. The first bytes may be written before this returns. */
  subscribe(subscription: Subscription, sink: Sink): LiveReader {
    const { start } = subscription;
    const { hub, otherHubs } = this.#options;
    const comesFromElsewhere = start.from === 'after' && start.hub !== hub;
    const settled = comesFromElsewhere ? otherHubs?.settled(start.hub, start.position) : undefined;
    if (settled === undefined) return this.#admit(subscription, sink);
    let reader: LiveReader | undefined;
    let isGone = false;
    this.#arriving++;
    void settled.then(() => {
      this.#arriving--;
      if (isGone) return;
      if (this.#stopped) sink.close('shutdown');
      else reader = this.#admit(subscription, sink);
    });
    return {
      drained: () => reader?.drained(),
      closed: () => {
        isGone = true;
        reader?.closed();
      },
    };
  }

  #admit(subscription: Subscription, sink: Sink): LiveReader {
    const { start } = subscription;
    const { hub, otherHubs, catchUp } = this.#options;
    const hasHistory = catchUp !== undefined;
    const begin = beginReading({ buffer: this.#buffer, hub, hasHistory, otherHubs }, start, subscription);
    const group = this.#groups.of(subscription, begin.filter);
    const reader = new Reader(group, sink, begin.cursor, begin.position, subscription.origin);
    reader.backlog = begin.backlog;
    reader.fromHistory = begin.fromHistory;
    group.readers.add(reader);
    this.#readers++;
    if (start.from === 'backlog' && (start.tail !== undefined || hasHistory)) {
      reader.tailSearch = { index: this.#buffer.end, left: start.tail ?? Number.POSITIVE_INFINITY };
    } else sink.opened(begin.id);
    if (begin.gap !== undefined) this.#tellGap(reader, begin.gap);
    this.#pump(reader);
    return { drained: () => this.#drained(reader), closed: () => this.#remove(reader) };
  }

  /**
   * Tells all readers that asked for notices, now or as soon as they can take it. Of several that a full socket missed,
   * the newest is kept: it says how things stand.
   */
  notify(render: (encoding: Encoding) => Uint8Array): void {
    for (const group of this.#groups) {
      if (!group.kind.notices || group.readers.size === 0) continue;
      const { encoding } = group.kind;
      const bytes = joinFrames([render(encoding)], encoding.wire);
      for (const reader of group.readers) {
        if (reader.state === 'blocked') reader.notice = bytes;
        else if (reader.tailSearch === undefined) this.#write(reader, bytes);
      }
    }
  }

  /** Changes what pings say of the sources, and pings every SSE reader at once. */
  announce(pingData: string): void {
    this.#pingData = pingData;
    this.#flush();
    this.#ping();
  }

  /** Ends every reader; no new ones are taken. */
  stop(): void {
    if (this.#stopped) return;
    this.#flush();
    this.#stopped = true;
    if (this.#keepAliveTimer !== undefined) this.#clock.clearTimeout(this.#keepAliveTimer);
    if (this.#flushTimer !== undefined) this.#clock.clearTimeout(this.#flushTimer);
    this.#keepAliveTimer = undefined;
    this.#flushTimer = undefined;
    for (const group of [...this.#groups]) {
      for (const reader of [...group.readers]) {
        reader.sink.close('shutdown');
        this.#remove(reader);
      }
    }
  }

  /** Goes on looking for where a reader begins; false where that takes another turn, or history has to say it. */
  #searchTail(reader: Reader, search: TailSearch): boolean {
    const buffer = this.#buffer;
    if (!searchOn(search, buffer, reader.backlog!.matches, this.#turns.share())) return false;
    reader.cursor = Math.max(search.index, buffer.first);
    reader.position = positionBefore(buffer, reader.cursor);
    if (search.left > 0 && this.#history !== undefined) {
      this.#history.findStart(reader, search.left);
      return false;
    }
    this.#open(reader);
    return true;
  }

  #open(reader: Reader): void {
    reader.tailSearch = undefined;
    reader.sink.opened(formatEventId(reader.position, this.#options.hub));
  }

  /** Rows of history, and how far they bring the reader. False when the socket is full with them. */
  #writeRows(reader: Reader, { rows, positions }: CatchUpPiece): boolean {
    const { encoding, control } = reader.group.kind;
    const seen = reader.backlog?.seen ?? [];
    const frames = rows.flatMap((text, i) =>
      isWithin(seen, positions[i]!) ? [] : [encoding.frameOf(positions[i]!, text)],
    );
    const events = frames.length;
    // A reader with a rare wish hears that the search goes on, and what to resume after.
    if (encoding.wire !== 'ws' && frames.length === 0) frames.push(encoding.pingFrame(reader.position, this.#pingData));
    if (encoding.wire === 'ws' && control) frames.push(encoding.cursorFrame(reader.position));
    if (frames.length === 0) return true;
    const bytes = joinFrames(frames, encoding.wire);
    if (events > 0) this.#count(events, bytes.length);
    return this.#write(reader, bytes);
  }

  /** The hole between a reader and a position. What `lagged` is still in history. */
  #gapTo(reader: Reader, toPosition: number, reason: 'expired' | 'lagged', count: number | null = null): Gap {
    const { hub, catchUp } = this.#options;
    const from = formatEventId(reader.position, hub);
    const to = formatEventId(toPosition, hub);
    const url = reason === 'lagged' ? catchUp?.urlOf(from, to) : undefined;
    return { from, to, count, reason, ...(url === undefined ? undefined : { url }) };
  }

  #remove(reader: Reader): void {
    if (reader.state === 'closed') return;
    if (reader.state === 'blocked') this.#blocked--;
    reader.state = 'closed';
    reader.asking?.abort(new Error('the reader has left'));
    this.#readers--;
    const { group } = reader;
    group.live.delete(reader);
    group.readers.delete(reader);
    if (group.readers.size > 0) return;
    this.#late.delete(group);
    this.#groups.remove(group);
  }

  /** Gives every live reader what has come since the last flush. */
  #flush(): void {
    if (this.#flushTimer !== undefined) {
      this.#clock.clearTimeout(this.#flushTimer);
      this.#flushTimer = undefined;
    }
    const isTimeUp = this.#turns.share();
    for (const group of this.#groups) {
      if (group.live.size === 0 || this.#late.has(group)) continue;
      if (isTimeUp()) this.#serveLater(group);
      else this.#serve(group);
    }
    this.#flushedTo = this.#buffer.end;
  }

  #serveLater(group: Group): void {
    this.#late.add(group);
    this.#turns.later(() => {
      if (this.#late.delete(group)) this.#serve(group);
    });
  }

  /** Brings a group to the live edge, or as far as one turn lets it get: then it is late, and goes on by itself. */
  #serve(group: Group): void {
    const buffer = this.#buffer;
    const { batchMaxBytes } = this.#options;
    const isTimeUp = this.#turns.share();
    if (group.index < buffer.first) {
      // More came in one turn than the ring holds: all of the group has missed it alike.
      for (const reader of [...group.live]) this.#leave(reader);
      return;
    }
    while (group.live.size > 0) {
      const batch = group.nextBatch(buffer, group.index, batchMaxBytes, undefined, undefined, isTimeUp);
      if (batch === undefined) return;
      group.index = batch.toIndex;
      group.position = batch.toPosition;
      if (batch.events > 0) {
        for (const reader of group.live) {
          this.#count(batch.events, batch.bytes.length);
          if (!reader.sink.write(batch.bytes)) this.#block(reader, group);
        }
      }
      if (group.index < buffer.end && isTimeUp()) {
        this.#serveLater(group);
        return;
      }
    }
  }

  /** Takes a reader that moved with its group out of it, at the group's place. */
  #leave(reader: Reader): void {
    const { group } = reader;
    group.live.delete(reader);
    reader.cursor = group.index;
    reader.position = group.position;
    reader.state = 'behind';
    this.#pump(reader);
  }

  #block(reader: Reader, group: Group): void {
    // The sink may have closed the reader while it was written to.
    if (reader.state === 'closed') return;
    if (reader.state === 'live') {
      group.live.delete(reader);
      reader.cursor = group.index;
      reader.position = group.position;
    }
    if (reader.state !== 'blocked') this.#blocked++;
    reader.state = 'blocked';
    reader.blockedAtMs = this.#clock.nowMs();
  }

  #drained(reader: Reader): void {
    if (reader.state !== 'blocked') return;
    this.#blocked--;
    reader.state = 'behind';
    const { notice } = reader;
    reader.notice = undefined;
    if (notice === undefined || this.#write(reader, notice)) this.#pump(reader);
  }

  /** Reads on for a reader that is behind until it is live, blocked, or has had its share of this turn. */
  #pump(reader: Reader): void {
    const buffer = this.#buffer;
    const { group } = reader;
    const isTimeUp = this.#turns.share();
    let turnBytes = 0;
    if (reader.state === 'behind' && reader.tailSearch !== undefined && !this.#searchTail(reader, reader.tailSearch)) {
      if (reader.asking === undefined) this.#turns.later(() => this.#pump(reader));
      return;
    }
    while (reader.state === 'behind') {
      if (reader.cursor < buffer.first && this.#mayCatchUp(reader)) reader.fromHistory = true;
      if (reader.fromHistory) {
        this.#history!.readOn(reader);
        return;
      }
      if (reader.cursor < buffer.first && !this.#skip(reader)) return;
      // Who has seen more than the live readers must not be shown it again: they are served first.
      if (group.live.size > 0 && group.index < reader.cursor) {
        if (!this.#late.has(group)) this.#serve(group);
        if (group.live.size > 0 && group.index < reader.cursor) {
          this.#turns.later(() => this.#pump(reader));
          return;
        }
      }
      const backlog = reader.backlog;
      if (backlog !== undefined && reader.cursor >= backlog.untilIndex) reader.backlog = undefined;
      const end = reader.backlog?.untilIndex ?? (group.live.size > 0 ? group.index : buffer.end);
      const batch = group.nextBatch(
        buffer,
        reader.cursor,
        this.#options.batchMaxBytes,
        reader.backlog?.matches,
        end,
        isTimeUp,
      );
      if (batch === undefined) {
        if (reader.backlog === undefined) this.#goLive(reader);
        continue;
      }
      reader.cursor = batch.toIndex;
      reader.position = batch.toPosition;
      if (batch.events > 0) {
        this.#count(batch.events, batch.bytes.length);
        if (!this.#write(reader, batch.bytes)) return;
      }
      turnBytes += batch.bytes.length;
      if (turnBytes >= CATCH_UP_TURN_BYTES || (reader.cursor < end && isTimeUp())) {
        this.#turns.later(() => this.#pump(reader));
        return;
      }
    }
  }

  #goLive(reader: Reader): void {
    const { group } = reader;
    if (group.live.size === 0) {
      group.index = reader.cursor;
      group.position = reader.position;
    }
    group.live.add(reader);
    reader.state = 'live';
  }

  /** Whether a reader that the ring has passed is brought up from history rather than told the gap. */
  #mayCatchUp(reader: Reader): boolean {
    const { catchUp, catchUpMaxEvents = Number.POSITIVE_INFINITY } = this.#options;
    return catchUp !== undefined && this.#buffer.headPosition - reader.position <= catchUpMaxEvents;
  }

  /** The ring has passed the cursor: on to the head, and say so. False when the socket is full again. */
  #skip(reader: Reader): boolean {
    const buffer = this.#buffer;
    const count = buffer.end - reader.cursor;
    const gap = this.#gapTo(reader, buffer.headPosition, 'lagged', count);
    reader.cursor = buffer.end;
    reader.position = buffer.headPosition;
    reader.backlog = undefined;
    return this.#tellGap(reader, gap);
  }

  /** False when the socket is full with it. */
  #tellGap(reader: Reader, gap: Gap): boolean {
    this.counters.gaps++;
    this.counters.eventsSkipped += gap.count ?? 0;
    const { encoding } = reader.group.kind;
    return this.#write(reader, joinFrames([encoding.gapFrame(gap)], encoding.wire));
  }

  #write(reader: Reader, bytes: Uint8Array): boolean {
    if (reader.sink.write(bytes)) return true;
    this.#block(reader, reader.group);
    return false;
  }

  #count(events: number, bytes: number): void {
    this.counters.deliveries += events;
    this.counters.bytes += bytes;
  }

  #scheduleKeepAlive(): void {
    this.#keepAliveTimer = this.#clock.setTimeout(() => {
      this.#closeStalled();
      this.#ping();
      if (!this.#stopped) this.#scheduleKeepAlive();
    }, this.#options.keepAliveIntervalMs);
  }

  /** SSE readers get a ping, WebSocket readers that asked for it their cursor; both move on while a filter is quiet. */
  #ping(): void {
    for (const group of this.#groups) {
      const { encoding, control } = group.kind;
      if (group.live.size === 0 || (encoding.wire === 'ws' && !control)) continue;
      const { position } = group;
      const frame =
        encoding.wire === 'ws' ? encoding.cursorFrame(position) : encoding.pingFrame(position, this.#pingData);
      const bytes = joinFrames([frame], encoding.wire);
      for (const reader of group.live) {
        if (!reader.sink.write(bytes)) this.#block(reader, group);
      }
    }
  }

  #closeStalled(): void {
    if (this.#blocked === 0) return;
    const before = this.#clock.nowMs() - this.#options.stallLimitMs;
    for (const group of [...this.#groups]) {
      for (const reader of [...group.readers]) {
        if (reader.state !== 'blocked' || reader.blockedAtMs > before) continue;
        this.counters.stalledClosed++;
        reader.sink.close('stalled');
        this.#remove(reader);
      }
    }
  }
}
