import type { ReactElement } from 'react';
import { changeSettings, useSettings, type Zone } from '../../app/settings.ts';

const ZONES: Readonly<Record<Zone, string>> = { local: 'Local', utc: 'UTC', ago: 'Ago' };

export const ZONE_ORDER = Object.keys(ZONES) as readonly Zone[];

/** How times are written, everywhere on the page. */
export function ZoneChoices(): ReactElement {
  const { zone } = useSettings();
  return (
    <fieldset className="choices time-zones" aria-label="Times are written as">
      {ZONE_ORDER.map((one) => (
        <button key={one} type="button" aria-pressed={one === zone} onClick={() => changeSettings({ zone: one })}>
          {ZONES[one]}
        </button>
      ))}
    </fieldset>
  );
}
