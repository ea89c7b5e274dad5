import { lazy, type ReactElement, Suspense } from 'react';
import { ErrorBoundary } from './ErrorBoundary.tsx';
import { Shell } from './Shell.tsx';
import { useSession } from './session.ts';

const SignInPage = lazy(async () => ({ default: (await import('../sign-in/SignInPage.tsx')).SignInPage }));

/** The page, or the sign-in page in its place: the address stays, so that a link leads on to where it pointed. */
export function App(): ReactElement {
  const session = useSession();
  return (
    <ErrorBoundary>
      {session === 'in' ? (
        <Shell />
      ) : (
        <Suspense fallback={null}>
          <SignInPage />
        </Suspense>
      )}
    </ErrorBoundary>
  );
}
