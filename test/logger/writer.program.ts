/** A program that logs numbered lines as fast as it can and then ends in one of the ways in which programs end. */

import { getLogger, type LoggerOptions } from '@flywatch/logger';

export interface WriterTask {
  readonly options: LoggerOptions;
  readonly lines: number;
  /** `wait`: stay until a signal comes. */
  readonly end: 'exit' | 'throw' | 'signal' | 'natural' | 'wait';
  /** Put before the number of each line. */
  readonly label?: string;
}

const { options, lines, end, label = 'line' } = JSON.parse(process.argv[2]!) as WriterTask;
const log = getLogger('writer', options);
for (let i = 0; i < lines; i++) log.info(`${label} ${i}`, { i });
if (end === 'exit') process.exit(3);
if (end === 'throw') throw new Error('nobody catches this');
if (end === 'signal') process.kill(process.pid, 'SIGTERM');
if (end === 'signal' || end === 'wait') setInterval(() => {}, 1000);
process.stderr.write('written\n');
