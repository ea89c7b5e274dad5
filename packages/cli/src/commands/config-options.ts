/** Flags that stand for options of the hub's configuration. */

export interface ConfigFlags {
  readonly port?: string;
  readonly host?: string;
  readonly config?: string;
}

/** The environment with the flags in their place: a flag wins. */
export function environmentWith(flags: ConfigFlags): Record<string, string | undefined> {
  const { port, host, config } = flags;
  return {
    ...process.env,
    ...(port === undefined ? undefined : { PORT: port }),
    ...(host === undefined ? undefined : { HOST: host }),
    ...(config === undefined ? undefined : { FLYWATCH_CONFIG: config }),
  };
}
