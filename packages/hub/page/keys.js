/** Single keys, silent while somebody types. */

/**
 * @param isSilent - whether keys do nothing right now.
 * @param actions - what each key does.
 */
export function listenToKeys(isSilent, actions) {
  document.addEventListener('keydown', (event) => {
    const { key, target } = event;
    if (event.ctrlKey || event.metaKey || event.altKey || isSilent() || !Object.hasOwn(actions, key)) return;
    if (target.closest('input, select, textarea') !== null) return;
    // A button that has the focus takes these two itself.
    if ((key === ' ' || key === 'Enter') && target.closest('button, a') !== null) return;
    event.preventDefault();
    actions[key]();
  });
}
