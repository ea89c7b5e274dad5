/** How the hub is: what arrives, what it holds, what it keeps, who reads, and what was lost on the way. */

import { type ReactElement, useEffect, useState } from 'react';
import { formatBytes, formatSpan } from '../app/format.ts';
import { DownIcon, FineIcon, WarningIcon } from '../app/icons.tsx';
import { TopBar } from '../app/TopBar.tsx';
import { LoadFailed, Stale } from '../app/Troubles.tsx';
import { useAnswer } from '../app/useAnswer.ts';
import { Boxes } from './Boxes.tsx';
import { LossFacts, StoreFacts, VersionFacts } from './Facts.tsx';
import { type Concern, concernsOf, type HubStatus } from './hub-status.ts';
import { NO_RATES, withStatus } from './rates.ts';
import { ReadersTable, SourcesTable } from './Tables.tsx';
import './status.css';

/** Often enough to watch, seldom enough not to count as load. */
const POLL_MS = 2000;

/** The oldest line moves slowly, and looking for it reads the store. */
const OLDEST_POLL_MS = 60_000;
const OLDEST = { order: 'asc', limit: 1 };

/** A page of history, as far as it is looked at here. */
interface Page {
  readonly logs: readonly { readonly time: string }[];
}

export function StatusPage(): ReactElement {
  const { data: status, error, atMs, again } = useAnswer<HubStatus>('status', {}, { everyMs: POLL_MS });
  const { data: oldest } = useAnswer<Page>('logs/history', OLDEST, { everyMs: OLDEST_POLL_MS });
  const [rates, setRates] = useState(NO_RATES);
  useEffect(() => {
    if (status !== undefined) setRates((old) => withStatus(old, status));
  }, [status]);
  const concerns = status === undefined ? [] : concernsOf(status);
  return (
    <>
      <TopBar>
        <h1>Status</h1>
        {status !== undefined && error === undefined && <Verdict status={status} concerns={concerns} />}
        {status !== undefined && (
          <p className="top-bar-rest is-wide-only">
            Hub {status.versions.hub}, up {formatSpan(status.uptime_seconds * 1000)}, {formatBytes(status.memory_bytes)}
          </p>
        )}
      </TopBar>
      {status !== undefined && error !== undefined && <Stale error={error} atMs={atMs} onAgain={again} />}
      {concerns.map(({ tone, text }) => (
        <div key={text} className={`strip is-${tone}`}>
          {tone === 'down' ? <DownIcon /> : <WarningIcon />}
          <p>{text}</p>
        </div>
      ))}
      {status === undefined && error !== undefined && <LoadFailed what="The status" error={error} onAgain={again} />}
      {status !== undefined && (
        <div className={error === undefined ? 'status scroll' : 'status scroll is-old'}>
          <Boxes status={status} rates={rates} />
          <div className="status-columns">
            <div className="status-main">
              <SourcesTable status={status} rates={rates.sources} />
              <ReadersTable status={status} />
            </div>
            <div className="status-side">
              <StoreFacts status={status} oldest={oldest?.logs[0]?.time} />
              <LossFacts status={status} />
              <VersionFacts status={status} />
            </div>
          </div>
        </div>
      )}
    </>
  );
}

function Verdict({
  status,
  concerns,
}: {
  readonly status: HubStatus;
  readonly concerns: readonly Concern[];
}): ReactElement {
  const things = concerns.length === 1 ? '1 thing' : `${concerns.length} things`;
  if (!status.ready) {
    return (
      <span className="verdict is-down">
        <DownIcon /> Not ready
      </span>
    );
  }
  if (concerns.length > 0) {
    return (
      <span className="verdict is-late">
        <WarningIcon /> Working, {things} to know
      </span>
    );
  }
  return (
    <span className="verdict is-ok">
      <FineIcon /> Everything works
    </span>
  );
}
