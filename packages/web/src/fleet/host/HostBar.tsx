/** A host's top bar: the way back, what is wrong, and which time is shown. */

import type { FleetUnit } from '@flywatch/core';
import { Isolated, withoutControls } from '@flywatch/react';
import type { ReactElement } from 'react';
import { BackIcon, CloseIcon, ZoomIcon } from '../../app/icons.tsx';
import { Link } from '../../app/Link.tsx';
import { useSettings } from '../../app/settings.ts';
import { TopBar } from '../../app/TopBar.tsx';
import { rangeText } from '../../live/time/range-text.ts';
import { ZoneChoices } from '../../live/time/ZoneChoices.tsx';
import { type ListView, listHref } from '../fleet-view.ts';
import { StateIcon, unitLook } from '../StateIcon.tsx';
import { type ChangeHostView, type HostView, RANGES, type RangeName } from './host-view.ts';

interface HostBarProps {
  readonly name: string;
  readonly list: ListView;
  readonly unit: FleetUnit | undefined;
  readonly view: HostView;
  readonly onView: ChangeHostView;
}

export function HostBar({ name, list, unit, view, onView }: HostBarProps): ReactElement {
  const { zone } = useSettings();
  const { zoom } = view;
  const reason = unit?.reasons[0];
  const look = unit === undefined ? undefined : unitLook(unit);
  return (
    <TopBar>
      <Link className="icon-button host-back" href={listHref(list)} aria-label="All of the fleet">
        <BackIcon />
      </Link>
      <h1 className="host-name" title={withoutControls(name)}>
        <Isolated text={name} />
      </h1>
      {reason !== undefined && look !== undefined && (
        <span className={`host-reason is-${look.tone}`} title={withoutControls(reason.text)}>
          <StateIcon look={look} />
          <Isolated text={reason.text} />
        </span>
      )}
      <div className="host-tools">
        {zoom !== undefined && (
          <button
            type="button"
            className="host-zoom figures"
            aria-label="Leave this part of the time"
            onClick={() => onView({ zoom: undefined })}
          >
            <ZoomIcon /> {rangeText({ kind: 'between', ...zoom }, zone, Date.now())} <CloseIcon />
          </button>
        )}
        <fieldset className="choices" aria-label="Range">
          {(Object.keys(RANGES) as RangeName[]).map((range) => (
            <button
              key={range}
              type="button"
              aria-pressed={range === view.range}
              onClick={() => onView({ range, zoom: undefined })}
            >
              {RANGES[range].name}
            </button>
          ))}
        </fieldset>
        <ZoneChoices />
      </div>
    </TopBar>
  );
}
