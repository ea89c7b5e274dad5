import type { Inline } from './inline.ts';

/** A stop, and then room: `4.2%` and `02:37:52.113` go on. */
const SENTENCE_END = /[.!?](?=\s)/;

/** A paragraph as its first sentence and the rest of it. Without an end all of it is the first one. */
export function splitLead(inlines: readonly Inline[]): readonly [lead: readonly Inline[], rest: readonly Inline[]] {
  for (const [at, inline] of inlines.entries()) {
    const end = inline.type === 'text' ? inline.text.search(SENTENCE_END) : -1;
    if (inline.type !== 'text' || end === -1) continue;
    const lead: Inline = { type: 'text', text: inline.text.slice(0, end + 1) };
    const rest: Inline = { type: 'text', text: inline.text.slice(end + 1) };
    return [
      [...inlines.slice(0, at), lead],
      [rest, ...inlines.slice(at + 1)],
    ];
  }
  return [inlines, []];
}
