/** A terminal for programs, with tmux: what stands on its screen, and keys that are pressed. */

import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { requireProgram } from '../support/debian.ts';
import { PATIENCE_MS } from '../support/patience.ts';
import { environment } from './program.fixture.ts';

export interface Terminal extends Disposable {
  /** What stands on the screen. @param colours - with the sequences that the terminal has understood */
  screen(colours?: boolean): string;
  press(...keys: string[]): void;
  resize(columns: number, rows: number): void;
  /** Resolves with the screen when it is so. */
  until(isSo: (screen: string) => boolean): Promise<string>;
  /** The title of the window, which hostile lines would like to set. */
  title(): string;
}

/** There is no event for a change of a screen. */
const LOOK_MS = 50;

/** A shell in a terminal of its own, with a prompt that tests can wait for: `ready$ `. */
export function openTerminal(columns = 100, rows = 24, env: Readonly<Record<string, string>> = {}): Terminal {
  const program = requireProgram('tmux', { debianPackage: 'tmux' });
  const socket = `flywatch-${randomBytes(6).toString('hex')}`;
  const tmux = (...args: string[]) => {
    const { status, stdout, stderr } = spawnSync(program, ['-L', socket, '-f', '/dev/null', ...args], {
      env: { ...environment(env), LANG: 'C.UTF-8', TERM: 'xterm-256color' },
      encoding: 'utf8',
    });
    if (status !== 0) throw new Error(`tmux ${args[0]}: ${stderr}`);
    return stdout;
  };
  tmux('new-session', '-d', '-x', String(columns), '-y', String(rows), 'env PS1="ready$ " bash --norc --noprofile -i');
  const screen = (colours = false) => tmux('capture-pane', '-p', ...(colours ? ['-e'] : []));
  return {
    screen,
    press: (...keys) => void tmux('send-keys', ...keys),
    resize: (width, height) => void tmux('resize-window', '-x', String(width), '-y', String(height)),
    title: () => tmux('display-message', '-p', '#{pane_title}').trim(),
    async until(isSo) {
      const deadline = Date.now() + PATIENCE_MS;
      for (;;) {
        const shown = screen();
        if (isSo(shown)) return shown;
        if (Date.now() > deadline) throw new Error(`not so after ${PATIENCE_MS} ms:\n${shown}`);
        await sleep(LOOK_MS);
      }
    },
    [Symbol.dispose]: () => void tmux('kill-server'),
  };
}
