/** `flywatch` as `npm install --global flywatch` leaves it, its commands as processes of a Node that is named. */

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readdirSync } from 'node:fs';
import { delimiter, dirname, join, resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import type { PackedName } from '../pack-manifest.ts';
import { type InstalledSize, installGlobally, sizeOf } from './npm-install.ts';
import { startOwnRegistry } from './own-registry.ts';

/** A hub listens within a second; a machine with other work may take its time. */
const START_LIMIT_MS = 20_000;

export interface Outcome {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Is told to stop, and waited for, where its scope ends. */
export interface RunningHub extends AsyncDisposable {
  readonly url: string;
}

export class InstalledProgram {
  /** Of whoever runs it: a folder for what comes about. */
  readonly home: string;
  readonly #prefix: string;

  private constructor(folder: string) {
    this.#prefix = join(folder, 'prefix');
    this.home = join(folder, 'home');
    mkdirSync(this.home, { recursive: true });
  }

  /** @param folder - that is empty or not there */
  static async install(folder: string, tarballs: Readonly<Record<PackedName, string>>): Promise<InstalledProgram> {
    const installed = new InstalledProgram(folder);
    await using registry = await startOwnRegistry(tarballs);
    await installGlobally(installed.#prefix, tarballs.cli, registry.npmArgs);
    return installed;
  }

  get size(): InstalledSize {
    return sizeOf(this.#prefix);
  }

  /** All that npm has put there, and whatever a program has added. */
  files(): string[] {
    return readdirSync(this.#prefix, { recursive: true, encoding: 'utf8' }).sort();
  }

  /** Runs a command, or a file, to its end. */
  async run(node: string, command: string, args: readonly string[], input = ''): Promise<Outcome> {
    const child = this.#spawn(node, command, args, {});
    // A command that reads nothing may have ended before; what it said is what counts.
    child.stdin!.on('error', () => {}).end(input);
    const closed = once(child, 'close') as Promise<[number | null]>;
    const [[status], stdout, stderr] = await Promise.all([closed, text(child.stdout!), text(child.stderr!)]);
    return { status, stdout, stderr };
  }

  /** Starts a hub that keeps what it hears in a file; resolves when it listens. */
  async startHub(node: string, command: readonly [string, ...string[]], store: string): Promise<RunningHub> {
    const [name, ...args] = command;
    const env = { HOST: '127.0.0.1', PORT: '0', STORE_PATH: store, DEMO_RATE: '50' };
    const child = this.#spawn(node, name, args, env);
    const ended = once(child, 'close');
    let said = '';
    const url = await new Promise<string>((listens, reject) => {
      const fail = (what: string) => {
        clearTimeout(timer);
        child.kill('SIGKILL');
        reject(new Error(`${name} ${what}:\n${said}`));
      };
      const timer = setTimeout(() => fail('did not listen in time'), START_LIMIT_MS);
      ended.then(
        () => fail('ended'),
        () => fail('cannot be started'),
      );
      child.stderr!.setEncoding('utf8').on('data', (piece: string) => {
        said += piece;
        const [, found] = /listens at (http:\S+)/.exec(said) ?? [];
        if (found === undefined) return;
        clearTimeout(timer);
        listens(found);
      });
    });
    return {
      url,
      async [Symbol.asyncDispose]() {
        child.kill('SIGTERM');
        await ended;
      },
    };
  }

  /** By the link that npm has made, and the Node that a shell would find. */
  #spawn(node: string, command: string, args: readonly string[], env: Readonly<Record<string, string>>): ChildProcess {
    return spawn(resolve(this.#prefix, 'bin', command), args, {
      cwd: this.home,
      env: { PATH: [dirname(node), '/usr/bin', '/bin'].join(delimiter), HOME: this.home, ...env },
      stdio: 'pipe',
    });
  }
}
