/** Just enough of Markdown to hold a document against the code: sections, tables, fenced blocks. */

import { readFileSync } from 'node:fs';

/** The text of a file of this repository. */
export function readDocument(path: string): string {
  return readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');
}

/** Rows of all tables whose header begins with `firstHeader`, cells as they are written. */
export function tableRows(text: string, firstHeader: string): string[][] {
  const rows: string[][] = [];
  let inside = false;
  for (const line of text.split('\n')) {
    if (!line.startsWith('|')) inside = false;
    else if (cells(line)[0] === firstHeader) inside = true;
    else if (inside && !/^\|[\s|:-]+\|$/.test(line)) rows.push(cells(line));
  }
  return rows;
}

function cells(line: string): string[] {
  return line
    .slice(1, line.lastIndexOf('|'))
    .split(/(?<!\\)\|/)
    .map((cell) => cell.trim().replaceAll('\\|', '|'));
}

export interface FencedBlock {
  readonly language: string;
  readonly text: string;
  /** Line of the opening fence, from 1. */
  readonly line: number;
}

/** Fenced blocks in their order. */
export function fencedBlocks(text: string): FencedBlock[] {
  const blocks: FencedBlock[] = [];
  let open: { language: string; line: number; lines: string[] } | undefined;
  text.split('\n').forEach((line, index) => {
    const fence = /^```(\w*)$/.exec(line);
    if (open === undefined) {
      if (fence !== null) open = { language: fence[1]!, line: index + 1, lines: [] };
    } else if (fence !== null) {
      blocks.push({ language: open.language, line: open.line, text: open.lines.join('\n') });
      open = undefined;
    } else open.lines.push(line);
  });
  return blocks;
}

/** The text between a heading and the next one of the same or a higher rank. */
export function section(text: string, heading: string): string {
  const lines = text.split('\n');
  const start = lines.indexOf(heading);
  if (start === -1) throw new Error(`there is no heading ${JSON.stringify(heading)}`);
  const rank = heading.indexOf(' ');
  const end = lines.findIndex((line, index) => index > start && /^#+ /.test(line) && line.indexOf(' ') <= rank);
  return lines.slice(start + 1, end === -1 ? undefined : end).join('\n');
}
