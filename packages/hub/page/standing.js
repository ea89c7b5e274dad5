/** How things stand, in words: the connection, the bus, a pause, the figures, and an empty list. */

import { busWords, counted, figure, nth } from './words.js';

/** Figures are written at most four times a second. */
const FIGURES_MS = 250;

/** A list that stays empty for so long after connecting is empty; before that nothing is said. */
const EMPTY_AFTER_MS = 300;

const CONNECTION_WORDS = { open: 'Connected', waiting: 'Disconnected', refused: 'Not connected' };
const FOLLOW_WORDS = { open: 'Live', refused: 'Stopped' };
const FOLLOW_TITLES = { Live: 'Hold the list still', Paused: 'Follow the newest lines', Offline: 'Try again now' };

export class Standing {
  #byId;
  #list;
  #meter;
  #connection = { state: 'connecting', tries: 0 };
  #selection = {};
  #lostAtMs;
  #isDemo = false;
  #rowsAreNew = false;
  #emptyTimer;

  constructor(byId, list, meter) {
    this.#byId = byId;
    this.#list = list;
    this.#meter = meter;
  }

  start() {
    setInterval(() => this.#showFigures(), FIGURES_MS);
  }

  get state() {
    return this.#connection.state;
  }

  /** When the connection went, in the page's clock; undefined while there is one. */
  get lostAtMs() {
    return this.#lostAtMs;
  }

  /** Nothing comes, and a person could do something about it. */
  get isStuck() {
    return this.#lostAtMs !== undefined || this.state === 'refused';
  }

  setConnection(next, selection) {
    this.#connection = next;
    this.#selection = selection;
    clearTimeout(this.#emptyTimer);
    if (next.state === 'open') {
      this.#lostAtMs = undefined;
      this.#emptyTimer = setTimeout(() => this.#showEmpty(), EMPTY_AFTER_MS);
    } else if (next.state === 'refused') {
      this.#lostAtMs = undefined;
      this.#showEmpty();
    } else if (next.state === 'waiting') {
      if (this.#lostAtMs === undefined) this.announce('Connection to the hub lost');
      this.#lostAtMs ??= Date.now();
      this.showBus(undefined);
    }
    this.#showConnection();
  }

  rowsChanged() {
    this.#rowsAreNew = true;
    if (!this.#list.isEmpty) this.#byId('empty').hidden = true;
  }

  pauseChanged(isPaused) {
    this.#showFollow();
    this.announce(isPaused ? 'Paused' : 'Following');
  }

  /** @param sources - what a ping says: `{ fly: 'disconnected' }`; or what `/metrics` does: `{ fly: { state } }`. */
  showBus(sources) {
    const [name, state] = Object.entries(sources ?? {})[0] ?? [];
    const bus = this.#byId('bus');
    bus.hidden = name === undefined;
    if (name === undefined) return;
    const { text, mood } = busWords(name, typeof state === 'string' ? state : state?.state);
    this.#write('bus', text);
    bus.dataset.mood = mood;
  }

  showDemo(isDemo) {
    if (isDemo === this.#isDemo) return;
    this.#isDemo = isDemo;
    this.#byId('demo-band').hidden = !isDemo;
  }

  /** For those who do not see the page; the lines themselves are not read out. */
  announce(text) {
    this.#byId('announcer').textContent = text;
  }

  #showConnection() {
    const { state } = this.#connection;
    const isAgain = state === 'connecting' && this.#lostAtMs !== undefined;
    this.#byId('connection').dataset.state = isAgain ? 'reconnecting' : state;
    this.#write('connection-word', CONNECTION_WORDS[state] ?? (isAgain ? 'Reconnecting' : 'Connecting'));
    this.#showFollow();
  }

  #showFollow() {
    const follow = this.#byId('follow');
    const isLost = this.#lostAtMs !== undefined;
    const word = isLost ? 'Offline' : this.#list.isPaused ? 'Paused' : (FOLLOW_WORDS[this.state] ?? 'Connecting');
    follow.dataset.state = word.toLowerCase();
    follow.title = FOLLOW_TITLES[word] ?? '';
    this.#write('follow-word', word);
    this.#write('follow-key', isLost ? 'r' : 'Space');
    this.#showDock();
  }

  /** Under the list, so that it never covers a line: what came during a pause, or what the connection is doing. */
  #showDock() {
    const dock = this.#byId('dock');
    const trouble = this.#trouble();
    dock.hidden = trouble === undefined && !this.#list.isPaused;
    if (dock.hidden) return;
    dock.dataset.state = trouble === undefined ? 'paused' : 'offline';
    const { word, text, hint = '', button } = trouble ?? this.#pause();
    this.#write('dock-word', word);
    this.#write('dock-text', text);
    this.#write('dock-hint', hint);
    this.#write('dock-button', button);
  }

  #trouble() {
    const { state, code, tries, untilMs, why } = this.#connection;
    if (state === 'refused') {
      // A mistake in the search is told at the search.
      if (code === 'bad_filter') return undefined;
      return { word: 'The hub refuses this page.', text: sentence(why), button: 'Try now' };
    }
    if (this.#lostAtMs === undefined) return undefined;
    const left = Math.max(0, Math.ceil((untilMs - Date.now()) / 1000));
    const plan = state === 'waiting' ? `${sentence(why)} Trying again in ${left} s (${nth(tries)}).` : 'Trying now.';
    return { word: 'Connection to the hub lost.', text: `${plan} What you see stays.`, button: 'Try now' };
  }

  #pause() {
    const { lines, errors, warnings } = this.#list.since;
    const parts = [counted(lines, 'new line')];
    if (errors > 0) parts.push(counted(errors, 'error'));
    if (warnings > 0) parts.push(counted(warnings, 'warning'));
    return { word: 'Paused', text: parts.join(' · '), hint: 'Scroll down, G or', button: 'Resume' };
  }

  #showFigures() {
    this.#write('rate', figure(this.#meter.perSecond));
    if (!this.#byId('dock').hidden) this.#showDock();
    if (!this.#rowsAreNew) return;
    this.#rowsAreNew = false;
    const { lines, errors, warnings, instances } = this.#list.counts;
    this.#showCount('shown', lines, 'line');
    this.#showCount('instances', instances, 'instance');
    this.#showCount('errors', errors, 'error');
    this.#showCount('warnings', warnings, 'warning');
    this.#byId('errors').hidden = errors === 0;
    this.#byId('warnings').hidden = warnings === 0;
  }

  #showCount(id, count, word) {
    const [number, unit] = this.#byId(id).children;
    number.textContent = figure(count);
    unit.textContent = count === 1 ? word : `${word}s`;
  }

  #showEmpty() {
    const isRefused = this.state === 'refused';
    if (!this.#list.isEmpty) return;
    const isFiltered = this.#selection.q !== undefined || this.#selection.level !== undefined;
    this.#byId('empty').hidden = false;
    this.#byId('empty-clear').hidden = !isFiltered;
    this.#byId('empty-help').hidden = isFiltered || isRefused;
    if (isRefused) {
      this.#write('empty-title', 'Nothing is streamed');
      this.#write('empty-text', isFiltered ? 'The search has to be mended or cleared.' : 'The hub refuses this page.');
    } else if (isFiltered) {
      this.#write('empty-title', 'No line matches');
      this.#write(
        'empty-text',
        'None of the lines that the hub holds. New lines that match appear here as they arrive.',
      );
    } else {
      this.#write('empty-title', 'No lines yet');
      this.#write('empty-text', 'The hub is up and nothing has reached it. Lines appear here as they arrive.');
    }
  }

  /** Only what changed is written: text that is written again loses what is marked in it. */
  #write(id, text) {
    const element = this.#byId(id);
    if (element.textContent !== text) element.textContent = text;
  }
}

function sentence(text) {
  return `${text[0].toUpperCase()}${text.slice(1)}${text.endsWith('.') ? '' : '.'}`;
}
