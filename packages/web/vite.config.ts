/** The dashboard's build: one folder of static files that the hub serves under /ui/. `scripts/build-web.ts` runs it. */

import { defineConfig, type Plugin } from 'vite';

const BASE = '/ui/';

/**
 * Asks for the fonts before the style sheet does, so that the first text is drawn in them. In the page's source they could not
 * be named: the build gives them their names.
 */
function preloadFonts(): Plugin {
  return {
    name: 'preload-fonts',
    transformIndexHtml: {
      order: 'post',
      handler: (_html, { bundle = {} }) =>
        Object.keys(bundle)
          .filter((name) => name.endsWith('.woff2'))
          .map((name) => ({
            tag: 'link',
            attrs: { rel: 'preload', as: 'font', type: 'font/woff2', href: `${BASE}${name}`, crossorigin: true },
            injectTo: 'head-prepend' as const,
          })),
    },
  };
}

export default defineConfig({
  base: BASE,
  plugins: [preloadFonts()],
  build: {
    target: 'es2023',
    // The hub's content policy allows no inline code and no data: addresses; small files stay files.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    sourcemap: false,
  },
});
