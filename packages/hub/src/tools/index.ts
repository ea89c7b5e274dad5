/** All tools. To add one: a file here, and a row. */

import { z } from 'zod';
import { countLogs } from './count-logs.ts';
import { getChecks } from './get-checks.ts';
import { getHostMetrics } from './get-host-metrics.ts';
import { getHosts } from './get-hosts.ts';
import { getLogContext } from './get-log-context.ts';
import { getLogs } from './get-logs.ts';
import { getMetrics } from './get-metrics.ts';
import { getPatterns } from './get-patterns.ts';
import { getSnapshots } from './get-snapshots.ts';
import { searchLogs } from './search-logs.ts';
import type { Tool } from './tool.ts';

export const TOOLS: readonly Tool[] = [
  getLogs,
  searchLogs,
  countLogs,
  getPatterns,
  getLogContext,
  getMetrics,
  getHosts,
  getHostMetrics,
  getChecks,
  getSnapshots,
];

export interface ToolDescription {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  /** JSON Schema of the input. */
  readonly schema: object;
}

/** The tools as models are told of them. */
export function describeTools(): readonly ToolDescription[] {
  return TOOLS.map(({ name, title, description, input }) => {
    const { $schema, ...schema } = z.toJSONSchema(input, { io: 'input' });
    return { name, title, description, schema };
  });
}
