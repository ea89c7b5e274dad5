/** What rows do when they are pressed: one object for all of them, so that they need not be drawn again. */

import { type Dispatch, type SetStateAction, useMemo, useRef } from 'react';
import { changeSettings, readSettings } from '../../app/settings.ts';
import { proposeExplanation } from '../../ask/proposal.ts';
import { excludingTerm, type FilterValue, fieldOfPath, onlyTerm } from '../query-text.ts';
import type { ChangeView, View } from '../view.ts';
import type { Feed } from './feed.ts';
import { copyText, lineLink, lineText } from './line-link.ts';
import type { RowActions } from './Row.tsx';

interface RowPlace {
  readonly feed: Feed;
  readonly view: View;
  readonly onView: ChangeView;
  readonly setCurrent: (key: string) => void;
  readonly setUnfolded: Dispatch<SetStateAction<ReadonlySet<string>>>;
}

export function useRowActions({ feed, view, onView, setCurrent, setUnfolded }: RowPlace): RowActions {
  const latest = useRef({ view, onView });
  latest.current = { view, onView };
  return useMemo<RowActions>(() => {
    const changeFilter = (edit: typeof onlyTerm) => (path: string, value: unknown) => {
      const { view, onView } = latest.current;
      if (isFilterValue(value)) onView({ q: edit(view.q, fieldOfPath(path), value) });
    };
    return {
      open: (key) => {
        setCurrent(key);
        latest.current.onView({ line: latest.current.view.line === key ? undefined : key });
      },
      unfold: (key) => {
        setCurrent(key);
        feed.pause();
        setUnfolded((before) => {
          const next = new Set(before);
          if (!next.delete(key)) next.add(key);
          return next;
        });
      },
      context: (key) => latest.current.onView({ line: key, tab: 'context' }),
      ask: (key) => {
        setCurrent(key);
        latest.current.onView({ line: key, ask: true });
        proposeExplanation();
      },
      copy: (event) => void copyText(lineText(event), 'Line'),
      link: (event) => void copyText(lineLink(latest.current.view, event), 'Link'),
      only: changeFilter(onlyTerm),
      not: changeFilter(excludingTerm),
      column: (path) => {
        const { columns } = readSettings();
        changeSettings({
          columns: columns.includes(path) ? columns.filter((one) => one !== path) : [...columns, path],
        });
      },
      copyValue: (_path, value) => void copyText(typeof value === 'string' ? value : JSON.stringify(value), 'Value'),
    };
  }, [feed, setCurrent, setUnfolded]);
}

function isFilterValue(value: unknown): value is FilterValue {
  return value === null || ['string', 'number', 'boolean'].includes(typeof value);
}
