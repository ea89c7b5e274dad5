/** The two routes that speak WebSocket: live events, and figures each second. */

import { MAX_READERS } from '../limits.ts';
import { tooManyReaders } from './handlers.ts';
import type { HubApi } from './hub-api.ts';
import { asHttpError, parseLiveParams, type Query } from './live-params.ts';
import { streamWs } from './live-ws.ts';
import type { MetricsFeed } from './metrics-feed.ts';
import { ROUTES } from './routes.ts';
import type { UpgradeRoute } from './upgrades.ts';

export function createUpgradeRoutes(hub: HubApi, feed: MetricsFeed): ReadonlyMap<string, UpgradeRoute> {
  const logs: UpgradeRoute = (request, search) => {
    let params: ReturnType<typeof parseLiveParams>;
    try {
      params = parseLiveParams(queryOf(search), undefined, 'fly', Date.now());
    } catch (error) {
      throw asHttpError(error);
    }
    if (hub.fanOut.readers >= MAX_READERS) throw tooManyReaders();
    return (peer, socket) => {
      hub.readers.ws++;
      hub.readers.wsTotal++;
      peer.socket.on('close', () => {
        hub.readers.ws--;
      });
      streamWs(peer, socket, { fanOut: hub.fanOut, params, request });
    };
  };
  const metrics: UpgradeRoute = () => {
    if (feed.watchers >= MAX_READERS) throw tooManyReaders();
    return (peer) => feed.serve(peer);
  };
  return new Map([
    [ROUTES.ws.path, logs],
    [ROUTES.metricsWs.path, metrics],
  ]);
}

function queryOf(search: URLSearchParams): Query {
  const query: Record<string, string | string[]> = Object.create(null);
  for (const name of new Set(search.keys())) {
    const values = search.getAll(name);
    query[name] = values.length === 1 ? values[0]! : values;
  }
  return query;
}
