/**
 * ANSI colours as pieces. Colours and weights become classes; cursor movements, titles, hyperlinks and every other sequence
 * go without a trace. Blink, conceal and inverse are ignored: they hide text or shout.
 */

import { readableColours, rgbOf256 } from './ansi-colour.ts';
import { controlPieces } from './controls.ts';
import type { Piece, PieceColours } from './piece.ts';

/** Escape sequences of ECMA-48. The group is a colour's parameters; each alternative is linear. */
const ESCAPE =
  /\x1b\[([0-9;:]*)m|\x1b\[[0-?]*[ -/]*[@-~]?|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)?|\x1b[PX^_][^\x1b]*(?:\x1b\\)?|\x1b[ -/]*[0-~]/g;

/** Parameters of one sequence that are looked at; a colour has five. */
const MAX_PARAMETERS = 64;

const NAMES = ['black', 'red', 'green', 'yellow', 'blue', 'magenta', 'cyan', 'white'] as const;

/** A colour: one of the eight names, or red, green and blue. */
type Colour = (typeof NAMES)[number] | readonly [number, number, number];

interface Look {
  fg: Colour | undefined;
  bg: Colour | undefined;
  bold: boolean;
  dim: boolean;
  italic: boolean;
  underline: boolean;
}

const PLAIN: Readonly<Look> = {
  fg: undefined,
  bg: undefined,
  bold: false,
  dim: false,
  italic: false,
  underline: false,
};

export function ansiPieces(text: string): Piece[] {
  if (!text.includes('\x1b')) return controlPieces(text);
  const pieces: Piece[] = [];
  const look: Look = { ...PLAIN };
  const add = (part: string) => pieces.push(...controlPieces(part, classOf(look), coloursOf(look)));
  let from = 0;
  for (const match of text.matchAll(ESCAPE)) {
    add(text.slice(from, match.index));
    if (match[1] !== undefined) applyColours(match[1], look);
    from = match.index + match[0].length;
  }
  add(text.slice(from));
  return pieces;
}

function classOf({ fg, bg, bold, dim, italic, underline }: Look): string {
  const names: string[] = [];
  if (typeof fg === 'string') names.push(`fw-ansi-${fg}`);
  else if (fg !== undefined) names.push('fw-rgb');
  if (typeof bg === 'string') names.push(`fw-ansi-on-${bg}`);
  else if (bg !== undefined) names.push('fw-on-rgb');
  if (bold) names.push('fw-bold');
  if (dim) names.push('fw-dim');
  if (italic) names.push('fw-italic');
  if (underline) names.push('fw-underline');
  return names.join(' ');
}

function coloursOf({ fg, bg }: Look): PieceColours | undefined {
  if (typeof fg !== 'object' && typeof bg !== 'object') return undefined;
  return {
    ...(typeof fg === 'object' ? readableColours(fg) : undefined),
    ...(typeof bg === 'object' ? { background: `rgb(${bg.join(' ')} / 20%)` } : undefined),
  };
}

function applyColours(parameters: string, look: Look): void {
  const codes = parameters.split(/[;:]/, MAX_PARAMETERS).map(Number);
  for (let i = 0; i < codes.length; i++) {
    const code = codes[i]!;
    if (code === 0) Object.assign(look, PLAIN);
    else if (code === 1) look.bold = true;
    else if (code === 2) look.dim = true;
    else if (code === 3) look.italic = true;
    else if (code === 4) look.underline = true;
    else if (code === 22) look.bold = look.dim = false;
    else if (code === 23) look.italic = false;
    else if (code === 24) look.underline = false;
    else if (code >= 30 && code <= 37) look.fg = NAMES[code - 30];
    else if (code >= 90 && code <= 97) look.fg = NAMES[code - 90];
    else if (code >= 40 && code <= 47) look.bg = NAMES[code - 40];
    else if (code >= 100 && code <= 107) look.bg = NAMES[code - 100];
    else if (code === 39) look.fg = undefined;
    else if (code === 49) look.bg = undefined;
    else if (code === 38 || code === 48) {
      const [colour, used] = extendedColour(codes.slice(i + 1, i + 5));
      if (code === 38) look.fg = colour;
      else look.bg = colour;
      i += used;
    }
  }
}

/** The colour of `38;5;n` or `38;2;r;g;b`, and how many parameters it took. */
function extendedColour([kind, ...rest]: readonly number[]): readonly [Colour | undefined, number] {
  const [first = 0, second = 0, third = 0] = rest.map((value) => Math.min(255, value || 0));
  if (kind === 5) return [first < 16 ? NAMES[first % 8] : rgbOf256(first), 2];
  if (kind === 2) return [[first, second, third], 4];
  return [undefined, 1];
}
