import { expect, it } from 'vitest';
import { keyName } from './keys.ts';

const NONE = { ctrlKey: false, metaKey: false, altKey: false, shiftKey: false };

it.each([
  [{ key: 'j' }, 'j'],
  [{ key: 'G', shiftKey: true }, 'Shift+G'],
  // With caps lock on, a letter is large without Shift, and the small one with it.
  [{ key: 'J' }, 'J'],
  [{ key: 'g', shiftKey: true }, 'Shift+G'],
  [{ key: '?', shiftKey: true }, '?'],
  [{ key: ' ' }, 'Space'],
  [{ key: 'Enter', shiftKey: true }, 'Shift+Enter'],
  [{ key: 'k', ctrlKey: true }, 'Mod+K'],
  [{ key: 'k', metaKey: true }, 'Mod+K'],
  [{ key: 'Enter', metaKey: true }, 'Mod+Enter'],
])('%j is called %s', (event, name) => {
  expect(keyName({ ...NONE, ...event })).toBe(name);
});
