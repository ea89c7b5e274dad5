/** Whether there are colours, and which. The 16 of every terminal, whose shades its user has chosen, in light and dark. */

import type { Level } from '@flywatch/core';

export interface ColourWish {
  /** `--no-color` was given. */
  readonly refused: boolean;
  readonly isTerminal: boolean;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** https://no-color.org and Node's own FORCE_COLOR, of which the more explicit one wins: the flag, then FORCE_COLOR. */
export function wantsColours({ refused, isTerminal, env }: ColourWish): boolean {
  if (refused) return false;
  const { FORCE_COLOR: forced, NO_COLOR: refusedByEnv, TERM } = env;
  if (forced !== undefined) return forced !== '0' && forced !== 'false';
  if (refusedByEnv !== undefined && refusedByEnv !== '') return false;
  return isTerminal && TERM !== 'dumb';
}

export type Style = 'dim' | 'bold' | 'red' | 'green' | 'yellow' | 'cyan' | 'blue' | 'alarm';

/** Writes text in a style, or as it is. Text is safe already. */
export type Paint = (style: Style | number, text: string) => string;

const STYLES: Readonly<Record<Style, string>> = {
  dim: '2',
  bold: '1',
  red: '31',
  green: '32',
  yellow: '33',
  blue: '34',
  cyan: '36',
  alarm: '1;37;41',
};

export function createPaint(colours: boolean): Paint {
  if (!colours) return (_, text) => text;
  return (style, text) =>
    text === '' ? '' : `\x1b[${typeof style === 'number' ? style : STYLES[style]}m${text}\x1b[0m`;
}

export const LEVEL_STYLES: Readonly<Record<Level, Style>> = {
  trace: 'dim',
  debug: 'blue',
  info: 'green',
  warn: 'yellow',
  error: 'red',
  fatal: 'alarm',
};

/** Foregrounds that are readable on black and on white, and are not those of a warning or an error. */
const NAME_COLOURS = [36, 35, 34, 32, 96, 95, 94, 92] as const;

/** The colour of a name, the same in every run: FNV-1a, since similar names have to differ. */
export function colourOfName(name: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < name.length; i++) hash = Math.imul(hash ^ name.charCodeAt(i), 0x01000193);
  return NAME_COLOURS[(hash >>> 0) % NAME_COLOURS.length]!;
}
