/**
 * The log path of the agent as a process of its own, to be killed. Says `ready` when it runs, and its status as a line of JSON each time a
 * line comes on stdin.
 *
 *   node bench/tail/agent.ts '{"agent":…,"stateDir":…,"output":…,"files":[…]}'
 */

import { createInterface } from 'node:readline';
import { createDelivery, LogTail, type Output, type WatchSettings } from '@flywatch/agent';

export interface TailAgentSettings {
  readonly agent: string;
  readonly stateDir: string;
  readonly output: Output;
  readonly files: readonly WatchSettings[];
}

const { agent, stateDir, output, files } = JSON.parse(process.argv[2]!) as TailAgentSettings;
const warn = (message: string) => process.stderr.write(`${message}\n`);
const delivery = createDelivery(output, { warn });
const tail = new LogTail({ settings: { agent, stateDir, files }, sink: delivery, warn });
await tail.start();
process.stdout.write('ready\n');
createInterface({ input: process.stdin }).on('line', () => {
  process.stdout.write(`${JSON.stringify({ ...tail.status(), delivery: delivery.status })}\n`);
});
process.on('SIGTERM', () => {
  void tail.stop().then(() => {
    delivery.close();
    process.exit(0);
  });
});
