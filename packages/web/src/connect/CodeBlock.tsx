import { type ReactElement, useState } from 'react';
import { announce } from '../app/announce.ts';
import { CopyIcon, EyeIcon, TickIcon } from '../app/icons.tsx';
import { masked } from './masked.ts';

/** For how long the button says that it has copied. */
const SAID_MS = 1500;

/** Something to type, and a button that copies it. A `secret` in it is shown when asked for, and copied always. */
export function CodeBlock({ code, secret }: { readonly code: string; readonly secret?: string }): ReactElement {
  const [isCopied, setCopied] = useState(false);
  const [isShown, setShown] = useState(false);
  const copy = async () => {
    await navigator.clipboard.writeText(code);
    announce('Copied');
    setCopied(true);
    setTimeout(() => setCopied(false), SAID_MS);
  };
  return (
    <div className={secret === undefined ? 'code-block' : 'code-block has-secret'}>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a long line scrolls, and what scrolls has to be reached by the keyboard. */}
      <pre tabIndex={0}>
        <code>{secret === undefined || isShown ? code : code.replace(secret, masked(secret))}</code>
      </pre>
      {secret !== undefined && (
        <button type="button" className="button code-show" aria-pressed={isShown} onClick={() => setShown(!isShown)}>
          <EyeIcon /> {isShown ? 'Hide token' : 'Show token'}
        </button>
      )}
      {/* Browsers give the clipboard to pages over HTTPS and on localhost only; elsewhere there is no button. */}
      {navigator.clipboard !== undefined && (
        <button type="button" className="button code-copy" onClick={copy}>
          {isCopied ? <TickIcon /> : <CopyIcon />}
          {isCopied ? 'Copied' : 'Copy'}
        </button>
      )}
    </div>
  );
}
