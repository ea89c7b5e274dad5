import type { KeyboardEvent, ReactElement } from 'react';

interface ChoicesProps<T> {
  /** Id of the text that names the choice. */
  readonly label: string;
  readonly value: T;
  readonly choices: readonly (readonly [value: T, name: string])[];
  readonly onChoose: (value: T) => void;
}

/** A few choices side by side of which one holds: a radio group, with its arrow keys. */
export function Choices<T extends string | boolean>({
  label,
  value,
  choices,
  onChoose,
}: ChoicesProps<T>): ReactElement {
  const move = (event: KeyboardEvent<HTMLElement>) => {
    const by = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    if (by === undefined) return;
    event.preventDefault();
    const at = choices.findIndex(([one]) => one === value);
    const next = (at + by + choices.length) % choices.length;
    onChoose(choices[next]![0]);
    (event.currentTarget.children[next] as HTMLElement).focus();
  };
  return (
    <div className="choices" role="radiogroup" aria-labelledby={label} onKeyDown={move}>
      {choices.map(([one, name]) => (
        // biome-ignore lint/a11y/useSemanticElements: radio inputs cannot be drawn as one control without hiding them.
        <button
          key={name}
          type="button"
          role="radio"
          aria-checked={one === value}
          tabIndex={one === value ? 0 : -1}
          onClick={() => onChoose(one)}
        >
          {name}
        </button>
      ))}
    </div>
  );
}
