import { useSyncExternalStore } from 'react';

/** Below this width the page is that of a phone (DESIGN-UI, section 2). */
const query = matchMedia('(max-width: 719px)');

export function usePhone(): boolean {
  return useSyncExternalStore(
    (listener) => {
      query.addEventListener('change', listener);
      return () => query.removeEventListener('change', listener);
    },
    () => query.matches,
  );
}
