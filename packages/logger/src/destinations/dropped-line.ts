import { LOGCORE_LEVELS } from '@flywatch/core';

/** What stands in a log where lines are missing: a line in logcore's form, with its line break. */
export function droppedLine(lines: number, why: string): string {
  return `${JSON.stringify({
    timestamp: new Date().toISOString(),
    level: LOGCORE_LEVELS.warn,
    logger: 'flywatch.logger',
    message: `${lines} lines were dropped here: ${why}`,
    context: { lines_dropped: lines },
  })}\n`;
}
