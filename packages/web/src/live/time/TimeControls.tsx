import { type ReactElement, useEffect, useRef, useState } from 'react';
import { ChevronDownIcon, ClockIcon } from '../../app/icons.tsx';
import { useKeys } from '../../app/keys.ts';
import { changeSettings, useSettings, type Zone } from '../../app/settings.ts';
import type { ChangeView, View } from '../view.ts';
import { RangeMenu } from './RangeMenu.tsx';
import { rangeText, zoomedOut } from './range-text.ts';
import { ZONE_ORDER, ZoneChoices } from './ZoneChoices.tsx';
import './time.css';

interface TimeControlsProps {
  readonly view: View;
  readonly onView: ChangeView;
}

/** Which time is looked at, and in which zone times are written. */
export function TimeControls({ view, onView }: TimeControlsProps): ReactElement {
  const { zone } = useSettings();
  const [open, setOpen] = useState(false);
  const box = useRef<HTMLDivElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  const text = rangeText(view.range, zone, Date.now());

  useKeys({
    scope: 'search',
    keys: {
      t: { text: 'Time range', run: () => setOpen(true) },
      z: { text: 'Local, UTC, Ago', run: () => changeSettings({ zone: nextZone(zone) }) },
      '-': { text: 'Zoom out', run: () => onView({ range: zoomedOut(view.range, Date.now()) }) },
    },
  });

  useEffect(() => {
    if (!open) return;
    const closeOutside = ({ target }: PointerEvent) => {
      if (target instanceof Node && box.current?.contains(target) === false) setOpen(false);
    };
    document.addEventListener('pointerdown', closeOutside);
    return () => document.removeEventListener('pointerdown', closeOutside);
  }, [open]);

  function close(): void {
    setOpen(false);
    button.current?.focus();
  }

  return (
    <div className="time" ref={box}>
      <button
        ref={button}
        type="button"
        className="button time-range"
        aria-haspopup="dialog"
        aria-expanded={open}
        aria-label={`Time range: ${text}`}
        title={text}
        onClick={() => setOpen(!open)}
      >
        <ClockIcon />
        <span className="time-range-text">{text}</span>
        <ChevronDownIcon />
      </button>
      {open && (
        <RangeMenu
          range={view.range}
          zone={zone}
          onClose={close}
          onChoose={(range) => {
            close();
            onView({ range });
          }}
        />
      )}
      <ZoneChoices />
    </div>
  );
}

function nextZone(zone: Zone): Zone {
  return ZONE_ORDER[(ZONE_ORDER.indexOf(zone) + 1) % ZONE_ORDER.length]!;
}
