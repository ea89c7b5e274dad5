import { Component, type ErrorInfo, type ReactNode } from 'react';
import { Notice } from './Notice.tsx';

interface Props {
  readonly children: ReactNode;
}

interface State {
  readonly error: Error | undefined;
}

/** A fault in a place leaves the rest of the page working, and says what can be done. A class: React has no hook for it. */
export class ErrorBoundary extends Component<Props, State> {
  override state: State = { error: undefined };

  static getDerivedStateFromError(error: Error): State {
    return { error };
  }

  override componentDidCatch(error: Error, info: ErrorInfo): void {
    console.error(error, info.componentStack);
  }

  override render(): ReactNode {
    const { error } = this.state;
    if (error === undefined) return this.props.children;
    return (
      <Notice tone="down" title={isMissingFile(error) ? 'This part could not be loaded' : 'This part has failed'}>
        <p>
          {isMissingFile(error)
            ? 'The hub cannot be reached, or it has been updated since this page was opened.'
            : `A fault of the page: ${error.message}`}
        </p>
        <button type="button" className="button" onClick={() => location.reload()}>
          Load the page again
        </button>
      </Notice>
    );
  }
}

/** Browsers word it differently, and none gives it a type of its own. */
function isMissingFile(error: Error): boolean {
  return /dynamically imported module|module script failed|Unable to preload/i.test(error.message);
}
