import type { ReactElement } from 'react';
import { Mark } from './icons.tsx';
import { Link } from './Link.tsx';
import { PLACES, type Place } from './places.ts';

/** All places: at the left, or at the bottom of a phone. */
export function Rail({ place }: { readonly place: Place | undefined }): ReactElement {
  return (
    <nav className="rail" aria-label="Places">
      <span className="rail-mark">
        <Mark />
      </span>
      {PLACES.map((item) => {
        const { path, name, Icon, at, useBadge } = item;
        return (
          <Link
            key={path}
            href={path}
            className={at === 'bottom' ? 'rail-place is-bottom' : 'rail-place'}
            aria-current={item === place ? 'page' : undefined}
          >
            <Icon />
            {name}
            {useBadge !== undefined && <Badge useCount={useBadge} />}
          </Link>
        );
      })}
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
