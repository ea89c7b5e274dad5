import type { KeyboardEvent, ReactElement } from 'react';
import { TABS, type Tab } from '../view.ts';

interface TabsProps {
  readonly id: string;
  readonly tab: Tab;
  readonly onTab: (tab: Tab) => void;
}

const NAMES: Readonly<Record<Tab, string>> = { fields: 'Fields', context: 'Context', raw: 'Raw' };

/** One stop for the Tab key; arrows go from tab to tab. */
export function Tabs({ id, tab, onTab }: TabsProps): ReactElement {
  function onKeyDown(event: KeyboardEvent): void {
    const step = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0;
    if (step === 0) return;
    event.preventDefault();
    const next = TABS[(TABS.indexOf(tab) + step + TABS.length) % TABS.length]!;
    onTab(next);
    document.getElementById(`${id}-${next}`)?.focus();
  }
  return (
    <div className="drawer-tabs" role="tablist" aria-label="Parts of the line" onKeyDown={onKeyDown}>
      {TABS.map((one) => (
        <button
          key={one}
          id={`${id}-${one}`}
          type="button"
          role="tab"
          aria-selected={one === tab}
          aria-controls={`${id}-panel`}
          tabIndex={one === tab ? 0 : -1}
          onClick={() => onTab(one)}
        >
          {NAMES[one]}
        </button>
      ))}
    </div>
  );
}
