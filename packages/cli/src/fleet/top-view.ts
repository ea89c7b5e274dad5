/** The state of `flywatch top`, what a key makes of it, and the screen that shows it. Nothing here reads or writes. */

import type { Paint } from '../view/colours.ts';
import { fitText } from '../view/display-width.ts';
import { renderTable } from '../view/table.ts';
import { safeLabel } from '../view/terminal-text.ts';
import type { Unit } from './fleet.ts';
import { unitColumns } from './unit-columns.ts';

export interface TopState {
  readonly units: readonly Unit[];
  /** Name of the unit that is marked: it stays marked when the order changes. */
  readonly marked: string | undefined;
  /** What names, apps and reasons have to contain. */
  readonly filter: string;
  /** Whether keys go into the filter. */
  readonly isTyping: boolean;
  /** What is wrong with the connection. */
  readonly trouble: string | undefined;
  /** When the fleet was read, in milliseconds since 1970. */
  readonly readAtMs: number | undefined;
}

export const EMPTY: TopState = {
  units: [],
  marked: undefined,
  filter: '',
  isTyping: false,
  trouble: undefined,
  readAtMs: undefined,
};

/** Rows of the screen beside those of the table: the title, a blank, the headings, a blank, the details and the keys. */
const FRAME_ROWS = 7;

/** Longer filters are typed by accident. */
const MAX_FILTER_CHARS = 80;

export function visibleUnits({ units, filter }: TopState): readonly Unit[] {
  const wanted = filter.toLowerCase();
  if (wanted === '') return units;
  return units.filter(({ name, state, apps, reasons }) =>
    [name, state, ...apps, ...reasons].some((text) => text.toLowerCase().includes(wanted)),
  );
}

/** The state after a key, as a terminal sends it; `quit` where it ends the program. */
export function pressKey(state: TopState, key: string): TopState | 'quit' {
  if (key === '\x03') return 'quit';
  if (state.isTyping) return typeKey(state, key);
  switch (key) {
    case 'q':
    case 'Q':
      return 'quit';
    case '\x1b':
      return state.filter === '' ? 'quit' : { ...state, filter: '' };
    case '/':
      return { ...state, isTyping: true };
    case '\x1b[A':
    case '\x1bOA':
    case 'k':
      return move(state, -1);
    case '\x1b[B':
    case '\x1bOB':
    case 'j':
      return move(state, 1);
    case '\x1b[5~':
      return move(state, -10);
    case '\x1b[6~':
      return move(state, 10);
    case '\x1b[H':
    case 'g':
      return move(state, -Infinity);
    case '\x1b[F':
    case 'G':
      return move(state, Infinity);
    default:
      return state;
  }
}

function typeKey(state: TopState, key: string): TopState {
  if (key === '\r' || key === '\n') return { ...state, isTyping: false };
  if (key === '\x1b') return { ...state, isTyping: false, filter: '' };
  if (key === '\x7f' || key === '\b') return { ...state, filter: state.filter.slice(0, -1) };
  if (key === '\x15') return { ...state, filter: '' };
  const typed = key.replace(/[\x00-\x1f\x7f]/g, '');
  // Arrows and the like begin with an escape, and are no text.
  return key.startsWith('\x1b') ? state : { ...state, filter: (state.filter + typed).slice(0, MAX_FILTER_CHARS) };
}

function move(state: TopState, by: number): TopState {
  const shown = visibleUnits(state);
  if (shown.length === 0) return state;
  const at = shown.findIndex(({ name }) => name === state.marked);
  // Where nothing is marked yet, down begins before the first and up behind the last.
  const begin = at !== -1 ? at : by > 0 ? -1 : shown.length;
  const to = Math.min(shown.length - 1, Math.max(0, begin + by));
  return { ...state, marked: shown[to]!.name };
}

export interface Screen {
  readonly columns: number;
  readonly rows: number;
  readonly paint: Paint;
  readonly hub: string;
  readonly nowMs: number;
}

/** The lines of the screen, at most as many as it has rows, none of them wider than it is. */
export function renderTop(state: TopState, { columns, rows, paint, hub, nowMs }: Screen): string[] {
  const shown = visibleUnits(state);
  const room = Math.max(1, rows - FRAME_ROWS);
  const at = Math.max(
    0,
    shown.findIndex(({ name }) => name === state.marked),
  );
  // The marked one is always in sight.
  const from = Math.max(0, Math.min(at - Math.floor(room / 2), shown.length - room));
  const window = shown.slice(from, from + room);
  const plain: Paint = (_, text) => text;
  const table = (paintIt: Paint) =>
    renderTable(
      unitColumns(paintIt, () => nowMs),
      window,
      (text) => paintIt('dim', text),
    );
  const bare = table(plain);
  // Only rows that fit are painted: a sequence of colours must not be cut.
  const lines = table(paint).map((line, i) => (bare[i]!.length <= columns ? line : fitText(bare[i]!, columns)));
  const marked = shown.find(({ name }) => name === state.marked);
  const [heading = '', ...body] = lines.map((line, i) =>
    i > 0 && window[i - 1] === marked ? `\x1b[7m${fitText(bare[i]!, columns)}\x1b[0m` : line,
  );
  const details =
    marked === undefined ? [] : marked.reasons.slice(0, 2).map((reason) => fitText(safeLabel(reason), columns));
  const keys = state.isTyping ? `/${safeLabel(state.filter)}▏` : 'q quit   ↑ ↓ mark   / filter';
  return [
    titleOf(state, shown.length, hub, columns, nowMs, paint),
    '',
    heading,
    ...(body.length > 0 ? body : [state.readAtMs === undefined ? 'reading …' : 'no host matches']),
    '',
    ...details,
    paint('dim', fitText(keys, columns)),
  ].slice(0, rows);
}

function titleOf(state: TopState, shown: number, hub: string, columns: number, nowMs: number, paint: Paint): string {
  const { units, filter, trouble, readAtMs } = state;
  const count = (name: Unit['state']) => units.filter((unit) => unit.state === name).length;
  const parts = (['down', 'attention', 'late', 'stopped', 'fine'] as const)
    .map((name) => [count(name), name] as const)
    .filter(([number]) => number > 0)
    .map(([number, name]) => `${number} ${name}`);
  const filtered = filter === '' ? '' : `, ${shown} shown for "${safeLabel(filter)}"`;
  const age = readAtMs === undefined ? '' : ` (as of ${Math.round((nowMs - readAtMs) / 1000)} s ago)`;
  const text = `${safeLabel(hub)}  ${parts.join(', ')}${filtered}`;
  return trouble === undefined
    ? paint('bold', fitText(text, columns))
    : paint('red', fitText(`${safeLabel(trouble)}${age}`, columns));
}
