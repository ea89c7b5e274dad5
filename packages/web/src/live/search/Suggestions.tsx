import type { ReactElement } from 'react';
import { formatCount } from '../../app/format.ts';
import { RefreshIcon } from '../../app/icons.tsx';
import { showOverlay } from '../../app/overlay-open.ts';
import type { Group, Option } from './completion.ts';

interface SuggestionsProps {
  readonly id: string;
  readonly groups: readonly Group[];
  /** Index through all groups. */
  readonly active: number;
  readonly onActive: (index: number) => void;
  readonly onChoose: (option: Option) => void;
}

export function optionId(listId: string, index: number): string {
  return `${listId}-${index}`;
}

/** What may be meant, below the search box. The focus stays in the box, which says with its own ARIA which option is active. */
export function Suggestions({ id, groups, active, onActive, onChoose }: SuggestionsProps): ReactElement {
  let index = -1;
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: nothing is done here; the box would lose the focus to whatever is pressed
    <div className="search-popup" onMouseDown={(event) => event.preventDefault()}>
      <div id={id} role="listbox" aria-label="Suggestions" className="search-options">
        {groups.map((group) => (
          // biome-ignore lint/a11y/useSemanticElements: a fieldset is no part of a listbox
          <div key={group.title} role="group" aria-label={group.title}>
            <div className="search-group" aria-hidden="true">
              <span>{group.title}</span>
              <span>{group.unit}</span>
            </div>
            {group.options.map((option) => {
              index++;
              const at = index;
              return (
                // biome-ignore lint/a11y/useKeyWithClickEvents: the keys are those of the box, which has the focus
                // biome-ignore lint/a11y/useFocusableInteractive: as above
                <div
                  key={`${option.kind} ${option.label}`}
                  id={optionId(id, at)}
                  role="option"
                  aria-selected={at === active}
                  className={`search-option is-${option.kind}`}
                  onPointerMove={() => onActive(at)}
                  onClick={() => onChoose(option)}
                >
                  <span className="search-glyph">{option.kind === 'recent' ? <RefreshIcon /> : option.glyph}</span>
                  <span className="search-label">
                    <b>{option.label.slice(0, option.typed)}</b>
                    {option.label.slice(option.typed)}
                  </span>
                  <span className="search-note">{option.note}</span>
                  <span className="search-count">{option.count === undefined ? '' : formatCount(option.count)}</span>
                </div>
              );
            })}
          </div>
        ))}
      </div>
      <div className="search-keys" aria-hidden="true">
        <kbd>↑</kbd>
        <kbd>↓</kbd> choose <kbd>Tab</kbd> complete <kbd>↵</kbd> search <kbd>Esc</kbd> close
        <button type="button" className="link-button" tabIndex={-1} onClick={() => showOverlay('help')}>
          Filter language
        </button>
      </div>
    </div>
  );
}
