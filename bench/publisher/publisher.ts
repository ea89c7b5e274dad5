// Starts the C publisher; publisher.c says what its events look like and how it keeps its rate.

import { type Child, startChild } from '../child.ts';

/** Where events go: a NATS port with its user, or an nchan publisher location. */
export type PublishTo =
  | { kind: 'nats'; port: number; user: string; password: string }
  | { kind: 'nchan'; port: number; path: string };

/** A steady rate for some time, or a number of events as fast as they are taken. */
export type PublishLoad = { rate: number; seconds: number } | { count: number };

/** What publisher.c prints, under its names. */
export interface PublisherReport {
  sent: number;
  refused: number;
  seconds: number;
  payload_bytes: number;
  /** The worst delay against the schedule. */
  late_ms: number;
  cpu_s: number;
  /** How many events with the word w0, w1, ... w9. */
  by_word: number[];
}

export interface Publisher {
  child: Child;
  done: Promise<PublisherReport>;
}

export function startPublisher(program: string, to: PublishTo, load: PublishLoad): Publisher {
  const args = ['--port', String(to.port)];
  if (to.kind === 'nats') args.push('--user', to.user, '--pass', to.password);
  else args.push('--nchan', '--path', to.path);
  if ('count' in load) args.push('--count', String(load.count));
  else args.push('--rate', String(load.rate), '--seconds', String(load.seconds));
  const child = startChild({ name: 'publisher', command: program, args });
  // Its one line comes when it has done: some slow servers need several times the planned seconds to take all.
  const limitMs = ('count' in load ? 60 : load.seconds * 5 + 30) * 1000;
  const done = child.nextLine(limitMs).then((line): PublisherReport => JSON.parse(line));
  done.catch(() => {}); // also awaited by the scenario; this keeps an early end from counting as unhandled
  return { child, done };
}
