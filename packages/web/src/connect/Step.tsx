import type { ReactElement, ReactNode } from 'react';

interface StepProps {
  readonly number: number;
  readonly title: string;
  readonly children: ReactNode;
}

/** One thing to do, in the order in which they are done. */
export function Step({ number, title, children }: StepProps): ReactElement {
  return (
    <li className="connect-step">
      <span className="connect-number" aria-hidden="true">
        {number}
      </span>
      <h3>{title}</h3>
      {children}
    </li>
  );
}
