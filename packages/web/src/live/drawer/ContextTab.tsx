import type { FlatEvent } from '@flywatch/core';
import { LevelTag, LineText } from '@flywatch/react';
import { type ReactElement, useLayoutEffect, useRef } from 'react';
import { formatClock } from '../../app/format.ts';
import { useSettings } from '../../app/settings.ts';
import { relativeTime } from './relative-time.ts';
import { type Context, FAR, type OpenLine, SCOPES, type Scope } from './useLine.ts';

interface ContextTabProps extends OpenLine {
  readonly context: Context;
  readonly onOpen: (id: string) => void;
}

/** The lines before and after a line, with their way to it. */
export function ContextTab(props: ContextTabProps): ReactElement {
  const { context, scope, setScope, around, setAround, onOpen } = props;
  const { before, line, after } = context;
  const here = useRef<HTMLButtonElement>(null);
  // The line stands in the middle, whatever has come in above it.
  // biome-ignore lint/correctness/useExhaustiveDependencies: anew for each answer
  useLayoutEffect(() => {
    // Within braces: newer browsers return a promise, which would be taken for what has to be undone.
    here.current?.scrollIntoView({ block: 'center' });
  }, [context]);
  return (
    <>
      <div className="drawer-scopes">
        <fieldset className="choices" aria-label="Lines of the same">
          {(Object.keys(SCOPES) as Scope[]).map((one) => (
            <button key={one} type="button" aria-pressed={one === scope} onClick={() => setScope(one)}>
              {SCOPES[one]}
            </button>
          ))}
        </fieldset>
        <span className="quiet figures">
          {before.length} before, {after.length} after
        </span>
      </div>
      <div className="drawer-lines">
        {before.map((event) => (
          <ContextLine key={event.id} event={event} line={line} onOpen={onOpen} />
        ))}
        <ContextLine here={here} event={line} line={line} onOpen={onOpen} />
        {after.map((event) => (
          <ContextLine key={event.id} event={event} line={line} onOpen={onOpen} />
        ))}
        {scope === 'request' && before.length + after.length === 0 && (
          <p className="drawer-note">No other line is of the same request, or this one names none.</p>
        )}
        {around < FAR && (before.length >= around || after.length >= around) && (
          <button type="button" className="link-button drawer-more" onClick={() => setAround(FAR)}>
            Show up to {FAR} on either side
          </button>
        )}
      </div>
    </>
  );
}

interface ContextLineProps {
  readonly event: FlatEvent;
  readonly line: FlatEvent;
  readonly onOpen: (id: string) => void;
  readonly here?: React.Ref<HTMLButtonElement>;
}

function ContextLine({ event, line, onOpen, here }: ContextLineProps): ReactElement {
  const { zone } = useSettings();
  const isHere = event === line;
  const time = isHere
    ? formatClock(Date.parse(line.time), zone, true)
    : relativeTime(Date.parse(event.time) - Date.parse(line.time));
  return (
    <button
      ref={here ?? null}
      type="button"
      className={`drawer-line is-${event.level}${isHere ? ' is-here' : ''}`}
      aria-current={isHere}
      onClick={() => onOpen(event.id)}
    >
      <span className="drawer-line-time">{time}</span>
      <LevelTag level={event.level} />
      <span className="drawer-line-text">
        <LineText event={event} />
      </span>
    </button>
  );
}
