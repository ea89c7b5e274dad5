/** The one connection of the page to its hub: same origin, and the cookie of the browser. */

import { createHubClient, HubError, type Query } from '@flywatch/client';
import { sessionEnded } from './session.ts';

export const hub = createHubClient();

/**
 * The answer of a route that answers with JSON. Throws {@link HubError}, or `HubUnreachableError` where nobody answers; a 401
 * leads to the sign-in page as well. The caller names the type: what the routes promise is in docs/http.md.
 */
export async function ask<T>(path: string, params: Query = {}, options: { signal?: AbortSignal } = {}): Promise<T> {
  return minding401(hub.get(path, params, options)) as Promise<T>;
}

/** The same for a route that is posted to. */
export async function send<T>(path: string, body?: object, options: { signal?: AbortSignal } = {}): Promise<T> {
  return minding401(hub.post(path, body, options)) as Promise<T>;
}

/** The same for what is to be gone. */
export async function remove(path: string): Promise<void> {
  await minding401(hub.delete(path));
}

async function minding401(answer: Promise<unknown>): Promise<unknown> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof HubError && error.status === 401) sessionEnded();
    throw error;
  }
}
