import type { ReactElement } from 'react';
import { Link } from '../app/Link.tsx';
import { usePath } from '../app/location.ts';
import { PLACES, placeOf } from '../app/places.ts';
import { Overlay } from './Overlay.tsx';

/** The places that have no tab of their own on a phone. */
export function MorePlaces({ onClose }: { readonly onClose: () => void }): ReactElement {
  const here = placeOf(usePath());
  return (
    <Overlay label="More places" className="more-places" onClose={onClose}>
      <nav aria-label="More places">
        {PLACES.filter(({ isTab = false }) => !isTab).map((place) => {
          const { path, name, Icon } = place;
          return (
            <Link key={path} href={path} aria-current={place === here ? 'page' : undefined} onClick={onClose}>
              <Icon />
              {name}
            </Link>
          );
        })}
      </nav>
    </Overlay>
  );
}
