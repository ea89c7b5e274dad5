/**
 * Turns a filter into a function. Every event of the hub meets every filter that a reader, a rule or a search has, so
 * all that can be done once is done here: words in lower case, operands as numbers, names as keys. What is left is a
 * closure a node that allocates nothing but, for fields with capitals or ANSI sequences, a short-lived copy.
 *
 * Case is ignored by comparing `toLowerCase()` of both sides, which knows no language and no expansion: `ß` is not `ss`,
 * a Turkish `ı` not `i`, and `Σ` in lower case depends on whether it ends a word.
 *
 * Patterns of users never reach the engine's own backtracking regular expressions: the caller hands in one that runs in
 * linear time.
 */

import type { FilterNode, TextPattern } from './ast.ts';
import { compileField, type EventTest, foldedTextTest } from './compile-field.ts';
import type { FilterTarget } from './filter-target.ts';
import { formatFilter } from './format.ts';
import { parseFilter } from './parse.ts';
import { compileRegex, type RegexCompiler, type RegexEngine } from './regex-engine.ts';

export interface CompileFilterOptions {
  readonly regex: RegexEngine;
}

export interface CompiledFilter {
  /** Canonical text: filters with equal keys match the same events. */
  readonly key: string;
  readonly node: FilterNode;
  matches(event: FilterTarget): boolean;
}

/** A filter ready to run, from its text or its tree; throws {@link FilterSyntaxError} where either cannot be understood. */
export function compileFilter(filter: string | FilterNode, { regex }: CompileFilterOptions): CompiledFilter {
  const node = typeof filter === 'string' ? parseFilter(filter) : filter;
  const matches = compileNode(node, (pattern) => compileRegex(pattern, regex)).test;
  return { key: formatFilter(node), node, matches };
}

/**
 * What a test costs, roughly: `and` and `or` try the cheap ones first, whatever order they were typed in. A test has no
 * effects, so that only time can tell the difference; `app:web /slow.*query/` must not run the expression on every app.
 */
const COST = { record: 0, text: 1, parsed: 2, regex: 8 } as const;

interface CompiledNode {
  readonly cost: number;
  readonly test: EventTest;
}

function compileNode(node: FilterNode, regex: RegexCompiler): CompiledNode {
  switch (node.type) {
    case 'all':
      return { cost: 0, test: () => true };
    case 'and':
    case 'or': {
      const parts = node.terms.map((term) => compileNode(term, regex)).sort((a, b) => a.cost - b.cost);
      const tests = parts.map((part) => part.test);
      return {
        cost: parts.reduce((sum, part) => sum + part.cost, 0),
        test: node.type === 'and' ? everyTest(tests) : someTest(tests),
      };
    }
    case 'not': {
      const { cost, test } = compileNode(node.term, regex);
      return { cost, test: (event) => !test(event) };
    }
    case 'text':
      return { cost: patternCost(node.pattern, COST.text), test: compileText(node.pattern, regex) };
    case 'field':
      return { cost: patternCost(node.pattern, fieldCost(node.name)), test: compileField(node, regex) };
  }
}

function compileText(pattern: TextPattern, compile: RegexCompiler): EventTest {
  if (pattern.type === 'regex') {
    const regex = compile(pattern);
    return (event) => regex.test(event.plainText);
  }
  const test = foldedTextTest(pattern);
  return (event) => test(event.searchText);
}

function patternCost(pattern: { readonly type: string }, otherwise: number): number {
  return pattern.type === 'regex' ? COST.regex : otherwise;
}

const CHEAP_FIELDS: ReadonlySet<string> = new Set([
  'app',
  'host',
  'instance',
  'level',
  'provider',
  'receivedAt',
  'region',
  'source',
  'time',
]);

/** The id is worked out when first asked for, as the parsed fields are. */
function fieldCost(name: string): number {
  if (name === 'message') return COST.text;
  return CHEAP_FIELDS.has(name) ? COST.record : COST.parsed;
}

function everyTest(tests: readonly EventTest[]): EventTest {
  const [first, second] = tests;
  if (tests.length === 2) return (event) => first!(event) && second!(event);
  return (event) => {
    for (let i = 0; i < tests.length; i++) {
      if (!tests[i]!(event)) return false;
    }
    return true;
  };
}

function someTest(tests: readonly EventTest[]): EventTest {
  const [first, second] = tests;
  if (tests.length === 2) return (event) => first!(event) || second!(event);
  return (event) => {
    for (let i = 0; i < tests.length; i++) {
      if (tests[i]!(event)) return true;
    }
    return false;
  };
}
