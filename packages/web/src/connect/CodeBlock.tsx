import { type ReactElement, useState } from 'react';
import { announce } from '../app/announce.ts';
import { CopyIcon, TickIcon } from '../app/icons.tsx';

/** For how long the button says that it has copied. */
const SAID_MS = 1500;

/** Something to type, and a button that copies it. */
export function CodeBlock({ code }: { readonly code: string }): ReactElement {
  const [isCopied, setCopied] = useState(false);
  const copy = async () => {
    await navigator.clipboard.writeText(code);
    announce('Copied');
    setCopied(true);
    setTimeout(() => setCopied(false), SAID_MS);
  };
  return (
    <div className="code-block">
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a long line scrolls, and what scrolls has to be reached by the keyboard. */}
      <pre tabIndex={0}>
        <code>{code}</code>
      </pre>
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
