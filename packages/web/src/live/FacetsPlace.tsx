/** Facets beside the list, or where there is no room for that, on a sheet over it. */

import { type ReactElement, useState } from 'react';
import { CloseIcon, SlidersIcon } from '../app/icons.tsx';
import { changeSettings } from '../app/settings.ts';
import { Facets } from './facets/Facets.tsx';
import { useWidth } from './list/useWidth.ts';
import type { ChangeView, View } from './view.ts';

interface FacetsPlaceProps {
  readonly view: View;
  readonly onView: ChangeView;
}

export function FacetsPlace(props: FacetsPlaceProps): ReactElement {
  const isNarrow = useWidth('narrow');
  const [isOpen, setOpen] = useState(false);
  if (!isNarrow) return <Facets {...props} />;
  const open = () => {
    changeSettings({ facetsOpen: true });
    setOpen(true);
  };
  return (
    <>
      <button
        type="button"
        className="facets-open icon-button"
        aria-label="Filters"
        aria-expanded={isOpen}
        onClick={open}
      >
        <SlidersIcon />
        {props.view.q !== '' && <i className="facets-dot" />}
      </button>
      {isOpen && (
        // biome-ignore lint/a11y/noStaticElementInteractions: Escape closes the sheet, wherever in it the focus is
        <div
          className="facets-sheet"
          onKeyDown={(event) => {
            if (event.key !== 'Escape') return;
            event.stopPropagation();
            setOpen(false);
          }}
        >
          <header>
            <h2>Filters</h2>
            <button type="button" className="icon-button" aria-label="Close the filters" onClick={() => setOpen(false)}>
              <CloseIcon />
            </button>
          </header>
          <Facets {...props} />
        </div>
      )}
    </>
  );
}
