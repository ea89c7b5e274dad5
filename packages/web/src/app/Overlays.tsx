import { lazy, type ReactElement, Suspense } from 'react';
import { useKeys } from './keys.ts';
import { closeOverlay, showOverlay, useOverlay } from './overlay-open.ts';

const Palette = lazy(async () => ({ default: (await import('../overlay/Palette.tsx')).Palette }));
const Help = lazy(async () => ({ default: (await import('../overlay/Help.tsx')).Help }));
const MorePlaces = lazy(async () => ({ default: (await import('../overlay/MorePlaces.tsx')).MorePlaces }));

/** What opens over any place: the palette, the keys, and the other places on a phone. Loaded when they are asked for. */
export function Overlays(): ReactElement {
  const open = useOverlay();
  useKeys({
    scope: 'go',
    keys: {
      'Mod+K': { text: 'Commands', run: () => showOverlay('palette') },
      '?': { text: 'Keys', run: () => showOverlay('help') },
    },
  });
  return (
    <Suspense fallback={null}>
      {open === 'palette' && <Palette onClose={() => closeOverlay('palette')} onHelp={() => showOverlay('help')} />}
      {open === 'help' && <Help onClose={() => closeOverlay('help')} />}
      {open === 'more' && <MorePlaces onClose={() => closeOverlay('more')} />}
    </Suspense>
  );
}
