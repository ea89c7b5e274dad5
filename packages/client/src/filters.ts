/** The filters of a live stream, as the query parameters that the hub knows. */

/** What to see; an absent filter lets everything through. The hub judges the values and answers 400 to what it cannot read. */
export interface LogFilters {
  /** Least level: `warn` shows warn, error and fatal. Any spelling that the hub knows. */
  readonly level?: string | undefined;
  /** One value, several, or a comma list; the same for the next five. */
  readonly app?: string | readonly string[] | undefined;
  readonly instance?: string | readonly string[] | undefined;
  readonly region?: string | readonly string[] | undefined;
  readonly provider?: string | readonly string[] | undefined;
  readonly source?: string | readonly string[] | undefined;
  readonly host?: string | readonly string[] | undefined;
  /** The filter language: `timeout -health status:>=500`. */
  readonly q?: string | undefined;
}

const FILTER_NAMES = [
  'level',
  'app',
  'instance',
  'region',
  'provider',
  'source',
  'host',
  'q',
] as const satisfies readonly (keyof LogFilters)[];

/** Empty texts and empty lists are no filter. */
export function filterParams(filters: LogFilters): URLSearchParams {
  const params = new URLSearchParams();
  for (const name of FILTER_NAMES) {
    const given = filters[name];
    const text = typeof given === 'string' || given === undefined ? given : given.join(',');
    if (text !== undefined && text !== '') params.set(name, text);
  }
  return params;
}
