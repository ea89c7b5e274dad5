/** One field, one button, one explanation. Before sign-in nothing is told of the hub but whether it is well. */

import { type FormEvent, type ReactElement, useEffect, useRef, useState } from 'react';
import { hub } from '../app/hub.ts';
import { EyeIcon, Mark } from '../app/icons.tsx';
import { sessionBegan } from '../app/session.ts';
import { HealthWord } from './HealthWord.tsx';
import { refusalText } from './refusal.ts';
import { Skyline } from './Skyline.tsx';
import './sign-in.css';

/** An answer that takes longer is being held back, or the way is slow: then it is said why. */
const SLOW_MS = 700;

export function SignInPage(): ReactElement {
  const field = useRef<HTMLInputElement>(null);
  const [isShown, setShown] = useState(false);
  const [state, setState] = useState<'idle' | 'asking' | 'slow'>('idle');
  const [refusal, setRefusal] = useState<string>();
  const [refusals, setRefusals] = useState(0);

  useEffect(() => {
    document.title = 'Sign in · Flywatch';
    field.current?.focus();
  }, []);

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    const token = field.current!.value.trim();
    if (token === '' || state !== 'idle') return;
    setState('asking');
    setRefusal(undefined);
    const slow = setTimeout(() => setState('slow'), SLOW_MS);
    try {
      await hub.signIn(token);
      sessionBegan();
    } catch (error) {
      setRefusal(refusalText(error));
      setRefusals((n) => n + 1);
      field.current?.focus();
    } finally {
      clearTimeout(slow);
      setState('idle');
    }
  };

  return (
    <main className="sign-in">
      <HealthWord />
      <form className="sign-in-form" onSubmit={submit}>
        <p className="sign-in-name">
          <Mark size={28} /> Flywatch
        </p>
        <h1>Sign in</h1>
        <p className="sign-in-host">
          to <code>{location.host}</code>
        </p>
        <label htmlFor="token">Access token</label>
        <div className="sign-in-field">
          <input
            id="token"
            ref={field}
            className="field"
            type={isShown ? 'text' : 'password'}
            autoComplete="current-password"
            autoCapitalize="off"
            spellCheck={false}
            required
            aria-invalid={refusal !== undefined}
            aria-describedby="token-said"
          />
          <button
            type="button"
            className="icon-button"
            aria-label="Show the token"
            aria-pressed={isShown}
            onClick={() => setShown(!isShown)}
          >
            <EyeIcon />
          </button>
        </div>
        <p id="token-said" className={refusal === undefined ? 'sign-in-said' : 'sign-in-said is-refusal'} role="status">
          {state === 'slow' && refusals > 0
            ? 'After many wrong tokens the hub takes longer to answer. A right one is not delayed.'
            : state === 'slow'
              ? 'Waiting for the hub'
              : refusal}
        </p>
        <button type="submit" className="button is-primary" disabled={state !== 'idle'}>
          Sign in
        </button>
        <p className="sign-in-why">
          It is the value of <code>AUTH_TOKEN</code> on the hub. It is sent once, then this browser holds a cookie that
          scripts cannot read. It never appears in an address.
        </p>
      </form>
      <Skyline />
    </main>
  );
}
