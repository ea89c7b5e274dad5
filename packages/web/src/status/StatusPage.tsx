import type { ReactElement } from 'react';
import { TopBar } from '../app/TopBar.tsx';

export function StatusPage(): ReactElement {
  return (
    <TopBar>
      <h1>Status</h1>
    </TopBar>
  );
}
