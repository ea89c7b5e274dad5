/** logcore's line, checked: for tests of apps, and for whoever writes such lines by other means. */

import { LOGCORE_LEVELS } from '@flywatch/core';

const REQUIRED = ['timestamp', 'level', 'logger', 'message'] as const;

const LEVEL_NAMES: ReadonlySet<unknown> = new Set(Object.values(LOGCORE_LEVELS));

/** Whether a line is JSON with logcore's four fields and one of its levels. */
export function validateLogFormat(line: string): boolean {
  return logFormatProblem(line) === undefined;
}

/** What is wrong with a line, in words; undefined where nothing is. */
export function logFormatProblem(line: string): string | undefined {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch (error) {
    return `it is not JSON: ${(error as Error).message}`;
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return 'it is no object';
  const record = value as Record<string, unknown>;
  const missing = REQUIRED.filter((key) => !Object.hasOwn(record, key));
  if (missing.length > 0) return `it lacks ${missing.join(', ')}`;
  const { level } = record;
  if (LEVEL_NAMES.has(level)) return undefined;
  return `its level is ${JSON.stringify(level)}; expected one of ${[...LEVEL_NAMES].join(', ')}`;
}
