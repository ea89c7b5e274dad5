/** Where the page is: a screen of router over the History API. Every state of the page is an address. */

import { useSyncExternalStore } from 'react';

/** The path of the address, `/ui/status`. */
export function usePath(): string {
  return useSyncExternalStore(subscribe, () => location.pathname);
}

/** The query of the address, `?id=17`; empty where there is none. */
export function useSearch(): string {
  return useSyncExternalStore(subscribe, () => location.search);
}

/** A parameter of the address; undefined where it is not there. */
export function useParameter(name: string): string | undefined {
  return useSyncExternalStore(subscribe, () => new URLSearchParams(location.search).get(name) ?? undefined);
}

/** Goes to another address of the page. Stores that read the address hear of it as they hear of the back button. */
export function navigate(href: string, how: 'push' | 'replace' = 'push'): void {
  const url = new URL(href, location.href);
  if (url.origin !== location.origin) throw new Error(`${url.origin} is not this page; expected an address below /ui/`);
  if (how === 'push') history.pushState(null, '', url);
  else history.replaceState(null, '', url);
  dispatchEvent(new PopStateEvent('popstate'));
}

function subscribe(listener: () => void): () => void {
  addEventListener('popstate', listener);
  return () => removeEventListener('popstate', listener);
}
