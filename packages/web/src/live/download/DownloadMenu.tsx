import { type KeyboardEvent, type ReactElement, useEffect, useRef, useState } from 'react';
import { DownloadIcon } from '../../app/icons.tsx';
import { rangeParams } from '../range-params.ts';
import type { View } from '../view.ts';
import './download.css';

/** What `/logs/export` writes. */
const FORMATS = {
  ndjson: 'NDJSON, a line of JSON each',
  json: 'JSON, one array',
  csv: 'CSV, for spreadsheets',
} as const;

/** Saves the lines of the range that match the filter. The browser fetches the file itself, so that its size is no matter here. */
export function DownloadMenu({ view }: { readonly view: View }): ReactElement {
  const [open, setOpen] = useState(false);
  const box = useRef<HTMLDivElement>(null);
  const button = useRef<HTMLButtonElement>(null);

  useEffect(() => {
    if (!open) return;
    box.current?.querySelector('a')?.focus();
    const closeOutside = ({ target }: PointerEvent) => {
      if (target instanceof Node && box.current?.contains(target) === false) setOpen(false);
    };
    document.addEventListener('pointerdown', closeOutside);
    return () => document.removeEventListener('pointerdown', closeOutside);
  }, [open]);

  function onKeyDown(event: KeyboardEvent): void {
    if (event.key !== 'Escape' || !open) return;
    event.preventDefault();
    event.stopPropagation();
    setOpen(false);
    button.current?.focus();
  }

  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: Escape closes from wherever the focus is in here
    <div className="download" ref={box} onKeyDown={onKeyDown}>
      <button
        ref={button}
        type="button"
        className="icon-button"
        aria-label="Download these lines"
        title="Download these lines"
        aria-expanded={open}
        onClick={() => setOpen(!open)}
      >
        <DownloadIcon />
      </button>
      {open && (
        <ul className="download-menu" aria-label="Download as">
          {Object.entries(FORMATS).map(([format, text]) => (
            <li key={format}>
              <a href={exportAddress(view, format)} download onClick={() => setOpen(false)}>
                {text}
              </a>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}

function exportAddress({ q, range }: View, format: string): string {
  const params = { ...rangeParams(range), q, format };
  const given = Object.entries(params).filter((entry): entry is [string, string] => Boolean(entry[1]));
  return `/logs/export?${new URLSearchParams(given)}`;
}
