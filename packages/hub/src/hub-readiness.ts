/** Whether each part of the hub works, and what is measured of its sources. Part of `hub.ts`, which has the picture. */

import { formatTimeMs } from '@flywatch/core';
import type { Config } from './config.ts';
import type { PartState, Readiness } from './http/hub-api.ts';
import { storeState } from './hub-store.ts';
import type { SourceStatus } from './ingest/source.ts';
import type { SourceMetrics } from './metrics/hub-metrics.ts';
import type { HubState } from './state/hub-state.ts';
import type { EventStore } from './store/store.ts';

export interface Parts {
  /** Undefined where Fly is not configured. */
  readonly fly: SourceStatus | undefined;
  readonly state: HubState;
  readonly store: EventStore;
  readonly config: Config;
}

/** What `/ready` says: the other hubs of a group are no part of it, since each works without them. */
export function readiness({ fly, state, store: eventStore, config }: Parts): Readiness {
  const sources: Record<string, PartState> = {};
  if (fly !== undefined) {
    sources.fly = {
      state: fly.state,
      ready: fly.state === 'connected',
      ...(fly.detail === undefined ? undefined : { detail: fly.detail }),
      since: formatTimeMs(fly.sinceMs),
      last_message_age_seconds: messageAge(fly),
    };
  }
  const store = storeState(state, eventStore, config);
  return { ready: store.ready && Object.values(sources).every((source) => source.ready), sources, store };
}

export function isConnected(status: SourceStatus | undefined): boolean {
  return status?.state === 'connected' || status?.state === 'stalled';
}

export function sourceMetrics(
  status: Pick<SourceStatus, 'state' | 'messages' | 'reconnects' | 'errors' | 'lastMessageAtMs'>,
): SourceMetrics {
  const { state, messages, reconnects, errors } = status;
  return { state, messages, reconnects, errors, last_message_age_seconds: messageAge(status) };
}

function messageAge(status: Pick<SourceStatus, 'lastMessageAtMs'>): number | null {
  return status.lastMessageAtMs === undefined ? null : Math.max(0, Date.now() - status.lastMessageAtMs) / 1000;
}
