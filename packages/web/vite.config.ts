/** The dashboard's build: one folder of static files that the hub serves under /ui/. */

import { defineConfig } from 'vite';

export default defineConfig({
  base: '/ui/',
  build: {
    target: 'es2023',
    // The hub's content policy allows no inline code and no data: scripts; small files stay files.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    sourcemap: false,
  },
});
