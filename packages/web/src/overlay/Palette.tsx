/** The command palette: places, apps and hosts, filters, saved views and actions by their names. */

import type { FleetOverview } from '@flywatch/core';
import { Isolated, withoutControls } from '@flywatch/react';
import { type KeyboardEvent, type ReactElement, useEffect, useId, useState } from 'react';
import {
  AskIcon,
  BookmarkIcon,
  BoxIcon,
  ChevronRightIcon,
  FilterIcon,
  SearchIcon,
  SettingsIcon,
} from '../app/icons.tsx';
import { navigate } from '../app/location.ts';
import { PLACES } from '../app/places.ts';
import { changeSettings, type Settings, useSettings } from '../app/settings.ts';
import { useAnswer } from '../app/useAnswer.ts';
import { openAsk } from '../ask/ask-address.ts';
import { useAskAvailability } from '../ask/availability.ts';
import { propose } from '../ask/proposal.ts';
import { formatView, parseView } from '../live/view.ts';
import {
  askCommand,
  type Command,
  type Facets,
  facetCommands,
  GROUPS,
  marked,
  matching,
  unitCommands,
  viewCommands,
} from './commands.ts';
import { KeyCaps } from './KeyCaps.tsx';
import { Overlay } from './Overlay.tsx';

interface PaletteProps {
  readonly onClose: () => void;
  readonly onHelp: () => void;
}

export function Palette({ onClose, onHelp }: PaletteProps): ReactElement {
  const [typed, setTyped] = useState('');
  const [chosen, setChosen] = useState(0);
  const id = useId();
  const commands = matching(useCommands(onHelp, typed), typed);
  const current = commands[Math.min(chosen, commands.length - 1)];
  const asking = commands.find(({ group }) => group === 'Ask');
  useEffect(() => {
    if (current !== undefined) document.getElementById(`${id}${current.id}`)?.scrollIntoView({ block: 'nearest' });
  }, [current, id]);
  const run = (command: Command | undefined) => {
    if (command === undefined) return;
    onClose();
    command.run();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step !== undefined)
      setChosen((commands.indexOf(current!) + step + commands.length) % Math.max(1, commands.length));
    else if (event.key === 'Enter') run(event.ctrlKey || event.metaKey ? asking : current);
    else return;
    event.preventDefault();
  };
  return (
    <Overlay label="Commands" className="palette" onClose={onClose}>
      <div className="palette-search">
        <SearchIcon />
        <input
          role="combobox"
          aria-label="Command, app, host or saved view"
          aria-expanded={true}
          aria-controls={`${id}list`}
          aria-activedescendant={current === undefined ? undefined : `${id}${current.id}`}
          aria-autocomplete="list"
          autoComplete="off"
          spellCheck={false}
          placeholder="Go to, filter, do"
          value={typed}
          onChange={(event) => {
            setTyped(event.target.value);
            setChosen(0);
          }}
          onKeyDown={onKeyDown}
        />
        <kbd>Esc</kbd>
      </div>
      <div className="palette-list" id={`${id}list`} role="listbox" aria-label="Commands">
        {GROUPS.map((group) => {
          const rows = commands.filter((command) => command.group === group);
          if (rows.length === 0) return null;
          return (
            // biome-ignore lint/a11y/useSemanticElements: a fieldset is not allowed in a listbox.
            <div key={group} role="group" aria-labelledby={`${id}${group}`}>
              <p id={`${id}${group}`} className="palette-group">
                {group}
              </p>
              {rows.map((command) => (
                <Row
                  key={command.id}
                  id={`${id}${command.id}`}
                  command={command}
                  typed={typed}
                  isChosen={command === current}
                  onRun={() => run(command)}
                />
              ))}
            </div>
          );
        })}
      </div>
      {commands.length === 0 && <p className="palette-none">Nothing has “{typed.slice(0, 60)}” in its name.</p>}
      <footer className="palette-foot">
        <span>
          <kbd>↑</kbd> <kbd>↓</kbd> choose
        </span>
        <span>
          <kbd>↵</kbd> open
        </span>
        <span>
          <kbd>&gt;</kbd> actions only
        </span>
        {asking !== undefined && (
          <span>
            <KeyCaps name="Mod+Enter" /> ask
          </span>
        )}
      </footer>
    </Overlay>
  );
}

const ICONS = {
  'Go to': ChevronRightIcon,
  'Apps and hosts': BoxIcon,
  'Filter the stream': FilterIcon,
  'Saved views': BookmarkIcon,
  Actions: SettingsIcon,
  Ask: AskIcon,
} as const;

interface RowProps {
  readonly id: string;
  readonly command: Command;
  readonly typed: string;
  readonly isChosen: boolean;
  readonly onRun: () => void;
}

function Row({ id, command, typed, isChosen, onRun }: RowProps): ReactElement {
  const [before, hit, after] = marked(command.name, typed);
  const Icon = ICONS[command.group];
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the field above has the focus and the keys.
    // biome-ignore lint/a11y/useFocusableInteractive: as above.
    <div id={id} role="option" aria-selected={isChosen} className="palette-row" onClick={onRun}>
      <Icon />
      <span className="palette-name">
        {withoutControls(before)}
        <mark>{withoutControls(hit)}</mark>
        {withoutControls(after)}
      </span>
      {command.hint !== undefined && (
        <span className={command.tone === undefined ? 'palette-hint' : `palette-hint is-${command.tone}`}>
          <Isolated text={command.hint} />
        </span>
      )}
      {command.key !== undefined && <KeyCaps name={command.key} />}
    </div>
  );
}

function useCommands(onHelp: () => void, typed: string): readonly Command[] {
  const canAsk = useAskAvailability() === 'on';
  const settings = useSettings();
  // Without facets the rest still works: a hub that cannot count now says so elsewhere.
  const { data } = useAnswer<{ facets: Facets }>('logs/facets', { field: 'app,instance', limit: 1000, since: '24h' });
  const { data: fleet } = useAnswer<FleetOverview>('/api/fleet/overview', {});
  const view = parseView(new URLSearchParams(location.pathname === '/ui/' ? location.search : ''));
  const showLive = (q: string) => navigate(`/ui/?${formatView({ ...view, q, line: undefined })}`);
  return [
    ...PLACES.map(
      ({ name, path, key }): Command => ({ id: path, group: 'Go to', name, key, run: () => navigate(path) }),
    ),
    ...unitCommands(fleet?.units ?? [], navigate),
    ...facetCommands(data?.facets ?? {}, view.q, showLive),
    ...viewCommands(settings.views, navigate),
    ...actions(settings, onHelp),
    ...(canAsk ? [askCommand(typed, askFromHere)] : []),
  ];
}

/** A question that was typed is asked; without one the panel opens. */
function askFromHere(question: string): void {
  openAsk();
  if (question !== '') propose({ question, isSent: true });
}

function actions({ theme, zone, wrap, density }: Settings, onHelp: () => void): readonly Command[] {
  const change = (name: string, patch: Partial<Settings>): Command => ({
    id: name,
    group: 'Actions',
    name,
    run: () => changeSettings(patch),
  });
  return [
    { id: 'keys', group: 'Actions', name: 'Show all keys', key: '?', run: onHelp },
    ...(['dark', 'light', 'system'] as const)
      .filter((one) => one !== theme)
      .map((one) => change(one === 'system' ? 'Theme as the system' : `Theme ${one}`, { theme: one })),
    ...(['local', 'utc', 'ago'] as const)
      .filter((one) => one !== zone)
      .map((one) => change(`Times ${{ local: 'local', utc: 'in UTC', ago: 'as ages' }[one]}`, { zone: one })),
    change(wrap ? 'Cut long lines' : 'Wrap long lines', { wrap: !wrap }),
    change(density === 'normal' ? 'Compact lines' : 'Lines of normal height', {
      density: density === 'normal' ? 'compact' : 'normal',
    }),
  ];
}
