import type { ReactNode } from 'react';
import { withoutControls } from '../line/controls.ts';
import type { GapItem, ReconnectedItem } from '../stream/items.ts';

/** A row that is no line: what is missing here, or that the connection was away. */
export function Band({ item }: { readonly item: GapItem | ReconnectedItem }): ReactNode {
  if (item.type === 'gap') {
    return (
      <div className="fw-band fw-band-gap">
        <b>{item.count === null ? 'Gap: lines may be missing here' : `Gap: ${item.count} lines not shown`}</b>
        <span>{gapReason(item.reason)}</span>
      </div>
    );
  }
  return (
    <div className="fw-band">
      <b>Reconnected after {seconds(item.awayMs)}.</b>
      <span>
        {item.caughtUp} lines caught up{item.complete ? ', none lost' : ''}
      </span>
    </div>
  );
}

const REASONS: Readonly<Record<string, string>> = {
  lagged: 'this page fell behind; the hub kept them',
  expired: 'the hub no longer holds them',
  other_hub: 'another hub answers at this address now, and it does not know them',
  relay: 'another hub sent them, and they did not arrive',
  too_large: 'a line was larger than this page takes',
  unreadable: 'what came was not a line',
};

/** Why lines are missing, in words; what a newer hub says is shown as it is. */
export function gapReason(reason: string): string {
  return Object.hasOwn(REASONS, reason) ? REASONS[reason]! : withoutControls(reason);
}

/** `31 s`, `4 min 33 s`, `2 h 5 min`. */
function seconds(ms: number): string {
  const whole = Math.max(0, Math.round(ms / 1000));
  if (whole < 60) return `${whole} s`;
  const minutes = Math.floor(whole / 60);
  if (minutes < 60) return whole % 60 === 0 ? `${minutes} min` : `${minutes} min ${whole % 60} s`;
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}
