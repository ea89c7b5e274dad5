/**
 * What Fly's platform says of machines, told from the texts that it prints: they are no contract, so each is recognised by what
 * is least likely to change in it. Observed texts are in the facts, 5.5; to add one: a row.
 */

/** Something that happened to a machine. */
export type Happening =
  | { readonly kind: 'started' }
  /** Somebody wants it to end: an exit that follows is no crash. */
  | { readonly kind: 'told-to-stop'; readonly by: 'fly' | undefined }
  | { readonly kind: 'exited'; readonly code: number }
  | { readonly kind: 'out-of-memory' }
  | { readonly kind: 'given-up'; readonly restarts: number }
  | { readonly kind: 'check-failed'; readonly check: string }
  | { readonly kind: 'check-passed'; readonly check: string };

interface Row {
  readonly pattern: RegExp;
  readonly read: (match: RegExpExecArray) => Happening;
}

const STARTED = { kind: 'started' } as const;
const OUT_OF_MEMORY = { kind: 'out-of-memory' } as const;

const RUNNER: readonly Row[] = [
  { pattern: /^machine (?:created and )?started in /i, read: () => STARTED },
  {
    pattern: /^machine exited with exit code (-?\d{1,6})/i,
    read: ([, code]) => ({ kind: 'exited', code: Number(code) }),
  },
  {
    pattern: /^machine has reached its max restart count of (\d{1,6})/i,
    read: ([, restarts]) => ({ kind: 'given-up', restarts: Number(restarts) }),
  },
];

const PROXY: readonly Row[] = [
  { pattern: /^machine (?:started|became reachable) in /i, read: () => STARTED },
  { pattern: /autostopping machine /, read: () => ({ kind: 'told-to-stop', by: 'fly' }) },
];

/** With or without the name of the check, as older texts are. */
const HEALTH: readonly Row[] = [
  {
    pattern: /^Health check (?:'([^']{1,100})' )?on port (\d+) has failed/,
    read: ([, name, port]) => ({ kind: 'check-failed', check: checkName(name, port!) }),
  },
  {
    pattern: /^Health check (?:'([^']{1,100})' )?on port (\d+) is now passing/,
    read: ([, name, port]) => ({ kind: 'check-passed', check: checkName(name, port!) }),
  },
];

function checkName(name: string | undefined, port: string): string {
  return name === undefined ? `on port ${port}` : `${name} on port ${port}`;
}

/** What shells call a process that a signal has ended is this and the number of the signal. */
const SIGNAL_BASE = 128;
const SIGNALS: Readonly<Record<string, number>> = {
  ...{
    HUP: 1,
    INT: 2,
    QUIT: 3,
    ILL: 4,
    TRAP: 5,
    ABRT: 6,
    BUS: 7,
    FPE: 8,
    KILL: 9,
    SEGV: 11,
    PIPE: 13,
    ALRM: 14,
    TERM: 15,
  },
};

/** Init and kernel of a machine speak under the name of the app. */
const INIT: readonly Row[] = [
  { pattern: /^ INFO Starting init\b/, read: () => STARTED },
  { pattern: /^ INFO Sending signal SIG/, read: () => ({ kind: 'told-to-stop', by: undefined }) },
  { pattern: /^ INFO Process appears to have been OOM killed/, read: () => OUT_OF_MEMORY },
  { pattern: /^\[ *\d+\.\d+\] Out of memory: Killed process /, read: () => OUT_OF_MEMORY },
  {
    pattern: /^(?: INFO )?Main child exited normally with code: (-?\d{1,6})/,
    read: ([, code]) => ({ kind: 'exited', code: Number(code) }),
  },
  {
    pattern: /^(?: INFO )?Main child exited with signal \(with signal 'SIG([A-Z]+)'/,
    read: ([, signal]) => ({ kind: 'exited', code: SIGNAL_BASE + (SIGNALS[signal!] ?? 0) }),
  },
];

/** By provider, which is whatever a payload says. */
const VOICES: ReadonlyMap<string, readonly Row[]> = new Map([
  ['runner', RUNNER],
  ['machine', RUNNER],
  ['proxy', PROXY],
  ['health', HEALTH],
]);

/** Providers that are Fly's own; lines of `app` are of its init or kernel only where they look like it. */
export const PLATFORM_PROVIDERS: readonly string[] = [...VOICES.keys()];

/** What a line says of its machine. Ordinary lines of apps cost the look at one character. */
export function readPlatformLine(provider: string | undefined, message: string): Happening | undefined {
  const rows = provider === 'app' ? (mayBeInit(message) ? INIT : undefined) : VOICES.get(provider ?? '');
  if (rows === undefined) return undefined;
  for (const { pattern, read } of rows) {
    const match = pattern.exec(message);
    if (match !== null) return read(match);
  }
  return undefined;
}

const SPACE = 0x20;
const BRACKET = 0x5b;
const LETTER_M = 0x4d;

function mayBeInit(message: string): boolean {
  const first = message.charCodeAt(0);
  return first === SPACE || first === BRACKET || first === LETTER_M;
}
