/** An event as the text that an answer carries. */

import { formatTimeMs, LOGCORE_LEVELS, type LogEvent, renderEvent, renderFlat } from '@flywatch/core';
import type { RowForm } from '../questions.ts';

export function renderRow(event: LogEvent, form: RowForm): string {
  switch (form) {
    case 'flat':
      return renderFlat(event);
    case 'flat-raw':
      return renderFlat(event, { raw: true });
    case 'legacy':
      return renderLegacy(event);
    case 'fleet':
      return renderFleet(event);
    case 'csv':
      return renderCsv(event);
    default:
      return renderEvent(event, form);
  }
}

/** Seed 000's rows: `timestamp` and `raw` beside what every row has. The payload is there whatever it was. */
function renderLegacy(event: LogEvent): string {
  const raw = event.raw ?? renderEvent(event, 'fly');
  const { id, time, level, message, app, instance, region, host, provider, source, fields } = event;
  const receivedAt = formatTimeMs(event.receivedAtMs);
  return JSON.stringify({
    ...{ timestamp: time, raw, level, instance: instance ?? null, region: region ?? null, message },
    ...{ id, time, receivedAt, app, host, provider, source, fields },
  });
}

/** A row of `log_entries`, as seed 003's hub answers it. */
function renderFleet({ time, instance, host, app, level, message, fields }: LogEvent): string {
  const context = Object.keys(fields).length === 0 ? null : fields;
  return JSON.stringify({
    timestamp: time,
    vps_name: instance ?? host ?? null,
    app_name: app ?? null,
    level: LOGCORE_LEVELS[level],
    message,
    context,
  });
}

/** Columns of a CSV export. */
export const CSV_COLUMNS = [
  ...['id', 'time', 'receivedAt', 'level', 'app', 'instance', 'region', 'host', 'provider', 'source'],
  ...['message', 'fields'],
] as const;

function renderCsv(event: LogEvent): string {
  const { id, time, level, app, instance, region, host, provider, source, message, fields } = event;
  const structure = Object.keys(fields).length === 0 ? '' : JSON.stringify(fields);
  const receivedAt = formatTimeMs(event.receivedAtMs);
  return [id, time, receivedAt, level, app, instance, region, host, provider, source, message, structure]
    .map(csvCell)
    .join(',');
}

/**
 * A cell after RFC 4180. What a spreadsheet would take for a formula gets an apostrophe before it: a line is text,
 * whoever wrote it (OWASP, CSV injection).
 */
function csvCell(value: string | undefined): string {
  if (value === undefined || value === '') return '';
  const text = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
