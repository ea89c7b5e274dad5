/**
 * Text within a paragraph: bold, code, and the lines of the log that it cites. Anything else is what it looks like. A link is its
 * text and its address, in plain sight and with nothing to press: an answer can hold what somebody wrote into a log.
 *
 * One pass from the left. A mark that never closes is looked for once and then known to be text, so that time grows with length
 * alone, whatever is in it.
 */

import { parseEventId } from '@flywatch/core';

export type Inline =
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'bold'; readonly inlines: readonly Inline[] }
  | { readonly type: 'code'; readonly text: string }
  /** A line of the log, by its id. */
  | { readonly type: 'cite'; readonly id: string };

/** Where something may begin. */
const SPECIAL = /[`*#[!]/g;

/** `#ID`, with or without brackets around it; the id is checked where it is read. */
const CITED = /(\[?)#([0-9a-z]{11}-[0-9a-z]{5})(?![0-9a-z])(\]?)/y;

/** A label and an address; both bounded, so that a field of brackets is not read again for each of them. */
const LINK = /!?\[([^\]\n]{0,300})\]\(([^()\s]{1,500})\)/y;

export function parseInlines(text: string): readonly Inline[] {
  const found: Inline[] = [];
  const unclosed = new Set<string>();
  let plainFrom = 0;
  let at = 0;
  const take = (inline: Inline, end: number) => {
    if (at > plainFrom) found.push({ type: 'text', text: text.slice(plainFrom, at) });
    found.push(inline);
    plainFrom = at = end;
  };
  while (at < text.length) {
    SPECIAL.lastIndex = at;
    const special = SPECIAL.exec(text);
    if (special === null) break;
    at = special.index;
    const read =
      readCode(text, at, unclosed) ?? readBold(text, at, unclosed) ?? readCited(text, at) ?? readLink(text, at);
    if (read === undefined) at++;
    else take(read.inline, read.end);
  }
  if (plainFrom < text.length) found.push({ type: 'text', text: text.slice(plainFrom) });
  return found;
}

interface Read {
  readonly inline: Inline;
  readonly end: number;
}

function readCode(text: string, at: number, unclosed: Set<string>): Read | undefined {
  if (text[at] !== '`') return undefined;
  const mark = text.startsWith('``', at) ? '``' : '`';
  const end = closing(text, mark, at, unclosed);
  if (end === undefined) return undefined;
  const code = text.slice(at + mark.length, end);
  const id = code.trim().replace(/^#/, '');
  const inline: Inline = parseEventId(id) === undefined ? { type: 'code', text: code } : { type: 'cite', id };
  return { inline, end: end + mark.length };
}

function readBold(text: string, at: number, unclosed: Set<string>): Read | undefined {
  if (!text.startsWith('**', at)) return undefined;
  const end = closing(text, '**', at, unclosed);
  if (end === undefined) return undefined;
  // What is within cannot be bold again: the first two asterisks have closed it.
  return { inline: { type: 'bold', inlines: parseInlines(text.slice(at + 2, end)) }, end: end + 2 };
}

function readCited(text: string, at: number): Read | undefined {
  // `issue#…` is a word, not a mark before an id.
  if (at > 0 && /[\p{L}\p{N}]/u.test(text[at - 1]!)) return undefined;
  CITED.lastIndex = at;
  const [whole, open, id, close] = CITED.exec(text) ?? [];
  if (whole === undefined || parseEventId(id!) === undefined) return undefined;
  // A bracket that opens a list of ids, `[#A, #B]`, stays as it is.
  if (open !== '' && close === '') return undefined;
  const isClosedElsewhere = open === '' && close !== '';
  return { inline: { type: 'cite', id: id! }, end: at + whole.length - (isClosedElsewhere ? 1 : 0) };
}

function readLink(text: string, at: number): Read | undefined {
  LINK.lastIndex = at;
  const [whole, label, address] = LINK.exec(text) ?? [];
  if (whole === undefined) return undefined;
  const said = label === '' || label === address ? address! : `${label} (${address})`;
  return { inline: { type: 'text', text: said }, end: at + whole.length };
}

/** Where the mark at `at` closes with something between; undefined where it does not. */
function closing(text: string, mark: string, at: number, unclosed: Set<string>): number | undefined {
  if (unclosed.has(mark)) return undefined;
  const end = text.indexOf(mark, at + mark.length);
  if (end === -1) unclosed.add(mark);
  return end === -1 || end === at + mark.length ? undefined : end;
}
