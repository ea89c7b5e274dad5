/**
 * Fly's log bus: NATS, one subscription per app or one for all.
 *
 *   connecting ──answered──▶ connected ──silent──▶ stalled ──renewed──▶ connected
 *       │  ▲                     │
 *       │  └─── soon ── disconnected ◀── lost
 *       └─refused─▶ auth_failed ─── after a while ──▶ (both spellings again)
 *
 * The client's own reconnecting is off: it gives up for good after two refusals, ends iterators in silence, and does not
 * say when the server has answered (facts, 5.8). Here one loop owns the connection, and `connected` is said when a
 * flush after the subscription has come back. A stalled subscription is renewed over a second connection, so that
 * nothing is missed in between.
 */

import type { ConnectionOptions, Msg, NatsConnection } from '@nats-io/transport-node';
import type { Log } from '../../log.ts';
import { waitAtMost } from '../../wait-at-most.ts';
import type { Source, SourceState, SourceStatus } from '../source.ts';
import { type SilenceOptions, SilenceWatch } from './silence.ts';
import { isBuilder, parseSubject, type SubjectLabels, type SubjectPlan } from './subjects.ts';
import { tokenComplaint, tokenSpellings } from './token.ts';

export interface FlySourceOptions {
  readonly servers: readonly string[];
  /** Raw slug of the organization. */
  readonly user: string;
  readonly token: string;
  readonly plan: SubjectPlan;
  /** Those who subscribe under one name share the messages: each comes to one of them. */
  readonly queue?: string | undefined;
  /** Lines of this machine are the hub's own output and are left out. */
  readonly ownMachine: string | undefined;
  readonly timing: FlyTiming;
  readonly log: Log;
  /** One message of the bus; `subject` is the same object for every message of a subject. Must not throw. */
  readonly onMessage: (payload: Uint8Array, subject: SubjectLabels) => void;
  /** The state has changed. */
  readonly onState: (status: SourceStatus) => void;
}

export interface FlyTiming {
  readonly pingIntervalMs: number;
  readonly maxPingsOut: number;
  readonly connectTimeoutMs: number;
  readonly retryBaseMs: number;
  readonly retryMaxMs: number;
  readonly authRetryMs: number;
  readonly silence: SilenceOptions;
}

/** How long a stop waits for an attempt under way. */
const STOP_PATIENCE_MS = 500;

/** How often silence is looked at. */
const WATCH_INTERVAL_MS = 1000;

/** Subjects whose labels are remembered: one a machine; the map is emptied when it is full. */
const SUBJECTS_REMEMBERED = 10_000;

export class FlySource implements Source {
  readonly #options: FlySourceOptions;
  readonly #abort = new AbortController();
  readonly #subjects = new Map<string, SubjectLabels | null>();
  #loop: Promise<void> | undefined;
  #connection: NatsConnection | undefined;
  #state: SourceState = 'connecting';
  #sinceMs = Date.now();
  #detail: string | undefined;
  #lastMessageAtMs: number | undefined;
  #messages = 0;
  #reconnects = 0;
  #errors = 0;
  #silence: SilenceWatch;
  #spellings: readonly string[];
  #stopped = false;

  constructor(options: FlySourceOptions) {
    this.#options = options;
    this.#spellings = tokenSpellings(options.token);
    this.#silence = new SilenceWatch(options.timing.silence, Date.now());
  }

  get status(): SourceStatus {
    return {
      name: 'fly',
      state: this.#state,
      sinceMs: this.#sinceMs,
      detail: this.#detail,
      lastMessageAtMs: this.#lastMessageAtMs,
      messages: this.#messages,
      reconnects: this.#reconnects,
      errors: this.#errors,
    };
  }

  start(): void {
    if (this.#loop !== undefined || this.#stopped) return;
    const complaint = tokenComplaint(this.#options.token);
    if (complaint !== undefined) this.#options.log.warn(`ACCESS_TOKEN: ${complaint}`);
    this.#options.log.info(`watching ${this.#options.plan.description}`, { servers: this.#options.servers.join(',') });
    this.#loop = this.#run();
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    this.#abort.abort();
    await this.#connection?.close().catch(() => {});
    // A connection attempt into nowhere may last some seconds more; it holds nothing, and ends by itself.
    await waitAtMost(this.#loop, STOP_PATIENCE_MS);
    this.#become('stopped', undefined);
  }

  async #run(): Promise<void> {
    let failures = 0;
    while (!this.#stopped) {
      const outcome = await this.#session();
      if (this.#stopped) return;
      if (outcome.was === 'refused') {
        this.#errors++;
        this.#become('auth_failed', this.#refusal(outcome.message));
        await this.#pause(jittered(this.#options.timing.authRetryMs));
        continue;
      }
      if (outcome.was === 'failed') {
        this.#errors++;
        failures++;
      } else failures = 0;
      this.#become('disconnected', outcome.message);
      const { retryBaseMs, retryMaxMs } = this.#options.timing;
      await this.#pause(jittered(Math.min(retryMaxMs, retryBaseMs * 2 ** Math.min(failures, 10))));
      this.#reconnects++;
    }
  }

  /** One connection from the first attempt to its end. */
  async #session(): Promise<Outcome> {
    if (this.#state !== 'auth_failed' && this.#state !== 'disconnected') this.#become('connecting', undefined);
    const opened = await this.#open();
    if (!('connection' in opened)) return opened;
    let { connection } = opened;
    this.#connection = connection;
    this.#silence.renewed(Date.now());
    this.#become('connected', undefined);
    try {
      for (;;) {
        const ended = await this.#watch(connection);
        if (ended !== 'stalled') return { was: 'lost', message: ended };
        const limit = Math.round(this.#silence.limitMs / 1000);
        this.#become(
          'stalled',
          `no message for more than ${limit} s, far longer than usual; renewing the subscription`,
        );
        const renewed = await this.#open();
        if (!('connection' in renewed)) return renewed;
        // The new subscription is answered before the old one goes: in between a line may come twice, never not at all.
        await connection.close().catch(() => {});
        connection = renewed.connection;
        this.#connection = connection;
        this.#reconnects++;
        this.#silence.renewed(Date.now());
        this.#become('connected', undefined);
      }
    } finally {
      await connection.close().catch(() => {});
      this.#connection = undefined;
    }
  }

  /** Connects and subscribes; tries the token's other spelling at once when the first is refused. */
  async #open(): Promise<{ connection: NatsConnection } | Outcome> {
    // The client and its cryptography take 3 MB: they are loaded where a bus is configured.
    const { connect } = await import('@nats-io/transport-node');
    const { servers, user, timing, plan, queue } = this.#options;
    let refused: string | undefined;
    for (const pass of this.#spellings) {
      const settings: ConnectionOptions = {
        servers: [...servers],
        user,
        pass,
        name: 'flywatch',
        reconnect: false,
        timeout: timing.connectTimeoutMs,
        pingInterval: timing.pingIntervalMs,
        maxPingOut: timing.maxPingsOut,
        ignoreClusterUpdates: true,
        noAsyncTraces: true,
      };
      let connection: NatsConnection | undefined;
      try {
        connection = await connect(settings);
        if (this.#stopped) throw new Error('stopped');
        let denied: Error | undefined;
        for (const subject of plan.subjects) {
          connection.subscribe(subject, {
            ...(queue === undefined ? undefined : { queue }),
            callback: (error, message) => {
              if (error === null) this.#take(message);
              else denied = error;
            },
          });
        }
        await connection.flush();
        if (denied !== undefined) throw denied;
        // Remembered, so that after a lost connection the spelling that works is tried first.
        if (pass !== this.#spellings[0]) this.#spellings = [...this.#spellings].reverse();
        return { connection };
      } catch (error) {
        await connection?.close().catch(() => {});
        if (!isRefusal(error)) return { was: 'failed', message: describe(error, servers) };
        refused ??= (error as Error).message;
      }
    }
    return { was: 'refused', message: refused ?? 'refused' };
  }

  /** Waits until a connection ends, and says why, or until it has been silent for too long. */
  async #watch(connection: NatsConnection): Promise<string> {
    let timer: NodeJS.Timeout | undefined;
    const stalled = new Promise<'stalled'>((resolve) => {
      timer = setInterval(() => {
        if (this.#silence.isStalled(Date.now())) resolve('stalled');
      }, WATCH_INTERVAL_MS);
      timer.unref();
    });
    const closed = connection
      .closed()
      .then((error) =>
        error instanceof Error ? `the connection was lost: ${error.message}` : 'the server has closed the connection',
      );
    try {
      return await Promise.race([stalled, closed]);
    } finally {
      clearInterval(timer);
    }
  }

  #take(message: Msg): void {
    const { subject } = message;
    let labels = this.#subjects.get(subject);
    if (labels === undefined) labels = this.#remember(subject);
    const now = Date.now();
    this.#lastMessageAtMs = now;
    this.#silence.heard(now);
    if (labels === null) return;
    this.#messages++;
    this.#options.onMessage(message.data, labels);
  }

  /** Labels of a subject, or null where its lines are left out. */
  #remember(subject: string): SubjectLabels | null {
    const labels = parseSubject(subject);
    const { ownMachine, plan } = this.#options;
    const own = ownMachine !== undefined && labels.instance === ownMachine;
    const wanted = !own && (plan.builders || !isBuilder(labels.app));
    if (this.#subjects.size >= SUBJECTS_REMEMBERED) this.#subjects.clear();
    this.#subjects.set(subject, wanted ? labels : null);
    return wanted ? labels : null;
  }

  #refusal(message: string): string {
    const complaint = tokenComplaint(this.#options.token);
    const advice =
      complaint ??
      'check FLY_ORG (the raw slug from "fly orgs list", not "personal") and ACCESS_TOKEN ("fly tokens create readonly ORG")';
    return `the server refuses the credentials (${message}): ${advice}; trying again every ${Math.round(this.#options.timing.authRetryMs / 1000)} s`;
  }

  #become(state: SourceState, detail: string | undefined): void {
    if (this.#state === state && this.#detail === detail) return;
    const changed = this.#state !== state;
    this.#state = state;
    this.#detail = detail;
    if (changed) {
      this.#sinceMs = Date.now();
      const { log } = this.#options;
      if (state === 'connected') log.info('the Fly bus has answered: connected');
      else if (state === 'stopped' || state === 'connecting') log.debug(`the Fly source is ${state}`);
      else log.warn(`the Fly source is ${state}: ${detail ?? ''}`);
    }
    this.#options.onState(this.status);
  }

  async #pause(ms: number): Promise<void> {
    const { signal } = this.#abort;
    if (signal.aborted) return;
    await new Promise<void>((resolve) => {
      const done = () => {
        clearTimeout(timer);
        signal.removeEventListener('abort', done);
        resolve();
      };
      const timer = setTimeout(done, ms);
      signal.addEventListener('abort', done);
    });
  }
}

/** How a session ended: refused by the server, failed before it was answered, or lost after. */
interface Outcome {
  readonly was: 'refused' | 'failed' | 'lost';
  readonly message: string;
}

/** Full wait or up to a quarter less, so that many hubs do not come back at once; never longer. */
function jittered(ms: number): number {
  return ms * (0.75 + Math.random() / 4);
}

function isRefusal(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const names = ['AuthorizationError', 'UserAuthenticationExpiredError', 'PermissionViolationError'];
  return names.includes(error.name) || /authorization|authentication|permissions? violation/i.test(error.message);
}

/** What went wrong, with the address and the remedy for the usual case: not being inside Fly's network. */
function describe(error: unknown, servers: readonly string[]): string {
  const message = error instanceof Error ? (error.message === '' ? error.name : error.message) : String(error);
  const address = servers.join(', ');
  if (/EHOSTUNREACH|ENETUNREACH|EADDRNOTAVAIL/.test(message)) {
    return `${address} cannot be reached (${message}): the bus is inside Fly's private network; run there, or connect by WireGuard`;
  }
  return `${address}: ${message}`;
}
