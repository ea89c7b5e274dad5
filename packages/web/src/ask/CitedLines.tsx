import { LevelTag, LineText } from '@flywatch/react';
import type { ReactElement } from 'react';
import { formatClock } from '../app/format.ts';
import { useSettings } from '../app/settings.ts';
import type { Citing } from './Inlines.tsx';
import type { CitedLine } from './useCitedLines.ts';

interface CitedLinesProps {
  readonly ids: readonly string[];
  readonly lines: ReadonlyMap<string, CitedLine>;
  readonly citing: Citing;
}

/** The lines that an answer stands on, by their numbers. One that the hub does not have is made up, or older than what is kept. */
export function CitedLines({ ids, lines, citing }: CitedLinesProps): ReactElement | null {
  if (ids.length === 0) return null;
  return (
    <section className="ask-cited" aria-label="Lines cited">
      <h3>Lines cited</h3>
      <ol>
        {ids.map((id, i) => (
          <li key={id}>
            <button type="button" aria-current={citing.open === id} onClick={() => citing.onCite(id)}>
              <span className="ask-cite">{i + 1}</span>
              <CitedText line={lines.get(id)} />
            </button>
          </li>
        ))}
      </ol>
    </section>
  );
}

function CitedText({ line }: { readonly line: CitedLine | undefined }): ReactElement | null {
  const { zone } = useSettings();
  if (line === undefined) return null;
  if (line === 'gone') return <span className="quiet">The hub has no such line</span>;
  if (line === 'unread') return <span className="quiet">This line could not be read</span>;
  return (
    <>
      <time dateTime={line.time}>{formatClock(Date.parse(line.time), zone, true)}</time>
      <LevelTag level={line.level} />
      <span className="ask-cited-text">
        <LineText event={line} />
      </span>
    </>
  );
}
