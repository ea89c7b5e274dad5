import { withoutControls } from '@flywatch/react';
import { lazy, type ReactElement, Suspense, useEffect, useRef } from 'react';
import { FleetList } from './FleetList.tsx';
import { useFleetView } from './fleet-view.ts';
import { hasAddress, NoAddress } from './NoAddress.tsx';

/** The charts are the largest part of the dashboard: only who opens a host loads them. */
const HostPage = lazy(async () => ({ default: (await import('./host/HostPage.tsx')).HostPage }));

/** The Fleet place: the list, or the page of the host that the address names. */
export function FleetPage(): ReactElement {
  const view = useFleetView();
  const { host } = view;
  const isFirst = useRef(true);
  useEffect(() => {
    document.title = `${withoutControls(host ?? 'Fleet')} · Flywatch`;
    // Within the place, too, who listens to the page or uses its keys is taken along.
    if (!isFirst.current) document.querySelector('main')?.focus({ preventScroll: true });
    isFirst.current = false;
  }, [host]);
  if (host === undefined) return <FleetList view={view} />;
  if (!hasAddress(host)) return <NoAddress name={host} list={view} />;
  return (
    <Suspense fallback={null}>
      <HostPage key={host} name={host} list={view} />
    </Suspense>
  );
}
