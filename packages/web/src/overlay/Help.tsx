/** All keys that work on this page now, and the filter language. */

import type { ReactElement } from 'react';
import { KEY_SCOPES, type KeyScope, useKeyRows } from '../app/keys.ts';
import { useSettings } from '../app/settings.ts';
import { KeyCaps } from './KeyCaps.tsx';
import { Overlay } from './Overlay.tsx';

/** Of the filter language, what most searches need; docs/filter-language.md has all of it. */
const FILTERS: readonly (readonly [filter: string, means: string])[] = [
  ['timeout "out of memory"', 'all words, phrases as they stand'],
  ['app:acme-* region:fra', 'fields, beginnings'],
  ['-healthz', 'without'],
  ['res.statusCode:>499', 'greater or less'],
  ['error or (warn and disk)', 'either, grouped'],
  ['/ECONN(RESET|REFUSED)/', 'regular expression'],
];

export function Help({ onClose }: { readonly onClose: () => void }): ReactElement {
  const rows = useKeyRows();
  const { singleKeys } = useSettings();
  const scopes = (Object.keys(KEY_SCOPES) as KeyScope[]).filter((scope) => rows[scope].length > 0);
  return (
    <Overlay label="Keys" className="help" onClose={onClose}>
      <header className="help-head">
        <h2>Keys</h2>
        {!singleKeys && <p className="quiet">Single keys are switched off in Settings.</p>}
        <button
          type="button"
          className="help-close"
          // Not `onClose`: only what the browser closes gives the focus back.
          onClick={(event) => event.currentTarget.closest('dialog')?.close()}
        >
          Close <kbd>Esc</kbd>
        </button>
      </header>
      <div className="help-keys">
        {scopes.map((scope) => (
          <section key={scope}>
            <h3>{KEY_SCOPES[scope]}</h3>
            <dl>
              {rows[scope].map(({ text, keys }) => (
                <div key={text} className="help-row">
                  <dt>{text}</dt>
                  <dd>
                    {keys.map((key) => (
                      <KeyCaps key={key} name={key} />
                    ))}
                  </dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
      <section className="help-filters">
        <h3>Filter language</h3>
        <dl>
          {FILTERS.map(([filter, means]) => (
            <div key={filter}>
              <dt className="mono">{filter}</dt>
              <dd>{means}</dd>
            </div>
          ))}
        </dl>
      </section>
    </Overlay>
  );
}
