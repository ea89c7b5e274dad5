/** One line in full, at the right of the list. The line and the tab are in the address, so that a link opens at them. */

import type { FlatEvent } from '@flywatch/core';
import { FieldTree } from '@flywatch/react';
import { type ReactElement, useId } from 'react';
import { AskIcon, ContextIcon } from '../../app/icons.tsx';
import { Notice } from '../../app/Notice.tsx';
import { changeSettings, readSettings } from '../../app/settings.ts';
import { useAskAvailability } from '../../ask/availability.ts';
import { proposeExplanation } from '../../ask/proposal.ts';
import { copyText, lineLink } from '../list/line-link.ts';
import { excludingTerm, type FilterValue, fieldOfPath, onlyTerm } from '../query-text.ts';
import { type ChangeView, parseView, type View } from '../view.ts';
import { ContextTab } from './ContextTab.tsx';
import { DrawerBar, LineHead } from './LineHead.tsx';
import { RawTab } from './RawTab.tsx';
import { Tabs } from './Tabs.tsx';
import { useLine } from './useLine.ts';
import './drawer.css';

interface DrawerProps {
  readonly view: View;
  readonly onView: ChangeView;
  /** Opens the next or the previous line of the list. */
  readonly onMove: (step: 1 | -1) => void;
}

export function Drawer(props: DrawerProps): ReactElement | null {
  const { line } = props.view;
  return line === undefined ? null : <OpenDrawer {...props} id={line} />;
}

function OpenDrawer({ view, onView, onMove, id }: DrawerProps & { readonly id: string }): ReactElement {
  const open = useLine(id);
  const { context, isGone, error } = open;
  const line = context?.line;
  const tabsId = useId();
  const close = () => onView({ line: undefined });
  const canAsk = useAskAvailability() === 'on';
  const askAbout = () => {
    onView({ ask: true });
    proposeExplanation();
  };
  return (
    <>
      <button type="button" className="drawer-scrim" aria-label="Close the line" tabIndex={-1} onClick={close} />
      <aside className="drawer" aria-label="Line">
        <DrawerBar view={view} line={line} onMove={onMove} onClose={close} />
        {line === undefined && error !== undefined && (
          <Notice
            tone={isGone ? 'quiet' : 'down'}
            title={isGone ? 'This line is gone' : 'The line could not be fetched'}
          >
            <p>
              {isGone
                ? 'The hub keeps lines for a time, and then its retention takes them. Or it was a line of another hub.'
                : messageOf(error)}
            </p>
            <button type="button" className="button" onClick={close}>
              Close
            </button>
          </Notice>
        )}
        {line !== undefined && context !== undefined && (
          <>
            <LineHead line={line} view={view} onView={onView} />
            <Tabs id={tabsId} tab={view.tab} onTab={(tab) => onView({ tab }, 'replace')} />
            <div
              id={`${tabsId}-panel`}
              className="drawer-panel"
              role="tabpanel"
              aria-labelledby={`${tabsId}-${view.tab}`}
            >
              {view.tab === 'fields' && <Fields line={line} view={view} onView={onView} />}
              {view.tab === 'context' && (
                <ContextTab {...open} context={context} onOpen={(other) => onView({ line: other })} />
              )}
              {view.tab === 'raw' && <RawTab key={id} line={line} />}
            </div>
            <footer className="drawer-foot">
              <button type="button" className="button" onClick={() => onView(inTheStream(view, line))}>
                <ContextIcon /> Open in the stream
              </button>
              {canAsk && (
                <button type="button" className="button" onClick={askAbout}>
                  <AskIcon /> Ask about it
                </button>
              )}
            </footer>
          </>
        )}
      </aside>
    </>
  );
}

interface FieldsProps {
  readonly line: FlatEvent;
  readonly view: View;
  readonly onView: ChangeView;
}

function Fields({ line, view, onView }: FieldsProps): ReactElement {
  if (line.fields === undefined) return <p className="drawer-note">No fields were found in this line.</p>;
  return (
    <FieldTree
      key={line.id}
      fields={line.fields}
      onOnly={(path, value) => onView({ q: onlyTerm(view.q, fieldOfPath(path), value as FilterValue) })}
      onNot={(path, value) => onView({ q: excludingTerm(view.q, fieldOfPath(path), value as FilterValue) })}
      onColumn={(path) => {
        const { columns } = readSettings();
        changeSettings({
          columns: columns.includes(path) ? columns.filter((one) => one !== path) : [...columns, path],
        });
      }}
      onCopy={(_, value) => copyText(typeof value === 'string' ? value : JSON.stringify(value), 'Value')}
    />
  );
}

/** All lines around this one, without the filter that led here. */
function inTheStream(view: View, line: FlatEvent): View {
  const link = new URL(lineLink(view, line));
  return { ...parseView(link.searchParams), q: '', tab: view.tab };
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
