/** Disks that are full, or will be soon. */

import { type Finding, severityBy } from '../finding.ts';
import type { HostFacts } from '../host-facts.ts';
import type { Disk, HostFigures } from '../host-figures.ts';
import { RULES } from '../rules.ts';
import { bytesInWords, inWords, percentInWords } from '../words.ts';

export function diskFindings({ figures, earlier }: HostFacts): Finding[] {
  if (figures === undefined) return [];
  return figures.disks.flatMap((disk): Finding[] => {
    const { mount, percent, availableBytes } = disk;
    const rise = riseOf(disk, figures, earlier);
    const { warnMs, errorMs, toldMs } = RULES.diskForecast;
    const isNearlyFull = percent >= RULES.disk.warn;
    const isFull = percent >= RULES.disk.error && (availableBytes ?? 0) < RULES.disk.errorBelowBytes;
    const fullInMs = rise?.fullInMs ?? Number.POSITIVE_INFINITY;
    if (!isNearlyFull && fullInMs >= warnMs) return [];
    const isError = isFull || fullInMs < errorMs || (isNearlyFull && fullInMs < warnMs);
    const free = availableBytes === undefined ? '' : `, ${bytesInWords(availableBytes)} free`;
    const text =
      rise !== undefined && rise.fullInMs < toldMs
        ? `Disk ${mount} ${percentInWords(percent)} and rising ${bytesInWords(rise.bytesPerHour)}/h: full in ${inWords(rise.fullInMs)}`
        : `Disk ${mount} ${percentInWords(percent)}${free}`;
    return [{ code: 'disk', text, severity: isError ? 'error' : 'warn', sinceMs: null }];
  });
}

export function inodeFindings({ figures }: HostFacts): Finding[] {
  return (figures?.disks ?? []).flatMap(({ mount, inodesPercent }): Finding[] => {
    const severity = severityBy(inodesPercent, RULES.inodes);
    if (severity === undefined) return [];
    const text = `Disk ${mount} has used ${percentInWords(inodesPercent!)} of its inodes, which limit the number of files`;
    return [{ code: 'inodes', text, severity, sinceMs: null }];
  });
}

interface Rise {
  readonly bytesPerHour: number;
  readonly fullInMs: number;
}

const HOUR_MS = 3_600_000;

/** History that makes a slope: within less, the writing of one file looks like a disk that fills. */
const MIN_SPAN_MS = 20 * 60_000;

/**
 * The slope from the earliest moment to now, where the disk has risen since each of the moments: one that was filled and has
 * been emptied since is no trouble, and one that was filled an hour ago and stands still since is none to come.
 */
function riseOf(disk: Disk, now: HostFigures, earlier: HostFacts['earlier']): Rise | undefined {
  const { usedBytes, availableBytes, totalBytes } = disk;
  if (usedBytes === undefined || availableBytes === undefined) return undefined;
  let first: { readonly spanMs: number; readonly bytes: number } | undefined;
  for (const figures of earlier) {
    const then = figures?.disks.find(({ mount }) => mount === disk.mount);
    if (figures === undefined || then?.usedBytes === undefined) continue;
    if (then.totalBytes !== undefined && totalBytes !== undefined && isOtherSize(then.totalBytes, totalBytes)) continue;
    const bytes = usedBytes - then.usedBytes;
    if (bytes <= 0) return undefined;
    const spanMs = now.atMs - figures.atMs;
    if (spanMs > (first?.spanMs ?? 0)) first = { spanMs, bytes };
  }
  if (first === undefined || first.spanMs < MIN_SPAN_MS) return undefined;
  const bytesPerMs = first.bytes / first.spanMs;
  return { bytesPerHour: bytesPerMs * HOUR_MS, fullInMs: availableBytes / bytesPerMs };
}

/** Beyond what rounding does: a volume that was extended, or another one at the same place. */
function isOtherSize(a: number, b: number): boolean {
  return Math.abs(a - b) > 0.02 * Math.max(a, b);
}
