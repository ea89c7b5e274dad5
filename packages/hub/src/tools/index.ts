/** All tools. To add one: a file here, and a row. */

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
