/**
 * Tokens of agents: each host is handed one of its own, which may write and nothing else, and which can be taken back without
 * touching the others. The hub keeps only digests. A token names its agent, so that one that has leaked can be revoked.
 */

import { createHash, randomBytes } from 'node:crypto';
import { HttpError } from '../errors.ts';
import type { HubState, StoredAgent } from '../state/hub-state.ts';

export interface AgentTokensOptions {
  readonly state: HubState;
  readonly maxAgents: number;
  /** How far the time of last use on disk may be behind. */
  readonly useSaveIntervalMs: number;
  readonly nowMs?: () => number;
}

/** A host that has a token, as far as may be told. */
export type EnrolledAgent = Omit<StoredAgent, 'hash'>;

/** What all tokens begin with: who finds one in a repository or a log knows what it is. */
const PREFIX = 'fwa_';
const ID_BYTES = 6;
const SECRET_BYTES = 32;

export class AgentTokens {
  readonly #options: AgentTokensOptions;
  readonly #nowMs: () => number;
  readonly #byHash: Map<string, StoredAgent>;
  #usesSavedMs: number;

  constructor(options: AgentTokensOptions) {
    this.#options = options;
    this.#nowMs = options.nowMs ?? Date.now;
    this.#byHash = new Map(options.state.data.agents.map((agent) => [agent.hash, agent]));
    this.#usesSavedMs = this.#nowMs();
  }

  /** Makes a token, on disk when it resolves: one that a restart forgets would lock its host out. */
  async enrol(name: string | null): Promise<{ agent: EnrolledAgent; token: string }> {
    const { state, maxAgents } = this.#options;
    if (state.data.agents.length >= maxAgents)
      throw new HttpError(
        'too_many_agents',
        `${maxAgents} agents have tokens, as many as the hub keeps; revoke one first`,
      );
    const id = randomBytes(ID_BYTES).toString('hex');
    const token = `${PREFIX}${id}_${randomBytes(SECRET_BYTES).toString('base64url')}`;
    const agent: StoredAgent = { id, name, hash: hash(token), createdAtMs: this.#nowMs(), lastUsedAtMs: null };
    state.data.agents.push(agent);
    await state.save();
    if (state.problem !== undefined) {
      this.#drop(agent);
      throw new HttpError(
        'store_unavailable',
        'the token was not made: the state file cannot be written; /ready says why',
        {
          headers: { 'retry-after': '10' },
        },
      );
    }
    this.#byHash.set(agent.hash, agent);
    return { agent: shown(agent), token };
  }

  /** The newest first. */
  list(): EnrolledAgent[] {
    return this.#options.state.data.agents.map(shown).reverse();
  }

  /** Takes a token back; false where there is none of that id. It is of no use any more before anything is written. */
  async revoke(id: string): Promise<boolean> {
    const { state } = this.#options;
    const agent = state.data.agents.find((known) => known.id === id);
    if (agent === undefined) return false;
    this.#drop(agent);
    await state.save();
    if (state.problem !== undefined) {
      throw new HttpError(
        'store_unavailable',
        'the token is revoked until the hub is restarted, and good again after that: the state file cannot be written; /ready says why',
        { headers: { 'retry-after': '10' } },
      );
    }
    return true;
  }

  /** Whether this is the token of an agent; remembers that it was used. */
  admits(token: string): boolean {
    if (!isAgentToken(token)) return false;
    // Digests of a random secret: finding one by timing would need its pre-image.
    const agent = this.#byHash.get(hash(token));
    if (agent === undefined) return false;
    const nowMs = this.#nowMs();
    agent.lastUsedAtMs = nowMs;
    if (nowMs - this.#usesSavedMs >= this.#options.useSaveIntervalMs) {
      this.#usesSavedMs = nowMs;
      // Nobody waits for it; that the file cannot be written is said by the state itself.
      void this.#options.state.save();
    }
    return true;
  }

  #drop(agent: StoredAgent): void {
    const { data } = this.#options.state;
    data.agents = data.agents.filter((known) => known !== agent);
    this.#byHash.delete(agent.hash);
  }
}

/** Whether a token is of the kind that agents have, be it good or not. */
export function isAgentToken(token: string): boolean {
  return token.startsWith(PREFIX);
}

function shown({ hash: _, ...agent }: StoredAgent): EnrolledAgent {
  return agent;
}

function hash(text: string): string {
  return createHash('sha256').update(text).digest('base64url');
}
