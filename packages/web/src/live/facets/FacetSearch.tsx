import { useVirtualizer } from '@tanstack/react-virtual';
import { type ReactElement, useId, useRef, useState } from 'react';
import { useAnswer } from '../../app/useAnswer.ts';
import { tryParse } from '../filter/term-text.ts';
import { withoutField } from '../query-text.ts';
import { rangeParams } from '../range-params.ts';
import type { ChangeView, View } from '../view.ts';
import { FacetRow } from './FacetRow.tsx';
import type { FacetField, FacetValue } from './facet-values.ts';
import type { FacetAnswer } from './useFacet.ts';

interface FacetSearchProps {
  readonly field: FacetField;
  readonly view: View;
  readonly onView: ChangeView;
  readonly onClose: () => void;
}

/** As many as the hub gives of a field. */
const MAX_VALUES = 1000;

const ROW_PX = 23;

/** Pause in typing after which the hub is asked. */
const TYPING_MS = 150;

const NONE: readonly FacetValue[] = [];

/** All values of a field that the hub gives, in a list of its own with a search. What is typed is looked for by the hub. */
export function FacetSearch({ field, view, onView, onClose }: FacetSearchProps): ReactElement {
  const [typed, setTyped] = useState('');
  const scroll = useRef<HTMLDivElement>(null);
  const noteId = useId();
  const wanted = partFilter(field, typed);
  const q = [withoutField(view.q, field), wanted].filter(Boolean).join(' ');
  const { data } = useAnswer<FacetAnswer>(
    '/logs/facets',
    { ...rangeParams(view.range), q: q || undefined, field, limit: MAX_VALUES },
    { delayMs: TYPING_MS },
  );
  const values = (data?.facets[field] ?? NONE).filter(({ value }) => value.toLowerCase().includes(typed.toLowerCase()));
  const rows = useVirtualizer({
    count: values.length,
    getScrollElement: () => scroll.current,
    estimateSize: () => ROW_PX,
    overscan: 6,
  });
  return (
    <div className="facet-search">
      <input
        className="field"
        value={typed}
        placeholder={`Find in ${field}`}
        aria-label={`Find in ${field}`}
        aria-describedby={noteId}
        autoComplete="off"
        spellCheck={false}
        // biome-ignore lint/a11y/noAutofocus: it was opened to type into it
        autoFocus
        onChange={(event) => setTyped(event.target.value)}
        onKeyDown={(event) => {
          if (event.key !== 'Escape') return;
          event.stopPropagation();
          onClose();
        }}
      />
      <div className="facet-scroll" ref={scroll}>
        <div style={{ height: rows.getTotalSize() }}>
          {rows.getVirtualItems().map(({ index, start }) => (
            <div key={values[index]!.value} className="facet-placed" style={{ transform: `translateY(${start}px)` }}>
              <FacetRow field={field} value={values[index]!} total={data?.total ?? 0} view={view} onView={onView} />
            </div>
          ))}
        </div>
      </div>
      <p id={noteId} className="facet-note" role="status">
        {noteOf(values.length, data?.truncated?.includes(field) === true)}
      </p>
    </div>
  );
}

function noteOf(found: number, isTruncated: boolean): string {
  if (isTruncated) return 'Too many different values to count: some are missing here.';
  if (found >= MAX_VALUES) return `The ${MAX_VALUES} most frequent ones`;
  return found === 0 ? 'No such value' : '';
}

/** A condition on values that have what was typed in them; undefined where the language cannot say it in a word. */
function partFilter(field: string, typed: string): string | undefined {
  const term = `${field}:*${typed.trim()}*`;
  const node = typed.trim() === '' ? undefined : tryParse(term);
  return node?.type === 'field' && node.pattern.type === 'word' && field !== 'level' ? term : undefined;
}
