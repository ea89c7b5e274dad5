import type { FlatEvent } from '@flywatch/core';
import { Isolated, WholeText } from '@flywatch/react';
import type { ReactElement } from 'react';
import { formatAge, formatTime } from '../../app/format.ts';
import { ArrowDownIcon, CloseIcon, LinkIcon } from '../../app/icons.tsx';
import { useSettings } from '../../app/settings.ts';
import { useNow } from '../../app/useNow.ts';
import { instanceClass } from '../instance-slot.ts';
import { copyText, lineLink } from '../list/line-link.ts';
import { onlyTerm } from '../query-text.ts';
import type { ChangeView, View } from '../view.ts';

interface DrawerBarProps {
  readonly view: View;
  readonly line: FlatEvent | undefined;
  readonly onMove: (step: 1 | -1) => void;
  readonly onClose: () => void;
}

/** An age is told to the second at best. */
const AGE_MS = 1000;

/** The top of the drawer: which line, and where to go from it. */
export function DrawerBar({ view, line, onMove, onClose }: DrawerBarProps): ReactElement {
  const { zone } = useSettings();
  const nowMs = useNow(AGE_MS);
  const timeMs = Date.parse(line?.time ?? '');
  return (
    <header className="drawer-bar">
      {line !== undefined && (
        <>
          <span className={`fw-level fw-level-${line.level} drawer-level`}>{line.level.toUpperCase()}</span>
          <time dateTime={line.time} title={line.time} className="mono">
            {formatTime(timeMs, zone === 'ago' ? 'local' : zone, nowMs)}
          </time>
          <span className="quiet figures">{formatAge(Math.max(0, nowMs - timeMs))}</span>
        </>
      )}
      <span className="drawer-actions">
        <button type="button" className="icon-button" aria-label="Previous line (k)" onClick={() => onMove(-1)}>
          <ArrowDownIcon className="is-up" />
        </button>
        <button type="button" className="icon-button" aria-label="Next line (j)" onClick={() => onMove(1)}>
          <ArrowDownIcon />
        </button>
        <button
          type="button"
          className="icon-button"
          aria-label="Copy link (l)"
          disabled={line === undefined}
          onClick={() => line !== undefined && copyText(lineLink(view, line), 'Link')}
        >
          <LinkIcon />
        </button>
        <button type="button" className="icon-button" aria-label="Close (Esc)" onClick={onClose}>
          <CloseIcon />
        </button>
      </span>
    </header>
  );
}

interface LineHeadProps {
  readonly line: FlatEvent;
  readonly view: View;
  readonly onView: ChangeView;
}

const CHIPS = ['region', 'host', 'provider', 'source'] as const;

/** The message in full, and chips for where it comes from; a pressed chip becomes the filter's. */
export function LineHead({ line, view, onView }: LineHeadProps): ReactElement {
  const only = (field: string, value: string) => onView({ q: onlyTerm(view.q, field, value) });
  return (
    <div className="drawer-head">
      <div className="drawer-message mono">
        <WholeText key={line.id} text={line.message} />
      </div>
      <div className="drawer-chips">
        {line.app !== undefined && <Chip field="app" value={line.app} onPress={only} />}
        {line.instance !== undefined && <Chip field="instance" value={line.instance} onPress={only} />}
        {CHIPS.map((field) => {
          const value = line[field];
          return value === undefined ? null : <Chip key={field} field={field} value={value} onPress={only} />;
        })}
      </div>
    </div>
  );
}

interface ChipProps {
  readonly field: string;
  readonly value: string;
  readonly onPress: (field: string, value: string) => void;
}

function Chip({ field, value, onPress }: ChipProps): ReactElement {
  const isInstance = field === 'instance';
  return (
    <button
      type="button"
      className={`drawer-chip${isInstance ? ` is-instance ${instanceClass(value)}` : ''}`}
      title={`Only ${field} ${value}`}
      onClick={() => onPress(field, value)}
    >
      {(field === 'host' || field === 'source') && `${field} `}
      <Isolated text={value} />
    </button>
  );
}
