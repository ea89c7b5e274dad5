/** The search box and the level: what they say goes to the hub as typed, and stands in the address to be shared. */

/** After the last keystroke: short enough to feel live, long enough not to ask the hub for each letter. */
const TYPING_MS = 400;

/** @param onSearch - called with `{ q, level }`, each absent where nothing is chosen. */
export function createSearch(byId, onSearch) {
  const q = byId('q');
  const level = byId('level');
  const form = byId('search');
  const clearButton = byId('clear');
  const mistake = byId('q-error');
  let typing;

  const fromBoxes = () => {
    const text = q.value.trim();
    return { ...(text !== '' && { q: text }), ...(level.value !== '' && { level: level.value }) };
  };
  const sayMistake = (text) => {
    mistake.hidden = text === '';
    mistake.textContent = text;
    q.setAttribute('aria-invalid', String(text !== ''));
    form.classList.toggle('has-mistake', text !== '');
  };
  const changed = () => {
    clearButton.hidden = q.value === '';
    sayMistake('');
  };
  const run = () => {
    clearTimeout(typing);
    onSearch(fromBoxes());
  };

  q.addEventListener('input', () => {
    changed();
    clearTimeout(typing);
    typing = setTimeout(run, TYPING_MS);
  });
  q.addEventListener('keydown', ({ key }) => key === 'Escape' && q.blur());
  level.addEventListener('change', run);
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    run();
  });
  clearButton.addEventListener('click', () => {
    q.value = '';
    changed();
    run();
    q.focus();
  });

  return {
    fromBoxes,
    sayMistake,
    focus: () => {
      q.focus();
      q.select();
    },
    clear: () => {
      q.value = '';
      level.value = '';
      changed();
      run();
    },
    /** Fills the boxes from the address; a level that the page does not offer counts as none. */
    fromAddress: () => {
      const parameters = new URLSearchParams(location.search);
      q.value = parameters.get('q') ?? '';
      level.value = parameters.get('level') ?? '';
      if (level.selectedIndex === -1) level.value = '';
      changed();
      return fromBoxes();
    },
    toAddress: (selection) => {
      const parameters = new URLSearchParams(selection);
      const text = parameters.size === 0 ? '' : `?${parameters}`;
      if (text !== location.search) history.replaceState(null, '', `${location.pathname}${text}`);
      document.title = selection.q === undefined ? 'Flywatch' : `${selection.q} · Flywatch`;
    },
  };
}
