/**
 * Signing in and out. The token is sent once, in a body; what stays is a cookie that no script can read. All that this
 * browser remembers by itself is that there is something to sign out of.
 */

const SIGNED_IN = 'flywatch.signed-in';

/** @param done - called when the hub has taken the token. */
export function createSignIn(byId, done) {
  const section = byId('sign-in');
  const input = byId('token');
  const mistake = byId('token-error');
  const button = byId('sign-in-button');
  byId('where').textContent = location.host;

  const say = (text) => {
    mistake.textContent = text;
    mistake.hidden = text === '';
    input.setAttribute('aria-invalid', String(text !== ''));
  };
  input.addEventListener('input', () => say(''));
  byId('sign-in-form').addEventListener('submit', async (event) => {
    event.preventDefault();
    button.disabled = true;
    const answer = await postToken(input.value);
    button.disabled = false;
    if (answer !== undefined) {
      say(answer);
      input.focus();
      return;
    }
    input.value = '';
    remember(true);
    section.hidden = true;
    done();
  });
  return {
    show: () => {
      remember(false);
      section.hidden = false;
      input.focus();
    },
  };
}

/** Undefined when it worked, else what to say. */
async function postToken(token) {
  let response;
  try {
    response = await fetch('/session', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ token }),
      credentials: 'same-origin',
    });
  } catch {
    return 'The hub cannot be reached. The token was not sent.';
  }
  if (response.ok) return undefined;
  if (response.status === 401) return 'This token is not the hub’s.';
  const words = await response.json().catch(() => undefined);
  return typeof words?.error === 'string' ? sentence(words.error) : `The hub answered ${response.status}.`;
}

export async function signOut() {
  await fetch('/session', { method: 'DELETE', credentials: 'same-origin' }).catch(() => undefined);
  remember(false);
}

export function isSignedIn() {
  try {
    return localStorage.getItem(SIGNED_IN) !== null;
  } catch {
    // Storage is switched off: then there is no button to sign out, and deleting the cookie does it.
    return false;
  }
}

function remember(signedIn) {
  try {
    if (signedIn) localStorage.setItem(SIGNED_IN, 'yes');
    else localStorage.removeItem(SIGNED_IN);
  } catch {
    // As above.
  }
}

function sentence(text) {
  return `${text[0].toUpperCase()}${text.slice(1)}${text.endsWith('.') ? '' : '.'}`;
}
