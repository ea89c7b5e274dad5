import type { ReactElement } from 'react';
import { TopBar } from '../app/TopBar.tsx';

export function SignInPage(): ReactElement {
  return (
    <TopBar>
      <h1>SignIn</h1>
    </TopBar>
  );
}
