import { Isolated } from '@flywatch/react';
import type { ReactElement } from 'react';
import type { Inline } from './markdown/inline.ts';

/** What is done with cited lines: which number each has, and what pressing it does. */
export interface Citing {
  /** Undefined for one that is not numbered any more. */
  readonly numberOf: (id: string) => number | undefined;
  readonly onCite: (id: string) => void;
  /** The line that is open. */
  readonly open: string | undefined;
}

/** Text of an answer, as elements. Everything in it is text; all that can be pressed are numbers of lines. */
export function Inlines({ inlines, citing }: { readonly inlines: readonly Inline[]; readonly citing: Citing }) {
  // biome-ignore lint/suspicious/noArrayIndexKey: pieces of one text, which never move
  return inlines.map((inline, i) => <InlineView key={i} inline={inline} citing={citing} />);
}

function InlineView({ inline, citing }: { readonly inline: Inline; readonly citing: Citing }): ReactElement {
  switch (inline.type) {
    case 'text':
      return <Isolated text={inline.text} />;
    case 'code':
      return (
        <code>
          <Isolated text={inline.text} />
        </code>
      );
    case 'bold':
      return (
        <strong>
          <Inlines inlines={inline.inlines} citing={citing} />
        </strong>
      );
    case 'cite':
      return <CiteNumber id={inline.id} citing={citing} />;
  }
}

/** `3`: press it to see the line where it is. */
function CiteNumber({ id, citing }: { readonly id: string; readonly citing: Citing }): ReactElement {
  const number = citing.numberOf(id);
  if (number === undefined) return <code>#{id}</code>;
  return (
    <button
      type="button"
      className="ask-cite"
      aria-label={`Line ${number}`}
      aria-current={citing.open === id}
      title={`Show this line: #${id}`}
      onClick={() => citing.onCite(id)}
    >
      {number}
    </button>
  );
}
