/** Snapshots: list, read, take by hand. */

import type { FastifyReply, FastifyRequest } from 'fastify';
import { HttpError } from '../errors.ts';
import type { SnapshotManager } from '../snapshots/snapshot-manager.ts';
import { parsed, parseLimit } from './history-params.ts';
import type { Query } from './live-params.ts';

export function createSnapshotRoutes(snapshots: SnapshotManager) {
  return {
    listSnapshots: async (request: FastifyRequest) => {
      const limit = parsed(() => parseLimit(request.query as Query));
      return { snapshots: await snapshots.list(limit) };
    },
    takeSnapshot: async (_request: FastifyRequest, reply: FastifyReply) =>
      reply.code(201).send(await snapshots.take('manual')),
    readSnapshot: async (request: FastifyRequest) => {
      const { id } = request.params as { id: string };
      const snapshot = await snapshots.get(id);
      if (snapshot === undefined) {
        throw new HttpError(
          'unknown_snapshot',
          `there is no snapshot ${JSON.stringify(id.slice(0, 60))}; GET /snapshots lists them`,
        );
      }
      return snapshot;
    },
  };
}
