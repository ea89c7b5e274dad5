/** `flywatch mcp`: the tools of a hub for an assistant on this machine, over standard input and output. */

import { createInterface } from 'node:readline';
import { createHubClient, HubError } from '@flywatch/client';
import type { Command } from 'commander';
import { explain } from '../hub/explain.ts';
import type { Target } from '../hub/target.ts';
import { addHubOptions, type HubFlags, targetOf } from '../options/hub-options.ts';
import { CliError } from '../program/cli-error.ts';
import { note, write } from '../program/output.ts';
import { run } from '../program/run.ts';

/** A tool takes some seconds at most, or says so itself. */
const PATIENCE_MS = 60_000;

/** As JSON-RPC has it for what it has no number for. */
const SERVER_ERROR = -32_000;
const PARSE_ERROR = -32_700;

export function define(command: Command): void {
  addHubOptions(command)
    .addHelpText(
      'after',
      `
An assistant starts it and talks to it; it is no command to type. It hands each message on to the hub's /mcp, so that the
assistant needs no access of its own to the hub's network.

Example, for assistants that are told in JSON:
  {"mcpServers": {"flywatch": {"command": "npx", "args": ["flywatch", "mcp", "--url", "https://logs.example.org"]}}}

Status: 0 when the assistant has gone, 2 wrong usage.`,
    )
    .action((flags: HubFlags) => run(() => forward(targetOf(flags))));
}

interface Message {
  readonly id?: string | number | null;
  readonly method?: string;
  readonly params?: { readonly protocolVersion?: unknown; readonly requestId?: unknown };
}

async function forward(target: Target): Promise<void> {
  const open = new Map<string | number, AbortController>();
  const underWay = new Set<Promise<void>>();
  for await (const line of createInterface({ input: process.stdin, crlfDelay: Number.POSITIVE_INFINITY })) {
    if (line.trim() === '') continue;
    let message: Message;
    try {
      message = JSON.parse(line) as Message;
    } catch {
      await write(
        `${JSON.stringify({ jsonrpc: '2.0', id: null, error: { code: PARSE_ERROR, message: 'Parse error' } })}\n`,
      );
      continue;
    }
    // Requests of the hub stand for themselves: it would not know what this one ends.
    if (message?.method === 'notifications/cancelled') {
      const id = message.params?.requestId;
      if (typeof id === 'string' || typeof id === 'number') open.get(id)?.abort();
      continue;
    }
    const work = handOn(target, line, message, open).finally(() => underWay.delete(work));
    underWay.add(work);
  }
  await Promise.all(underWay);
}

async function handOn(
  target: Target,
  line: string,
  message: Message,
  open: Map<string | number, AbortController>,
): Promise<void> {
  const id = message?.id;
  const cancelled = new AbortController();
  if (id !== undefined && id !== null) open.set(id, cancelled);
  try {
    const answer = await createHubClient({ ...target, timeoutMs: PATIENCE_MS }).mcp(line, { signal: cancelled.signal });
    // Notifications have none.
    if (answer !== '') await write(`${answer}\n`);
  } catch (error) {
    if (cancelled.signal.aborted) return;
    const said = wordsOf(error, target);
    note(said);
    if (id === undefined || id === null) return;
    await write(`${JSON.stringify({ jsonrpc: '2.0', id, error: { code: SERVER_ERROR, message: said } })}\n`);
  } finally {
    if (id !== undefined && id !== null) open.delete(id);
  }
}

function wordsOf(error: unknown, target: Target): string {
  try {
    return error instanceof HubError && error.status === 400 ? error.message : explain(error, target).message;
  } catch {
    return error instanceof CliError ? error.message : 'the hub did not answer as it should';
  }
}
