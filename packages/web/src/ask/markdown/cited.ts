import type { Block } from './blocks.ts';
import type { Inline } from './inline.ts';

/** So many lines are numbered; an answer that cites more says nothing with it. */
export const MAX_CITED = 40;

/** The ids that an answer cites, each once, in their order: the first one is number 1. */
export function citedIds(blocks: readonly Block[]): readonly string[] {
  const ids = new Set<string>();
  const look = (inlines: readonly Inline[]) => {
    for (const inline of inlines) {
      if (inline.type === 'cite') ids.add(inline.id);
      if (inline.type === 'bold') look(inline.inlines);
    }
  };
  for (const block of blocks) {
    if (block.type === 'list') for (const item of block.items) look(item.inlines);
    else if (block.type === 'table') for (const row of [block.head, ...block.rows]) for (const cell of row) look(cell);
    else if (block.type !== 'code') look(block.inlines);
  }
  return [...ids].slice(0, MAX_CITED);
}
