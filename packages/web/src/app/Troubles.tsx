import type { ReactElement } from 'react';
import { formatAge } from './format.ts';
import { OfflineIcon, WarningIcon } from './icons.tsx';
import { Notice } from './Notice.tsx';
import { troubleOf } from './trouble.ts';
import { useNow } from './useNow.ts';

/** In place of what could not be had. */
export function LoadFailed({
  what,
  error,
  onAgain,
}: {
  what: string;
  error: unknown;
  onAgain: () => void;
}): ReactElement {
  const { isOffline, text } = troubleOf(error);
  return (
    <Notice tone={isOffline ? 'offline' : 'down'} title={`${what} could not be read`}>
      <p>{text}</p>
      <button type="button" className="button" onClick={onAgain}>
        Try now
      </button>
    </Notice>
  );
}

/** Above what is old: it stays, and says how old it is. */
export function Stale({ error, atMs, onAgain }: { error: unknown; atMs: number; onAgain: () => void }): ReactElement {
  const nowMs = useNow(1000);
  const { isOffline, text } = troubleOf(error);
  const Icon = isOffline ? OfflineIcon : WarningIcon;
  return (
    <div className="strip is-down" role="status">
      <Icon />
      <p>
        <strong>What you see is from {formatAge(nowMs - atMs)}.</strong> {text}
      </p>
      <button type="button" className="link-button" onClick={onAgain}>
        Try now
      </button>
    </div>
  );
}
