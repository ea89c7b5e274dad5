/** Enrolment of hosts: `POST`, `GET` and `DELETE /agents`, and the line to type on a host. */

import { formatTimeMs } from '@flywatch/core';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { AgentTokens, EnrolledAgent } from '../auth/agent-tokens.ts';
import { HttpError } from '../errors.ts';
import { AGENT_BODY_MAX_BYTES } from '../limits.ts';
import { agentCommand } from './agent-command.ts';
import type { AgentFiles } from './agent-files.ts';
import { ownAddress } from './own-address.ts';
import { readSmall } from './read-small.ts';

/** A name is part of a command line and of file names on the host: nothing that a shell would make something of. */
const NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/;

export function createAgentRoutes(agents: AgentTokens, files: AgentFiles) {
  return {
    enrolAgent: async (request: FastifyRequest, reply: FastifyReply) => {
      const name = nameOf(await readSmall(request.raw, AGENT_BODY_MAX_BYTES));
      const hub = ownAddress(request.headers);
      const { agent, token } = await agents.enrol(name);
      const hasFile = (await files.machines()).length > 0;
      return reply.code(201).send({
        ...described(agent),
        token,
        command: agentCommand({ hub, token, name, hasFile }),
        single_file: hasFile,
      });
    },
    listAgents: () => ({ agents: agents.list().map(described) }),
    revokeAgent: async (request: FastifyRequest, reply: FastifyReply) => {
      const { id } = request.params as { id: string };
      if (!(await agents.revoke(id))) {
        throw new HttpError(
          'unknown_agent',
          `no agent ${JSON.stringify(id.slice(0, 60))} has a token; GET /agents lists those that have`,
        );
      }
      return reply.code(204).send();
    },
    agentFile: (request: FastifyRequest, reply: FastifyReply) =>
      files.send((request.params as { platform: string }).platform, request, reply),
  };
}

function described({ id, name, createdAtMs, lastUsedAtMs }: EnrolledAgent) {
  return {
    id,
    name,
    created_at: formatTimeMs(createdAtMs),
    last_used_at: lastUsedAtMs === null ? null : formatTimeMs(lastUsedAtMs),
  };
}

/** The name in the body; null where there is none, or no body. */
function nameOf(body: string): string | null {
  if (body.trim() === '') return null;
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch {
    throw new HttpError('bad_json', 'expected a JSON body of the form {"name": "vps-1"}, or none');
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new HttpError('bad_request', 'expected a JSON body of the form {"name": "vps-1"}, or none');
  const { name = null } = value as { name?: unknown };
  if (name === null) return null;
  if (typeof name !== 'string' || !NAME.test(name)) {
    throw new HttpError(
      'bad_request',
      `name: ${JSON.stringify(name).slice(0, 120)} cannot be one; expected 1 to 100 letters, digits, dots, dashes and underscores, a letter or digit first`,
    );
  }
  return name;
}
