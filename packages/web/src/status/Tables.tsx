/** Who sends and who reads. */

import type { ReactElement, ReactNode } from 'react';
import { counted, formatAge, formatCount } from '../app/format.ts';
import {
  ageOf,
  behindText,
  type HubStatus,
  type ReaderReport,
  readerFilter,
  readerName,
  sourceName,
  sourceNote,
  sourceState,
  type Tone,
} from './hub-status.ts';
import { StateWord } from './StateWord.tsx';

interface TableProps {
  readonly title: string;
  readonly note?: string;
  readonly columns: readonly string[];
  readonly children: ReactNode;
}

function Table({ title, note, columns, children }: TableProps): ReactElement {
  return (
    <section className="status-section">
      <h2>
        {title} {note !== undefined && <small>{note}</small>}
      </h2>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by the keyboard. */}
      <section className="status-scroll" aria-label={title} tabIndex={0}>
        <table className="status-table">
          <thead>
            <tr>
              {columns.map((name) => (
                <th key={name} scope="col">
                  {name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>{children}</tbody>
        </table>
      </section>
    </section>
  );
}

export function SourcesTable({
  status,
  rates,
}: {
  status: HubStatus;
  rates: Readonly<Record<string, number>>;
}): ReactElement {
  return (
    <Table title="Sources" columns={['Name', 'State', 'Lines/s', 'Newest', 'Note']}>
      {status.sources.map((source) => {
        const { word, tone } = sourceState(source.state);
        const rate = rates[source.name];
        return (
          <tr key={source.name}>
            <th scope="row">{sourceName(source.name)}</th>
            <td>
              <StateWord tone={tone}>{word}</StateWord>
            </td>
            <td>{rate === undefined ? '–' : formatCount(rate)}</td>
            <td>{ageOf(source.last_event_at, status)}</td>
            <td className="status-note" title={source.detail ?? undefined}>
              {sourceNote(source)}
            </td>
          </tr>
        );
      })}
    </Table>
  );
}

const READER_STATES: Readonly<Record<ReaderReport['state'], readonly [word: string, tone: Tone]>> = {
  following: ['Following', 'ok'],
  catching_up: ['Catching up', 'late'],
  blocked: ['Takes nothing', 'late'],
};

export function ReadersTable({ status }: { readonly status: HubStatus }): ReactElement {
  const { now, list } = status.readers;
  const more = now > list.length ? `, ${formatCount(list.length)} of them listed` : '';
  const note = now === 0 ? undefined : `${formatCount(now)}, none can slow another${more}`;
  return (
    <Table
      title="Readers"
      {...(note === undefined ? {} : { note })}
      columns={['Who', 'Over', 'Filter', 'Behind', 'Since', 'State']}
    >
      {list.map((reader) => {
        const [word, tone] = READER_STATES[reader.state] ?? [reader.state, 'late'];
        return (
          <tr key={`${reader.address} ${reader.since} ${readerFilter(reader.filter)}`}>
            <th scope="row" title={reader.agent ?? undefined}>
              {readerName(reader)}
            </th>
            <td>{reader.over === 'sse' ? 'SSE' : 'WebSocket'}</td>
            <td className={Object.keys(reader.filter).length === 0 ? 'status-note' : 'status-note mono'}>
              {readerFilter(reader.filter)}
            </td>
            <td>{behindText(reader)}</td>
            <td>{formatAge(Date.parse(status.timestamp) - Date.parse(reader.since))}</td>
            <td>
              <StateWord tone={tone}>{word}</StateWord>
            </td>
          </tr>
        );
      })}
      {list.length === 0 && (
        <tr>
          <td colSpan={6} className="status-none">
            Nobody reads the live stream. {counted(status.readers.deliveries, 'line')} delivered since start.
          </td>
        </tr>
      )}
    </Table>
  );
}
