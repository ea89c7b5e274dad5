import type { FlatEvent } from '@flywatch/core';
import { memo, type ReactNode, useState } from 'react';
import { withoutControls } from '../line/controls.ts';
import { fieldsOf } from '../line/event-fields.ts';
import { FieldTree } from '../line/FieldTree.tsx';
import { InstanceColours } from '../line/instance-colours.ts';
import { LevelTag } from '../line/LevelTag.tsx';
import { Isolated, LineText, RawText } from '../line/LineText.tsx';
import { cutAt, lineParts } from '../line/line-parts.ts';
import type { Marker } from '../line/marks.ts';
import { itemOf, type LogRecord } from '../stream/log-record.ts';

export interface LogEntryProps {
  /** A line of a stream, or a structured line of your own. */
  readonly entry: FlatEvent | LogRecord;
  /** Lines that belong to it, such as the frames of a stack trace. @defaultValue none */
  readonly more?: readonly FlatEvent[];
  /** Marks what a search looks for; see `createMarker`. @defaultValue nothing is marked */
  readonly marker?: Marker | undefined;
  /** Whether the whole line is shown. @defaultValue the entry opens and closes by itself */
  readonly open?: boolean | undefined;
  readonly onToggle?: (() => void) | undefined;
}

/** Characters of an unfolded line before "Show all". */
const WHOLE_CHARS = 4_096;

/** Ids are cut to so many characters; the whole id is in the title. */
const ID_CHARS = 8;

const NONE: readonly FlatEvent[] = [];

/** One line: time, level, who printed it, what. Pressed, it shows the whole message and its fields. */
export const LogEntry = memo(function LogEntry(props: LogEntryProps): ReactNode {
  const { entry, more = NONE, marker, onToggle } = props;
  const [isOpenItself, setOpen] = useState(false);
  const open = props.open ?? isOpenItself;
  const item = itemOf(entry);
  if (item.type !== 'line') return null;
  const { event } = item;
  const { moreLines, moreChars } = lineParts(event);
  const folded = foldedWords(moreLines + more.length, moreChars);
  const toggle = onToggle ?? (() => setOpen(!isOpenItself));
  const id = event.instance ?? event.host;
  return (
    <div className={`fw-entry fw-entry-${event.level} ${id === undefined ? '' : `fw-i${slotOf(id)}`}`}>
      <i className="fw-entry-tick" />
      {/* biome-ignore lint/a11y/useKeyWithClickEvents: the row is a shortcut; the button in it takes the keyboard */}
      {/* biome-ignore lint/a11y/noStaticElementInteractions: as above */}
      <div className="fw-entry-head" onClick={toggle}>
        <time
          className="fw-entry-time"
          dateTime={event.time}
          title={withoutControls(event.time)}
          suppressHydrationWarning
        >
          {clock(event.time)}
        </time>
        <LevelTag level={event.level} />
        <span className="fw-entry-source" title={sourceTitle(event)}>
          <Isolated text={event.app ?? event.source ?? event.provider ?? '–'} />
          {id !== undefined && ' '}
          {id !== undefined && <Isolated className="fw-entry-id" text={id.slice(0, ID_CHARS)} />}
        </span>
        <span className="fw-entry-message">
          <LineText event={event} marker={marker} />
          <button type="button" className="fw-pill" aria-expanded={open} onClick={stop(toggle)}>
            {open ? 'Fold' : folded}
          </button>
        </span>
      </div>
      {open && (
        <div className="fw-entry-body">
          <WholeText text={[event, ...more].map(({ message }) => message).join('\n')} marker={marker} />
          <FieldTree fields={fieldsOf(event)} onCopy={copyValue} />
        </div>
      )}
    </div>
  );
});

/** A text of any length: 4 KB of it until all is asked for. */
export function WholeText({
  text,
  marker,
}: {
  readonly text: string;
  readonly marker?: Marker | undefined;
}): ReactNode {
  const [isWhole, setWhole] = useState(false);
  const cut = isWhole ? text : cutAt(text, WHOLE_CHARS);
  return (
    <div>
      <RawText text={cut} marker={marker} />
      {cut.length < text.length && (
        <button type="button" className="fw-more" onClick={() => setWhole(true)}>
          Show all, {size(text.length - cut.length)} more
        </button>
      )}
    </div>
  );
}

/** `14 more lines`, `36 KB more`, or `More`: what the button opens. */
function foldedWords(lines: number, chars: number): string {
  if (lines > 0) return lines === 1 ? '1 more line' : `${lines} more lines`;
  return chars > 0 ? `${size(chars)} more` : 'More';
}

/** Characters in words. */
function size(chars: number): string {
  return chars < 1000 ? `${chars} characters` : `${Math.round(chars / 1000)} KB`;
}

const colours = new InstanceColours();
const slotOf = (instance: string): number => colours.slot(instance);

function stop(run: () => void): (event: { stopPropagation(): void }) => void {
  return (event) => {
    event.stopPropagation();
    run();
  };
}

function copyValue(_path: string, value: unknown): void {
  // Without a clipboard (a page over plain HTTP) there is nothing to copy to; the value can be selected all the same.
  void navigator.clipboard?.writeText(typeof value === 'string' ? value : JSON.stringify(value));
}

/** A title is plain text that the system draws: direction controls are taken out of it. */
function sourceTitle({ app, instance, host, region }: FlatEvent): string {
  return withoutControls([app, instance ?? host, region].filter((part) => part !== undefined).join(' / '));
}

/** `02:40:52.113` in the reader's time zone; the text itself where it is no time. */
function clock(time: string): string {
  const date = new Date(time);
  if (Number.isNaN(date.getTime())) return withoutControls(time);
  const two = (n: number) => String(n).padStart(2, '0');
  return `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}.${String(date.getMilliseconds()).padStart(3, '0')}`;
}
