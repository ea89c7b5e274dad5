/** The assistant beside the lines: questions about the view, answers with the lines that they stand on. */

import type { FlatEvent } from '@flywatch/core';
import { type ReactElement, useEffect, useLayoutEffect, useRef, useState, useSyncExternalStore } from 'react';
import { counted, formatCount } from '../app/format.ts';
import { AskIcon, CloseIcon, PlusIcon } from '../app/icons.tsx';
import { useKeys } from '../app/keys.ts';
import { useSettings } from '../app/settings.ts';
import { useWidth } from '../live/list/useWidth.ts';
import { rangeText } from '../live/time/range-text.ts';
import type { View } from '../live/view.ts';
import { useAskAvailability } from './availability.ts';
import { Composer } from './Composer.tsx';
import { setCitedMark } from './cited-mark.ts';
import { conversation } from './current-conversation.ts';
import { NotConfigured } from './NotConfigured.tsx';
import { useProposals } from './proposal.ts';
import { questionText, suggestions } from './question-text.ts';
import { TurnView } from './TurnView.tsx';
import './ask.css';

interface AskPanelProps {
  readonly view: View;
  /** Different instances in the view; undefined until they are counted. */
  readonly instances: number | undefined;
  /** Shows a line where it is in the list; what is known of it, is handed over. */
  readonly onShowLine: (id: string, line: FlatEvent | undefined) => void;
  readonly onClose: () => void;
}

/** So near its end the answer is followed as it grows. */
const AT_END_PX = 40;

/** Suggestions below an answer: one row, since the answer is what is read. */
const FOLLOW_UPS = 2;

export function AskPanel({ view, instances, onShowLine, onClose }: AskPanelProps): ReactElement {
  const { zone } = useSettings();
  const turns = useSyncExternalStore(conversation.subscribe, conversation.getSnapshot);
  const availability = useAskAvailability();
  const [draft, setDraft] = useState('');
  const box = useRef<HTMLTextAreaElement>(null);
  const scroller = useRef<HTMLDivElement>(null);
  const isAsking = turns.at(-1)?.state === 'asking';
  useFocusInside(box);
  useFollowing(scroller, turns);

  const askNow = (question: string) => {
    setDraft('');
    void conversation.ask(question, questionText(question, view, Date.now()));
  };
  const stopOrClose = () => (isAsking ? conversation.stop() : onClose());
  useProposals(({ question, isSent }) => {
    if (isSent && !isAsking) return askNow(question);
    setDraft(question);
    box.current?.focus();
  });
  useKeys({ scope: 'line', keys: { Escape: { text: 'Stop the answer, close Ask', run: stopOrClose } } });

  const onCite = (id: string, number: number, line: FlatEvent | undefined) => {
    if (line !== undefined) setCitedMark({ id, number, timeMs: Date.parse(line.time) });
    onShowLine(id, line);
  };
  return (
    <>
      <header className="ask-head">
        <AskIcon />
        <h2>Ask</h2>
        <span className="ask-about figures">
          this view: {rangeText(view.range, zone, Date.now())}
          {view.line === undefined && instances !== undefined && `, ${counted(instances, 'instance')}`}
          {view.line !== undefined && ', one line'}
        </span>
        <button
          type="button"
          className="icon-button"
          aria-label="New conversation"
          title="New conversation"
          disabled={turns.length === 0}
          onClick={() => conversation.clear()}
        >
          <PlusIcon />
        </button>
        <button type="button" className="icon-button" aria-label="Close Ask" title="Close (Esc)" onClick={onClose}>
          <CloseIcon />
        </button>
      </header>
      {availability === 'off' ? (
        <NotConfigured />
      ) : (
        <>
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by the keyboard */}
          <section className="ask-turns" ref={scroller} aria-label="Conversation" tabIndex={0}>
            {turns.length === 0 && (
              <p className="ask-hello">
                The assistant looks up what it needs: lines, counts, patterns, hosts. What it reads goes to the model
                that this hub is set up with.
              </p>
            )}
            {turns.map((turn, i) => (
              <TurnView
                key={turn.key}
                turn={turn}
                openLine={view.line}
                onCite={onCite}
                onRetry={i === turns.length - 1 ? () => conversation.retry() : undefined}
              />
            ))}
            {!isAsking && (
              <ul className="ask-suggestions" aria-label="Suggestions">
                {suggestions(view)
                  .filter((question) => turns.every((turn) => turn.question !== question))
                  .slice(0, turns.length === 0 ? undefined : FOLLOW_UPS)
                  .map((question) => (
                    <li key={question}>
                      <button type="button" onClick={() => askNow(question)}>
                        {question}
                      </button>
                    </li>
                  ))}
              </ul>
            )}
          </section>
          <footer className="ask-foot">
            <Composer
              draft={draft}
              onDraft={setDraft}
              isAsking={isAsking}
              isFollowUp={turns.length > 0}
              onAsk={askNow}
              onEscape={stopOrClose}
              box={box}
            />
            <p className="ask-note figures">{noteOf(turns)}Log text is data, never orders.</p>
          </footer>
        </>
      )}
    </>
  );
}

/** How many different lines the answers so far have looked at. */
function noteOf(turns: ReturnType<typeof conversation.getSnapshot>): string {
  const ids = new Set(turns.flatMap(({ lookUps }) => lookUps.flatMap(({ lines }) => [...lines])));
  return ids.size === 0 ? '' : `Read ${formatCount(ids.size)} ${ids.size === 1 ? 'line' : 'lines'}. `;
}

/** The focus goes to the box, but on a phone, whose keyboard would cover the suggestions; and back to where it was at the end. */
function useFocusInside(box: { readonly current: HTMLElement | null }): void {
  const isPhone = useWidth('phone');
  // biome-ignore lint/correctness/useExhaustiveDependencies: once, when the panel opens
  useEffect(() => {
    const before = document.activeElement;
    if (!isPhone) box.current?.focus();
    return () => {
      if (before instanceof HTMLElement && before.isConnected) before.focus();
    };
  }, []);
}

/** The end of the answer stays in sight as it grows, unless somebody has scrolled up to read. */
function useFollowing(scroller: { readonly current: HTMLElement | null }, turns: unknown): void {
  const heightBefore = useRef(0);
  // biome-ignore lint/correctness/useExhaustiveDependencies: with each piece of an answer
  useLayoutEffect(() => {
    const element = scroller.current;
    if (element === null) return;
    const wasAtEnd = heightBefore.current - element.scrollTop - element.clientHeight < AT_END_PX;
    if (wasAtEnd) element.scrollTop = element.scrollHeight;
    heightBefore.current = element.scrollHeight;
  }, [scroller, turns]);
}
