/** Parameters that several routes take. */

export interface RouteParameter {
  readonly name: string;
  readonly in: 'query' | 'header' | 'path';
  readonly description: string;
}

const SELECTION: readonly RouteParameter[] = [
  { name: 'level', in: 'query', description: 'Minimum level: trace, debug, info, warn, error, fatal, or an alias.' },
  { name: 'app', in: 'query', description: 'App, or a comma list.' },
  { name: 'instance', in: 'query', description: 'Instance, or a comma list.' },
  { name: 'region', in: 'query', description: 'Region, or a comma list.' },
  { name: 'provider', in: 'query', description: 'Provider, or a comma list: app, runner, proxy, health, …' },
  { name: 'source', in: 'query', description: 'Logger or subsystem, or a comma list.' },
  { name: 'host', in: 'query', description: 'Host, or a comma list.' },
  {
    name: 'q',
    in: 'query',
    description: 'Filter language: words, "phrases", -not, and/or, (groups), field:value, field:>500, /regex/.',
  },
];

export const LIVE: readonly RouteParameter[] = [
  ...SELECTION,
  { name: 'tail', in: 'query', description: 'Begin with the last N matching events, 0 to 10000.' },
  { name: 'since', in: 'query', description: 'Begin with events since a time or a duration ago such as 15m.' },
  { name: 'after', in: 'query', description: 'Resume after this event id.' },
  { name: 'format', in: 'query', description: 'fly, natstream, structured, logcore or flat.' },
  { name: 'raw', in: 'query', description: 'true adds the payload as it came to the flat form, under `raw`.' },
];

const RANGE: readonly RouteParameter[] = [
  {
    name: 'from',
    in: 'query',
    description: 'Events from this time on: RFC 3339, Unix time, or a duration ago such as 15m.',
  },
  { name: 'to', in: 'query', description: 'Events before this time.' },
  { name: 'since', in: 'query', description: 'The same as `from`.' },
];

export const PAST: readonly RouteParameter[] = [...SELECTION, ...RANGE];

export const FLEET: readonly RouteParameter[] = [
  { name: 'vps_name', in: 'query', description: 'Instance or host.' },
  { name: 'app_name', in: 'query', description: 'App.' },
  { name: 'level', in: 'query', description: 'This level and no other, in any spelling.' },
  { name: 'limit', in: 'query', description: 'Rows at most, 1 to 1000; 100 by default.' },
];

export const LAST_EVENT_ID: RouteParameter = {
  name: 'Last-Event-ID',
  in: 'header',
  description: 'Resume after this event id; wins over `after`.',
};

export const BATCH_ID: RouteParameter = {
  name: 'Batch-Id',
  in: 'header',
  description: 'A batch with an id that was taken before is answered again and not taken again.',
};
