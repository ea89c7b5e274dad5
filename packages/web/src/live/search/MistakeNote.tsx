import type { ReactElement } from 'react';
import { ErrorIcon } from '../../app/icons.tsx';
import type { Mistake, Repair } from './mistake.ts';

interface MistakeNoteProps {
  readonly id: string;
  readonly mistake: Mistake;
  readonly onRepair: (repair: Repair) => void;
}

/** Below the search box: what is wrong, what to do, and repairs to press. */
export function MistakeNote({ id, mistake, onRepair }: MistakeNoteProps): ReactElement {
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: nothing is done here; the box would lose the focus to whatever is pressed
    <div className="search-popup search-mistake" onMouseDown={(event) => event.preventDefault()}>
      <ErrorIcon />
      <div id={id}>
        <p className="search-problem">{withCode(mistake.problem)}</p>
        <p className="search-remedy">{withCode(mistake.remedy)}</p>
      </div>
      {mistake.repairs.length > 0 && (
        <div className="search-repairs">
          {mistake.repairs.map((repair) => (
            <button key={repair.text} type="button" className="search-repair" onClick={() => onRepair(repair)}>
              {repair.label}
            </button>
          ))}
        </div>
      )}
    </div>
  );
}

/** What stands between backquotes came from the filter: it is set as such. */
function withCode(text: string): ReactElement[] {
  // biome-ignore lint/suspicious/noArrayIndexKey: parts of one text have no other name, and none of them keeps a state
  return text.split('`').map((part, i) => (i % 2 === 1 ? <code key={i}>{part}</code> : <span key={i}>{part}</span>));
}
