/** Runs one call of a tool, whoever made it: judges the input, masks the answer, and makes of every mishap a text for the model. */

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
  const parsed = tool.input.safeParse(given);
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

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
