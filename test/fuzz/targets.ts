/** Everything that is fuzzed. To add a target: a file, and a row here; the shares are of all cases and add up to 1. */

import { filters } from './filters.ts';
import { headers } from './headers.ts';
import { httpIngest } from './http-ingest.ts';
import { natsPayloads } from './nats-payloads.ts';
import { queryStrings } from './query-strings.ts';
import { rowIngest } from './row-ingest.ts';
import type { Target } from './target.ts';
import { wsFrames } from './ws-frames.ts';

export const TARGETS: readonly Target[] = [
  natsPayloads,
  httpIngest,
  rowIngest,
  filters,
  queryStrings,
  headers,
  wsFrames,
];
