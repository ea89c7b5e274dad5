import { type ReactElement, type ReactNode, Suspense } from 'react';
import './ask-frame.css';

interface AskFrameProps {
  readonly onClose: () => void;
  readonly children: ReactNode;
}

/** The place of the assistant: there before its content is loaded, so that nothing moves when it comes. */
export function AskFrame({ onClose, children }: AskFrameProps): ReactElement {
  return (
    <>
      <button type="button" className="ask-scrim" aria-label="Close Ask" tabIndex={-1} onClick={onClose} />
      <aside className="ask" aria-label="Ask">
        <Suspense fallback={null}>{children}</Suspense>
      </aside>
    </>
  );
}
