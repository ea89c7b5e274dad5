/**
 * Events for people. On a terminal:
 *
 *     10:15:00.123 ERROR shop-api[6e82d4] fra  card declined status=402
 *                  Error: no stock
 *                      at buy (shop.js:1:2)
 *
 * and elsewhere the same without colours and breaks, with the whole time in UTC, so that it can be read out of its context.
 */

import type { Clock } from './clock.ts';
import { colourOfName, LEVEL_STYLES, type Paint } from './colours.ts';
import { displayWidth, wrapText } from './display-width.ts';
import { partsOf } from './message-parts.ts';
import type { ShownEvent } from './shown-event.ts';
import { safeLabel, safeText } from './terminal-text.ts';

export interface PrettyOptions {
  /** Columns to break lines at; undefined where it is not a terminal. A function, since windows change their size. */
  readonly columns: (() => number) | undefined;
  /** Times of the reader's clock; undefined: RFC 3339 as the source gave it. */
  readonly clock: Clock | undefined;
  readonly colours: boolean;
  readonly paint: Paint;
}

/** Further lines stand below the level. */
const INDENT = ' '.repeat(13);
/** Elsewhere there is nothing to stand below. */
const PLAIN_INDENT = ' '.repeat(4);
/** Below so many columns an instance is shown by its beginning: an id of Fly's has 14 characters. */
const WIDE_COLUMNS = 120;
const SHORT_INSTANCE_CHARS = 6;
/** With less room than this for the text, it is left to the terminal. */
const LEAST_TEXT_COLUMNS = 20;
/** Providers that every app has: named, they would stand in every line. */
const USUAL_PROVIDERS: ReadonlySet<string> = new Set(['app', 'agent', 'logger', 'http', 'file']);

/** The text of one event, with its last line break. */
export type EventWriter = (event: ShownEvent) => string;

export function createPretty({ columns, clock, colours, paint }: PrettyOptions): EventWriter {
  return (event) => {
    const width = columns?.();
    const isNarrow = width !== undefined && width < WIDE_COLUMNS;
    const head = headOf(event, isNarrow);
    const { text, pairs, blocks } = partsOf(event);
    const suffix = pairs.map(([key, value]) => `${paint('dim', `${safeLabel(key)}=`)}${safeLabel(value)}`).join(' ');
    const [first = '', ...others] = safeText(text, colours).replace(/\n+$/, '').split('\n');
    const begin = [first, others.length === 0 ? suffix : ''].filter((part) => part !== '').join(' ');
    if (others.length > 0 && suffix !== '') others.push(suffix);
    for (const block of blocks) others.push(...safeText(block, colours).split('\n'));
    const indent = width === undefined ? PLAIN_INDENT : INDENT;
    const below = width === undefined ? others : others.flatMap((line) => wrap(line, width - indent.length));
    const lines = width === undefined ? [begin] : wrapBegin(begin, width - head.width, width - indent.length);
    let shown = `${head.text}${lines[0]}\n`;
    for (let i = 1; i < lines.length; i++) shown += `${indent}${lines[i]}\n`;
    for (const line of below) shown += `${indent}${line}\n`;
    return shown;
  };

  function headOf(event: ShownEvent, isNarrow: boolean): { text: string; width: number } {
    // Lines of a file may have no time that is understood: it stands in their text, if anywhere.
    const time = event.time === '' ? '' : `${clock === undefined ? safeLabel(event.time) : clock.show(event.time)} `;
    const tag = event.level.toUpperCase();
    const pad = ' '.repeat(5 - tag.length);
    const label = labelOf(event, isNarrow);
    const notes = notesOf(event);
    const gap = label === '' && notes === '' ? '' : '  ';
    const colour = colourOfName(`${event.app ?? ''}[${event.instance ?? event.host ?? ''}]`);
    const joint = label !== '' && notes !== '' ? ' ' : '';
    return {
      text: `${paint('dim', time)}${paint(LEVEL_STYLES[event.level], tag)}${pad} ${paint(colour, label)}${joint}${paint('dim', notes)}${gap}`,
      width: time.length + 6 + displayWidth(label) + joint.length + displayWidth(notes) + gap.length,
    };
  }
}

/** `app[instance]`, or `app[host]`; what is not known is left out. */
function labelOf({ app, instance, host }: ShownEvent, isNarrow: boolean): string {
  const where = instance ?? host;
  const name = app ?? host ?? instance ?? '';
  if (where === undefined || where === name) return safeLabel(name);
  const shown = isNarrow && instance !== undefined ? instance.slice(0, SHORT_INSTANCE_CHARS) : where;
  return safeLabel(`${name}[${shown}]`);
}

/** Region, a provider that is not the app itself, and the logger. */
function notesOf({ region, provider, source }: ShownEvent): string {
  const named = provider !== undefined && !USUAL_PROVIDERS.has(provider) ? provider : undefined;
  return [region, named, source]
    .filter((part) => part !== undefined)
    .map(safeLabel)
    .join(' ');
}

function wrapBegin(text: string, firstColumns: number, columns: number): string[] {
  if (columns < LEAST_TEXT_COLUMNS) return [text];
  // A head that leaves no room: the text begins below it.
  if (firstColumns < LEAST_TEXT_COLUMNS) return ['', ...wrapText(text, columns, columns)];
  return wrapText(text, firstColumns, columns);
}

/** A line below the first keeps its own indentation. */
function wrap(line: string, columns: number): string[] {
  const text = line.replaceAll('\t', '    ');
  return columns < LEAST_TEXT_COLUMNS ? [text] : wrapText(text, columns, columns);
}
