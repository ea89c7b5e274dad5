import { type ReactElement, useEffect, useState } from 'react';
import { formatPercent, UNKNOWN } from '../app/format.ts';
import { useAnswer } from '../app/useAnswer.ts';
import { termText } from '../live/filter/term-text.ts';
import { type HostReport, newestReport } from './enrolled.ts';
import { FirstCard, type Here } from './FirstCard.tsx';
import type { WayOfHosts } from './ways.ts';

/** Whoever has just started the agent looks at this page and waits. */
const POLL_MS = 2000;

/** The card that waits for a host. One that has reported before is here when it does so again. */
export function FirstReport({ way, host }: { readonly way: WayOfHosts; readonly host: string }): ReactElement {
  const { data: rows } = useAnswer<readonly HostReport[]>('api/fleet/summary', {}, { everyMs: POLL_MS });
  const report = rows === undefined ? undefined : newestReport(rows, host);
  // By its own clock, which need not agree with that of this browser: another time than the first is a new report.
  const [before, setBefore] = useState<string | null>();
  useEffect(() => {
    if (rows !== undefined) setBefore((known) => (known === undefined ? (report?.last_seen ?? null) : known));
  }, [rows, report]);
  const isNew = report !== undefined && before !== undefined && report.last_seen !== before;
  return <FirstCard way={way} here={isNew ? reportHere(report) : undefined} />;
}

function reportHere({ vps_name, cpu_percent, memory_percent, disk_percent }: HostReport): Here {
  const percent = (value: number | null) => (value === null ? UNKNOWN : formatPercent(value));
  const term = termText('host', vps_name);
  return {
    title: `${vps_name} reports`,
    text: `CPU ${percent(cpu_percent)}, memory ${percent(memory_percent)}, disk ${percent(disk_percent)}.`,
    link: { href: term === undefined ? '/ui/' : `/ui/?q=${encodeURIComponent(term)}`, text: 'See its lines' },
  };
}
