import { RawText } from '@flywatch/react';
import type { CSSProperties, ReactElement } from 'react';
import { type Citing, Inlines } from './Inlines.tsx';
import type { Block, Cell } from './markdown/blocks.ts';
import { splitLead } from './markdown/lead.ts';

interface AnswerProps {
  readonly blocks: readonly Block[];
  readonly citing: Citing;
  /** Whether more may come. */
  readonly isGrowing: boolean;
}

/** An answer: its first sentence is the answer, the rest says why. */
export function Answer({ blocks, citing, isGrowing }: AnswerProps): ReactElement {
  return (
    <div className={`ask-answer${isGrowing ? ' is-growing' : ''}`}>
      {blocks.map((block, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: blocks only come at the end
        <BlockView key={i} block={block} isFirst={i === 0} citing={citing} />
      ))}
    </div>
  );
}

function BlockView({ block, isFirst, citing }: { block: Block; isFirst: boolean; citing: Citing }): ReactElement {
  switch (block.type) {
    case 'paragraph': {
      const [lead, rest] = isFirst ? splitLead(block.inlines) : [[], block.inlines];
      return (
        <p>
          {lead.length > 0 && (
            <b>
              <Inlines inlines={lead} citing={citing} />
            </b>
          )}
          <Inlines inlines={rest} citing={citing} />
        </p>
      );
    }
    case 'heading':
      return (
        <h3>
          <Inlines inlines={block.inlines} citing={citing} />
        </h3>
      );
    case 'list':
      return (
        <ul>
          {block.items.map((item, i) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: items only come at the end
            <li key={i} style={{ '--depth': item.depth } as CSSProperties}>
              <span className="ask-mark">{item.mark}</span>
              <span>
                <Inlines inlines={item.inlines} citing={citing} />
              </span>
            </li>
          ))}
        </ul>
      );
    case 'code':
      return (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by the keyboard
        <pre tabIndex={0}>
          <RawText text={block.text} />
        </pre>
      );
    case 'table':
      return (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: as above
        <section className="ask-table" aria-label="Table" tabIndex={0}>
          <table>
            <thead>
              <tr>
                {block.head.map((cell, i) => (
                  // biome-ignore lint/suspicious/noArrayIndexKey: columns do not move
                  <th key={i} scope="col">
                    <Inlines inlines={cell} citing={citing} />
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {block.rows.map((row, i) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: rows only come at the end
                <TableRow key={i} row={row} citing={citing} />
              ))}
            </tbody>
          </table>
        </section>
      );
  }
}

function TableRow({ row, citing }: { readonly row: readonly Cell[]; readonly citing: Citing }): ReactElement {
  return (
    <tr>
      {row.map((cell, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: columns do not move
        <td key={i}>
          <Inlines inlines={cell} citing={citing} />
        </td>
      ))}
    </tr>
  );
}
