import { Isolated } from '@flywatch/react';
import type { KeyboardEvent, MouseEvent, ReactElement } from 'react';
import { formatCount, UNKNOWN } from '../../app/format.ts';
import { MinusIcon, TickIcon } from '../../app/icons.tsx';
import { instanceClass } from '../instance-slot.ts';
import { excludingTerm, onlyTerm, type TermState, termState, withoutTerm, withTerm } from '../query-text.ts';
import type { ChangeView, View } from '../view.ts';
import type { FacetField, FacetValue } from './facet-values.ts';

interface FacetRowProps {
  readonly field: FacetField;
  readonly value: FacetValue;
  readonly total: number;
  readonly view: View;
  readonly onView: ChangeView;
}

/** Characters of an instance's id that tell it from its neighbours; all of them are in the title. */
const SHORT_ID = 8;

const SAID: Readonly<Record<TermState, string>> = { none: '', chosen: ', chosen', excluded: ', left out' };

/** A value with its box: press to ask for it, with Alt to leave it out, again to take that back. */
export function FacetRow({ field, value: { value, count }, total, view, onView }: FacetRowProps): ReactElement {
  const state = termState(view.q, field, value);
  const share = total > 0 ? Math.min(1, count / total) : 0;
  const exclude = () => onView({ q: excludingTerm(view.q, field, value) });
  const only = () => onView({ q: onlyTerm(view.q, field, value) });
  const toggle = () =>
    onView({ q: state === 'none' ? withTerm(view.q, field, value) : withoutTerm(view.q, field, value) });

  function onKeyDown(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || (event.key !== 'i' && event.key !== 'x')) return;
    event.preventDefault();
    event.stopPropagation();
    if (event.key === 'i') only();
    else exclude();
  }

  return (
    <div className={`facet-row is-${state}`}>
      {/* biome-ignore lint/a11y/useSemanticElements: a box of three states that Alt changes is more than an input knows */}
      <button
        type="button"
        role="checkbox"
        className="facet-value"
        aria-checked={state === 'excluded' ? 'mixed' : state === 'chosen'}
        aria-label={`${value}${SAID[state]}, ${count === 0 ? 'no' : formatCount(count)} lines`}
        title={`${value}\nAlt-click leaves it out`}
        onClick={(event: MouseEvent) => (event.altKey ? exclude() : toggle())}
        onKeyDown={onKeyDown}
      >
        <span className="facet-box">{state === 'chosen' ? <TickIcon /> : state === 'excluded' && <MinusIcon />}</span>
        <span className="facet-fill" style={{ transform: `scaleX(${share})` }} />
        <FacetName field={field} value={value} />
      </button>
      <button type="button" className="facet-only" tabIndex={-1} aria-label={`Only ${value}`} onClick={only}>
        Only
      </button>
      <span className="facet-count" aria-hidden="true">
        {Number.isFinite(count) ? formatCount(count) : UNKNOWN}
      </span>
    </div>
  );
}

function FacetName({ field, value }: { readonly field: FacetField; readonly value: string }): ReactElement {
  if (field === 'level') {
    return (
      <span className="facet-name">
        <i className={`histogram-level is-${value}`} />
        {value.charAt(0).toUpperCase() + value.slice(1)}
      </span>
    );
  }
  if (field === 'instance') {
    return (
      <span className={`facet-name is-instance ${instanceClass(value)}`}>
        <i className="facet-tick" />
        <Isolated text={/^[0-9a-f]{9,}$/.test(value) ? value.slice(0, SHORT_ID) : value} />
      </span>
    );
  }
  return (
    <span className="facet-name">
      <Isolated text={value} />
    </span>
  );
}
