/** Over the list: how many lines, of how many instances; what can be done with the view. */

import { type ReactElement, type ReactNode, useId, useState } from 'react';
import { announce } from '../../app/announce.ts';
import { formatCount } from '../../app/format.ts';
import { BookmarkIcon, ColumnsIcon, LinkIcon, WrapIcon } from '../../app/icons.tsx';
import { useKeys } from '../../app/keys.ts';
import { changeSettings, MAX_VIEWS, readSettings, useSettings } from '../../app/settings.ts';
import { type ChangeView, formatView, SHOWN, type Shown, type View } from '../view.ts';
import { copyText } from './line-link.ts';
import './bar.css';

interface ListBarProps {
  readonly view: View;
  readonly onView: ChangeView;
  /** Lines of the range that match; undefined until they are counted. */
  readonly total: number | undefined;
  /** Different instances among them; undefined until they are counted. */
  readonly instances: number | undefined;
  /** The button that downloads. */
  readonly children?: ReactNode;
}

export function ListBar({ view, onView, total, instances, children }: ListBarProps): ReactElement {
  const { wrap } = useSettings();
  useKeys({
    scope: 'stream',
    keys: {
      p: { text: 'Lines or patterns', run: () => onView({ show: view.show === 'lines' ? 'patterns' : 'lines' }) },
    },
  });
  return (
    <div className="list-bar" role="toolbar" aria-label="View">
      <fieldset className="choices list-bar-shown" aria-label="Show">
        {SHOWN.map((show) => (
          <button
            key={show}
            type="button"
            title={`${SHOWN_NAMES[show]} (p)`}
            aria-pressed={view.show === show}
            onClick={() => onView({ show })}
          >
            {SHOWN_NAMES[show]}
          </button>
        ))}
      </fieldset>
      <p className="list-bar-count figures">
        {total !== undefined && (
          <>
            <b>{formatCount(total)}</b> {total === 1 ? 'line' : 'lines'}
            {view.q !== '' && (total === 1 ? ' matches' : ' match')}
          </>
        )}
        {instances !== undefined && instances > 0 && (
          <>
            <i>·</i> {formatCount(instances)} {instances === 1 ? 'instance' : 'instances'}
          </>
        )}
      </p>
      <button type="button" className="list-bar-save" onClick={() => saveView(view)}>
        <BookmarkIcon />
        Save view
      </button>
      <button
        type="button"
        className="icon-button"
        title="Wrap (w)"
        aria-label="Wrap lines"
        aria-pressed={wrap}
        onClick={() => changeSettings({ wrap: !wrap })}
      >
        <WrapIcon />
      </button>
      {view.show === 'lines' && <ColumnsMenu />}
      <button
        type="button"
        className="icon-button"
        title="Copy link to this view"
        aria-label="Copy link to this view"
        onClick={() => void copyText(`${location.origin}/ui/?${formatView({ ...view, ask: false })}`, 'Link')}
      >
        <LinkIcon />
      </button>
      {children}
    </div>
  );
}

const SHOWN_NAMES: Readonly<Record<Shown, string>> = { lines: 'Lines', patterns: 'Patterns' };

/** Under its own filter as a name, in this browser; the same view moves to the top. */
function saveView(view: View): void {
  const search = formatView({ ...view, line: undefined, ask: false }).toString();
  const name = view.q === '' ? 'All lines' : view.q;
  const others = readSettings().views.filter((saved) => saved.search !== search);
  changeSettings({ views: [{ name, search }, ...others].slice(0, MAX_VIEWS) });
  announce('View saved');
}

/** Labels that can have a column; fields of lines are added from the line itself. */
const OFFERED = ['region', 'host', 'provider', 'source'];

function ColumnsMenu(): ReactElement {
  const { columns } = useSettings();
  const [isOpen, setOpen] = useState(false);
  const id = useId();
  const names = [...new Set([...OFFERED, ...columns])];
  const toggle = (name: string) =>
    changeSettings({ columns: columns.includes(name) ? columns.filter((one) => one !== name) : [...columns, name] });
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: leaving the menu closes it; what is pressed is inside
    <div
      className="list-columns"
      onBlur={(event) => {
        if (!event.currentTarget.contains(event.relatedTarget)) setOpen(false);
      }}
      onKeyDown={(event) => {
        if (event.key !== 'Escape' || !isOpen) return;
        event.stopPropagation();
        setOpen(false);
      }}
    >
      <button
        type="button"
        className="icon-button"
        title="Columns"
        aria-label="Columns"
        aria-expanded={isOpen}
        aria-controls={id}
        onClick={() => setOpen(!isOpen)}
      >
        <ColumnsIcon />
      </button>
      {isOpen && (
        <fieldset id={id} className="list-columns-menu">
          <legend className="only-heard">Columns</legend>
          {names.map((name) => (
            <label key={name}>
              <input type="checkbox" checked={columns.includes(name)} onChange={() => toggle(name)} />
              {name}
            </label>
          ))}
          <p className="quiet">Fields of a line get a column from the line itself: unfold it with o.</p>
        </fieldset>
      )}
    </div>
  );
}
