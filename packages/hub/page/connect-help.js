/** How to connect a source, with this hub's address filled in. */

export function createConnectHelp() {
  const help = document.getElementById('connect-template').content.cloneNode(true);
  help.querySelector('.curl').textContent = [
    `curl ${location.origin}/ingest/logs \\`,
    `  -H 'Content-Type: application/json' \\`,
    `  -d '{"app":"shop","level":"info","message":"hello"}'`,
  ].join('\n');
  for (const block of help.querySelectorAll('pre')) addCopyButton(block);
  return help;
}

/** Browsers give the clipboard to pages over HTTPS and on localhost only; elsewhere there is no button. */
function addCopyButton(block) {
  if (navigator.clipboard === undefined) return;
  const button = document.createElement('button');
  button.type = 'button';
  button.className = 'copy';
  button.textContent = 'Copy';
  button.addEventListener('click', async () => {
    await navigator.clipboard.writeText(block.querySelector('code').textContent);
    button.textContent = 'Copied';
    setTimeout(() => {
      button.textContent = 'Copy';
    }, 1500);
  });
  block.append(button);
}
