import type { HubOptions } from './hub/hub-sender.ts';

/** What Fly says of the Machine that an app runs on, for `hub: { url, token, ...labelsFromFly(process.env) }`; empty elsewhere. */
export function labelsFromFly(
  env: Readonly<Record<string, string | undefined>>,
): Pick<HubOptions, 'app' | 'instance' | 'region'> {
  return { app: env.FLY_APP_NAME, instance: env.FLY_MACHINE_ID, region: env.FLY_REGION };
}
