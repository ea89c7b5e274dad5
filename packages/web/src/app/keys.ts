/**
 * The keys of the page. A part says what its keys do while it is on screen; the same entries make the handlers and the `?`
 * overlay, so that neither knows a key that the other does not.
 *
 * Keys are written as `KeyboardEvent.key` has them, with `Shift+` before letters and named keys and `Mod+` for Ctrl or Cmd:
 * `j`, `Shift+G`, `Space`, `Enter`, `-`, `Mod+K`. Entries with the same text share a row of the overlay.
 */

import { useEffect, useRef, useSyncExternalStore } from 'react';
import { readSettings } from './settings.ts';

/** The overlay's groups, in its order. */
export const KEY_SCOPES = { stream: 'Stream', search: 'Search and time', line: 'Line', go: 'Go to' } as const;

export type KeyScope = keyof typeof KEY_SCOPES;

export interface KeyEntry {
  /** What the overlay says that it does. */
  readonly text: string;
  /** Returns false where the key is not for it just now: then it is somebody else's, or the browser's. */
  readonly run: (event: KeyboardEvent) => unknown;
}

interface Registration {
  readonly scope: KeyScope;
  readonly keys: Readonly<Record<string, KeyEntry>>;
}

let registrations: readonly { readonly current: Registration }[] = [];
const listeners = new Set<() => void>();

/** These keys work while the calling component is mounted; of two that want the same key the later one has it. */
export function useKeys(registration: Registration): void {
  const held = useRef(registration);
  held.current = registration;
  useEffect(() => {
    changeRegistrations([...registrations, held]);
    return () => changeRegistrations(registrations.filter((other) => other !== held));
  }, []);
}

export interface KeyRow {
  readonly text: string;
  readonly keys: readonly string[];
}

/** What the overlay shows: the keys that work now. */
export function useKeyRows(): Readonly<Record<KeyScope, readonly KeyRow[]>> {
  const all = useSyncExternalStore(subscribe, () => registrations);
  const rows: Record<KeyScope, Map<string, string[]>> = {
    stream: new Map(),
    search: new Map(),
    line: new Map(),
    go: new Map(),
  };
  for (const { current } of all) {
    for (const [key, { text }] of Object.entries(current.keys)) {
      const keys = rows[current.scope].get(text) ?? [];
      if (!keys.includes(key)) rows[current.scope].set(text, [...keys, key]);
    }
  }
  const listed = (scope: KeyScope) => [...rows[scope]].map(([text, keys]) => ({ text, keys }));
  return { stream: listed('stream'), search: listed('search'), line: listed('line'), go: listed('go') };
}

/** Called once, by `main.tsx`. */
export function startKeys(): void {
  document.addEventListener('keydown', (event) => {
    if (event.defaultPrevented || event.isComposing) return;
    const key = keyName(event);
    if (!key.startsWith('Mod+') && isSilent(event, key)) return;
    for (const { current } of registrations.toReversed()) {
      const entry = Object.hasOwn(current.keys, key) ? current.keys[key] : undefined;
      if (entry === undefined || entry.run(event) === false) continue;
      event.preventDefault();
      return;
    }
  });
}

/** The name of what was pressed, as tables of keys have it. */
export function keyName(event: Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey' | 'altKey' | 'shiftKey'>): string {
  const key = event.key === ' ' ? 'Space' : event.key;
  const isLetter = /^\p{L}$/u.test(key);
  // `?` needs Shift on most keyboards and is one key all the same; only letters and named keys have a shifted self.
  const shift = event.shiftKey && (isLetter || key.length > 1) ? 'Shift+' : '';
  const mod = event.ctrlKey || event.metaKey ? 'Mod+' : '';
  const alt = event.altKey ? 'Alt+' : '';
  return `${mod}${alt}${shift}${isLetter && (mod !== '' || shift !== '') ? key.toUpperCase() : key}`;
}

/** Somebody types, a dialog is open, a button takes the key itself, or single keys are switched off. */
function isSilent({ target }: KeyboardEvent, key: string): boolean {
  if (!readSettings().singleKeys && (key.length === 1 || key === 'Space' || /^Shift\+.$/u.test(key))) return true;
  if (document.querySelector('dialog[open]') !== null) return true;
  if (!(target instanceof Element)) return false;
  // Focus stays for a moment in a dialog that has closed: who types then means the page.
  if (target.closest('dialog:not([open])') !== null) return false;
  if (target.closest('input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]') !== null)
    return true;
  return (key === 'Space' || key === 'Enter') && target.closest('button, a, summary, input') !== null;
}

function changeRegistrations(next: typeof registrations): void {
  registrations = next;
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
