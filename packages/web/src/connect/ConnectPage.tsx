import type { ReactElement } from 'react';
import { TopBar } from '../app/TopBar.tsx';

export function ConnectPage(): ReactElement {
  return (
    <TopBar>
      <h1>Connect</h1>
    </TopBar>
  );
}
