import type { FlatEvent } from '@flywatch/core';
import { WholeText } from '@flywatch/react';
import { type ReactElement, useState } from 'react';
import { CopyIcon } from '../../app/icons.tsx';
import { useAnswer } from '../../app/useAnswer.ts';
import { copyText } from '../list/line-link.ts';

/** How far the end of a question lies behind the line: it is not part of the range, and times of lines are finer than this. */
const AFTER_MS = 1;

/** The line as it reached the hub, byte for byte, or set out when it is JSON. */
export function RawTab({ line }: { readonly line: FlatEvent }): ReactElement {
  const [pretty, setPretty] = useState(true);
  const { data, error } = useAnswer<{ readonly logs: readonly FlatEvent[] }>('/logs/history', {
    q: `id:${line.id}`,
    from: line.time,
    to: new Date(Date.parse(line.time) + AFTER_MS).toISOString(),
    limit: 1,
    raw: 'true',
  });
  const raw = data?.logs[0]?.raw;
  if (error !== undefined) return <p className="drawer-note">The line as it came could not be fetched.</p>;
  if (raw === undefined) {
    return <p className="drawer-note">{data === undefined ? '' : 'The hub did not keep how this line came.'}</p>;
  }
  const set = prettyJson(raw);
  const shown = pretty && set !== undefined ? set : raw;
  return (
    <>
      <div className="drawer-scopes">
        {set !== undefined && (
          <fieldset className="choices" aria-label="Shown">
            <button type="button" aria-pressed={pretty} onClick={() => setPretty(true)}>
              Pretty
            </button>
            <button type="button" aria-pressed={!pretty} onClick={() => setPretty(false)}>
              As it came
            </button>
          </fieldset>
        )}
        <button type="button" className="button is-plain" onClick={() => copyText(shown, 'Line')}>
          <CopyIcon /> Copy
        </button>
      </div>
      <div className="drawer-raw mono">
        <WholeText key={shown} text={shown} />
      </div>
    </>
  );
}

/** JSON over several lines; undefined where the text is none, or no object or array. */
function prettyJson(text: string): string | undefined {
  if (!/^\s*[{[]/.test(text)) return undefined;
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    // Plain text that begins with a bracket.
    return undefined;
  }
}
