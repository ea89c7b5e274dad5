import { HubError, HubUnreachableError } from '@flywatch/client';
import { sentence } from '../app/trouble.ts';

/** Why a token was not taken. The hub's own words where they say more than the status. */
export function refusalText(error: unknown): string {
  if (error instanceof HubUnreachableError) return 'The hub cannot be reached. The token was not checked.';
  if (!(error instanceof HubError)) return error instanceof Error ? sentence(error.message) : String(error);
  if (error.status === 401) return 'This token is not the hub’s.';
  return sentence(error.message);
}
