/** The dashboard: everything that runs without being seen is started here, then the page is drawn. */

import '@flywatch/react/theme.css';
import './style/fonts.css';
import './style/base.css';
import '@flywatch/react/line.css';
import { createRoot } from 'react-dom/client';
import { App } from './app/App.tsx';
import { startKeys } from './app/keys.ts';
import { startSettings } from './app/settings.ts';

startSettings();
startKeys();
createRoot(document.getElementById('root') as HTMLElement).render(<App />);
