/** The fields of the lines that are at hand, and how a field is told in a few words. */

import { FieldCatalogue, type FieldSummary, type FlatEvent } from '@flywatch/core';

export function catalogueOf(lines: readonly FlatEvent[]): readonly FieldSummary[] {
  const catalogue = new FieldCatalogue();
  for (const line of lines) catalogue.add(line, line.fields ?? {});
  return catalogue.list();
}

/** Samples that are named one by one. */
const SHOWN_SAMPLES = 4;

/** `number · 200, 304, 500`, `number · 0 to 91204`, `text · nginx, fly`. */
export function describeField({ type, samples }: FieldSummary): string {
  if (type === 'number' && samples.length > SHOWN_SAMPLES) {
    const numbers = samples.map(Number);
    return `number · ${Math.min(...numbers)} to ${Math.max(...numbers)}`;
  }
  const shown = samples.slice(0, SHOWN_SAMPLES);
  return shown.length === 0 ? type : `${type} · ${shown.join(', ')}`;
}
