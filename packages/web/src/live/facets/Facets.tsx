import { type ReactElement, useEffect, useRef } from 'react';
import { CloseIcon, SlidersIcon } from '../../app/icons.tsx';
import { useKeys } from '../../app/keys.ts';
import { useWidth } from '../list/useWidth.ts';
import type { ChangeView, View } from '../view.ts';
import { FacetGroup } from './FacetGroup.tsx';
import { FACET_FIELDS } from './facet-values.ts';
import { toggleFacetsBeside, toggleFacetsOver, useFacetsPlace } from './facets-open.ts';
import { useAllFacets } from './useFacet.ts';
import './facets.css';

interface FacetsProps {
  readonly view: View;
  readonly onView: ChangeView;
}

/** What the lines that match are made of. Nothing is chosen here but in the text of the search box. */
export function Facets(props: FacetsProps): ReactElement | null {
  const place = useFacetsPlace();
  const toggle = useWidth('narrow') ? toggleFacetsOver : toggleFacetsBeside;
  useKeys({ scope: 'search', keys: { f: { text: 'Facets', run: toggle } } });
  // Folded away it asks the hub nothing.
  return place === 'closed' ? null : <OpenFacets {...props} isOver={place === 'over'} />;
}

/** Opens the facets where there is no room for them beside the list. */
export function FacetsToggle({ view }: { readonly view: View }): ReactElement {
  return (
    <button
      type="button"
      className="icon-button facets-toggle"
      aria-label="Facets"
      aria-expanded={useFacetsPlace() === 'over'}
      onClick={toggleFacetsOver}
    >
      <SlidersIcon />
      {view.q !== '' && <i className="facets-dot" />}
    </button>
  );
}

function OpenFacets({ view, onView, isOver }: FacetsProps & { readonly isOver: boolean }): ReactElement {
  const { data } = useAllFacets(view);
  const panel = useRef<HTMLElement>(null);
  useEffect(() => {
    if (isOver) panel.current?.querySelector('button')?.focus();
  }, [isOver]);
  return (
    <>
      <button
        type="button"
        className="facets-scrim"
        aria-label="Close the facets"
        tabIndex={-1}
        onClick={toggleFacetsOver}
      />
      <aside
        ref={panel}
        className="facets"
        aria-label="Facets"
        onKeyDown={(event) => {
          if (!isOver || event.key !== 'Escape') return;
          event.stopPropagation();
          toggleFacetsOver();
        }}
      >
        {isOver && (
          <header className="facets-top">
            <h2>Facets</h2>
            <button type="button" className="icon-button" aria-label="Close the facets" onClick={toggleFacetsOver}>
              <CloseIcon />
            </button>
          </header>
        )}
        {/* All at once: groups that come one by one would push each other down. */}
        {data !== undefined &&
          FACET_FIELDS.map((field) => <FacetGroup key={field} field={field} view={view} onView={onView} all={data} />)}
      </aside>
    </>
  );
}
