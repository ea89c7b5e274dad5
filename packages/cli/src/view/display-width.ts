/** Columns that text takes in a terminal, and lines that fit into some. Text may have style sequences and nothing else in it. */

/** Two columns: East Asian wide characters and emoji, in the blocks that terminals agree on. */
const WIDE =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{1f300}-\u{1f64f}\u{1f680}-\u{1f6ff}\u{1f900}-\u{1f9ff}\u{20000}-\u{3fffd}]/u;

/** No column: marks that sit on the character before. */
const NO_WIDTH = /\p{Mn}|\p{Me}|[\u200d\ufe0e\ufe0f]/u;

const PLAIN = /^[\x20-\x7e]*$/;
const STYLES = /\x1b\[[\d;]*m/g;

export function displayWidth(text: string): number {
  if (PLAIN.test(text)) return text.length;
  let width = 0;
  for (const char of text.replace(STYLES, '')) {
    if (WIDE.test(char)) width += 2;
    else if (!NO_WIDTH.test(char)) width += 1;
  }
  return width;
}

/**
 * The text as lines of at most so many columns, broken at blanks. A word that is wider stays whole on a line of its own: the
 * terminal breaks it, and an address can still be copied.
 */
export function wrapText(text: string, firstColumns: number, columns: number): string[] {
  if (text.length <= firstColumns && PLAIN.test(text)) return [text];
  const lines: string[] = [];
  let line = '';
  let left = firstColumns;
  for (const [, blanks, word] of text.matchAll(/( *)([^ ]+)/g)) {
    const width = displayWidth(word!);
    if (line !== '' && blanks!.length + width > left) {
      lines.push(line);
      line = word!;
      left = columns - width;
    } else {
      line += blanks! + word!;
      left -= blanks!.length + width;
    }
  }
  lines.push(line);
  return lines;
}

/**
 * The text as at most so many lines of at most so many columns, broken at blanks, and within a word only where that is wider. What is
 * left is cut with `…`. Without styles.
 */
export function foldText(text: string, columns: number, maxLines: number): string[] {
  const lines = wrapText(text, columns, columns).flatMap((line) => chopped(line, columns));
  if (lines.length <= maxLines) return lines;
  return [...lines.slice(0, maxLines - 1), fitText(`${lines[maxLines - 1]}${ELLIPSIS}`, columns)];
}

function chopped(line: string, columns: number): string[] {
  const pieces: string[] = [];
  let piece = '';
  let left = columns;
  for (const char of line) {
    const width = displayWidth(char);
    if (width > left) {
      pieces.push(piece);
      piece = '';
      left = columns;
    }
    piece += char;
    left -= width;
  }
  return [...pieces, piece];
}

const ELLIPSIS = '…';

/** The beginning of a text that fits, with `…` where something was cut. Without styles. */
export function fitText(text: string, columns: number): string {
  if (displayWidth(text) <= columns) return text;
  let fitted = '';
  let left = columns - 1;
  for (const char of text) {
    left -= displayWidth(char);
    if (left < 0) break;
    fitted += char;
  }
  return columns < 1 ? '' : fitted + ELLIPSIS;
}
