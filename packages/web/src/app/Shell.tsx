import { type ReactElement, Suspense, useLayoutEffect, useRef } from 'react';
import { ErrorBoundary } from './ErrorBoundary.tsx';
import { useKeys } from './keys.ts';
import { Link } from './Link.tsx';
import { navigate, usePath } from './location.ts';
import { Notice } from './Notice.tsx';
import { Overlays } from './Overlays.tsx';
import { PLACES, placeOf } from './places.ts';
import { Rail } from './Rail.tsx';
import { TopBar } from './TopBar.tsx';
import './shell.css';

/** The frame around every place: the rail, the place itself, and the keys that work everywhere. */
export function Shell(): ReactElement {
  const path = usePath();
  const place = placeOf(path);
  const main = useRef<HTMLElement>(null);
  const isFirst = useRef(true);
  useKeys({
    scope: 'go',
    keys: Object.fromEntries(PLACES.map(({ key, name, path }) => [key, { text: name, run: () => navigate(path) }])),
  });
  // Before the effects of the place, which may have a better title for what is open in it.
  useLayoutEffect(() => {
    document.title = place === undefined ? 'Flywatch' : `${place.name} · Flywatch`;
    // Who listens to the page or uses its keys is taken along; at the first load the browser's own order holds.
    if (!isFirst.current) main.current?.focus({ preventScroll: true });
    isFirst.current = false;
  }, [place]);
  return (
    <div className="shell">
      <Rail place={place} />
      <main ref={main} className="place" tabIndex={-1}>
        <ErrorBoundary key={path}>
          <Suspense fallback={null}>{place === undefined ? <NoSuchPlace path={path} /> : <place.Page />}</Suspense>
        </ErrorBoundary>
      </main>
      <Overlays />
    </div>
  );
}

function NoSuchPlace({ path }: { readonly path: string }): ReactElement {
  return (
    <>
      <TopBar>
        <h1>Not found</h1>
      </TopBar>
      <Notice tone="quiet" title="There is no such page">
        <p>
          Nothing is at <code>{path.slice(0, 200)}</code>.
        </p>
        <Link className="button" href="/ui/">
          Go to the start
        </Link>
      </Notice>
    </>
  );
}
