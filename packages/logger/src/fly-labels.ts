/** Fly's names in the environment of a Machine, and ours. */
const VARIABLES = { FLY_APP_NAME: 'app', FLY_MACHINE_ID: 'instance', FLY_REGION: 'region' } as const;

type FlyLabels = { [Label in (typeof VARIABLES)[keyof typeof VARIABLES]]?: string };

/**
 * What Fly says of the Machine that an app runs on, for `hub: { url, token, ...labelsFromFly(process.env) }`; empty
 * elsewhere.
 */
export function labelsFromFly(env: Readonly<Record<string, string | undefined>>): FlyLabels {
  const labels: FlyLabels = {};
  for (const [variable, label] of Object.entries(VARIABLES)) {
    const value = env[variable];
    if (value !== undefined && value !== '') labels[label] = value;
  }
  return labels;
}
