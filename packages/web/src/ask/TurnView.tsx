import type { FlatEvent } from '@flywatch/core';
import { Isolated } from '@flywatch/react';
import { type ReactElement, useMemo } from 'react';
import { formatCount } from '../app/format.ts';
import { CopyIcon, ErrorIcon, RefreshIcon } from '../app/icons.tsx';
import { troubleOf } from '../app/trouble.ts';
import { copyText } from '../live/list/line-link.ts';
import { Answer } from './Answer.tsx';
import { CitedLines } from './CitedLines.tsx';
import type { Turn } from './conversation.ts';
import type { Citing } from './Inlines.tsx';
import { LookUps } from './LookUps.tsx';
import { MAX_ANSWER_CHARS, parseBlocks } from './markdown/blocks.ts';
import { citedIds } from './markdown/cited.ts';
import { useCitedLines } from './useCitedLines.ts';

interface TurnViewProps {
  readonly turn: Turn;
  readonly openLine: string | undefined;
  /** Shows a line where it is. */
  readonly onCite: (id: string, number: number, line: FlatEvent | undefined) => void;
  /** Undefined for a turn that others have followed. */
  readonly onRetry: (() => void) | undefined;
}

/** A question and its answer, as far as it has come. */
export function TurnView({ turn, openLine, onCite, onRetry }: TurnViewProps): ReactElement {
  const { question, state, lookUps, text } = turn;
  const blocks = useMemo(() => parseBlocks(text), [text]);
  const ids = useMemo(() => citedIds(blocks), [blocks]);
  const lines = useCitedLines(ids);
  const citing: Citing = {
    numberOf: (id) => (ids.includes(id) ? ids.indexOf(id) + 1 : undefined),
    onCite: (id) => {
      const line = lines.get(id);
      onCite(id, ids.indexOf(id) + 1, typeof line === 'object' ? line : undefined);
    },
    open: openLine,
  };
  return (
    <article className="ask-turn" aria-busy={state === 'asking'}>
      <h3 className="ask-question">
        <Isolated text={question} />
      </h3>
      <LookUps lookUps={lookUps} />
      {text !== '' && <Answer blocks={blocks} citing={citing} isGrowing={state === 'asking'} />}
      {state === 'asking' && text === '' && lookUps.every(({ tookMs }) => tookMs !== undefined) && (
        <p className="ask-thinking">Thinking</p>
      )}
      {text.length > MAX_ANSWER_CHARS && <p className="quiet">The answer is longer than what is shown.</p>}
      <CitedLines ids={ids} lines={lines} citing={citing} />
      {state === 'failed' && (
        <p className="ask-failed" role="alert">
          <ErrorIcon />
          <span>{troubleOf(turn.error).text}</span>
        </p>
      )}
      {state === 'stopped' && <p className="quiet">Stopped. What had come by then stands above.</p>}
      {state !== 'asking' && (
        <footer className="ask-turn-foot">
          {text !== '' && (
            <button type="button" className="button is-plain" onClick={() => void copyText(text, 'Answer')}>
              <CopyIcon /> Copy
            </button>
          )}
          {state !== 'answered' && onRetry !== undefined && (
            <button type="button" className="button" onClick={onRetry}>
              <RefreshIcon /> Ask again
            </button>
          )}
          <Spent turn={turn} />
        </footer>
      )}
    </article>
  );
}

/** What an answer took: tokens, money where it is known, time. */
function Spent({ turn: { answer } }: { readonly turn: Turn }): ReactElement | null {
  if (answer === undefined) return null;
  const { usage, cost, processing_time_ms: ms } = answer;
  const tokens = `${usage.estimated ? 'about ' : ''}${tokensText(usage.total_tokens)}`;
  const money = cost === undefined ? '' : ` · $${cost.total_cost_usd.toFixed(4)}`;
  return (
    <span
      className="ask-spent figures"
      title={`${answer.model}, ${formatCount(usage.prompt_tokens)} tokens in, ${formatCount(usage.completion_tokens)} out`}
    >
      {tokens}
      {money} · {(ms / 1000).toFixed(1)} s
    </span>
  );
}

/** `840 tokens`, `11.2 k tokens`. */
function tokensText(tokens: number): string {
  return `${tokens < 1000 ? tokens : `${(tokens / 1000).toFixed(1)} k`} tokens`;
}
