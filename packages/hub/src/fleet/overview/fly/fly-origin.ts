/** Which lines are Fly's, told from their labels. */

import type { Origin } from '../../../store/questions.ts';
import { PLATFORM_PROVIDERS } from './platform-lines.ts';

/** Machine ids: 14 hexadecimal digits, or 8 of the days of Nomad (facts, 5.3). */
const MACHINE_ID = /^(?:[0-9a-f]{14}|[0-9a-f]{8})$/;

/** Fly's remote builders come and go with each deploy, and are no part of a fleet. */
const BUILDER = 'fly-builder-';

type Labels = Pick<Origin, 'app' | 'instance' | 'region' | 'provider'>;

/** Whether a line is of a machine of Fly: it has the id of one, and a region, which agents and loggers elsewhere do not have. */
export function isFlyMachine({ instance, region, provider, app }: Labels): boolean {
  if (instance === undefined || app === undefined || provider === 'agent' || app.startsWith(BUILDER)) return false;
  return MACHINE_ID.test(instance) && (region !== undefined || isPlatform(provider));
}

/** Lines of Fly's edge are of an app, and of a region, without being of a machine. */
export function isOfFly(labels: Labels): boolean {
  const { app, region, provider } = labels;
  const isOfEdge = isPlatform(provider) && region !== undefined && app !== undefined && !app.startsWith(BUILDER);
  return isFlyMachine(labels) || isOfEdge;
}

function isPlatform(provider: string | undefined): boolean {
  return provider !== undefined && PLATFORM_PROVIDERS.includes(provider);
}
