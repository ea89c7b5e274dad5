import type { ReactElement } from 'react';
import { useKeys } from '../../app/keys.ts';
import { changeSettings, readSettings, useSettings } from '../../app/settings.ts';
import type { ChangeView, View } from '../view.ts';
import { FacetGroup } from './FacetGroup.tsx';
import { FACET_FIELDS } from './facet-values.ts';
import { useAllFacets } from './useFacet.ts';
import './facets.css';

interface FacetsProps {
  readonly view: View;
  readonly onView: ChangeView;
}

/** What the lines that match are made of. Nothing is chosen here but in the text of the search box. */
export function Facets(props: FacetsProps): ReactElement | null {
  const { facetsOpen } = useSettings();
  useKeys({
    scope: 'search',
    keys: { f: { text: 'Facets', run: () => changeSettings({ facetsOpen: !readSettings().facetsOpen }) } },
  });
  // Folded away it asks the hub nothing.
  return facetsOpen ? <OpenFacets {...props} /> : null;
}

function OpenFacets({ view, onView }: FacetsProps): ReactElement {
  const { data } = useAllFacets(view);
  return (
    <aside className="facets" aria-label="Facets">
      {FACET_FIELDS.map((field) => (
        <FacetGroup key={field} field={field} view={view} onView={onView} all={data} />
      ))}
    </aside>
  );
}
