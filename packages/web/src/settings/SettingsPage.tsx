import type { ReactElement } from 'react';
import { TopBar } from '../app/TopBar.tsx';

export function SettingsPage(): ReactElement {
  return (
    <TopBar>
      <h1>Settings</h1>
    </TopBar>
  );
}
