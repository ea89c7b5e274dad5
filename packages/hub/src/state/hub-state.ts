/**
 * What the hub must still know after a crash besides the events: who it is, how far ids were given, who is signed in, which
 * agents have tokens, and what questions to the assistant have used.
 * One small JSON file beside the store, replaced as a whole (write, fsync, rename), so that it is always the old one or
 * the new one. Where the place cannot be written the hub goes on without, and says so.
 */

import { randomInt } from 'node:crypto';
import { mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { parseUsage, type StoredUsage } from './stored-usage.ts';

export interface HubStateData {
  /** Tag of this hub in all ids: five base-36 characters, made once. */
  readonly hub: string;
  /** Every id given so far is below this position. */
  positionCeiling: number;
  sessions: StoredSession[];
  /** In the order in which they were enrolled. */
  agents: StoredAgent[];
  /** Undefined before the first start that counts. */
  usage: StoredUsage | undefined;
}

export interface StoredSession {
  /** SHA-256 of the cookie's secret, in base64url: the file alone signs nobody in. */
  readonly hash: string;
  /** Fingerprint of the token that it was opened with: a changed token ends it. */
  readonly token: string;
  readonly expiresAtMs: number;
}

export interface StoredAgent {
  readonly id: string;
  /** What the host is called; null where it goes by its own host name. */
  readonly name: string | null;
  /** SHA-256 of the token, in base64url. */
  readonly hash: string;
  readonly createdAtMs: number;
  lastUsedAtMs: number | null;
}

export interface HubState {
  readonly data: HubStateData;
  /** Why the state is kept in memory only; undefined where it is on disk. */
  readonly problem: string | undefined;
  /** Writes what `data` holds now; resolves when it is on disk. Calls while one is under way share the next write. */
  save(): Promise<void>;
}

/** Opens the state at `path`, or makes a new one. A damaged file is set aside, never a reason not to start. */
export async function openHubState(path: string, onProblem: (message: string) => void): Promise<HubState> {
  const state = new FileState(path, onProblem);
  await state.load();
  return state;
}

/** State without a file: for `PERSISTENCE_ENABLED=false` and tests. `hub` should be the same after a restart. */
export function memoryState(hub: string): HubState {
  return { data: newData(hub), problem: undefined, save: async () => {} };
}

function newData(hub: string): HubStateData {
  return { hub, positionCeiling: 0, sessions: [], agents: [], usage: undefined };
}

/** A new tag of five base-36 characters. */
function newHubTag(): string {
  return randomInt(36 ** 5)
    .toString(36)
    .padStart(5, '0');
}

class FileState implements HubState {
  data: HubStateData = newData(newHubTag());
  problem: string | undefined;
  readonly #path: string;
  readonly #onProblem: (message: string) => void;
  #writing: Promise<void> | undefined;
  #next: Promise<void> | undefined;

  constructor(path: string, onProblem: (message: string) => void) {
    this.#path = path;
    this.#onProblem = onProblem;
  }

  async load(): Promise<void> {
    let text: string;
    try {
      await mkdir(dirname(this.#path), { recursive: true });
      text = await readFile(this.#path, 'utf8');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') this.#report(error);
      return;
    }
    const data = parseState(text);
    if (data !== undefined) {
      this.data = data;
      return;
    }
    const aside = `${this.#path}.damaged-${Date.now()}`;
    await rename(this.#path, aside).catch(() => {});
    this.#onProblem(
      `the state file was damaged and is now ${aside}; sign-ins, tokens of agents and AI totals are lost, and resume cursors lead to a gap`,
    );
  }

  save(): Promise<void> {
    if (this.#writing === undefined) {
      this.#writing = this.#write().finally(() => {
        this.#writing = undefined;
      });
      return this.#writing;
    }
    this.#next ??= this.#writing.then(() => {
      this.#next = undefined;
      return this.save();
    });
    return this.#next;
  }

  async #write(): Promise<void> {
    const text = `${JSON.stringify(this.data)}\n`;
    const temporary = `${this.#path}.new`;
    try {
      const file = await open(temporary, 'w', 0o600);
      try {
        await file.writeFile(text);
        await file.sync();
      } finally {
        await file.close();
      }
      await rename(temporary, this.#path);
      this.problem = undefined;
    } catch (error) {
      this.#report(error);
      await rm(temporary, { force: true }).catch(() => {});
    }
  }

  /** Once when it begins, not at every attempt. */
  #report(error: unknown): void {
    const problem = `the state file ${this.#path} cannot be used (${(error as Error).message}); sign-ins, tokens of agents and ids are kept in memory only`;
    if (this.problem !== problem) this.#onProblem(problem);
    this.problem = problem;
  }
}

function parseState(text: string): HubStateData | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (typeof value !== 'object' || value === null) return undefined;
  const { hub, positionCeiling, sessions, agents, usage } = value as Partial<HubStateData>;
  if (typeof hub !== 'string' || !/^[0-9a-z]{5}$/.test(hub)) return undefined;
  if (!Number.isSafeInteger(positionCeiling) || positionCeiling! < 0) return undefined;
  return {
    hub,
    positionCeiling: positionCeiling!,
    sessions: Array.isArray(sessions) ? sessions.filter(isSession) : [],
    agents: Array.isArray(agents) ? agents.filter(isAgent) : [],
    usage: parseUsage(usage),
  };
}

function isSession(value: unknown): value is StoredSession {
  if (typeof value !== 'object' || value === null) return false;
  const { hash, token, expiresAtMs } = value as Partial<StoredSession>;
  return typeof hash === 'string' && typeof token === 'string' && typeof expiresAtMs === 'number';
}

function isAgent(value: unknown): value is StoredAgent {
  if (typeof value !== 'object' || value === null) return false;
  const { id, name, hash, createdAtMs, lastUsedAtMs } = value as Partial<StoredAgent>;
  return (
    typeof id === 'string' &&
    (name === null || typeof name === 'string') &&
    typeof hash === 'string' &&
    typeof createdAtMs === 'number' &&
    (lastUsedAtMs === null || typeof lastUsedAtMs === 'number')
  );
}
