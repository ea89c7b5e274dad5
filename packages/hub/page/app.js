/**
 * The page: joins the search, the stream and the list.
 *
 *   address bar ◀─▶ search ─▶ LiveStream ─▶ LogList
 *                                 └─▶ Standing: connection, bus, pause, figures, in words
 */

import { createConnectHelp } from './connect-help.js';
import { listenToKeys } from './keys.js';
import { LiveStream } from './live-stream.js';
import { LogList } from './log-list.js';
import { RateMeter } from './rate-meter.js';
import { createSearch } from './search.js';
import { createSignIn, isSignedIn, signOut } from './sign-in.js';
import { Standing } from './standing.js';
import { gapWords, span } from './words.js';

const byId = (id) => document.getElementById(id);

/** Lines that a new search begins with. */
const TAIL = 500;

const meter = new RateMeter();
const list = new LogList(byId('log'), {
  changed: () => standing.rowsChanged(),
  paused: (isPaused) => standing.pauseChanged(isPaused),
});
const standing = new Standing(byId, list, meter);
const search = createSearch(byId, (selection) => {
  const now = (tried ?? shown)?.selection;
  const isSame = now !== undefined && now.q === selection.q && now.level === selection.level;
  if (!isSame || standing.state === 'refused') connect(selection);
});
const signIn = createSignIn(byId, () => {
  byId('app').hidden = false;
  byId('sign-out').hidden = false;
  for (const attempt of [shown, tried]) {
    if (attempt?.isSignedOut !== true) continue;
    attempt.isSignedOut = false;
    // The same stream goes on where it was: signing in again costs no line.
    attempt.stream.start();
  }
});

/** What is streaming: `{ stream, selection, isSignedOut }`. `tried` is the next one until the hub has taken it. */
let shown;
let tried;
/** The note of the last reconnection, until the stream says whether all is there. */
let reconnection;
/** When the newest line was printed: holes are shown at that time, among lines of that time. */
let newestAt = new Date();

/** Begins a search. What is on screen stays until the hub has taken it: a mistake must not cost the last good search. */
function connect(selection) {
  tried?.stream.stop();
  const parameters = new URLSearchParams({ format: 'flat', tail: String(TAIL), ...selection });
  const attempt = { selection, isSignedOut: false };
  const isWatched = () => attempt === shown || (shown === undefined && attempt === tried);
  attempt.stream = new LiveStream(`/logs/stream?${parameters}`, {
    open: (isResumed) => opened(attempt, isResumed),
    block: (block) => attempt === shown && takeBlock(block),
    state: (state) => isWatched() && standing.setConnection(state, selection),
    refused: (refusal) => refused(attempt, refusal),
  });
  tried = attempt;
  attempt.stream.start();
}

function opened(attempt, isResumed) {
  if (attempt === tried) take(attempt);
  else if (attempt !== shown) return;
  else if (!isResumed) startOver();
  else if (standing.lostAtMs !== undefined) {
    const head = `Reconnected after ${span(Date.now() - standing.lostAtMs)}.`;
    reconnection = { kind: 'back', at: new Date(), head };
    standing.announce(head);
  }
  void askForBus();
}

/** The hub has taken the search: it is the one that is shown from now on. */
function take(attempt) {
  shown?.stream.stop();
  shown = attempt;
  tried = undefined;
  reconnection = undefined;
  list.clear();
  list.resume();
  meter.clear();
  standing.showDemo(false);
  search.sayMistake('');
  search.toAddress(attempt.selection);
}

/** The hub does not know where this page was: it begins again with the newest lines, and says so. */
function startOver() {
  reconnection = undefined;
  list.clear();
  takeGap({ count: null, reason: 'the hub could not tell where this page was, so it begins again' });
}

function refused(attempt, { status, code, message }) {
  if (attempt !== tried && attempt !== shown) return;
  if (status === 401) {
    attempt.isSignedOut = true;
    byId('app').hidden = true;
    signIn.show();
    return;
  }
  const keepsShown = attempt === tried && shown !== undefined;
  if (code === 'bad_filter' || keepsShown) search.sayMistake(message.replace(/^q: /, ''));
  if (keepsShown) tried = undefined;
  else standing.setConnection({ state: 'refused', why: message, code }, attempt.selection);
}

// ---- what the stream says ------------------------------------------------------------------------------------------

function takeBlock(block) {
  if (block.event === 'gap') {
    takeGap(parse(block.data));
    return;
  }
  if (reconnection !== undefined && block.data !== undefined) sayNoneLost();
  if (block.event === 'ping') standing.showBus(parse(block.data)?.sources);
  else if (block.oversize) noteUnreadable('it is larger than this page takes');
  else if (block.event === undefined && block.data !== undefined) takeEvent(block.data);
}

function takeEvent(data) {
  const event = parse(data);
  if (typeof event?.message !== 'string' || typeof event.time !== 'string') {
    noteUnreadable('it is not what an event looks like');
    return;
  }
  meter.take(event.receivedAt);
  newestAt = new Date(event.time);
  standing.showDemo(event.fields?.demo === true);
  list.push(tidy(event), data.length);
}

/** What is no text in a place for text is left out: it would be drawn as something else than it is. */
function tidy(event) {
  for (const name of ['app', 'instance', 'region', 'host', 'provider', 'source']) {
    if (typeof event[name] !== 'string' || event[name] === '') delete event[name];
  }
  if (typeof event.fields !== 'object' || event.fields === null) delete event.fields;
  return event;
}

function takeGap(gap) {
  if (gap === undefined) return;
  reconnection = undefined;
  const { q, level } = shown?.selection ?? {};
  const { head, why } = gapWords(gap, q !== undefined || level !== undefined);
  list.note({ kind: 'gap', at: newestAt, head, text: why });
  standing.announce(`${head} ${why}`);
}

function noteUnreadable(why) {
  list.note({ kind: 'gap', at: newestAt, head: '1 event is not shown here:', text: why });
}

/** The hub resumes without a gap: then everything is there. */
function sayNoneLost() {
  list.note({ ...reconnection, text: 'No line was lost.' });
  reconnection = undefined;
}

function parse(data) {
  try {
    const value = JSON.parse(data);
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    // Not ours: the caller says that something could not be read.
    return undefined;
  }
}

/** Pings tell of the bus; the first may be 12 s away. */
async function askForBus() {
  try {
    const response = await fetch('/metrics', { headers: { accept: 'application/json' }, cache: 'no-store' });
    if (response.ok && standing.state === 'open') standing.showBus((await response.json()).sources);
  } catch {
    // The next ping will tell.
  }
}

// ---- buttons and keys ----------------------------------------------------------------------------------------------

function tryNow() {
  if (standing.state === 'refused') connect(search.fromBoxes());
  else for (const attempt of [shown, tried]) attempt?.stream.tryNow();
}

const isError = ({ level }) => level === 'error' || level === 'fatal';
const help = byId('help');

byId('follow').addEventListener('click', () => {
  if (standing.isStuck) tryNow();
  else if (list.isPaused) list.resume();
  else list.pause();
});
byId('dock-button').addEventListener('click', () => (standing.isStuck ? tryNow() : list.resume()));
byId('errors').addEventListener('click', () => list.step(-1, isError));
byId('warnings').addEventListener('click', () => list.step(-1, ({ level }) => level === 'warn'));
byId('empty-clear').addEventListener('click', () => search.clear());
for (const id of ['open-help', 'demo-help']) byId(id).addEventListener('click', () => help.showModal());
byId('close-help').addEventListener('click', () => help.close());
help.addEventListener('click', ({ target }) => target === help && help.close());
byId('sign-out').addEventListener('click', async () => {
  await signOut();
  location.reload();
});

listenToKeys(() => byId('app').hidden || help.open, {
  '/': () => search.focus(),
  ' ': () => (list.isPaused ? list.resume() : list.pause()),
  g: () => list.toOldest(),
  G: () => list.resume(),
  j: () => list.step(1),
  k: () => list.step(-1),
  e: () => list.step(1, isError),
  E: () => list.step(-1, isError),
  o: () => list.toggleCurrent(),
  Enter: () => list.toggleCurrent(),
  r: tryNow,
  '?': () => help.showModal(),
});
addEventListener('online', tryNow);
document.addEventListener('visibilitychange', () => document.hidden || tryNow());
addEventListener('popstate', () => connect(search.fromAddress()));

// ---- start ---------------------------------------------------------------------------------------------------------

byId('help-body').append(createConnectHelp());
byId('empty-help').append(createConnectHelp());
byId('sign-out').hidden = !isSignedIn();
byId('app').hidden = false;
standing.start();
connect(search.fromAddress());
