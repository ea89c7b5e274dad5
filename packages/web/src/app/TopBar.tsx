import type { ReactElement, ReactNode } from 'react';

/** The 48 px at the top of a page. A page without a search has its title there, what it wants to say beside it, and the rest at the right. */
export function TopBar({ children }: { readonly children: ReactNode }): ReactElement {
  return <header className="top-bar">{children}</header>;
}
