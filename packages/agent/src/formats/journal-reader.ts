/**
 * Entries of systemd's journal, as `journalctl -o json` prints them: one line each, which the hub understands. Only the cursor of the
 * last one is looked for; no line is parsed.
 */

import type { ChildProcess } from 'node:child_process';

/** Longest entry that is held; journald's own limit for a field is 768 MB. A longer one ends the child, which is begun anew behind it. */
const MAX_ENTRY_BYTES = 16 * 1024 * 1024;

const NEWLINE = 0x0a;

export interface JournalCommand {
  /** @defaultValue journalctl, along PATH */
  readonly program?: string | undefined;
  /** Units whose entries are read; all where none is named. */
  readonly units?: readonly string[] | undefined;
}

/** The cursor of an entry; undefined where the line is none. */
export function cursorOf(line: Buffer): string | undefined {
  return /"__CURSOR"\s*:\s*"([^"\\]+)"/.exec(line.toString('latin1'))?.[1];
}

async function spawnJournal(
  { program = 'journalctl', units = [] }: JournalCommand,
  args: readonly string[],
): Promise<ChildProcess> {
  // Loaded when it is needed: on Bun it takes 6 MB, and not every agent follows a journal.
  const { spawn } = await import('node:child_process');
  const all = ['--output=json', '--no-pager', '--quiet', ...units.map((unit) => `--unit=${unit}`), ...args];
  return spawn(program, all, { stdio: ['ignore', 'pipe', 'pipe'] });
}

/** The newest entry's cursor; undefined where there is none. */
export async function newestCursor(command: JournalCommand, signal: AbortSignal): Promise<string | undefined> {
  for await (const lines of readJournal(command, ['--lines=1'], signal)) return cursorOf(lines);
  return undefined;
}

/** Whole lines, as they come. Ends when journalctl does; throws what it said where that was an error. */
export async function* readJournal(
  command: JournalCommand,
  args: readonly string[],
  signal: AbortSignal,
): AsyncGenerator<Buffer, void, undefined> {
  const child = await spawnJournal(command, args);
  const kill = () => void child.kill('SIGTERM');
  signal.addEventListener('abort', kill);
  let complaint = '';
  child.stderr!.setEncoding('utf8').on('data', (text: string) => {
    complaint = (complaint + text).slice(-500);
  });
  const ended = new Promise<number | Error>((resolve) => {
    child.once('error', resolve).once('close', (code) => resolve(code ?? 0));
  });
  let rest: Buffer = Buffer.alloc(0);
  try {
    for await (const piece of child.stdout as AsyncIterable<Buffer>) {
      const bytes = rest.length === 0 ? piece : Buffer.concat([rest, piece]);
      const end = bytes.lastIndexOf(NEWLINE) + 1;
      rest = bytes.subarray(end);
      if (end > 0) yield bytes.subarray(0, end);
      if (rest.length > MAX_ENTRY_BYTES) throw new Error(`an entry of more than ${MAX_ENTRY_BYTES} bytes is left out`);
    }
    const how = await ended;
    if (signal.aborted) return;
    if (how instanceof Error) throw how;
    if (how !== 0) throw new Error(complaint.trim() || `journalctl ended with ${how}`);
  } finally {
    signal.removeEventListener('abort', kill);
    kill();
  }
}
