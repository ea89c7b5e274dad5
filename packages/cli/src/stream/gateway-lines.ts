/**
 * Lines of an app's own gateway (docs/logger.md): a WebSocket that sends what the process logs, and goes on after the last line
 * that was read. Yields what the tail of a hub yields, so that nobody else has to know which of the two it is.
 */

import { HubError, HubUnreachableError, type TailItem, type TailState } from '@flywatch/client';
import { Backoff, compileSelection, parseMoment, type RegexEngine, type Selection } from '@flywatch/core';
import type { Target } from '../hub/target.ts';
import { FlatTarget } from './filter-target.ts';
import { readFrames } from './gateway-socket.ts';
import { FIRST_ANSWER_MS, type LogWishes } from './wishes.ts';

/** The most that a gateway gives. What it holds is in its app's memory, and all of it is the answer to `--since`. */
const MAX_TAIL = 10_000;

/** A connection that is made again may take as long as a slow network takes. */
const LATER_ANSWER_MS = 15_000;

export interface GatewayOptions {
  /** What a hub would judge: a gateway knows level and source, the rest is judged here. */
  readonly selection: Selection;
  readonly regex: RegexEngine;
  readonly signal?: AbortSignal | undefined;
}

/** As `readHub`: fails at the first connection, later ones are tried again. */
export async function* readGateway(
  target: Target,
  wishes: LogWishes,
  { selection, regex, signal = new AbortController().signal }: GatewayOptions,
): AsyncGenerator<readonly TailItem[], void, undefined> {
  const isWanted = wantedLines(wishes, selection, regex);
  const { ask, keep } = replayOf(wishes, selection);
  const url = gatewayUrl(target.url, wishes, ask);
  const backoff = new Backoff();
  let after: string | undefined;
  for (let isFirst = true; ; isFirst = false) {
    if (after !== undefined) url.searchParams.set('after', after);
    const openTimeoutMs = isFirst ? FIRST_ANSWER_MS : LATER_ANSWER_MS;
    const frames = readFrames({ url, token: target.token, signal, openTimeoutMs, marksPast: isFirst });
    /** Lines of the past, while they are more than may be shown. */
    let past: TailItem[] | undefined = isFirst && keep !== undefined ? [] : undefined;
    let isOpen = false;
    let error: HubError | HubUnreachableError | null = null;
    try {
      for await (const batch of frames) {
        const items: TailItem[] = isOpen ? [] : [{ type: 'state', state: 'open', resumed: after !== undefined }];
        isOpen = true;
        for (const frame of batch) {
          backoff.reset();
          if (frame.type === 'pong') {
            items.push(...(past?.slice(-keep!) ?? []));
            past = undefined;
            if (!wishes.follow) {
              yield items;
              return;
            }
            continue;
          }
          if (frame.type === 'event' && frame.event.id !== '') after = frame.event.id;
          if (isWanted(frame)) (past ?? items).push(frame);
        }
        if (items.length > 0) yield items;
      }
    } catch (failure) {
      if (!(failure instanceof HubError || failure instanceof HubUnreachableError)) throw failure;
      if (isFirst || (failure instanceof HubError && failure.isFinal)) throw failure;
      error = failure;
    }
    if (signal.aborted) return;
    const delayMs = backoff.nextDelayMs();
    yield [waiting(delayMs, backoff.failures, isOpen, error)];
    await pause(delayMs, signal);
    if (signal.aborted) return;
  }
}

function wantedLines(
  { since, until }: LogWishes,
  selection: Selection,
  regex: RegexEngine,
): (item: TailItem) => boolean {
  const { matches } = compileSelection(selection, { regex });
  const nowMs = Date.now();
  const fromMs = since === undefined ? Number.NEGATIVE_INFINITY : parseMoment('--since', since, nowMs).ms;
  const toMs = until === undefined ? Number.POSITIVE_INFINITY : parseMoment('--until', until, nowMs).ms;
  return (item) => {
    if (item.type !== 'event') return true;
    const line = new FlatTarget(item.event);
    return line.timeMs >= fromMs && line.timeMs < toMs && matches(line);
  };
}

/** How many lines of the past to ask for, and how many of them to show where the gateway cannot know which are wanted. */
function replayOf(
  { since, until, tail }: LogWishes,
  { q, lists }: Selection,
): { ask: number; keep: number | undefined } {
  if (tail === 0) return { ask: 0, keep: undefined };
  if (tail === undefined) return { ask: since === undefined && until === undefined ? 0 : MAX_TAIL, keep: undefined };
  const isJudgedThere = q === undefined && Object.keys(lists).every((name) => name === 'source');
  if (isJudgedThere && since === undefined && until === undefined) return { ask: tail, keep: undefined };
  return { ask: MAX_TAIL, keep: tail };
}

/** The gateway's path below the address, which may be that of the gateway itself. */
function gatewayUrl(address: string, { filters: { level, source } }: LogWishes, tail: number): URL {
  const url = new URL(address);
  url.protocol = url.protocol.replace('http', 'ws');
  const path = url.pathname.replace(/\/$/, '');
  url.pathname = path.endsWith('/logs') ? path : `${path}/logs`;
  const given = { level, source: typeof source === 'string' ? source : source?.join(','), tail: String(tail) };
  for (const [name, value] of Object.entries(given)) {
    if (value !== undefined && value !== '') url.searchParams.set(name, value);
  }
  return url;
}

function waiting(
  delayMs: number,
  failures: number,
  wasOpen: boolean,
  error: HubError | HubUnreachableError | null,
): TailState {
  return {
    type: 'state',
    state: 'waiting',
    delayMs,
    failures,
    reason: wasOpen ? 'lost' : 'refused',
    silentMs: 0,
    error,
  };
}

function pause(delayMs: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(finish, delayMs);
    signal.addEventListener('abort', finish);
    function finish() {
      clearTimeout(timer);
      signal.removeEventListener('abort', finish);
      resolve();
    }
  });
}
