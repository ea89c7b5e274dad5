import { Fragment, type ReactElement } from 'react';
import { AskLink } from '../ask/AskLink.tsx';
import { useIsAsking } from '../ask/ask-address.ts';
import { Mark, MoreIcon } from './icons.tsx';
import { Link } from './Link.tsx';
import { showOverlay } from './overlay-open.ts';
import { PLACES, type Place } from './places.ts';

/** The assistant stands last of those at the top. */
const FIRST_BELOW = PLACES.find(({ at }) => at === 'bottom');

/** All places at the left; at the bottom of a phone those that have a tab, and More for the others. */
export function Rail({ place }: { readonly place: Place | undefined }): ReactElement {
  const isAsking = useIsAsking();
  return (
    <nav className="rail" aria-label="Places">
      <span className="rail-mark">
        <Mark />
      </span>
      {PLACES.map((item) => {
        const { path, name, Icon, at, isTab = false, useBadge } = item;
        const isFirstBelow = item === FIRST_BELOW;
        return (
          <Fragment key={path}>
            {isFirstBelow && <AskLink />}
            <Link
              href={path}
              className={`rail-place${at === 'bottom' ? ' is-bottom' : ''}${isTab ? '' : ' is-no-tab'}`}
              aria-current={item === place && !isAsking ? 'page' : undefined}
            >
              <Icon />
              {name}
              {useBadge !== undefined && <Badge useCount={useBadge} />}
            </Link>
          </Fragment>
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
