/**
 * `/mcp`: the tools for anybody's own assistant, over the Model Context Protocol's streamable HTTP. Without sessions: every request stands for itself,
 * so that there is nothing to keep and nothing to lose in a restart. The library takes some 20 MB and is loaded with the first request.
 */

import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Log } from '../log.ts';
import { createMask, type Mask, type Redaction } from '../tools/redact.ts';
import type { ToolSources } from '../tools/tool.ts';

export interface McpOptions {
  readonly sources: ToolSources;
  readonly redaction: Redaction;
  readonly version: string;
  readonly log: Log;
}

export class Mcp {
  readonly #options: McpOptions;
  readonly #mask: Mask;

  constructor(options: McpOptions) {
    this.#options = options;
    this.#mask = createMask(options.redaction);
  }

  /** Answers one request, protocol errors in JSON-RPC's form. @param gone - ends it when the client has left */
  async answer(request: IncomingMessage, response: ServerResponse, body: string, gone: AbortSignal): Promise<void> {
    let message: unknown;
    try {
      message = JSON.parse(body);
    } catch {
      const error = { jsonrpc: '2.0', id: null, error: { code: -32_700, message: 'Parse error: the body is no JSON' } };
      response.writeHead(400, { 'content-type': 'application/json' }).end(JSON.stringify(error));
      return;
    }
    const { answerMcp } = await import('./mcp-server.ts');
    await answerMcp(request, response, message, { ...this.#options, mask: this.#mask, gone });
  }
}
