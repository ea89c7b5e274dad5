import type { ReactElement } from 'react';
import { formatClock } from '../app/format.ts';
import { useSettings } from '../app/settings.ts';
import type { CitedMark } from './cited-mark.ts';

/** At the right of the legend, while the line of a citation is shown. */
export function CitedStanding({ mark }: { readonly mark: CitedMark }): ReactElement {
  const { zone } = useSettings();
  return (
    <p className="ask-standing figures">
      showing line <span className="ask-cite">{mark.number}</span> at {formatClock(mark.timeMs, zone, true)}
    </p>
  );
}
