import { LogViewer, useLogStream } from '@flywatch/react';
import { useState } from 'react';

/** Where the hub is: said when the app is built. */
const HUB = import.meta.env.VITE_FLYWATCH_URL ?? 'http://localhost:8080';

/** Asks for the hub's token and keeps it in memory alone; a hub without one takes an empty field. */
export function App() {
  const [token, setToken] = useState<string>();
  if (token !== undefined) return <Logs token={token} />;
  return (
    <form action={(form) => setToken(String(form.get('token')))}>
      <label>
        Token of {HUB} <input name="token" type="password" autoComplete="off" />
      </label>
      <button type="submit">Show the log</button>
    </form>
  );
}

function Logs({ token }: { readonly token: string }) {
  const { logs, connected, clear, reconnect } = useLogStream({ url: HUB, token });
  return (
    <main>
      <LogViewer logs={logs} connected={connected} onClear={clear} onReconnect={reconnect} />
    </main>
  );
}
