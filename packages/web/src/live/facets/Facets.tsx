import { type ReactElement, useEffect, useRef } from 'react';
import { CloseIcon, SlidersIcon } from '../../app/icons.tsx';
import { useKeys } from '../../app/keys.ts';
import type { ChangeView, View } from '../view.ts';
import { FacetGroup } from './FacetGroup.tsx';
import { FACET_FIELDS } from './facet-values.ts';
import { toggleFacets, useFacetsOpen, useFacetsOverList } from './facets-open.ts';
import { useAllFacets } from './useFacet.ts';
import './facets.css';

interface FacetsProps {
  readonly view: View;
  readonly onView: ChangeView;
}

/** What the lines that match are made of. Nothing is chosen here but in the text of the search box. */
export function Facets(props: FacetsProps): ReactElement | null {
  const isOpen = useFacetsOpen();
  useKeys({ scope: 'search', keys: { f: { text: 'Facets', run: toggleFacets } } });
  // Folded away it asks the hub nothing.
  return isOpen ? <OpenFacets {...props} /> : null;
}

/** Opens the facets where there is no room for them beside the list. */
export function FacetsToggle(): ReactElement {
  return (
    <button type="button" className="icon-button facets-toggle" aria-label="Facets (f)" onClick={toggleFacets}>
      <SlidersIcon />
    </button>
  );
}

function OpenFacets({ view, onView }: FacetsProps): ReactElement {
  const { data } = useAllFacets(view);
  const isOverList = useFacetsOverList();
  const panel = useRef<HTMLElement>(null);
  useEffect(() => {
    if (isOverList) panel.current?.querySelector('button')?.focus();
  }, [isOverList]);
  return (
    <>
      <button
        type="button"
        className="facets-scrim"
        aria-label="Close the facets"
        tabIndex={-1}
        onClick={toggleFacets}
      />
      <aside
        ref={panel}
        className="facets"
        aria-label="Facets"
        onKeyDown={(event) => {
          if (!isOverList || event.key !== 'Escape') return;
          event.stopPropagation();
          toggleFacets();
        }}
      >
        {isOverList && (
          <button
            type="button"
            className="icon-button facets-close"
            aria-label="Close the facets"
            onClick={toggleFacets}
          >
            <CloseIcon />
          </button>
        )}
        {/* All at once: groups that come one by one would push each other down. */}
        {data !== undefined &&
          FACET_FIELDS.map((field) => <FacetGroup key={field} field={field} view={view} onView={onView} all={data} />)}
      </aside>
    </>
  );
}
