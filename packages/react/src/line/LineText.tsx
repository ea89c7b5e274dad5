import type { FlatEvent } from '@flywatch/core';
import { type CSSProperties, memo, type ReactNode } from 'react';
import { ansiPieces } from './ansi.ts';
import { controlPieces } from './controls.ts';
import { lineParts } from './line-parts.ts';
import { type Marker, markPieces } from './marks.ts';
import type { Piece, PieceColours } from './piece.ts';

export interface LineTextProps {
  readonly event: FlatEvent;
  /** Marks what a search looks for; see `createMarker`. */
  readonly marker?: Marker | undefined;
}

/** The message of an event in one row: its first line, then its fields. What is folded away is the caller's to say. */
export const LineText = memo(function LineText({ event, marker }: LineTextProps): ReactNode {
  return <span className="fw-text">{renderPieces(markPieces(lineParts(event).pieces, marker))}</span>;
});

export interface RawTextProps {
  readonly text: string;
  readonly marker?: Marker | undefined;
}

/** Any text of a machine, whole: colours as printed, line breaks kept, control characters shown. */
export const RawText = memo(function RawText({ text, marker }: RawTextProps): ReactNode {
  return <span className="fw-text fw-whole">{renderPieces(markPieces(ansiPieces(text), marker))}</span>;
});

/** A name of a machine's making in a direction of its own: what is in it cannot reorder what stands beside it. */
export function Isolated({ text, className }: { readonly text: string; readonly className?: string }): ReactNode {
  return <bdi className={className}>{renderPieces(controlPieces(text))}</bdi>;
}

function renderPieces(pieces: readonly Piece[]): ReactNode[] {
  return pieces.map(({ text, className, colours }, index) => {
    if (className === '') return text;
    const key = `${index}`;
    if (className.endsWith('fw-mark')) {
      return (
        <mark key={key} className={className} style={styleOf(colours)}>
          {text}
        </mark>
      );
    }
    return (
      <span key={key} className={className} style={styleOf(colours)}>
        {text}
      </span>
    );
  });
}

/** Custom properties and not colours: which of them counts is the theme's business. */
function styleOf(colours: PieceColours | undefined): CSSProperties | undefined {
  if (colours === undefined) return undefined;
  const { dark, light, background } = colours;
  return { '--fw-dark': dark, '--fw-light': light, '--fw-behind': background } as CSSProperties;
}
