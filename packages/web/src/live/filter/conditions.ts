/**
 * The conditions that a filter puts on one field as a whole. `app:a level:>=warn (app:b or app:c) -app:d` has three on
 * `app`. A term inside of a larger `or` is none: what it asks holds for some lines only, and a checkbox cannot show that.
 */

import { compileFilter, type FieldNode, type FilterNode, type FilterPosition, type FilterTarget } from '@flywatch/core';
import type { FilterValue } from './term-text.ts';
import { withParentheses } from './text-surgery.ts';

export interface Condition {
  readonly negated: boolean;
  /** `field:value` terms of which one has to match, or none where the condition is negated. */
  readonly alternatives: readonly FieldNode[];
  /** All of it, with its `-` and its parentheses. */
  readonly span: FilterPosition;
}

/** The conditions on `field`, in the order in which they stand in `text`, whose tree `root` is. */
export function conditionsOn(field: string, root: FilterNode, text: string): readonly Condition[] {
  const terms = root.type === 'and' ? root.terms : [root];
  return terms.flatMap((term) => {
    const negated = term.type === 'not';
    const inner = negated ? term.term : term;
    const alternatives = inner.type === 'or' ? inner.terms : [inner];
    if (!alternatives.every((one) => isOn(field, one))) return [];
    return [{ negated, alternatives, span: withParentheses(text, term.position) }];
  });
}

function isOn(field: string, node: FilterNode): node is FieldNode {
  return node.type === 'field' && node.name === field;
}

/** Whether one of the condition's alternatives matches a line whose `field` has this value. */
export function covers({ alternatives }: Condition, field: string, value: FilterValue): boolean {
  return alternatives.some((term) => termMatches(term, field, value));
}

/** Null is what only `field:*` speaks of: it leaves lines without a value out. */
export function termMatches(term: FieldNode, field: string, value: FilterValue): boolean {
  if (value === null) return term.pattern.type === 'present';
  return compileFilter(term, { regex: onlyEmpty }).matches(targetWith(field, value));
}

/**
 * Knows one expression, the one that stands for an empty text, and matches nothing else. The engine that runs them in
 * linear time is the hub's; with the browser's own a link could bring an expression that never ends.
 */
function onlyEmpty(source: string) {
  return { test: (text: string) => source === '^$' && text === '' };
}

const RECORD_FIELDS = ['app', 'instance', 'region', 'host', 'provider', 'source', 'level', 'message'];

function targetWith(field: string, value: FilterValue): FilterTarget {
  const target = { ...EMPTY_TARGET };
  if (RECORD_FIELDS.includes(field)) return { ...target, [field]: value };
  return { ...target, fields: { [field.replace(/^fields\./, '')]: value } };
}

const EMPTY_TARGET: FilterTarget = {
  id: '',
  time: '1970-01-01T00:00:00Z',
  timeMs: 0,
  timeNanos: 0,
  receivedAtMs: 0,
  level: 'info',
  message: '',
  plainText: '',
  searchText: '',
  app: undefined,
  instance: undefined,
  region: undefined,
  host: undefined,
  provider: undefined,
  source: undefined,
  fields: {},
};
