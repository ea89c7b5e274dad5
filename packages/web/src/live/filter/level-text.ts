/**
 * The levels that a filter lets through, read and written as a set: there are six, so that what is left after one goes can
 * always be said exactly and shortly (`level:>=warn`, `-level:debug`).
 */

import { type FilterNode, LEVELS, type Level, levelRank } from '@flywatch/core';
import { appendTerm } from './append-term.ts';
import { conditionsOn, covers } from './conditions.ts';
import { tryParse } from './term-text.ts';
import { replaceSpan } from './text-surgery.ts';

/** All of them where the filter says nothing of levels, or cannot be understood. */
export function levelsOf(text: string): ReadonlySet<Level> {
  const root = tryParse(text);
  return new Set(root === undefined ? LEVELS : levelsOfTree(root, text));
}

function levelsOfTree(root: FilterNode, text: string): readonly Level[] {
  const conditions = conditionsOn('level', root, text);
  return LEVELS.filter((level) => conditions.every((one) => covers(one, 'level', level) !== one.negated));
}

/** `text` with its conditions on the level replaced by one that lets these through; no levels mean all of them. */
export function withLevels(text: string, levels: ReadonlySet<Level>): string {
  const written = writeLevels(levels);
  const root = tryParse(text);
  if (root === undefined) return appendTerm(text, written);
  const [first, ...others] = conditionsOn('level', root, text);
  if (first === undefined) return written === '' ? text : appendTerm(text, written);
  // From the end, so that the places of those before stay true.
  const rest = others.toReversed().reduce((cut, { span }) => replaceSpan(cut, span, ''), text);
  return replaceSpan(rest, first.span, written);
}

/** The least level, where exactly that one and all above it pass; undefined where all do, or some other selection. */
export function levelFloor(text: string): Level | undefined {
  const levels = levelsOf(text);
  if (levels.size === LEVELS.length) return undefined;
  return LEVELS.slice(-levels.size).every((level) => levels.has(level)) ? LEVELS.at(-levels.size) : undefined;
}

/** `text` for this level and all above; for all of them without one. */
export function withLevelFloor(text: string, floor: Level | undefined): string {
  return withLevels(text, new Set(LEVELS.slice(floor === undefined ? 0 : levelRank(floor))));
}

/** Longest list of `-level:x` that is easier to read than the list of what is left. */
const MAX_LEFT_OUT = 2;

function writeLevels(levels: ReadonlySet<Level>): string {
  if (levels.size === 0 || levels.size === LEVELS.length) return '';
  const kept = LEVELS.filter((level) => levels.has(level));
  const leftOut = LEVELS.filter((level) => !levels.has(level));
  if (kept.length === 1) return `level:${kept[0]}`;
  if (levelRank(kept[0]!) === leftOut.length) return `level:>=${kept[0]}`;
  if (leftOut.length <= MAX_LEFT_OUT) return leftOut.map((level) => `-level:${level}`).join(' ');
  return `(${kept.map((level) => `level:${level}`).join(' or ')})`;
}
