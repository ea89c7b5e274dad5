/** Routes about hosts: Observ's, with its parameters and bare arrays of its names, and the curves of a host. */

import type { FastifyReply, FastifyRequest } from 'fastify';
import { HttpError } from '../errors.ts';
import type { Fleet } from '../fleet/fleet.ts';
import type { FleetOverviews } from '../fleet/overview/fleet-overviews.ts';
import { parsed, parseRange, parseWhole } from './history-params.ts';
import { parseFlag, type Query } from './live-params.ts';
import { whenGone } from './when-gone.ts';

/** What curves show unless a time is given. */
const DEFAULT_RANGE_MS = 3_600_000;

export function createFleetRoutes(fleet: Fleet, overviews: FleetOverviews) {
  return {
    fleetOverview: (request: FastifyRequest) => {
      const hours = parsed(() => parseWhole(request.query as Query, 'hours', 1, 168, 1));
      return overviews.read(hours, Date.now());
    },
    fleetSummary: (request: FastifyRequest, reply: FastifyReply) => {
      const details = parsed(() => parseFlag(request.query as Query, 'details'));
      return fleet.summary(details, Date.now(), whenGone(reply));
    },
    hostMetrics: (request: FastifyRequest, reply: FastifyReply) => {
      const { vps, hours } = asked(request);
      return fleet.metrics(vps, hours, Date.now(), whenGone(reply));
    },
    hostSeries: async (request: FastifyRequest, reply: FastifyReply) => {
      const nowMs = Date.now();
      const query = request.query as Query;
      const { from, to } = parsed(() => parseRange(query, nowMs));
      const toMs = to?.ms ?? nowMs;
      const fromMs = from?.ms ?? toMs - DEFAULT_RANGE_MS;
      if (fromMs > toMs)
        throw new HttpError('bad_parameter', 'from: lies ahead; expected a time before `to`, which is now by default');
      const points = parsed(() => parseWhole(query, 'points', 10, 2000, 300));
      const { vps } = request.params as { vps: string };
      const text = await fleet.series({ vps, fromMs, toMs, nowMs, points }, whenGone(reply));
      return reply.type('application/json; charset=utf-8').send(text);
    },
    hostHealth: (request: FastifyRequest, reply: FastifyReply) => {
      const { vps, hours } = asked(request);
      const details = parsed(() => parseFlag(request.query as Query, 'details'));
      return fleet.health(vps, hours, details, Date.now(), whenGone(reply));
    },
  };
}

function asked(request: FastifyRequest): { readonly vps: string; readonly hours: number } {
  const { vps } = request.params as { vps: string };
  return { vps, hours: parsed(() => parseWhole(request.query as Query, 'hours', 1, 168, 24)) };
}
