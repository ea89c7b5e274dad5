/** What the lines are made of: statements of programs with their values left out, and what has changed in them. */

import { HubError, type PatternReport } from '@flywatch/client';
import { type ReactElement, useRef } from 'react';
import { counted, formatClock, formatCount } from '../../app/format.ts';
import { RefreshIcon } from '../../app/icons.tsx';
import { useKeys } from '../../app/keys.ts';
import { Notice } from '../../app/Notice.tsx';
import { useSettings } from '../../app/settings.ts';
import { LoadFailed } from '../../app/Troubles.tsx';
import { useAnswer } from '../../app/useAnswer.ts';
import { appendTerm } from '../filter/append-term.ts';
import { StillBars } from '../list/StillBars.tsx';
import { lengthText } from '../time/range-text.ts';
import type { ChangeView, View } from '../view.ts';
import { PatternLine } from './PatternLine.tsx';
import { CHANGES, groupPatterns, patternQuestion } from './pattern-report.ts';
import './patterns.css';

interface PatternsProps {
  readonly view: View;
  readonly onView: ChangeView;
}

/** Asked once for each view, and again when it is wished: rows that move while they are read help nobody. */
export function Patterns({ view, onView }: PatternsProps): ReactElement {
  const { zone, wrap } = useSettings();
  const { data, error, atMs, again } = useAnswer<PatternReport>('/logs/patterns', patternQuestion(view));
  const rows = useRef<HTMLDivElement>(null);
  useKeys({
    scope: 'stream',
    keys: {
      j: { text: 'Next, previous line', run: () => moveFocus(rows.current, 1) },
      k: { text: 'Next, previous line', run: () => moveFocus(rows.current, -1) },
      r: { text: 'Look again', run: again },
    },
  });
  if (data === undefined || error !== undefined) {
    if (error === undefined) return <div className="patterns">{<StillBars />}</div>;
    return (
      <div className="patterns">
        {isBadFilter(error) ? (
          <Notice tone="quiet" title="The filter cannot be read">
            <p>The search box shows where. Patterns appear once it can be, or without it.</p>
            <button type="button" className="button" onClick={() => onView({ q: '' })}>
              Clear the filter
            </button>
          </Notice>
        ) : (
          <LoadFailed what="The patterns" error={error} onAgain={again} />
        )}
      </div>
    );
  }
  if (data.patterns.length === 0) {
    return (
      <div className="patterns">
        <NoPatterns view={view} onView={onView} />
      </div>
    );
  }
  const isCompared = (data.baseline?.events ?? 0) > 0;
  const most = Math.max(...data.patterns.map(({ count }) => count));
  return (
    <div className={`patterns${wrap ? ' is-wrapped' : ''}`}>
      <div className="patterns-head">
        <p className="figures">
          <b>{counted(data.found, 'pattern')}</b> in {counted(data.events, 'line')}
          {data.found > data.patterns.length && `, the first ${formatCount(data.patterns.length)} shown`}
          <i>·</i>
          {comparison(view, data)}
        </p>
        {!data.complete && data.looked_back_to !== null && (
          <p className="is-late">
            Looked back to {formatClock(Date.parse(data.looked_back_to), zone, true)} only: a shorter time is looked at
            whole
          </p>
        )}
        <span className="patterns-at figures">as of {formatClock(atMs, zone, true)}</span>
        <button type="button" className="icon-button" aria-label="Look again" title="Look again (r)" onClick={again}>
          <RefreshIcon />
        </button>
      </div>
      <div className="patterns-scroll" ref={rows}>
        <div className="pattern-row is-head" aria-hidden="true">
          <span>Lines</span>
          <span>Before</span>
          <span />
          <span />
          <span>Pattern</span>
          <span>First</span>
          <span>Last</span>
        </div>
        {groupPatterns(data.patterns).map(({ change, rows }) => (
          <section key={change} aria-label={isCompared ? CHANGES[change] : 'All'}>
            <h2 className={`pattern-group is-${change}`}>
              {isCompared ? CHANGES[change] : 'All'} <span className="figures">{formatCount(rows.length)}</span>
            </h2>
            <ul>
              {rows.map((row) => (
                <li key={row.pattern}>
                  <PatternLine
                    row={row}
                    most={most}
                    zone={zone}
                    nowMs={atMs}
                    onPress={(q) => onView({ q: appendTerm(view.q, q), show: 'lines' })}
                  />
                </li>
              ))}
            </ul>
          </section>
        ))}
      </div>
    </div>
  );
}

function comparison({ range }: View, { baseline }: PatternReport): string {
  const before = `the ${lengthText(range.kind === 'last' ? range.ms : range.toMs - range.fromMs)} before`;
  if (baseline === undefined || baseline.events === 0) return `${before} had no line to compare with`;
  return `compared with ${counted(baseline.events, 'line')} of ${before}`;
}

function NoPatterns({ view, onView }: PatternsProps): ReactElement {
  return (
    <Notice tone="quiet" title={view.q === '' ? 'No line to look at' : 'No line matches'}>
      <p>Patterns are made of the lines of this time. Demo traffic is left out.</p>
      {view.q !== '' && (
        <button type="button" className="button" onClick={() => onView({ q: '' })}>
          Clear the filter
        </button>
      )}
      <button type="button" className="button" onClick={() => onView({ show: 'lines' })}>
        Show lines
      </button>
    </Notice>
  );
}

/** The row that is focused is the one that keys are for; false where there is none to go to. */
function moveFocus(rows: HTMLElement | null, step: 1 | -1): boolean {
  const all = [...(rows?.querySelectorAll<HTMLElement>('button.pattern-row') ?? [])];
  const at = all.indexOf(document.activeElement as HTMLElement);
  const next = all[at === -1 ? 0 : Math.min(all.length - 1, Math.max(0, at + step))];
  next?.focus();
  return next !== undefined;
}

function isBadFilter(error: unknown): boolean {
  return error instanceof HubError && error.code === 'bad_filter';
}
