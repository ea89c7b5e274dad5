/** `i` and `x`: only, or not, the value of the field that the pointer or the keyboard came to last, in the drawer and in unfolded lines. */

import { useEffect, useRef } from 'react';
import { useKeys } from '../app/keys.ts';

/** A field that has no fields below it. */
const FIELD = '.fw-field:not(.fw-parent)';

export function useValueKeys(): void {
  const field = useRef<Element | null>(null);
  useEffect(() => {
    const come = ({ target }: Event) => {
      field.current = target instanceof Element ? target.closest(FIELD) : null;
    };
    document.addEventListener('pointerover', come);
    document.addEventListener('focusin', come);
    return () => {
      document.removeEventListener('pointerover', come);
      document.removeEventListener('focusin', come);
    };
  }, []);

  function press(button: string): boolean {
    const found = field.current?.isConnected ? field.current.querySelector<HTMLButtonElement>(button) : null;
    found?.click();
    return found !== null;
  }

  useKeys({
    scope: 'line',
    keys: {
      i: { text: 'Only this value', run: () => press('.fw-only') },
      x: { text: 'Not this value', run: () => press('.fw-not') },
    },
  });
}
