import { type ReactElement, type ReactNode, useEffect, useRef } from 'react';
import './overlay.css';

interface OverlayProps {
  readonly label: string;
  readonly className: string;
  readonly onClose: () => void;
  readonly children: ReactNode;
}

/** Something over the page that keeps the focus to itself until Esc, a press beside it, or its own end. */
export function Overlay({ label, className, onClose, children }: OverlayProps): ReactElement {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => dialog.current?.showModal(), []);
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: Esc closes it too; the browser sees to that.
    <dialog
      ref={dialog}
      className={`overlay ${className}`}
      aria-label={label}
      onClose={onClose}
      onClick={(event) => event.target === dialog.current && dialog.current.close()}
    >
      {children}
    </dialog>
  );
}
