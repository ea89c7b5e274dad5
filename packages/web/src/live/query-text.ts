/**
 * Edits of the search box's text, which is the only filter there is: facets, the legend and clicks on fields call these.
 * What the person typed stays as it stands; only terms of the field in question come, go or change.
 *
 * Values of one field that are chosen together become `(app:a or app:b)`.
 */

import { type FieldNode, LEVELS, type Level, LIST_PARAMETERS, parseLevel } from '@flywatch/core';
import { appendTerm } from './filter/append-term.ts';
import { type Condition, conditionsOn, covers, termMatches } from './filter/conditions.ts';
import { levelsOf, withLevels } from './filter/level-text.ts';
import { type FilterValue, termText, tryParse } from './filter/term-text.ts';
import { replaceSpan } from './filter/text-surgery.ts';

export { levelFloor, levelsOf, withLevelFloor } from './filter/level-text.ts';
export { type FilterValue, termText } from './filter/term-text.ts';

export type TermState = 'none' | 'chosen' | 'excluded';

/** What the filter says of lines with this value: whether it asks for them by name or pattern, or leaves them out. */
export function termState(text: string, field: string, value: FilterValue): TermState {
  const conditions = conditionsOf(text, field).filter((one) => covers(one, field, value));
  // `-user:*` asks for lines without a user: for null it is the other way round.
  if (conditions.some((one) => one.negated !== (value === null))) return 'excluded';
  return conditions.length > 0 ? 'chosen' : 'none';
}

/** Asks for this value, beside others of the field that are asked for. Unchanged where the language cannot say it. */
export function withTerm(text: string, field: string, value: FilterValue): string {
  const term = termText(field, value);
  if (term === undefined || termState(text, field, value) === 'chosen') return text;
  const level = levelOf(field, value);
  if (level !== undefined) return withLevels(text, new Set([...chosenLevels(text), level]));
  const cleared = withoutTerm(text, field, value);
  const chosen = conditionsOf(cleared, field).findLast((one) => !one.negated);
  if (chosen === undefined || value === null) return appendTerm(cleared, term);
  return replaceSpan(cleared, chosen.span, alternativesText(cleared, chosen, [term]));
}

/** Takes back what the filter says of this value, whether it asked for it or left it out. */
export function withoutTerm(text: string, field: string, value: FilterValue): string {
  const level = levelOf(field, value);
  if (level !== undefined) return withoutLevel(text, level);
  return droppingTerms(text, field, (term) => termMatches(term, field, value));
}

/** Leaves lines with this value out. */
export function excludingTerm(text: string, field: string, value: FilterValue): string {
  const term = termText(field, value);
  if (term === undefined || termState(text, field, value) === 'excluded') return text;
  const level = levelOf(field, value);
  if (level !== undefined) return withLevels(text, leaving(levelsOf(text), level));
  // A pattern that asks for this value asks for others too, and goes on to do so.
  const names = (one: FieldNode) =>
    value === null ? termMatches(one, field, null) : nameOf(one)?.toLowerCase() === String(value).toLowerCase();
  const cleared = droppingTerms(text, field, names);
  return appendTerm(cleared, value === null ? term.slice(1) : `-${term}`);
}

/** Asks for this value and for no other of the field. */
export function onlyTerm(text: string, field: string, value: FilterValue): string {
  const term = termText(field, value);
  if (term === undefined) return text;
  const level = levelOf(field, value);
  if (level !== undefined) return withLevels(text, new Set([level]));
  return appendTerm(withoutField(text, field), term);
}

/** Shows a level that is hidden, hides one that is shown; hiding the last one shows all. */
export function toggleLevel(text: string, level: Level): string {
  const levels = levelsOf(text);
  return withLevels(text, levels.has(level) ? leaving(levels, level) : new Set([...levels, level]));
}

/** The name in the filter language of a path in a line's `fields`: `fields.app` where a name of the record hides it. */
export function fieldOfPath(path: string): string {
  const [first = ''] = path.split('.');
  return RECORD_NAMES.has(first) || first === 'fields' ? `fields.${path}` : path;
}

const RECORD_NAMES: ReadonlySet<string> = new Set(['id', 'time', 'receivedAt', 'level', 'message', ...LIST_PARAMETERS]);

/** Whether the filter says anything of the field as a whole. */
export function hasConditions(text: string, field: string): boolean {
  return conditionsOf(text, field).length > 0;
}

/** `text` without what it says of the field as a whole. */
export function withoutField(text: string, field: string): string {
  return conditionsOf(text, field)
    .toReversed()
    .reduce((edited, { span }) => replaceSpan(edited, span, ''), text);
}

/** The values of the field that the filter names, whether it asks for them or leaves them out. */
export function namedValues(text: string, field: string): readonly string[] {
  return conditionsOf(text, field).flatMap(({ alternatives }) => alternatives.flatMap((term) => nameOf(term) ?? []));
}

/** The value that a term names; undefined where it is a pattern or a comparison. */
function nameOf({ pattern }: FieldNode): string | undefined {
  if (pattern.type === 'phrase') return pattern.text;
  return pattern.type === 'word' && !pattern.leadingWildcard && !pattern.trailingWildcard ? pattern.text : undefined;
}

/** `text` without those terms of the field's conditions; a condition goes with its last one. */
function droppingTerms(text: string, field: string, drops: (term: FieldNode) => boolean): string {
  // From the end, so that the places of those before stay true.
  return conditionsOf(text, field)
    .toReversed()
    .filter(({ alternatives }) => alternatives.some(drops))
    .reduce((edited, one) => {
      const kept = { ...one, alternatives: one.alternatives.filter((term) => !drops(term)) };
      return replaceSpan(edited, one.span, alternativesText(text, kept));
    }, text);
}

function conditionsOf(text: string, field: string): readonly Condition[] {
  const root = tryParse(text);
  return root === undefined ? [] : conditionsOn(field, root, text);
}

/** The alternatives as they were typed, and more; empty where there are none. */
function alternativesText(text: string, { alternatives, negated }: Condition, more: readonly string[] = []): string {
  const terms = [...alternatives.map(({ position }) => text.slice(position.start, position.end)), ...more];
  if (terms.length === 0) return '';
  return `${negated ? '-' : ''}${terms.length === 1 ? terms[0] : `(${terms.join(' or ')})`}`;
}

function levelOf(field: string, value: FilterValue): Level | undefined {
  return field === 'level' && typeof value === 'string' ? parseLevel(value) : undefined;
}

/** The levels that are asked for by name; none where some are only left out. */
function chosenLevels(text: string): readonly Level[] {
  return LEVELS.filter((level) => termState(text, 'level', level) === 'chosen');
}

function withoutLevel(text: string, level: Level): string {
  switch (termState(text, 'level', level)) {
    case 'none':
      return text;
    case 'chosen':
      return withLevels(text, leaving(levelsOf(text), level));
    case 'excluded':
      return withLevels(text, new Set([...levelsOf(text), level]));
  }
}

function leaving(levels: ReadonlySet<Level>, level: Level): ReadonlySet<Level> {
  return new Set([...levels].filter((other) => other !== level));
}
