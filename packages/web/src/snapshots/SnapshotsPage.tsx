import type { ReactElement } from 'react';
import { TopBar } from '../app/TopBar.tsx';

export function SnapshotsPage(): ReactElement {
  return (
    <TopBar>
      <h1>Snapshots</h1>
    </TopBar>
  );
}
