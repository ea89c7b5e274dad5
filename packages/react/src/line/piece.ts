/** A stretch of a line with one look. Nothing from a log is ever markup: it is text with class names of ours. */
export interface Piece {
  readonly text: string;
  /** Class names, blank between them; empty for plain text. */
  readonly className: string;
  /** Colours that no class has: ANSI 256 and true colours, made readable. */
  readonly colours?: PieceColours | undefined;
}

export interface PieceColours {
  readonly dark?: string;
  readonly light?: string;
  readonly background?: string;
}
