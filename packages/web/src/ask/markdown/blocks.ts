/**
 * An answer as blocks: paragraphs, headings, lists, code and tables. That is all the Markdown there is here: no HTML, no images, no
 * links, so that nothing in an answer can load or lead anywhere. Each line is looked at once.
 */

import { type Inline, parseInlines } from './inline.ts';

export type Block =
  | { readonly type: 'paragraph' | 'heading'; readonly inlines: readonly Inline[] }
  | { readonly type: 'list'; readonly items: readonly ListItem[] }
  | { readonly type: 'code'; readonly text: string }
  | { readonly type: 'table'; readonly head: readonly Cell[]; readonly rows: readonly (readonly Cell[])[] };

export interface ListItem {
  /** `•`, or the number that was written. */
  readonly mark: string;
  /** How far it is indented, 0 to {@link MAX_DEPTH}. */
  readonly depth: number;
  readonly inlines: readonly Inline[];
}

export type Cell = readonly Inline[];

/** The hub ends an answer there too. What is longer came from elsewhere, and is cut with a note. */
export const MAX_ANSWER_CHARS = 64_000;

/** A table that is wider fits no panel; further cells are left out. */
const MAX_CELLS = 12;

const MAX_DEPTH = 3;

const ITEM = /^( *)(?:[-*+]|(\d{1,3})[.)]) +(?=\S)/;
const HEADING = /^#{1,6} +/;
const FENCE = /^ {0,3}```/;

export function parseBlocks(text: string): readonly Block[] {
  const lines = text.slice(0, MAX_ANSWER_CHARS).replaceAll('\r', '').split('\n');
  const blocks: Block[] = [];
  let at = 0;
  while (at < lines.length) {
    const [block, next] = readBlock(lines, at);
    if (block !== undefined) blocks.push(block);
    at = next;
  }
  return blocks;
}

/** The block that begins in this line, and the line after it. */
function readBlock(lines: readonly string[], at: number): readonly [Block | undefined, number] {
  const line = lines[at]!;
  if (isBlank(line) || isRule(line)) return [undefined, at + 1];
  if (FENCE.test(line)) return readCode(lines, at);
  if (HEADING.test(line)) return [{ type: 'heading', inlines: parseInlines(line.replace(HEADING, '')) }, at + 1];
  if (ITEM.test(line)) return readList(lines, at);
  if (isTable(lines, at)) return readTable(lines, at);
  let end = at + 1;
  while (end < lines.length && !beginsAnother(lines, end)) end++;
  return [{ type: 'paragraph', inlines: parseInlines(joined(lines.slice(at, end))) }, end];
}

function readCode(lines: readonly string[], at: number): readonly [Block, number] {
  let end = at + 1;
  while (end < lines.length && !FENCE.test(lines[end]!)) end++;
  return [{ type: 'code', text: lines.slice(at + 1, end).join('\n') }, end + 1];
}

function readList(lines: readonly string[], at: number): readonly [Block, number] {
  const items: ListItem[] = [];
  while (at < lines.length) {
    const begin = ITEM.exec(lines[at]!);
    if (begin === null) break;
    let end = at + 1;
    while (end < lines.length && !beginsAnother(lines, end)) end++;
    const text = joined([lines[at]!.slice(begin[0].length), ...lines.slice(at + 1, end)]);
    const depth = Math.min(MAX_DEPTH, begin[1]!.length >> 1);
    items.push({ mark: begin[2] === undefined ? '•' : `${begin[2]}.`, depth, inlines: parseInlines(text) });
    // Items may stand apart; anything else after a blank line ends the list.
    at = end < lines.length && isBlank(lines[end]!) && ITEM.test(lines[end + 1] ?? '') ? end + 1 : end;
  }
  return [{ type: 'list', items }, at];
}

function readTable(lines: readonly string[], at: number): readonly [Block, number] {
  const rows: (readonly Cell[])[] = [];
  let end = at + 2;
  while (end < lines.length && lines[end]!.includes('|')) rows.push(cells(lines[end++]!));
  return [{ type: 'table', head: cells(lines[at]!), rows }, end];
}

/** A row of names over a row of dashes, with bars in both. */
function isTable(lines: readonly string[], at: number): boolean {
  const under = lines[at + 1] ?? '';
  return lines[at]!.includes('|') && under.includes('|') && under.includes('-') && /^[\s|:-]*$/.test(under);
}

function cells(line: string): readonly Cell[] {
  const inner = line.trim().replace(/^\|/, '').replace(/\|$/, '');
  return inner.split('|', MAX_CELLS).map((cell) => parseInlines(cell.trim()));
}

function beginsAnother(lines: readonly string[], at: number): boolean {
  const line = lines[at]!;
  return (
    isBlank(line) || isRule(line) || FENCE.test(line) || HEADING.test(line) || ITEM.test(line) || isTable(lines, at)
  );
}

function isBlank(line: string): boolean {
  return line.trim() === '';
}

/** A line across the page, which parts what is apart already. */
function isRule(line: string): boolean {
  const marks = line.replaceAll(' ', '');
  return marks.length >= 3 && (/^-+$/.test(marks) || /^\*+$/.test(marks) || /^_+$/.test(marks));
}

/** Lines of one paragraph: where they broke means nothing. Marks of a quotation are left out. */
function joined(lines: readonly string[]): string {
  return lines.map((line) => line.trim().replace(/^> ?/, '')).join(' ');
}
