/** What stood around one line. */

import { parseEventId } from '@flywatch/core';
import { z } from 'zod';
import { joinLines, logLine, readRows } from './log-text.ts';
import { defineTool, ToolError } from './tool.ts';

const MAX_SIDE = 50;

export const getLogContext = defineTool({
  name: 'get_log_context',
  title: 'Lines around a line',
  description:
    'The lines before and after one, by its id (what follows # at a line). Use it to see what led to an error. scope=request follows one request id through all instances.',
  input: z.object({
    id: z.string().max(64).describe('Id of the line, without the #.'),
    scope: z.enum(['instance', 'app', 'request', 'all']).optional().describe('Which lines; default instance.'),
    before: z.int().min(0).max(MAX_SIDE).optional().describe(`Lines before it, 0 to ${MAX_SIDE}; default 10.`),
    after: z.int().min(0).max(MAX_SIDE).optional().describe(`Lines after it, 0 to ${MAX_SIDE}; default 10.`),
  }),
  async run({ id, scope = 'instance', before = 10, after = 10 }, { sources, nowMs, mask, signal }) {
    const parsed = parseEventId(id.replace(/^#/, ''));
    if (parsed === undefined)
      throw new ToolError(
        `id: ${JSON.stringify(id)} is no id of a line; take one that stands after # in another answer`,
      );
    const answer = await sources.history.around({ ...parsed, scope, before, after }, signal);
    if (answer.line === undefined) return 'There is no such line any more.';
    const shown = (row: string) => logLine(readRows([row])[0]!, { nowMs, mask });
    const lines = [...answer.before.map(shown), `>>> ${shown(answer.line)}`, ...answer.after.map(shown)];
    return joinLines(lines, 'Ask for fewer lines on each side.');
  },
});
