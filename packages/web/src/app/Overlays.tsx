import { lazy, type ReactElement, Suspense, useState } from 'react';
import { useKeys } from './keys.ts';

const Palette = lazy(async () => ({ default: (await import('../overlay/Palette.tsx')).Palette }));
const Help = lazy(async () => ({ default: (await import('../overlay/Help.tsx')).Help }));

/** What opens over any place: the palette and the keys. Loaded when they are asked for. */
export function Overlays(): ReactElement {
  const [open, setOpen] = useState<'palette' | 'help'>();
  const close = () => setOpen(undefined);
  useKeys({
    scope: 'go',
    keys: {
      'Mod+K': { text: 'Commands', run: () => setOpen('palette') },
      '?': { text: 'Keys', run: () => setOpen('help') },
    },
  });
  return (
    <Suspense fallback={null}>
      {open === 'palette' && <Palette onClose={close} onHelp={() => setOpen('help')} />}
      {open === 'help' && <Help onClose={close} />}
    </Suspense>
  );
}
