/** Rows of the stream: one per line, one per note (a gap, a reconnect). Made of text nodes and class names, never of markup. */

import { ansiPieces, controlPieces, flatFields, foldedLine } from './line-text.js';
import { clock, counted, size } from './words.js';

const LETTERS = { trace: 'TRC', debug: 'DBG', info: 'INF', warn: 'WRN', error: 'ERR', fatal: 'FTL' };

/** Instance ids are cut to so many characters; the whole id is in the title. */
const ID_CHARS = 8;

/** The row of an event; `slot` is its instance's colour. */
export function createLine(event, slot) {
  const level = Object.hasOwn(LETTERS, event.level) ? event.level : 'info';
  const row = element('div', `line l-${level}`);
  const time = element('time', 'time', clock(new Date(event.time)));
  time.title = event.time;
  const source = element('span', 'source');
  const { app, id } = originOf(event);
  source.title = [app, event.instance ?? event.host, event.region].filter(Boolean).map(plain).join(' / ');
  source.append(isolated('app', app));
  if (id !== undefined) source.append(isolated(`id i${slot}`, id.slice(0, ID_CHARS)));
  const { pieces, moreLines, moreChars } = foldedLine(event);
  const message = element('span', 'message');
  const text = element('span', 'text');
  appendPieces(text, pieces);
  message.append(text);
  if (moreLines > 0) message.append(pill(counted(moreLines, 'more line')));
  else if (moreChars > 0) message.append(pill(`${size(moreChars)} more`));
  if (event.fields?._truncated !== undefined) message.append(element('span', 'pill', 'cut by the hub'));
  const letters = element('abbr', 'level', LETTERS[level]);
  letters.title = level;
  row.append(element('i', `tick t${slot}`), time, letters, source, message);
  if (event.fields?.demo === true) row.append(element('span', 'demo', 'demo'));
  return row;
}

/** Who printed it: the app and its instance, or the next best names. */
function originOf(event) {
  const app = event.app ?? event.source ?? event.provider ?? '–';
  const id = event.instance ?? event.host;
  return { app, id };
}

/** A title is plain text that the system draws: direction controls are taken out of it. */
function plain(text) {
  return controlPieces(text, '')
    .map((piece) => piece.text)
    .join('');
}

/** The button that says how much is folded away. The row itself can be pressed too, so it is no tab stop. */
function pill(words) {
  const button = element('button', 'pill', words);
  button.type = 'button';
  button.tabIndex = -1;
  button.setAttribute('aria-expanded', 'false');
  return button;
}

/** Unfolds a row: the whole message, then everything that is known of the event. */
export function unfold(row, event) {
  const more = element('div', 'more');
  const whole = element('div', 'whole');
  appendPieces(whole, ansiPieces(event.message));
  more.append(whole, ...details(event));
  row.append(more);
  row.classList.add('is-open');
  row.querySelector('.pill')?.setAttribute('aria-expanded', 'true');
}

export function fold(row) {
  row.querySelector('.more')?.remove();
  row.classList.remove('is-open');
  row.querySelector('.pill')?.setAttribute('aria-expanded', 'false');
}

const RECORD = ['time', 'receivedAt', 'app', 'instance', 'region', 'host', 'provider', 'source', 'id'];

/** Fields listed for an unfolded line, and characters of one of them. */
const MAX_DETAILS = 200;
const MAX_DETAIL_CHARS = 4096;

/** What the hub knows of the event, then what its line says. */
function details(event) {
  const record = RECORD.filter((name) => event[name] !== undefined).map((name) => [name, event[name]]);
  const lists = [detailList('details record', record)];
  const fields = flatFields(event.fields ?? {}, MAX_DETAILS);
  if (fields.length > 0) lists.push(detailList('details', fields));
  return lists;
}

function detailList(className, pairs) {
  const list = element('dl', className);
  for (const [name, value] of pairs) {
    const text = typeof value === 'string' ? value : JSON.stringify(value);
    const pair = element('div');
    const term = element('dt');
    appendPieces(term, controlPieces(name.slice(0, 200), ''));
    const definition = element('dd', `v-${value === null ? 'null' : typeof value}`);
    appendPieces(definition, ansiPieces(text.slice(0, MAX_DETAIL_CHARS)));
    pair.append(term, definition);
    list.append(pair);
  }
  return list;
}

/** A row that is no line: `kind` is `gap`, `back` (reconnected) or `skipped`. */
export function createNote({ kind, at, head, text }) {
  const row = element('div', `note n-${kind}`);
  row.append(element('time', 'time', clock(at).slice(0, 8)), element('b', 'head', head), element('span', 'text', text));
  return row;
}

/** The row as text for the clipboard. */
export function lineText(event) {
  const { app, id } = originOf(event);
  return `${event.time} ${event.level} ${app}${id === undefined ? '' : `/${id}`} ${event.message}`;
}

function appendPieces(parent, pieces) {
  for (const { text, style } of pieces) parent.append(style === '' ? text : element('span', style, text));
}

/** Text of its own direction: what is in it cannot reorder what stands beside it. */
function isolated(className, text) {
  const part = element('span', className);
  appendPieces(part, controlPieces(text, ''));
  return part;
}

function element(name, className = '', text = undefined) {
  const made = document.createElement(name);
  if (className !== '') made.className = className;
  if (text !== undefined) made.textContent = text;
  return made;
}
