'use client';

import { LogViewer, useLogStream } from '@flywatch/react';
import { useState } from 'react';

/** Asks for the hub's token and keeps it in memory alone; a hub without one takes an empty field. */
export function Logs({ hub }) {
  const [token, setToken] = useState();
  if (token !== undefined) return <Viewer hub={hub} token={token} />;
  return (
    <form action={(form) => setToken(String(form.get('token')))}>
      <label>
        Token of {hub} <input name="token" type="password" autoComplete="off" />
      </label>
      <button type="submit">Show the log</button>
    </form>
  );
}

function Viewer({ hub, token }) {
  const { logs, connected, clear, reconnect } = useLogStream({ url: hub, token });
  return (
    <main>
      <LogViewer logs={logs} connected={connected} onClear={clear} onReconnect={reconnect} />
    </main>
  );
}
