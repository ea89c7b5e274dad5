import { lazy, type ReactElement, Suspense } from 'react';
import { useKeys } from './keys.ts';
import { showOverlay, useOverlay } from './overlay-open.ts';

const Palette = lazy(async () => ({ default: (await import('../overlay/Palette.tsx')).Palette }));
const Help = lazy(async () => ({ default: (await import('../overlay/Help.tsx')).Help }));
const MorePlaces = lazy(async () => ({ default: (await import('../overlay/MorePlaces.tsx')).MorePlaces }));

/** What opens over any place: the palette, the keys, and the other places on a phone. Loaded when they are asked for. */
export function Overlays(): ReactElement {
  const open = useOverlay();
  const close = () => showOverlay(undefined);
  useKeys({
    scope: 'go',
    keys: {
      'Mod+K': { text: 'Commands', run: () => showOverlay('palette') },
      '?': { text: 'Keys', run: () => showOverlay('help') },
    },
  });
  return (
    <Suspense fallback={null}>
      {open === 'palette' && <Palette onClose={close} onHelp={() => showOverlay('help')} />}
      {open === 'help' && <Help onClose={close} />}
      {open === 'more' && <MorePlaces onClose={close} />}
    </Suspense>
  );
}
