/** Snapshots of the hub's state. */

import { z } from 'zod';
import { shortened } from './log-text.ts';
import { defineTool } from './tool.ts';

const MAX_ERRORS = 5;

export const getSnapshots = defineTool({
  name: 'get_snapshots',
  title: 'Health snapshots',
  description:
    'How things were at moments of the past: taken on a schedule, at error spikes and at high memory, each with counts and its most frequent errors. Use it to find when trouble began.',
  input: z.object({
    count: z.int().min(1).max(50).optional().describe('Snapshots at most, newest first, 1 to 50; default 10.'),
  }),
  async run({ count = 10 }, { sources, mask }) {
    const snapshots = await sources.snapshots.list(count);
    if (snapshots.length === 0) return 'There is no snapshot yet.';
    return snapshots
      .map(({ timestamp, trigger, reason, logs }) => {
        if (logs === null) return `${timestamp} ${trigger}: ${reason}`;
        const errors = logs.top_errors
          .slice(0, MAX_ERRORS)
          .map((error) => `  x${error.count} ${shortened(error.message, mask, 200)}`);
        return [
          `${timestamp} ${trigger}: ${reason}; ${logs.total} lines, ${logs.errors} errors, ${logs.warnings} warnings`,
          ...errors,
        ].join('\n');
      })
      .join('\n');
  },
});
