/**
 * The list of lines: bounded, written once per animation frame, following or standing still.
 *
 *   push ─▶ pending (bounded) ─▶ one frame: append, drop the oldest, stay at the end
 *                └─ paused: kept and counted, the list stands still to the pixel
 */

import { InstanceColours } from './instance-colours.js';
import { createLine, createNote, fold, lineText, unfold } from './line-view.js';
import { figure } from './words.js';

/** Rows in the page. More is no use to somebody who follows, and costs layout in every frame. */
export const MAX_ROWS = 2000;

/** What waits for the next frame or for the end of a pause: one less, so that the row that tells of the rest fits too. */
const MAX_PENDING = MAX_ROWS - 1;

/** Characters of the events behind the rows, and as many again of those that wait: lines may have 256 KB each. */
const MAX_CHARS = 16 * 1024 * 1024;

/** What counts as trouble, in the counters' names. */
const BAD = { warn: 'warnings', error: 'errors', fatal: 'errors' };

export class LogList {
  #box;
  #on;
  #colours = new InstanceColours();
  /** What the rows show, oldest first: `{ row, event, chars }`, `event` undefined for notes. */
  #rows = [];
  #rowChars = 0;
  #eventOf = new WeakMap();
  #instances = new Map();
  #pending = [];
  #pendingChars = 0;
  #frame = 0;
  #paused = false;
  #lastTop = 0;
  #current;
  /** What came since the pause began. */
  #since = { lines: 0, errors: 0, warnings: 0, skipped: 0 };
  #shown = { lines: 0, errors: 0, warnings: 0 };

  /** @param on - what to call: `changed()` after rows were written, `paused(isPaused)`. */
  constructor(box, on) {
    this.#box = box;
    this.#on = on;
    box.addEventListener('scroll', () => this.#scrolled(), { passive: true });
    box.addEventListener('wheel', (event) => event.deltaY < 0 && this.#canScroll() && this.pause(), { passive: true });
    box.addEventListener('click', (event) => this.#clicked(event));
    box.addEventListener('copy', (event) => this.#copied(event));
    document.addEventListener('selectionchange', () => this.#selected());
    new ResizeObserver(() => this.#paused || this.#toEnd()).observe(box);
  }

  get isPaused() {
    return this.#paused;
  }

  get since() {
    return this.#since;
  }

  get counts() {
    return { ...this.#shown, instances: this.#instances.size };
  }

  get isEmpty() {
    return this.#rows.length === 0 && this.#pending.length === 0;
  }

  /** @param chars - how much the event weighs. */
  push(event, chars) {
    if (this.#paused) this.#count(this.#since, event, 1);
    this.#wait({ event, note: undefined, chars });
  }

  /** A row that is no line; see {@link createNote}. */
  note(note) {
    this.#wait({ event: undefined, note, chars: 0 });
  }

  clear() {
    this.#box.replaceChildren();
    this.#rows = [];
    this.#rowChars = 0;
    this.#pending = [];
    this.#pendingChars = 0;
    this.#instances.clear();
    this.#current = undefined;
    this.#shown = { lines: 0, errors: 0, warnings: 0 };
    this.#since = { lines: 0, errors: 0, warnings: 0, skipped: 0 };
    this.#on.changed();
  }

  pause() {
    if (this.#paused) return;
    this.#flush();
    this.#paused = true;
    this.#since = { lines: 0, errors: 0, warnings: 0, skipped: 0 };
    this.#on.paused(true);
  }

  resume() {
    if (!this.#paused) return;
    this.#dropPending();
    this.#paused = false;
    const { skipped } = this.#since;
    if (skipped > 0) this.#pending.unshift({ event: undefined, note: skippedNote(skipped), chars: 0 });
    this.#write();
    this.#toEnd();
    this.#on.paused(false);
  }

  toOldest() {
    this.pause();
    this.#box.scrollTop = 0;
  }

  /** Moves the current line by so many lines; `wanted` says which ones count. */
  step(direction, wanted = () => true) {
    const lines = this.#rows.filter(
      ({ event, row }) => event !== undefined && (row === this.#current || wanted(event)),
    );
    if (lines.length === 0) return;
    const at = lines.findIndex(({ row }) => row === this.#current);
    const next = at === -1 ? this.#firstInView(lines, direction) : lines[at + direction];
    if (next === undefined) return;
    this.pause();
    this.#current?.classList.remove('is-current');
    this.#current = next.row;
    next.row.classList.add('is-current');
    next.row.scrollIntoView({ block: 'nearest' });
  }

  /** Folds or unfolds the current line. */
  toggleCurrent() {
    if (this.#current !== undefined) this.#toggle(this.#current);
  }

  #firstInView(lines, direction) {
    const { top, bottom } = this.#box.getBoundingClientRect();
    const isSeen = ({ row }) => {
      const place = row.getBoundingClientRect();
      return place.top >= top && place.bottom <= bottom;
    };
    return (direction > 0 ? lines.find(isSeen) : lines.findLast(isSeen)) ?? lines.at(direction > 0 ? 0 : -1);
  }

  #wait(item) {
    this.#pending.push(item);
    this.#pendingChars += item.chars;
    // Not at every line: moving two thousand items costs more than holding as many again for a moment.
    if (this.#pending.length > 2 * MAX_PENDING || this.#pendingChars > 2 * MAX_CHARS) this.#dropPending();
    if (!this.#paused && this.#frame === 0) this.#frame = requestAnimationFrame(() => this.#flush());
  }

  /** Down to what may be shown. While following, that is above the oldest row anyway; during a pause it is counted and told. */
  #dropPending() {
    let drop = Math.max(0, this.#pending.length - MAX_PENDING);
    let chars = this.#pendingChars;
    for (let i = 0; i < drop; i++) chars -= this.#pending[i].chars;
    while (chars > MAX_CHARS) chars -= this.#pending[drop++].chars;
    const dropped = this.#pending.splice(0, drop);
    this.#pendingChars = chars;
    if (this.#paused) this.#since.skipped += dropped.filter(({ event }) => event !== undefined).length;
  }

  #flush() {
    if (this.#paused) return;
    this.#dropPending();
    this.#write();
  }

  #write() {
    cancelAnimationFrame(this.#frame);
    this.#frame = 0;
    if (this.#pending.length === 0) return;
    const items = this.#pending;
    this.#dropRows(this.#rows.length + items.length - MAX_ROWS, MAX_CHARS - this.#pendingChars);
    this.#rowChars += this.#pendingChars;
    this.#pending = [];
    this.#pendingChars = 0;
    const fragment = document.createDocumentFragment();
    for (const { event, note, chars } of items) {
      const row = event === undefined ? createNote(note) : this.#lineOf(event);
      this.#rows.push({ row, event, chars });
      fragment.append(row);
    }
    this.#box.append(fragment);
    this.#toEnd();
    this.#on.changed();
  }

  #lineOf(event) {
    const instance = event.instance ?? event.host ?? event.app ?? '';
    this.#instances.set(instance, (this.#instances.get(instance) ?? 0) + 1);
    this.#count(this.#shown, event, 1);
    const row = createLine(event, this.#colours.slot(instance));
    this.#eventOf.set(row, event);
    return row;
  }

  /** Drops at least so many of the oldest rows, and more until what is left weighs no more than `maxChars`. */
  #dropRows(count, maxChars) {
    let drop = Math.max(0, count);
    for (let i = 0; i < drop; i++) this.#rowChars -= this.#rows[i].chars;
    while (this.#rowChars > maxChars) this.#rowChars -= this.#rows[drop++].chars;
    for (const { row, event } of this.#rows.splice(0, drop)) {
      row.remove();
      if (row === this.#current) this.#current = undefined;
      if (event === undefined) continue;
      this.#count(this.#shown, event, -1);
      const instance = event.instance ?? event.host ?? event.app ?? '';
      const left = this.#instances.get(instance) - 1;
      if (left === 0) this.#instances.delete(instance);
      else this.#instances.set(instance, left);
    }
  }

  #count(counts, event, by) {
    counts.lines += by;
    const kind = BAD[event.level];
    if (kind !== undefined) counts[kind] += by;
  }

  #canScroll() {
    return this.#box.scrollHeight > this.#box.clientHeight;
  }

  #toEnd() {
    this.#box.scrollTop = this.#box.scrollHeight;
    this.#lastTop = this.#box.scrollTop;
  }

  /** Up means pause; back at the end means follow. Our own scrolling always ends where `#lastTop` says. */
  #scrolled() {
    const { scrollTop, scrollHeight, clientHeight } = this.#box;
    const isUp = scrollTop < this.#lastTop - 0.5;
    const isDown = scrollTop > this.#lastTop + 0.5;
    const left = scrollHeight - clientHeight - scrollTop;
    this.#lastTop = scrollTop;
    if (!this.#paused && isUp && left > 1) this.pause();
    else if (this.#paused && isDown && left <= 2) this.resume();
  }

  /** Text that is being marked must not scroll away. */
  #selected() {
    const selection = getSelection();
    if (!selection.isCollapsed && this.#box.contains(selection.anchorNode)) this.pause();
  }

  #clicked({ target }) {
    const row = target.closest('.line');
    if (row === null || target.closest('.more') !== null) return;
    // Somebody who marks text does not want it to move.
    if (!getSelection().isCollapsed && target.closest('.pill') === null) return;
    this.#toggle(row);
  }

  #toggle(row) {
    const event = this.#eventOf.get(row);
    this.pause();
    if (row.classList.contains('is-open')) fold(row);
    else unfold(row, event);
    row.scrollIntoView({ block: 'nearest' });
    this.#lastTop = this.#box.scrollTop;
  }

  /** Several rows are copied as lines of text, whole, not as the cells that the browser sees. */
  #copied(event) {
    const selection = getSelection();
    if (selection.rangeCount === 0) return;
    const range = selection.getRangeAt(0);
    const lines = this.#rows.filter(({ row, event: held }) => held !== undefined && range.intersectsNode(row));
    if (lines.length < 2) return;
    event.clipboardData.setData('text/plain', `${lines.map(({ event: held }) => lineText(held)).join('\n')}\n`);
    event.preventDefault();
  }
}

function skippedNote(count) {
  return {
    kind: 'skipped',
    at: new Date(),
    head: `${count === 1 ? '1 line is' : `${figure(count)} lines are`} not shown here:`,
    text: 'they came during the pause, and this page keeps the newest only',
  };
}
