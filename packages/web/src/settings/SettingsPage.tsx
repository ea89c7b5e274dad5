/** What a person chooses. All of it is kept in this browser and nowhere else. */

import { type ReactElement, type ReactNode, useId, useState } from 'react';
import { announce } from '../app/announce.ts';
import { hub } from '../app/hub.ts';
import { CloseIcon } from '../app/icons.tsx';
import { Link } from '../app/Link.tsx';
import { sessionEnded } from '../app/session.ts';
import { changeSettings, forgetEverything, type Settings, useSettings } from '../app/settings.ts';
import { TopBar } from '../app/TopBar.tsx';
import { troubleOf } from '../app/trouble.ts';
import { useAnswer } from '../app/useAnswer.ts';
import type { HubStatus } from '../status/hub-status.ts';
import { Choices } from './Choices.tsx';
import './settings.css';

export function SettingsPage(): ReactElement {
  const settings = useSettings();
  return (
    <>
      <TopBar>
        <h1>Settings</h1>
        <p className="top-bar-rest is-wide-only">Kept in this browser, and nowhere else</p>
      </TopBar>
      <div className="settings scroll">
        <Look settings={settings} />
        <Part title="Keys">
          <Row name="Single keys" hint="Such as j, k and /. Keys with Ctrl or Cmd always work.">
            {(label) => (
              <Choices
                label={label}
                value={settings.singleKeys}
                choices={[
                  [true, 'On'],
                  [false, 'Off'],
                ]}
                onChoose={(singleKeys) => changeSettings({ singleKeys })}
              />
            )}
          </Row>
        </Part>
        <SavedViews views={settings.views} />
        <Leaving />
      </div>
    </>
  );
}

function Look({ settings }: { readonly settings: Settings }): ReactElement {
  return (
    <Part title="Look">
      <Row name="Theme">
        {(label) => (
          <Choices
            label={label}
            value={settings.theme}
            choices={[
              ['system', 'As the system'],
              ['dark', 'Dark'],
              ['light', 'Light'],
            ]}
            onChoose={(theme) => changeSettings({ theme })}
          />
        )}
      </Row>
      <Row name="Times" hint="Ago counts from now; a line’s title always has the whole time.">
        {(label) => (
          <Choices
            label={label}
            value={settings.zone}
            choices={[
              ['local', 'Local'],
              ['utc', 'UTC'],
              ['ago', 'Ago'],
            ]}
            onChoose={(zone) => changeSettings({ zone })}
          />
        )}
      </Row>
      <Row name="Lines" hint="Height of a row in the list.">
        {(label) => (
          <Choices
            label={label}
            value={settings.density}
            choices={[
              ['normal', 'Normal'],
              ['compact', 'Compact'],
            ]}
            onChoose={(density) => changeSettings({ density })}
          />
        )}
      </Row>
      <Row name="Long lines">
        {(label) => (
          <Choices
            label={label}
            value={settings.wrap}
            choices={[
              [false, 'Cut'],
              [true, 'Wrapped'],
            ]}
            onChoose={(wrap) => changeSettings({ wrap })}
          />
        )}
      </Row>
    </Part>
  );
}

function SavedViews({ views }: { readonly views: Settings['views'] }): ReactElement {
  return (
    <Part title="Saved views">
      {views.length === 0 && (
        <p className="settings-none">None yet. “Save view” on the Live page keeps a search here.</p>
      )}
      <ul>
        {views.map((view) => (
          <li key={view.name} className="saved-view">
            <Link href={`/ui/?${view.search}`}>{view.name}</Link>
            <code>{new URLSearchParams(view.search).get('q') ?? 'everything'}</code>
            <button
              type="button"
              className="icon-button"
              aria-label={`Delete the view ${view.name}`}
              onClick={() => changeSettings({ views: views.filter((other) => other !== view) })}
            >
              <CloseIcon />
            </button>
          </li>
        ))}
      </ul>
    </Part>
  );
}

function Leaving(): ReactElement {
  const { data: status } = useAnswer<HubStatus>('status', {});
  const [isSure, setSure] = useState(false);
  const [problem, setProblem] = useState<string>();
  const forget = () => {
    forgetEverything();
    setSure(false);
    announce('Forgotten');
  };
  const signOut = async () => {
    try {
      await hub.signOut();
      sessionEnded();
    } catch (error) {
      // The cookie is still good: a page that says otherwise would leave it behind unnoticed.
      setProblem(troubleOf(error).text);
    }
  };
  return (
    <Part title="This browser">
      <Row name="What is kept here" hint="Settings, saved views, recent searches, colours of instances.">
        {() =>
          isSure ? (
            <span className="settings-sure">
              <button type="button" className="button" onClick={forget}>
                Forget it all
              </button>
              <button type="button" className="button is-plain" onClick={() => setSure(false)}>
                Keep it
              </button>
            </span>
          ) : (
            <button type="button" className="button" onClick={() => setSure(true)}>
              Forget everything
            </button>
          )
        }
      </Row>
      {status?.auth_required === true && (
        <Row name="Signed in" hint={problem ?? 'With a cookie of this browser, for 30 days.'}>
          {() => (
            <button type="button" className="button" onClick={signOut}>
              Sign out
            </button>
          )}
        </Row>
      )}
    </Part>
  );
}

function Part({ title, children }: { readonly title: string; readonly children: ReactNode }): ReactElement {
  return (
    <section className="settings-part">
      <h2>{title}</h2>
      {children}
    </section>
  );
}

interface RowProps {
  readonly name: string;
  readonly hint?: string;
  /** Given the id of what names the control. */
  readonly children: (labelId: string) => ReactNode;
}

function Row({ name, hint, children }: RowProps): ReactElement {
  const id = useId();
  return (
    <div className="settings-row">
      <div>
        <p id={id}>{name}</p>
        {hint !== undefined && <p className="settings-hint">{hint}</p>}
      </div>
      {children(id)}
    </div>
  );
}
