import type { ReactElement } from 'react';
import './notice.css';

const WIDTHS = [38, 72, 55, 63, 24, 66, 41, 30, 58, 47];

/** Bars in the real columns; nothing for the first 150 ms, which the style sheet sees to. */
export function StillBars(): ReactElement {
  return (
    <div className="list-loading" role="status" aria-label="Loading">
      {WIDTHS.map((width) => (
        <div key={width} className="list-loading-row">
          <i />
          <i />
          <i style={{ width: `${width}%` }} />
        </div>
      ))}
    </div>
  );
}
