/** How a value is written as a term of the filter language. */

import { type FilterNode, parseFilter } from '@flywatch/core';

export type FilterValue = string | number | boolean | null;

/**
 * The term that finds `value` in `field`, quoted only where it has to be. Undefined where the language cannot say it: a
 * field's name with a blank or a letter beyond ASCII in it, say, or one with too many parts.
 */
export function termText(field: string, value: FilterValue): string | undefined {
  for (const text of candidates(field, value)) {
    if (readsAs(text, field, value)) return text;
  }
  return undefined;
}

function candidates(field: string, value: FilterValue): readonly string[] {
  if (value === null) return [`-${field}:*`];
  // A phrase may not be empty.
  if (value === '') return [`${field}:/^$/`];
  return [`${field}:${value}`, `${field}:"${String(value).replace(/["\\]/g, '\\$&')}"`];
}

/** Whether `text` is one term of this field, which stands for this value and for no pattern that the value spells. */
function readsAs(text: string, field: string, value: FilterValue): boolean {
  const node = tryParse(text);
  const term = node?.type === 'not' ? node.term : node;
  if (term?.type !== 'field' || term.name !== field || term.position.end !== text.length) return false;
  const { pattern } = term;
  if (value === null) return pattern.type === 'present';
  if (value === '') return pattern.type === 'regex';
  if (pattern.type === 'word' && (pattern.leadingWildcard || pattern.trailingWildcard)) return false;
  return (pattern.type === 'word' || pattern.type === 'phrase') && pattern.text === String(value);
}

/** The tree of a filter, or undefined where it cannot be understood. */
export function tryParse(text: string): FilterNode | undefined {
  try {
    return parseFilter(text);
  } catch {
    // What is wrong with it is the search box's to say.
    return undefined;
  }
}
