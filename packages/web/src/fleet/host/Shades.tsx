import type { CSSProperties, ReactElement } from 'react';
import { counted, formatSpan } from '../../app/format.ts';
import { type Shade, shadesOf, sharesOf } from './shades.ts';
import type { Span } from './span.ts';
import type { Outage } from './vps-series.ts';

interface ShadesProps {
  readonly outages: readonly Outage[];
  readonly span: Span;
  readonly widthPx: number;
}

/** Room for a letter of the words, which stand before the end of their shade. */
const LETTER_PX = 6.5;

/** When nothing was reported, through all charts, with how long that was. */
export function Shades({ outages, span, widthPx }: ShadesProps): ReactElement {
  const shades = shadesOf(outages, span, widthPx);
  /** Where the words of the shades before end. */
  let takenPx = 0;
  return (
    <>
      {shades.map((shade, at) => {
        const [left, right] = sharesOf(shade, span);
        const words = wordsOf(shade);
        const wordsPx = words.length * LETTER_PX;
        // Words that would begin before the axis begin with the shade.
        const isLeft = right * widthPx < wordsPx;
        const beginsPx = isLeft ? left * widthPx : right * widthPx - wordsPx;
        const next = shades[at + 1];
        const freePx = isLeft && next !== undefined ? sharesOf(next, span)[0] * widthPx : widthPx;
        const hasRoom = beginsPx >= takenPx && beginsPx + wordsPx <= freePx;
        if (hasRoom) takenPx = beginsPx + wordsPx;
        return (
          <div
            key={shade.fromMs}
            className={`host-shade${shade.isOpen ? ' is-open' : ''}${isLeft ? ' is-left' : ''}`}
            style={styleOf(shade, left, right)}
            title={words}
          >
            {hasRoom && <span>{words}</span>}
          </div>
        );
      })}
    </>
  );
}

/** Of several outages the shade is as strong as they have a share of it. */
function styleOf({ fromMs, toMs, silentMs }: Shade, left: number, right: number): CSSProperties {
  return {
    left: `${100 * left}%`,
    width: `${100 * (right - left)}%`,
    '--silent': `${Math.round((100 * silentMs) / (toMs - fromMs))}%`,
  } as CSSProperties;
}

function wordsOf({ outages, silentMs, isOpen }: Shade): string {
  if (outages > 1) return `${counted(outages, 'outage')}, ${formatSpan(silentMs)} in all`;
  return `${isOpen ? 'silent for' : 'down'} ${formatSpan(silentMs)}`;
}
