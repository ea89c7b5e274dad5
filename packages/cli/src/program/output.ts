/**
 * Standard output. Lines go there and nothing else. Writes wait for a slow reader, so that it slows down the hub's stream and fills
 * no memory here. A reader that has gone, such as `head`, ends the program in silence and with success: it has what it wanted.
 */

/** Ends the program when nobody reads its output any more; to be called once, before anything is written. */
export function endWithReader(): void {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(0);
    process.stderr.write(`the output cannot be written: ${error.message}\n`);
    process.exit(1);
  });
  // Whoever reads notes has gone: what is said to nobody is no reason to end.
  process.stderr.on('error', () => {});
}

/** Writes; resolves when more may be written. Undefined where that is now, which spares most callers a turn of the loop. */
export function write(data: string | Uint8Array): Promise<void> | undefined {
  if (data.length === 0 || process.stdout.write(data)) return undefined;
  return new Promise((resolve) => process.stdout.once('drain', resolve));
}

/** A note about the connection, for people. */
export function note(text: string): void {
  process.stderr.write(`${text}\n`);
}

/** Resolves when all that was written has left the program: `process.exit` would cut it. */
export function flushed(): Promise<void> {
  return new Promise((resolve) => {
    process.stdout.write('', () => resolve());
  });
}
