import { Logs } from './logs.jsx';

/** Rendered on the server; the stream begins in the browser. */
export default function Page() {
  return <Logs hub={process.env.NEXT_PUBLIC_FLYWATCH_URL ?? 'http://localhost:8080'} />;
}
