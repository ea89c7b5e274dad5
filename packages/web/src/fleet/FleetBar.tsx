/** The Fleet page's top bar: search, kinds and range, all of which are in the address. */

import type { FleetOverview } from '@flywatch/core';
import { type ReactElement, type RefObject, useRef, useState } from 'react';
import { flushSync } from 'react-dom';
import { CloseIcon, PlusIcon, SearchIcon } from '../app/icons.tsx';
import { useKeys } from '../app/keys.ts';
import { Link } from '../app/Link.tsx';
import { TopBar } from '../app/TopBar.tsx';
import { changeFleetView, type FleetView, KINDS, type Kind, LIST_HOURS } from './fleet-view.ts';
import { LiveWord } from './Summary.tsx';

interface FleetBarProps {
  readonly view: FleetView;
  /** Undefined before the first answer. */
  readonly overview: FleetOverview | undefined;
  readonly isStale: boolean;
}

export function FleetBar({ view, overview, isStale }: FleetBarProps): ReactElement {
  const search = useRef<HTMLInputElement>(null);
  // On a phone the search is a button until it is needed.
  const [isOpen, setOpen] = useState(view.search !== '');
  const open = () => {
    // At once: what is typed next belongs into the field.
    flushSync(() => setOpen(true));
    search.current?.select();
  };
  useKeys({ scope: 'search', keys: { '/': { text: 'Search', run: open } } });
  const count = (kind: Kind) => overview?.units.filter((unit) => kind === 'all' || unit.kind === kind).length;
  return (
    <TopBar>
      <h1>Fleet</h1>
      {overview !== undefined && (
        <span className="fleet-phone-live">
          <LiveWord overview={overview} isStale={isStale} />
        </span>
      )}
      <div className={isOpen ? 'fleet-tools is-open' : 'fleet-tools'}>
        <Search input={search} view={view} onClose={() => setOpen(false)} />
        <fieldset className="choices" aria-label="Kind">
          {(Object.keys(KINDS) as Kind[]).map((kind) => (
            <button
              key={kind}
              type="button"
              aria-pressed={kind === view.kind}
              onClick={() => changeFleetView(view, { kind })}
            >
              {KINDS[kind]} <span className="figures">{count(kind) ?? ''}</span>
            </button>
          ))}
        </fieldset>
        <fieldset className="choices" aria-label="Range">
          {LIST_HOURS.map((hours) => (
            <button
              key={hours}
              type="button"
              aria-pressed={hours === view.hours}
              onClick={() => changeFleetView(view, { hours })}
            >
              {hours} h
            </button>
          ))}
        </fieldset>
      </div>
      <button type="button" className="icon-button fleet-search-button" aria-label="Search" onClick={open}>
        <SearchIcon />
      </button>
      <Link className="button fleet-connect" href="/ui/connect" aria-label="Connect">
        <PlusIcon /> <span>Connect</span>
      </Link>
    </TopBar>
  );
}

interface SearchProps {
  readonly input: RefObject<HTMLInputElement | null>;
  readonly view: FleetView;
  readonly onClose: () => void;
}

function Search({ input, view, onClose }: SearchProps): ReactElement {
  const change = (search: string) => changeFleetView(view, { search });
  const close = () => {
    change('');
    onClose();
  };
  return (
    <label className="fleet-search">
      <SearchIcon />
      <input
        ref={input}
        type="search"
        placeholder="Find a host or app"
        aria-label="Find a host or app"
        value={view.search}
        onChange={(event) => change(event.target.value)}
        onKeyDown={(event) => {
          if (event.key !== 'Escape') return;
          event.preventDefault();
          close();
          event.currentTarget.blur();
        }}
      />
      <kbd>/</kbd>
      <button type="button" className="icon-button fleet-search-close" aria-label="Close the search" onClick={close}>
        <CloseIcon />
      </button>
    </label>
  );
}
