/** The colour of each instance, the same in list, facets and drawer, and at the next visit. */

import { InstanceColours } from '@flywatch/react';

const STORAGE_KEY = 'flywatch.instances';

/** Instances come in crowds when a page opens: one write for all of them. */
const SAVE_AFTER_MS = 2_000;

let colours: InstanceColours | undefined;
let isSaving = false;

/** Class name that gives an element the custom property `--fw-instance`; empty where there is no instance. */
export function instanceClass(instance: string | undefined): string {
  if (instance === undefined) return '';
  colours ??= new InstanceColours(readKnown());
  if (!colours.knows(instance)) save();
  return `fw-i${colours.slot(instance)}`;
}

function save(): void {
  if (isSaving) return;
  isSaving = true;
  setTimeout(() => {
    isSaving = false;
    try {
      localStorage.setItem(STORAGE_KEY, JSON.stringify(colours!.entries()));
    } catch {
      // Storage is off or full: colours last as long as the page.
    }
  }, SAVE_AFTER_MS);
}

function readKnown(): [string, number][] {
  try {
    const stored: unknown = JSON.parse(localStorage.getItem(STORAGE_KEY) ?? '[]');
    return Array.isArray(stored)
      ? stored.filter((entry): entry is [string, number] => Array.isArray(entry) && entry.length === 2)
      : [];
  } catch {
    // Not ours, or storage is off: everybody gets a colour anew.
    return [];
  }
}
