/** A host as a row of the page. */

import {
  type ErrorCounts,
  type FleetUnit,
  formatTimeMs,
  type UnitChecks,
  type UnitFigures,
  type UnitSpark,
  type UnitState,
} from '@flywatch/core';
import type { CheckTally, Spark } from '../../store/figures.ts';
import { asReason, type Finding } from './finding.ts';
import type { HostFacts } from './host-facts.ts';
import type { Disk, HostFigures } from './host-figures.ts';
import { findHostReasons } from './host-reasons.ts';
import { punctuality } from './reasons/silence.ts';
import type { OverviewSpan } from './span.ts';

export interface HostCounts {
  readonly errors: ErrorCounts;
  readonly spark: UnitSpark | null;
  readonly checks: UnitChecks | null;
  readonly isThisHub: boolean;
}

export function hostUnit(facts: HostFacts, { errors, spark, checks, isThisHub }: HostCounts): FleetUnit {
  const findings = findHostReasons(facts);
  const { figures, intervalMs } = facts;
  return {
    kind: 'vps',
    name: facts.vps,
    state: stateOf(facts, findings),
    severity: findings[0]?.severity ?? null,
    reasons: findings.map(asReason),
    last_seen: formatTimeMs(facts.lastSeenMs),
    interval_seconds: intervalMs === null ? null : intervalMs / 1000,
    this_hub: isThisHub,
    demo: false,
    apps: facts.apps,
    regions: [],
    system: figures === undefined ? null : systemOf(figures),
    figures: figures === undefined ? null : figuresOf(figures),
    spark,
    errors,
    checks,
    machines: [],
  };
}

/** A host that is late and in trouble besides needs attention: the trouble is what has to be seen. */
function stateOf(facts: HostFacts, findings: readonly Finding[]): UnitState {
  const silence = punctuality(facts);
  if (silence === 'down') return 'down';
  const isOnlyLate = findings.every(({ code }) => code === 'late');
  if (silence === 'late' && isOnlyLate) return 'late';
  return findings.length > 0 ? 'attention' : 'fine';
}

function systemOf({ about, cores, memoryTotalBytes, uptimeSeconds }: HostFigures): FleetUnit['system'] {
  return {
    os: about.os ?? null,
    kernel: about.kernel ?? null,
    cores: cores ?? null,
    memory_bytes: memoryTotalBytes ?? null,
    uptime_seconds: uptimeSeconds ?? null,
    agent_version: about.agentVersion ?? null,
  };
}

const GIB = 1024 ** 3;

function figuresOf({ cpuPercent, memoryPercent, memoryMb, load, disks }: HostFigures): UnitFigures {
  const fullest = disks.reduce<Disk | undefined>(
    (a, b) => (a === undefined || b.percent > a.percent ? b : a),
    undefined,
  );
  return {
    cpu_percent: cpuPercent ?? null,
    memory_percent: memoryPercent ?? null,
    memory_mb: memoryMb ?? null,
    disk_percent: fullest?.percent ?? null,
    // As in the column of this name: binary, whatever it is called.
    disk_gb: fullest?.usedBytes === undefined ? null : Math.round((fullest.usedBytes / GIB) * 100) / 100,
    load_avg_1m: load.avg1m ?? null,
    load_avg_5m: load.avg5m ?? null,
    load_avg_15m: load.avg15m ?? null,
    disk_mount: fullest?.mount ?? null,
  };
}

/** The curve over the whole span; buckets without a report are null. */
export function sparkOf(spark: Spark | undefined, { fromMs, stepMs, buckets }: OverviewSpan): UnitSpark | null {
  if (spark === undefined) return null;
  const spread = (values: readonly (number | null)[]) => {
    const all = Array<number | null>(buckets).fill(null);
    for (const [i, timeMs] of spark.times.entries()) {
      const bucket = Math.round((timeMs - fromMs) / stepMs);
      if (bucket >= 0 && bucket < buckets) all[bucket] = values[i] ?? null;
    }
    return all;
  };
  return { cpu_percent: spread(spark.cpuPercent), memory_percent: spread(spark.memoryPercent) };
}

export function checksOf(tally: CheckTally | undefined): UnitChecks | null {
  if (tally === undefined) return null;
  const { passed, failed, degraded, last } = tally;
  return { passed, failed, degraded, last };
}
