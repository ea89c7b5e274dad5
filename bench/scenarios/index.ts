// The table of scenarios, in the order they run.

import type { Scenario } from '../bench.ts';
import { agent } from './agent.ts';
import { burst } from './burst.ts';
import { chatContext } from './chat-context.ts';
import { cliTail } from './cli-tail.ts';
import { fanout } from './fanout.ts';
import { filters } from './filters.ts';
import { fleet } from './fleet.ts';
import { idleReaders } from './idle-readers.ts';
import { ingest } from './ingest.ts';
import { logger } from './logger.ts';
import { page } from './page.ts';
import { patterns } from './patterns.ts';
import { relay } from './relay.ts';
import { retention } from './retention.ts';
import { store } from './store.ts';
import { stuck } from './stuck.ts';

export const scenarios: readonly Scenario[] = [
  fanout,
  filters,
  burst,
  ingest,
  idleReaders,
  stuck,
  store,
  retention,
  fleet,
  patterns,
  chatContext,
  relay,
  page,
  cliTail,
  logger,
  agent,
];
