import { FieldTree, fieldsOf, type LineItem, lineParts, type Marker, WholeText } from '@flywatch/react';
import type { ReactElement } from 'react';
import type { RowActions } from './Row.tsx';

interface RowBodyProps {
  readonly item: LineItem;
  readonly marker: Marker | undefined;
  readonly actions: RowActions;
}

/** What an unfolded line shows below itself: the whole message where the row has a part of it, and its fields. */
export function RowBody({ item, marker, actions }: RowBodyProps): ReactElement {
  const { event, more } = item;
  const { moreLines, moreChars } = lineParts(event);
  const fields = fieldsOf(event);
  const hasFields = Object.keys(fields).length > 0;
  const isPart = moreLines > 0 || moreChars > 0 || more.length > 0 || !hasFields;
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: a press in here is for what is in here, not for the row; keys do not bubble to it
    // biome-ignore lint/a11y/useFocusableInteractive: the grid has the focus; what is in here has its own
    // biome-ignore lint/a11y/useSemanticElements: a table cell is no place for a tree
    <div className="list-body" role="gridcell" onClick={(press) => press.stopPropagation()}>
      {isPart && <WholeText text={[event, ...more].map(({ message }) => message).join('\n')} marker={marker} />}
      {hasFields && (
        <FieldTree
          fields={fields}
          onOnly={actions.only}
          onNot={actions.not}
          onColumn={actions.column}
          onCopy={actions.copyValue}
        />
      )}
    </div>
  );
}
