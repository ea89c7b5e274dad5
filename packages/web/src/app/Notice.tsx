import type { ReactElement, ReactNode } from 'react';
import { EmptyIcon, ErrorIcon, OfflineIcon } from './icons.tsx';

const ICONS = { quiet: EmptyIcon, down: ErrorIcon, offline: OfflineIcon };

interface NoticeProps {
  /** `quiet` for something empty, `down` for something that did not work, `offline` for a hub that does not answer. */
  readonly tone: keyof typeof ICONS;
  readonly title: string;
  /** A sentence or two, and buttons. */
  readonly children: ReactNode;
}

/** What stands where content would be: nothing is there, or it could not be had, and what to do. */
export function Notice({ tone, title, children }: NoticeProps): ReactElement {
  const Icon = ICONS[tone];
  return (
    <section className={`notice is-${tone}`}>
      <Icon />
      <h2>{title}</h2>
      <div className="notice-text">{children}</div>
    </section>
  );
}
