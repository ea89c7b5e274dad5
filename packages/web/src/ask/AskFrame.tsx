import { type ReactElement, type ReactNode, Suspense } from 'react';
import { ErrorBoundary } from '../app/ErrorBoundary.tsx';
import './ask-frame.css';

interface AskFrameProps {
  readonly onClose: () => void;
  readonly children: ReactNode;
}

/** The place of the assistant: there before its content is loaded, so that nothing moves when it comes. A fault in it leaves the lines alone. */
export function AskFrame({ onClose, children }: AskFrameProps): ReactElement {
  return (
    <>
      <button type="button" className="ask-scrim" aria-label="Close Ask" tabIndex={-1} onClick={onClose} />
      <aside className="ask" aria-label="Ask">
        <ErrorBoundary>
          <Suspense fallback={null}>{children}</Suspense>
        </ErrorBoundary>
      </aside>
    </>
  );
}
