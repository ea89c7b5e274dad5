/**
 * The tree of a filter. Plain data: it survives JSON, and every node knows its place in the text, for editors that
 * colour or complete it. Made by `parseFilter`; texts are as typed, case included.
 */

/** A stretch of the filter text, `end` not included, in UTF-16 units. */
export interface FilterPosition {
  readonly start: number;
  readonly end: number;
}

interface Positioned {
  readonly position: FilterPosition;
}

/** An empty filter, or a lone `*`: everything matches. */
export interface AllNode extends Positioned {
  readonly type: 'all';
}

/** `a b` and `a and b`: two terms or more, none of them an `and` itself. */
export interface AndNode extends Positioned {
  readonly type: 'and';
  readonly terms: readonly FilterNode[];
}

/** `a or b`: two terms or more, none of them an `or` itself. */
export interface OrNode extends Positioned {
  readonly type: 'or';
  readonly terms: readonly FilterNode[];
}

/** `-a`. */
export interface NotNode extends Positioned {
  readonly type: 'not';
  readonly term: FilterNode;
}

/** A pattern on its own: it is looked for in the message. */
export interface TextNode extends Positioned {
  readonly type: 'text';
  readonly pattern: TextPattern;
}

/** `name:pattern`. */
export interface FieldNode extends Positioned {
  readonly type: 'field';
  readonly name: string;
  readonly namePosition: FilterPosition;
  readonly pattern: FieldPattern;
}

export type TermNode = AllNode | TextNode | FieldNode;

export type FilterNode = AndNode | OrNode | NotNode | TermNode;

/** `word`, `wor*`, `*ord`, `*or*`. The text is never empty and has no `*`. */
export interface WordPattern extends Positioned {
  readonly type: 'word';
  readonly text: string;
  readonly leadingWildcard: boolean;
  readonly trailingWildcard: boolean;
}

/** `"text as it stands"`, escapes resolved; never empty. */
export interface PhrasePattern extends Positioned {
  readonly type: 'phrase';
  readonly text: string;
}

/** `/source/` or `/source/i`; `\/` of the filter text is `/` here. */
export interface RegexPattern extends Positioned {
  readonly type: 'regex';
  readonly source: string;
  readonly ignoreCase: boolean;
}

/** The `*` of `field:*`: the field is there and not null. */
export interface PresentPattern extends Positioned {
  readonly type: 'present';
}

export type ComparisonOperator = '>' | '>=' | '<' | '<=';

/** The `>500` of `field:>500`. */
export interface ComparisonPattern extends Positioned {
  readonly type: 'comparison';
  readonly operator: ComparisonOperator;
  readonly operand: string;
}

export type TextPattern = WordPattern | PhrasePattern | RegexPattern;

export type FieldPattern = TextPattern | PresentPattern | ComparisonPattern;
