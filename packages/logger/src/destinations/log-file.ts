/** A log file as a destination. */

import { resolve } from 'node:path';
import type { Destination } from './destination.ts';
import { lineDestination } from './line-destination.ts';
import type { Problems } from './problems.ts';
import { RotatingFile, type RotatingFileOptions } from './rotating-file.ts';

export function logFile(options: RotatingFileOptions, problems: Problems): Destination {
  const path = resolve(options.path);
  return lineDestination(
    {
      place: path,
      open: () => new RotatingFile({ ...options, path }),
      render: (record) => record.line,
      isUrgent: false,
      settings: `a rotation at ${options.maxBytes} bytes and ${options.maxFiles} old files`,
    },
    problems,
  );
}
