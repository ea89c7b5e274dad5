/** How numbers, times and states read on the page. */

const THIN_SPACE = '\u2009';

/** `76 195` with a thin space. */
export function figure(n) {
  return String(Math.round(n)).replace(/\B(?=(\d{3})+$)/g, THIN_SPACE);
}

/** `1 line`, `132 lines`. */
export function counted(n, one, many = `${one}s`) {
  return `${figure(n)} ${n === 1 ? one : many}`;
}

/** `8 s`, `4 min 33 s`, `2 h 5 min`. */
export function span(ms) {
  const seconds = Math.max(0, Math.round(ms / 1000));
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return seconds % 60 === 0 ? `${minutes} min` : `${minutes} min ${seconds % 60} s`;
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** `02:40:52.113` in the browser's time zone; a dash for what is no date. */
export function clock(date) {
  if (Number.isNaN(date.getTime())) return '–';
  return `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}.${String(date.getMilliseconds()).padStart(3, '0')}`;
}

function two(n) {
  return n < 10 ? `0${n}` : String(n);
}

/** `12 KB` of so many characters. */
export function size(chars) {
  return chars < 1000 ? counted(chars, 'character') : `${figure(chars / 1000)} KB`;
}

/** `third try`, `try 12`. */
export function nth(tries) {
  const word = ['first', 'second', 'third', 'fourth', 'fifth'][tries - 1];
  return word === undefined ? `try ${tries}` : `${word} try`;
}

const BUS = {
  connecting: ['connecting', 'wait'],
  connected: ['connected', 'fine'],
  stalled: ['silent for longer than usual', 'wait'],
  auth_failed: ['refuses the token', 'bad'],
  disconnected: ['disconnected', 'bad'],
  stopped: ['stopped', 'bad'],
};

/** The bus in words, and how bad that is. A state that this page does not know yet is shown as it is. */
export function busWords(name, state) {
  const [words, mood] = BUS[state] ?? [String(state), 'wait'];
  return { text: `${name === 'fly' ? 'Fly bus' : name} ${words}`, mood };
}

const GAP_REASONS = {
  lagged: 'this page fell behind, and the hub went on without it',
  expired: 'the hub no longer holds them',
  other_hub: 'another hub answers at this address now, and it does not know them',
};

/** What a hole in the stream says: its first sentence, and why. */
export function gapWords({ count, reason }, isFiltered) {
  const why = GAP_REASONS[reason] ?? String(reason ?? 'no reason was given');
  if (count === null || count === undefined) {
    const restarted = reason === 'expired' ? 'the hub has restarted, and it keeps no lines from before' : why;
    return { head: 'Events may be missing here:', why: restarted };
  }
  const are = count === 1 ? '1 event is missing here:' : `${figure(count)} events are missing here:`;
  return { head: are, why: isFiltered && count > 0 ? `${why} (counted before the search)` : why };
}
