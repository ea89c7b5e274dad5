/** Observ's routes about hosts: its parameters, and bare arrays with its names. */

import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Fleet } from '../fleet/fleet.ts';
import type { FleetOverviews } from '../fleet/overview/fleet-overviews.ts';
import { parsed, parseWhole } from './history-params.ts';
import { parseFlag, type Query } from './live-params.ts';
import { whenGone } from './when-gone.ts';

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
