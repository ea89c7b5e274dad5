import { useEffect, useState } from 'react';

/** A number that grows when the theme changes: a canvas knows nothing of the theme, and has to be drawn again. */
export function useThemeRound(): number {
  const [round, setRound] = useState(0);
  useEffect(() => {
    const grow = () => setRound((n) => n + 1);
    const dark = matchMedia('(prefers-color-scheme: dark)');
    dark.addEventListener('change', grow);
    const chosen = new MutationObserver(grow);
    chosen.observe(document.documentElement, { attributes: true, attributeFilter: ['data-theme'] });
    return () => {
      dark.removeEventListener('change', grow);
      chosen.disconnect();
    };
  }, []);
  return round;
}
