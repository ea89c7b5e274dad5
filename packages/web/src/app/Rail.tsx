import type { ReactElement } from 'react';
import { Mark, MoreIcon } from './icons.tsx';
import { Link } from './Link.tsx';
import { showOverlay } from './overlay-open.ts';
import { PLACES, type Place } from './places.ts';

/** All places at the left; at the bottom of a phone those that have a tab, and More for the others. */
export function Rail({ place }: { readonly place: Place | undefined }): ReactElement {
  return (
    <nav className="rail" aria-label="Places">
      <span className="rail-mark">
        <Mark />
      </span>
      {PLACES.map((item) => {
        const { path, name, Icon, at, isTab = false, useBadge } = item;
        return (
          <Link
            key={path}
            href={path}
            className={`rail-place${at === 'bottom' ? ' is-bottom' : ''}${isTab ? '' : ' is-no-tab'}`}
            aria-current={item === place ? 'page' : undefined}
          >
            <Icon />
            {name}
            {useBadge !== undefined && <Badge useCount={useBadge} />}
          </Link>
        );
      })}
      <button
        type="button"
        className="rail-place rail-more"
        aria-haspopup="dialog"
        aria-current={place !== undefined && place.isTab !== true ? 'true' : undefined}
        onClick={() => showOverlay('more')}
      >
        <MoreIcon />
        More
      </button>
    </nav>
  );
}

/** More need no exact number. */
const MAX_BADGE = 99;

/** How many things need a person. */
function Badge({ useCount }: { readonly useCount: () => number }): ReactElement | null {
  const count = useCount();
  if (count === 0) return null;
  return (
    <span className="rail-badge figures">
      {count > MAX_BADGE ? `${MAX_BADGE}+` : count}
      <span className="only-heard"> need attention</span>
    </span>
  );
}
