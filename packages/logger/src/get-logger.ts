import { levelRank } from '@flywatch/core';
import type { Destination } from './destinations/destination.ts';
import { logFile } from './destinations/log-file.ts';
import { Problems } from './destinations/problems.ts';
import { standardOutput } from './destinations/standard-output.ts';
import { JsonWriter } from './encoding/json-writer.ts';
import { Redaction } from './encoding/redaction.ts';
import { hubDestination } from './hub/hub-destination.ts';
import { Logger } from './logger.ts';
import { type LoggerOptions, type LoggerSettings, normalizeOptions } from './options.ts';
import { processWide } from './process-wide.ts';

/** No line has a rank so low. */
const NONE = -1;

/**
 * A logger that writes to a file, to standard output, to a hub, or to several of them. Asked for twice with the same
 * file it writes each line once, since loggers of one process share a file.
 *
 * @throws {LoggerOptionsError}
 */
export function getLogger(name: string, options: LoggerOptions = {}): Logger {
  const settings = normalizeOptions(name, options);
  const parts = {
    destinations: openDestinations(settings),
    writer: new JsonWriter(new Redaction(settings.redact)),
    contexts: processWide().contexts,
    mixin: settings.mixin,
    callSiteRank: settings.callSite === false ? NONE : levelRank(settings.callSite),
    now: settings.now,
  };
  return new Logger(parts, name, settings.level, settings.context);
}

function openDestinations(settings: LoggerSettings): Destination[] {
  const { stdout, logFile: path, maxFileBytes: maxBytes, maxFiles, hub, destinations } = settings;
  const problems = new Problems(settings.onProblem);
  return [
    ...(stdout === false ? [] : [standardOutput(stdout, problems)]),
    ...(path === undefined ? [] : [logFile({ path, maxBytes, maxFiles }, problems)]),
    ...(hub === undefined ? [] : [hubDestination(hub, problems)]),
    ...destinations,
  ];
}
