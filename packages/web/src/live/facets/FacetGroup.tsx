import { type ReactElement, useState } from 'react';
import { formatCount } from '../../app/format.ts';
import { ChevronDownIcon, ChevronRightIcon } from '../../app/icons.tsx';
import { termState } from '../query-text.ts';
import type { ChangeView, View } from '../view.ts';
import { FacetRow } from './FacetRow.tsx';
import { FacetSearch } from './FacetSearch.tsx';
import type { FacetField } from './facet-values.ts';
import { type FacetAnswer, FIRST_VALUES, useFacet } from './useFacet.ts';

interface FacetGroupProps {
  readonly field: FacetField;
  readonly view: View;
  readonly onView: ChangeView;
  readonly all: FacetAnswer;
}

/** Values that are shown before "more". */
const SHOWN = 6;

const FOLDED_AT_FIRST: readonly FacetField[] = ['provider', 'source'];

export function FacetGroup({ field, view, onView, all }: FacetGroupProps): ReactElement | null {
  const [open, setOpen] = useState(!FOLDED_AT_FIRST.includes(field));
  const [searching, setSearching] = useState(false);
  const { values, total } = useFacet(field, view, all);
  if (values.length === 0) return null;
  // What the filter names is never under "more".
  const shown = values
    .filter(({ value }, i) => i < SHOWN || termState(view.q, field, value) !== 'none')
    .slice(0, 2 * SHOWN);
  const rest = values.length - shown.length;
  // The hub gave as many as it was asked for: there may be more than those.
  const more = `${values.length >= FIRST_VALUES ? 'Over ' : ''}${formatCount(rest)} more`;
  return (
    <section className="facet" aria-label={field}>
      <button type="button" className="facet-head" aria-expanded={open} onClick={() => setOpen(!open)}>
        {open ? <ChevronDownIcon /> : <ChevronRightIcon />}
        <span>{field.charAt(0).toUpperCase() + field.slice(1)}</span>
        {!open && <span className="facet-count">{formatCount(values.length)}</span>}
      </button>
      {open && !searching && (
        <>
          {shown.map((value) => (
            <FacetRow key={value.value} field={field} value={value} total={total} view={view} onView={onView} />
          ))}
          {rest > 0 && (
            <button type="button" className="facet-more" onClick={() => setSearching(true)}>
              {more}
            </button>
          )}
        </>
      )}
      {open && searching && (
        <>
          <FacetSearch field={field} view={view} onView={onView} onClose={() => setSearching(false)} />
          <button type="button" className="facet-more" onClick={() => setSearching(false)}>
            Fewer
          </button>
        </>
      )}
    </section>
  );
}
