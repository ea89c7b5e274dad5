/** Says something to those who listen to the page: pauses, gaps, reconnects. Lines themselves are never read out. */

/** After this the same words may be said again; a reader has long begun with them. */
const FORGET_MS = 1000;

let forgetting: ReturnType<typeof setTimeout> | undefined;

/** Politely: what is being read is not interrupted. */
export function announce(text: string): void {
  const place = document.getElementById('announcer');
  if (place === null) return;
  clearTimeout(forgetting);
  place.textContent = text;
  forgetting = setTimeout(() => {
    place.textContent = '';
  }, FORGET_MS);
}
