import { type KeyboardEvent, type ReactElement, type SubmitEvent, useEffect, useId, useRef, useState } from 'react';
import { ClockIcon } from '../../app/icons.tsx';
import type { Zone } from '../../app/settings.ts';
import { type Range, rangeMoments } from '../view.ts';
import { lengthText, momentText, PRESETS_MS, parseTypedMoment, parseTypedRange } from './range-text.ts';
import { ZoneChoices } from './ZoneChoices.tsx';

interface RangeMenuProps {
  readonly range: Range;
  readonly zone: Zone;
  readonly onChoose: (range: Range) => void;
  readonly onClose: () => void;
}

/** The last so many minutes, hours or days, or the time between two moments that are typed or picked. */
export function RangeMenu({ range, zone, onChoose, onClose }: RangeMenuProps): ReactElement {
  const moments = rangeMoments(range, Date.now());
  const [from, setFrom] = useState(momentText(moments.fromMs, zone));
  const [to, setTo] = useState(range.kind === 'last' ? 'now' : momentText(moments.toMs, zone));
  const [problem, setProblem] = useState<string>();
  const menu = useRef<HTMLDivElement>(null);
  const problemId = useId();

  useEffect(() => {
    const chosen = menu.current?.querySelector<HTMLElement>('[aria-pressed="true"]');
    (chosen ?? menu.current?.querySelector<HTMLElement>('button'))?.focus();
  }, []);

  function submit(event: SubmitEvent): void {
    event.preventDefault();
    const typed = parseTypedRange(from, to, zone, Date.now());
    if (typeof typed === 'string') setProblem(typed);
    else onChoose(typed);
  }

  function onKeyDown(event: KeyboardEvent): void {
    if (event.key !== 'Escape') return;
    event.preventDefault();
    event.stopPropagation();
    onClose();
  }

  return (
    <div ref={menu} className="time-menu" role="dialog" aria-label="Time range" onKeyDown={onKeyDown}>
      <ZoneChoices />
      <h2>The last</h2>
      <div className="time-presets">
        {PRESETS_MS.map((ms) => (
          <button
            key={ms}
            type="button"
            aria-pressed={range.kind === 'last' && range.ms === ms}
            onClick={() => onChoose({ kind: 'last', ms })}
          >
            {lengthText(ms)}
          </button>
        ))}
      </div>
      <form onSubmit={submit}>
        <h2>Between {zone === 'utc' ? '(UTC)' : '(local time)'}</h2>
        <Moment name="From" text={from} zone={zone} onText={setFrom} describedBy={problem && problemId} />
        <Moment name="To" text={to} zone={zone} onText={setTo} describedBy={problem && problemId} />
        <p id={problemId} className="time-problem" role="status">
          {problem}
        </p>
        <button type="submit" className="button is-primary">
          Show this time
        </button>
      </form>
    </div>
  );
}

interface MomentProps {
  readonly name: string;
  readonly text: string;
  readonly zone: Zone;
  readonly onText: (text: string) => void;
  readonly describedBy: string | undefined;
}

/** A moment: typed in any form that is understood, or picked with the browser's own picker. */
function Moment({ name, text, zone, onText, describedBy }: MomentProps): ReactElement {
  const picker = useRef<HTMLInputElement>(null);
  const ms = parseTypedMoment(text, zone, Date.now());
  return (
    <div className="time-moment">
      <label>
        <span>{name}</span>
        <input
          className="field mono"
          value={text}
          spellCheck={false}
          autoComplete="off"
          aria-describedby={describedBy}
          onChange={(event) => onText(event.target.value)}
        />
      </label>
      <input
        ref={picker}
        className="time-picker"
        type="datetime-local"
        step="1"
        tabIndex={-1}
        aria-hidden="true"
        value={ms === undefined ? '' : momentText(ms, zone).replace(' ', 'T')}
        onChange={(event) => onText(event.target.value.replace('T', ' '))}
      />
      <button
        type="button"
        className="icon-button"
        aria-label={`Pick ${name.toLowerCase()}`}
        onClick={() => picker.current?.showPicker()}
      >
        <ClockIcon />
      </button>
    </div>
  );
}
