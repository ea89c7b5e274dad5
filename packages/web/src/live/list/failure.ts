import { HubError, HubUnreachableError } from '@flywatch/client';

export interface Failure {
  readonly message: string;
  readonly code: string;
  /** 0 where nobody answered. */
  readonly status: number;
}

/** Whether it may pass by itself: nobody answered, or the hub cannot now. */
export function isPassing({ status }: Failure): boolean {
  return status === 0 || status >= 500;
}

/** What went wrong, in the hub's words where it has some. Anything else is a mistake of ours, and thrown on. */
export function failureOf(error: unknown): Failure {
  if (error instanceof HubError) return { message: error.message, code: error.code, status: error.status };
  if (error instanceof HubUnreachableError) return { message: error.message, code: 'unreachable', status: 0 };
  throw error;
}
