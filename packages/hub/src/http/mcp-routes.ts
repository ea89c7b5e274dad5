/** The tools for anybody's own assistant: `POST /mcp`. */

import type { FastifyReply, FastifyRequest } from 'fastify';
import { MCP_BODY_MAX_BYTES } from '../limits.ts';
import type { Mcp } from '../mcp/mcp.ts';
import type { Origins } from './cors.ts';
import { readSmall } from './read-small.ts';
import { SECURITY_HEADERS, toHttpError } from './respond.ts';
import { whenGone } from './when-gone.ts';

interface McpRoutesOptions {
  readonly origins: Origins;
  readonly onFault: (error: unknown) => void;
}

export function createMcpRoutes(mcp: Mcp, { origins, onFault }: McpRoutesOptions) {
  return {
    mcp: async (request: FastifyRequest, reply: FastifyReply) => {
      const body = await readSmall(request.raw, MCP_BODY_MAX_BYTES);
      const gone = whenGone(reply);
      reply.hijack();
      const headers = { ...SECURITY_HEADERS, ...origins.headers(request.headers) };
      for (const [name, value] of Object.entries(headers)) reply.raw.setHeader(name, value);
      try {
        await mcp.answer(request.raw, reply.raw, body, gone);
      } catch (error) {
        if (reply.raw.headersSent) reply.raw.destroy();
        else {
          const { status, message } = toHttpError(error, onFault);
          const told = { jsonrpc: '2.0', id: null, error: { code: -32_603, message } };
          reply.raw.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(told));
        }
      }
      return reply;
    },
  };
}
