/**
 * What a person has chosen, kept in this browser. It is validated when it is read, since anybody may have written it: a bad
 * value falls back to its default, and the lists have bounds.
 */

import { useSyncExternalStore } from 'react';

export type Theme = 'system' | 'dark' | 'light';
export type Zone = 'local' | 'utc' | 'ago';
export type Density = 'normal' | 'compact';

/** A search with its range, under a name. `search` is the query of the Live page's address. */
export interface SavedView {
  readonly name: string;
  readonly search: string;
}

export interface Settings {
  readonly theme: Theme;
  readonly zone: Zone;
  readonly wrap: boolean;
  readonly density: Density;
  /** Whether keys without Ctrl or Cmd do something. */
  readonly singleKeys: boolean;
  readonly facetsOpen: boolean;
  /** Fields that have a column of their own in the list. */
  readonly columns: readonly string[];
  readonly views: readonly SavedView[];
  /** Newest first. */
  readonly searches: readonly string[];
}

/** `public/theme.js` reads the theme under this name before the first paint. */
const STORAGE_KEY = 'flywatch.settings';

/** Columns beside the message: more leave no room for it. */
const MAX_COLUMNS = 8;
/** Saved views: more than fit in a list need another way to find them. The oldest goes. */
export const MAX_VIEWS = 50;
/** Recent searches, as many as are worth looking through. The oldest goes. */
export const MAX_SEARCHES = 20;
/** Characters of a search, a name or a column; the hub takes no longer address anyway. */
const MAX_CHARS = 4000;

export const DEFAULTS: Settings = {
  theme: 'system',
  zone: 'local',
  wrap: false,
  density: 'normal',
  singleKeys: true,
  facetsOpen: true,
  columns: [],
  views: [],
  searches: [],
};

/** Settings from what was stored; never throws. */
export function parseSettings(text: string | null): Settings {
  let stored: Record<string, unknown>;
  try {
    stored = Object(JSON.parse(text ?? '{}'));
  } catch {
    return DEFAULTS;
  }
  return {
    theme: oneOf(stored.theme, ['system', 'dark', 'light'], DEFAULTS.theme),
    zone: oneOf(stored.zone, ['local', 'utc', 'ago'], DEFAULTS.zone),
    wrap: boolean(stored.wrap, DEFAULTS.wrap),
    density: oneOf(stored.density, ['normal', 'compact'], DEFAULTS.density),
    singleKeys: boolean(stored.singleKeys, DEFAULTS.singleKeys),
    facetsOpen: boolean(stored.facetsOpen, DEFAULTS.facetsOpen),
    columns: list(stored.columns, isText, MAX_COLUMNS),
    views: list(stored.views, isView, MAX_VIEWS).map(({ name, search }) => ({ name, search })),
    searches: list(stored.searches, isText, MAX_SEARCHES),
  };
}

let current = DEFAULTS;
const listeners = new Set<() => void>();

export function readSettings(): Settings {
  return current;
}

/** Changes what `patch` names, in this tab and in the others; lists are cut at their bounds. */
export function changeSettings(patch: Partial<Settings>): void {
  adopt(parseSettings(JSON.stringify({ ...current, ...patch })));
  writeStorage(JSON.stringify(current));
}

/** Everything that this page has ever put into this browser, instance colours included. */
export function forgetEverything(): void {
  try {
    for (const key of Object.keys(localStorage)) if (key.startsWith('flywatch.')) localStorage.removeItem(key);
  } catch {
    // Storage is switched off: there is nothing to forget.
  }
  adopt(DEFAULTS);
}

export function useSettings(): Settings {
  return useSyncExternalStore(subscribe, readSettings);
}

/** Reads what was stored, and follows other tabs' changes. Called once, by `main.tsx`. */
export function startSettings(): void {
  adopt(parseSettings(readStorage()));
  addEventListener('storage', (event) => {
    if (event.key === null || event.key === STORAGE_KEY) adopt(parseSettings(event.newValue));
  });
}

function adopt(settings: Settings): void {
  current = settings;
  applyTheme();
  for (const listener of listeners) listener();
}

function applyTheme(): void {
  const { dataset } = document.documentElement;
  if (current.theme === 'system') delete dataset.theme;
  else dataset.theme = current.theme;
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

function readStorage(): string | null {
  try {
    return localStorage.getItem(STORAGE_KEY);
  } catch {
    // Storage is switched off: the defaults hold, and changes last as long as the page.
    return null;
  }
}

function writeStorage(text: string): void {
  try {
    localStorage.setItem(STORAGE_KEY, text);
  } catch {
    // As above, or it is full: the choice holds for as long as the page lives.
  }
}

function oneOf<T extends string>(value: unknown, allowed: readonly T[], fallback: T): T {
  return allowed.find((one) => one === value) ?? fallback;
}

function boolean(value: unknown, fallback: boolean): boolean {
  return typeof value === 'boolean' ? value : fallback;
}

function list<T>(value: unknown, isGood: (item: unknown) => item is T, max: number): readonly T[] {
  return Array.isArray(value) ? value.filter(isGood).slice(0, max) : [];
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== '' && value.length <= MAX_CHARS;
}

function isView(value: unknown): value is SavedView {
  const { name, search } = Object(value) as Partial<SavedView>;
  return isText(name) && typeof search === 'string' && search.length <= MAX_CHARS;
}
