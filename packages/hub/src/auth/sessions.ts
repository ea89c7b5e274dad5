/**
 * Sign-ins of browsers. The cookie is a secret of its own, never the token; the hub keeps only its digest. A session
 * lasts 30 days, across restarts, and ends when the token changes or the browser signs out.
 */

import { createHash, randomBytes } from 'node:crypto';
import type { HubState } from '../state/hub-state.ts';

export interface SessionsOptions {
  readonly state: HubState;
  /** The token that sessions stand for; undefined where the hub is open and there is nothing to sign in to. */
  readonly authToken: string | undefined;
  readonly lifetimeMs: number;
  readonly maxSessions: number;
  readonly nowMs?: () => number;
}

export class Sessions {
  readonly #options: SessionsOptions;
  readonly #fingerprint: string;
  readonly #nowMs: () => number;

  constructor(options: SessionsOptions) {
    this.#options = options;
    this.#nowMs = options.nowMs ?? Date.now;
    this.#fingerprint = hash(`token ${options.authToken ?? ''}`);
  }

  /** Opens a session and returns the value for the cookie; on disk when it resolves. */
  async open(): Promise<{ secret: string; expiresAtMs: number }> {
    const { state, lifetimeMs, maxSessions } = this.#options;
    const secret = randomBytes(32).toString('base64url');
    const expiresAtMs = this.#nowMs() + lifetimeMs;
    const kept = state.data.sessions.filter((session) => this.#isAlive(session)).slice(-(maxSessions - 1));
    state.data.sessions = [...kept, { hash: hash(secret), token: this.#fingerprint, expiresAtMs }];
    await state.save();
    return { secret, expiresAtMs };
  }

  isValid(secret: string): boolean {
    // Digests of a random secret: finding one by timing would need its pre-image.
    const wanted = hash(secret);
    return this.#options.state.data.sessions.some((session) => session.hash === wanted && this.#isAlive(session));
  }

  async close(secret: string): Promise<void> {
    const { state } = this.#options;
    const wanted = hash(secret);
    const left = state.data.sessions.filter((session) => session.hash !== wanted);
    if (left.length === state.data.sessions.length) return;
    state.data.sessions = left;
    await state.save();
  }

  #isAlive(session: { token: string; expiresAtMs: number }): boolean {
    return session.token === this.#fingerprint && session.expiresAtMs > this.#nowMs();
  }
}

function hash(text: string): string {
  return createHash('sha256').update(text).digest('base64url');
}
