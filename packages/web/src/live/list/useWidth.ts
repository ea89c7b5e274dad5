import { useSyncExternalStore } from 'react';

/** Widths at which the page changes (DESIGN-UI, section 2). */
const QUERIES = {
  phone: matchMedia('(max-width: 719px)'),
  narrow: matchMedia('(max-width: 1023px)'),
  crowded: matchMedia('(max-width: 1599px)'),
} as const;

/** Whether the window is so narrow: `narrow` has no room for facets beside the list, `crowded` none beside list and assistant. */
export function useWidth(which: keyof typeof QUERIES): boolean {
  const query = QUERIES[which];
  return useSyncExternalStore(
    (listener) => {
      query.addEventListener('change', listener);
      return () => query.removeEventListener('change', listener);
    },
    () => query.matches,
  );
}
