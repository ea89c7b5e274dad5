import { HubError } from '@flywatch/client';
import type { FlatEvent } from '@flywatch/core';
import { useState } from 'react';
import { type Answer, useAnswer } from '../../app/useAnswer.ts';

/** Which lines stand around a line, as `/logs/context` has it. */
export const SCOPES = { instance: 'Instance', app: 'App', request: 'Request', all: 'All' } as const;

export type Scope = keyof typeof SCOPES;

export interface Context {
  readonly before: readonly FlatEvent[];
  readonly line: FlatEvent;
  readonly after: readonly FlatEvent[];
}

/** Lines on either side at first, and once more are asked for: the most that the hub gives. */
const NEAR = 20;
export const FAR = 500;

export interface OpenLine {
  /** The open line with what stands around it; undefined until it is here. */
  readonly context: Context | undefined;
  readonly scope: Scope;
  readonly setScope: (scope: Scope) => void;
  readonly around: number;
  readonly setAround: (lines: number) => void;
  /** Whether the hub has no such line (any more). */
  readonly isGone: boolean;
  readonly error: unknown;
}

/** The line of this id: one question brings it and the lines around it. */
export function useLine(id: string): OpenLine {
  const [scope, setScope] = useState<Scope>('instance');
  const [around, setAround] = useState<number>(NEAR);
  const answer: Answer<Context> = useAnswer<Context>('/logs/context', { id, scope, before: around, after: around });
  const isCurrent = answer.params?.id === id;
  return {
    context: isCurrent ? answer.data : undefined,
    scope,
    setScope,
    around,
    setAround,
    isGone: answer.error instanceof HubError && answer.error.status === 404,
    error: answer.error,
  };
}
