/** A program whose output nobody reads any more, as in `program --help | head -1` once `head` has gone. */

import { spawn } from 'node:child_process';
import { once } from 'node:events';

/**
 * A pipe of the shell, since a child's streams are sockets in Node. The program begins when the other side has ended: until then the
 * named pipe has a writer.
 */
const SCRIPT = `
folder=$(mktemp -d) && mkfifo "$folder/open" || exit 1
{ cat "$folder/open" > /dev/null; exec "$@"; } | { exec > "$folder/open"; }
status=\${PIPESTATUS[0]}
rm -r "$folder"
exit "$status"`;

/** Runs it with a pipe as its standard output whose reader has gone. */
export async function intoClosedPipe(
  command: readonly string[],
  options: { readonly cwd?: string; readonly env?: NodeJS.ProcessEnv } = {},
): Promise<{ status: number | null; stderr: string }> {
  const child = spawn('bash', ['-c', SCRIPT, 'bash', ...command], { stdio: ['ignore', 'ignore', 'pipe'], ...options });
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  const [status] = (await once(child, 'close')) as [number | null];
  return { status, stderr };
}
