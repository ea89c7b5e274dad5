/** A result as it is sent and stored: seed 003's columns, and beside them what it did not know. */

import type { CheckResult, CheckState } from './check.ts';

export interface CheckRow {
  readonly timestamp: string;
  readonly vps_name: string;
  readonly app_name: string;
  readonly url: string;
  readonly status_code: number | null;
  readonly response_time_ms: number | null;
  readonly success: boolean;
  readonly error_message: string | null;
  readonly name: string;
  readonly state: CheckState;
  readonly error_kind: string | null;
  readonly attempts: number;
  readonly certificate_days: number | null;
  readonly dns_ms: number | null;
  readonly connect_ms: number | null;
  readonly tls_ms: number | null;
  readonly first_byte_ms: number | null;
}

/** Characters of a message that are kept; a line of text explains, a page does not. */
const MAX_MESSAGE = 500;

const DAY_MS = 86_400_000;

export function checkRow(result: CheckResult, vpsName: string): CheckRow {
  const { spec, observation } = result;
  const { phases, statusCode, certificateMs } = observation;
  return {
    timestamp: new Date(result.atMs).toISOString(),
    vps_name: vpsName,
    app_name: spec.app,
    url: spec.url,
    status_code: statusCode ?? null,
    // Nothing came: the time until it was given up is no response time.
    response_time_ms: observation.error === undefined ? rounded(phases.totalMs) : null,
    success: result.verdict !== 'failed',
    error_message: result.message?.slice(0, MAX_MESSAGE) ?? null,
    name: spec.name,
    state: result.state,
    error_kind: result.errorKind ?? null,
    attempts: result.attempts,
    certificate_days: certificateMs === undefined ? null : Math.floor(certificateMs / DAY_MS),
    dns_ms: rounded(phases.dnsMs),
    connect_ms: rounded(phases.connectMs),
    tls_ms: rounded(phases.tlsMs),
    first_byte_ms: rounded(phases.firstByteMs),
  };
}

function rounded(ms: number | undefined): number | null {
  return ms === undefined ? null : Math.round(ms * 100) / 100;
}
