import type { KeyboardEvent, ReactElement, Ref } from 'react';
import { SendIcon, StopIcon } from '../app/icons.tsx';

/** As many characters as the hub takes, less what goes along with them about the view. */
const MAX_QUESTION_CHARS = 12_000;

interface ComposerProps {
  readonly draft: string;
  readonly onDraft: (draft: string) => void;
  readonly isAsking: boolean;
  readonly isFollowUp: boolean;
  readonly onAsk: (question: string) => void;
  readonly onEscape: () => void;
  readonly box: Ref<HTMLTextAreaElement>;
}

/** Where a question is typed. The button sends it, or stops the answer; it keeps its place and its width. */
export function Composer(props: ComposerProps): ReactElement {
  const { draft, onDraft, isAsking, isFollowUp, onAsk, onEscape, box } = props;
  const send = () => {
    if (draft.trim() !== '' && !isAsking) onAsk(draft.trim());
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return;
    if (event.key === 'Escape') onEscape();
    else if (event.key === 'Enter' && !event.shiftKey) send();
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <div className="ask-composer">
      <textarea
        ref={box}
        rows={1}
        aria-label="Question"
        placeholder={isFollowUp ? 'Ask a follow-up' : 'Ask about these lines'}
        maxLength={MAX_QUESTION_CHARS}
        value={draft}
        onChange={(event) => onDraft(event.target.value)}
        onKeyDown={onKeyDown}
      />
      {isAsking ? (
        <button type="button" className="button ask-send" onClick={onEscape}>
          <StopIcon /> Stop <kbd>Esc</kbd>
        </button>
      ) : (
        <button type="button" className="button ask-send" disabled={draft.trim() === ''} onClick={send}>
          <SendIcon /> Ask <kbd>↵</kbd>
        </button>
      )}
    </div>
  );
}
