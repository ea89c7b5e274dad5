/** A line of the list: tick, time, level, who printed it, chosen columns, message; its buttons when the pointer is over it. */

import { createFieldLookup, type FlatEvent } from '@flywatch/core';
import {
  fieldText,
  Isolated,
  LevelTag,
  type LineItem,
  LineText,
  lineParts,
  type Marker,
  withoutControls,
} from '@flywatch/react';
import { memo, type ReactElement } from 'react';
import { formatDay, formatTime } from '../../app/format.ts';
import { AskIcon, ChevronRightIcon, ContextIcon, CopyIcon, LinkIcon } from '../../app/icons.tsx';
import type { Zone } from '../../app/settings.ts';
import { instanceClass } from '../instance-slot.ts';
import { RowBody } from './RowBody.tsx';
import './row.css';

/** What rows do, by the key of their line. One object for all rows, so that they need not be drawn again. */
export interface RowActions {
  readonly open: (key: string) => void;
  readonly unfold: (key: string) => void;
  readonly context: (key: string) => void;
  /** Asks the assistant about it. */
  readonly ask: (key: string) => void;
  readonly copy: (event: FlatEvent) => void;
  readonly link: (event: FlatEvent) => void;
  readonly only: (path: string, value: unknown) => void;
  readonly not: (path: string, value: unknown) => void;
  readonly column: (path: string) => void;
  readonly copyValue: (path: string, value: unknown) => void;
}

export interface RowProps {
  readonly item: LineItem;
  readonly marker: Marker | undefined;
  readonly zone: Zone;
  /** Now, where times are shown as ages; else 0. */
  readonly nowMs: number;
  readonly columns: readonly string[];
  readonly isCurrent: boolean;
  readonly isOpen: boolean;
  readonly isUnfolded: boolean;
  /** The first line of its day. */
  readonly isNewDay: boolean;
  /** Whether there is an assistant. */
  readonly canAsk: boolean;
  readonly actions: RowActions;
}

/** Ids are cut to so many characters; the whole id is in the title and is what gets copied. */
const ID_CHARS = 8;

export const Row = memo(function Row(props: RowProps): ReactElement {
  const { item, marker, zone, nowMs, columns, isCurrent, isOpen, isUnfolded, isNewDay, canAsk, actions } = props;
  const { event, key, more } = item;
  const timeMs = Date.parse(event.time);
  const origin = event.instance ?? event.host;
  const parts = lineParts(event);
  const moreLines = parts.moreLines + more.length;
  const state = `${isCurrent ? ' is-current' : ''}${isOpen ? ' is-open' : ''}`;
  return (
    <>
      {isNewDay && <div className="list-day">{formatDay(timeMs, zone, Date.now())}</div>}
      {/* biome-ignore lint/a11y/useKeyWithClickEvents: the list has the focus, and its keys are for the current row */}
      {/* biome-ignore lint/a11y/useFocusableInteractive: as above, by aria-activedescendant */}
      {/* biome-ignore lint/a11y/useSemanticElements: a table cell is no grid of its own */}
      <div
        id={`line-${key}`}
        role="gridcell"
        aria-selected={isCurrent}
        className={`list-row is-${event.level}${state} ${instanceClass(origin)}`}
        onClick={() => actions.open(key)}
      >
        <i className="list-tick" />
        <time className="list-time" title={withoutControls(event.time)}>
          {formatTime(timeMs, zone, nowMs)}
        </time>
        <LevelTag level={event.level} />
        <span className="list-source" title={sourceTitle(event)}>
          <Isolated className="list-app" text={event.app ?? event.source ?? event.provider ?? '–'} />
          {origin !== undefined && <Isolated className="list-instance" text={origin.slice(0, ID_CHARS)} />}
        </span>
        {columns.map((column) => (
          <Column key={column} event={event} name={column} />
        ))}
        <span className="list-message">
          <LineText event={event} marker={marker} />
          {moreLines > 0 && (
            <Pill isUnfolded={isUnfolded} onPress={() => actions.unfold(key)}>
              {moreLines === 1 ? '1 more line' : `${moreLines} more lines`}
            </Pill>
          )}
          {moreLines === 0 && parts.moreChars > 0 && (
            <Pill isUnfolded={isUnfolded} onPress={() => actions.unfold(key)}>
              {Math.ceil(parts.moreChars / 1000)} KB more
            </Pill>
          )}
          {event.fields?._truncated !== undefined && <span className="list-chip">cut by the hub</span>}
        </span>
        {event.fields?.demo === true && <span className="list-chip">demo</span>}
        <span className="list-actions">
          <Action label="Context" keys="v" onPress={() => actions.context(key)}>
            <ContextIcon />
          </Action>
          <Action label="Copy line" keys="c" onPress={() => actions.copy(event)}>
            <CopyIcon />
          </Action>
          <Action label="Copy link" keys="l" onPress={() => actions.link(event)}>
            <LinkIcon />
          </Action>
          {canAsk && (
            <Action label="Ask about it" keys="a" onPress={() => actions.ask(key)}>
              <AskIcon />
            </Action>
          )}
        </span>
      </div>
      {isUnfolded && <RowBody item={item} marker={marker} actions={actions} />}
    </>
  );
});

/** The row can be pressed as a whole; its buttons are for the pointer, the same is on keys. */
function Pill(props: {
  readonly isUnfolded: boolean;
  readonly onPress: () => void;
  readonly children: React.ReactNode;
}) {
  return (
    <button
      type="button"
      className="list-pill"
      tabIndex={-1}
      aria-expanded={props.isUnfolded}
      onClick={(event) => {
        event.stopPropagation();
        props.onPress();
      }}
    >
      <ChevronRightIcon />
      {props.children}
    </button>
  );
}

interface ActionProps {
  readonly label: string;
  readonly keys: string;
  readonly onPress: () => void;
  readonly children: React.ReactNode;
}

function Action({ label, keys, onPress, children }: ActionProps): ReactElement {
  return (
    <button
      type="button"
      tabIndex={-1}
      title={`${label} (${keys})`}
      aria-label={label}
      onClick={(event) => {
        event.stopPropagation();
        onPress();
      }}
    >
      {children}
    </button>
  );
}

function Column({ event, name }: { readonly event: FlatEvent; readonly name: string }): ReactElement {
  const value = columnValue(event, name);
  const text = value === undefined ? '' : fieldText(value);
  return (
    <span className="list-column" title={withoutControls(text.slice(0, 400))}>
      <Isolated text={text.slice(0, 200)} />
    </span>
  );
}

const RECORD_FIELDS: ReadonlySet<string> = new Set([
  'app',
  'instance',
  'region',
  'host',
  'provider',
  'source',
  'receivedAt',
  'id',
]);

/** A name of the record, or a field of the line, as in the filter language. */
function columnValue(event: FlatEvent, name: string): unknown {
  if (RECORD_FIELDS.has(name)) return event[name as keyof FlatEvent];
  return event.fields === undefined ? undefined : createFieldLookup(name)(event.fields);
}

/** A title is plain text that the system draws: direction controls are taken out of it. */
function sourceTitle({ app, instance, host, region }: FlatEvent): string {
  return withoutControls([app, instance ?? host, region].filter((part) => part !== undefined).join(' / '));
}
