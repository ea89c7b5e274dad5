import type { ReactElement } from 'react';

const IS_MAC = /Mac|iPhone|iPad/.test(navigator.platform);

const CAPS: Readonly<Record<string, string>> = {
  Mod: IS_MAC ? '⌘' : 'Ctrl',
  Enter: '↵',
  Escape: 'Esc',
  Backspace: '⌫',
  ArrowUp: '↑',
  ArrowDown: '↓',
};

/** A key as it is on the keyboard: `Mod+K` are two caps, `Shift+G` is one. */
export function KeyCaps({ name }: { readonly name: string }): ReactElement {
  const parts = name === '+' ? ['+'] : name.split('+');
  const isShifted = parts[0] === 'Shift';
  const caps = isShifted ? [`⇧${CAPS[parts[1]!] ?? parts[1]}`] : parts.map((part) => CAPS[part] ?? part);
  return (
    <>
      {caps.map((cap) => (
        <kbd key={cap}>{cap}</kbd>
      ))}
    </>
  );
}
