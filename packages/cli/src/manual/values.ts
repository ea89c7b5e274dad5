/** What an option's value may be, by the name that the help gives it. */

import { LEVELS } from '@flywatch/core';
import { PATTERN_ORDERS } from '../patterns/pattern-orders.ts';
import { FORMAT_NAMES } from '../view/formats.ts';

export type ValueKind =
  | { readonly type: 'words'; readonly words: readonly string[] }
  | { readonly type: 'files' | 'any' };

export function valueKind(name: string): ValueKind {
  if (name === 'level') return { type: 'words', words: LEVELS };
  if (name === 'order') return { type: 'words', words: PATTERN_ORDERS };
  if (name === 'format') return { type: 'words', words: FORMAT_NAMES };
  if (name === 'shell') return { type: 'words', words: ['bash', 'zsh', 'fish'] };
  return { type: /^(?:file|dir|folder)/.test(name) ? 'files' : 'any' };
}
