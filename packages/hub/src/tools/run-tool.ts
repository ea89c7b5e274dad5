/** Runs one call of a tool, whoever made it: judges the input, masks the answer, and makes of every mishap a text for the model. */

import { parseLevel } from '@flywatch/core';
import type { z } from 'zod';
import type { Mask } from './redact.ts';
import { type Tool, ToolError, type ToolSources } from './tool.ts';

/** How long a tool may take. Questions of history end by themselves after two seconds, or wait for their turn. */
const TOOL_TIMEOUT_MS = 20_000;

export interface ToolOutcome {
  /** False where the call was wrong, or could not be answered: the text says why. */
  readonly ok: boolean;
  readonly text: string;
}

export interface RunOptions {
  readonly sources: ToolSources;
  readonly mask: Mask;
  readonly signal?: AbortSignal | undefined;
  /** Hears of faults of the hub; the model is not told what they are. */
  readonly onFault: (error: unknown) => void;
}

/** @throws only where `signal` has ended it */
export async function runTool(tool: Tool, input: unknown, options: RunOptions): Promise<ToolOutcome> {
  const { sources, mask, signal, onFault } = options;
  // Some models write out what they leave away.
  const given = isObject(input) ? Object.fromEntries(Object.entries(input).filter(([, value]) => value !== null)) : {};
  const first = tool.input.safeParse(given);
  const parsed = first.success ? first : tool.input.safeParse(repaired(given, first.error.issues));
  if (!parsed.success) {
    const mistakes = parsed.error.issues
      .slice(0, 5)
      .map(({ path, message }) => `${path.join('.') || 'input'}: ${message}`);
    return { ok: false, text: mask(`Error: ${mistakes.join('; ')}`) };
  }
  const timeout = AbortSignal.timeout(TOOL_TIMEOUT_MS);
  const both = signal === undefined ? timeout : AbortSignal.any([signal, timeout]);
  try {
    const text = await tool.run(parsed.data, { sources, mask, nowMs: Date.now(), signal: both });
    return { ok: true, text: mask(text) };
  } catch (error) {
    signal?.throwIfAborted();
    if (error instanceof ToolError) return { ok: false, text: mask(`Error: ${error.message}`) };
    if (timeout.aborted)
      return { ok: false, text: `Error: no answer within ${TOOL_TIMEOUT_MS / 1000} s; ask for a shorter span.` };
    onFault(error);
    return { ok: false, text: 'Error: this cannot be read now.' };
  }
}

/** What is clearly meant: a number written as text, more than there may be, a level by another name. */
function repaired(given: Record<string, unknown>, issues: readonly z.core.$ZodIssue[]): Record<string, unknown> {
  const better = { ...given };
  for (const issue of issues) {
    const [name] = issue.path;
    if (typeof name !== 'string') continue;
    const value = better[name];
    if (issue.code === 'too_big' && issue.origin !== 'string') better[name] = Number(issue.maximum);
    else if (issue.code === 'invalid_type' && typeof value === 'string' && /^\d+(?:\.\d+)?$/.test(value))
      better[name] = Number(value);
    else if (issue.code === 'invalid_value' && name === 'level' && typeof value === 'string')
      better[name] = parseLevel(value) ?? value;
  }
  return better;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
