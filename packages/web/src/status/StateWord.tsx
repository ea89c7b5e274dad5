import type { ReactElement } from 'react';
import { DownIcon, FineIcon, LateIcon, OffIcon } from '../app/icons.tsx';
import type { Tone } from './hub-status.ts';

const ICONS = { ok: FineIcon, late: LateIcon, down: DownIcon, off: OffIcon };

/** A state: colour, shape and word all say it. */
export function StateWord({ tone, children }: { readonly tone: Tone; readonly children: string }): ReactElement {
  const Icon = ICONS[tone];
  return (
    <span className={`state-word is-${tone}`}>
      <Icon /> {children}
    </span>
  );
}
