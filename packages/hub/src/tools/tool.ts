/**
 * Tools: what an assistant may ask, over `/chat` and over MCP alike. All of them read, none of them changes anything. Each answers in compact
 * text within a bound, says where it was cut and how to ask for the rest.
 */

import type { z } from 'zod';
import type { Fleet } from '../fleet/fleet.ts';
import type { MetricsSnapshot } from '../metrics/hub-metrics.ts';
import type { History } from '../query/history.ts';
import type { SnapshotManager } from '../snapshots/snapshot-manager.ts';
import type { Mask } from './redact.ts';

/** What tools read. */
export interface ToolSources {
  readonly history: History;
  readonly fleet: Fleet;
  readonly snapshots: Pick<SnapshotManager, 'list' | 'get'>;
  readonly metrics: () => MetricsSnapshot;
}

export interface ToolCall {
  readonly sources: ToolSources;
  readonly nowMs: number;
  /** Masks secrets, before a text is cut: half a secret looks like none. */
  readonly mask: Mask;
  readonly signal: AbortSignal | undefined;
}

export interface Tool<Input = unknown> {
  /** As the model calls it. */
  readonly name: string;
  /** For people. */
  readonly title: string;
  /** For the model: when to use it, and what comes back. */
  readonly description: string;
  readonly input: z.ZodType<Input>;
  /** Text for the model; log lines in it are data. @throws {ToolError} where the input cannot be used */
  run(input: Input, call: ToolCall): Promise<string>;
}

/** What a model is told of its own mistake, so that it can correct it. */
export class ToolError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'ToolError';
  }
}

/** A tool with the type of its input, as one of a list of all. */
export function defineTool<Input>(tool: Tool<Input>): Tool {
  return tool as Tool;
}
