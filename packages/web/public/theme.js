// Runs before the first paint: the theme that was chosen in this browser. A file of its own and no module, since the content
// policy forbids inline scripts, and a module would run after the first paint. src/app/settings.ts writes what is read here.
try {
  const { theme } = JSON.parse(localStorage.getItem('flywatch.settings') ?? '{}');
  if (theme === 'dark' || theme === 'light') document.documentElement.dataset.theme = theme;
} catch {
  // Storage is switched off, or holds what is not ours: then the theme is the system's.
}
