/** One request over HTTP, within a time and a size. What the network does to it is reported and not thrown. */

export interface AnswerBounds {
  readonly requestTimeoutMs: number;
  readonly maxAnswerBytes: number;
}

export interface Answer {
  readonly status: number;
  /** What `Retry-After` asks for; 0 where it does not. */
  readonly retryAfterMs: number;
  /** Empty where the status is not 200: nobody reads it. */
  readonly text: string;
}

/** Throws only what `signal` was aborted with. */
export async function readAnswer(
  url: string,
  authorization: string,
  bounds: AnswerBounds,
  signal: AbortSignal,
): Promise<Answer | { readonly failed: string }> {
  const limit = AbortSignal.timeout(bounds.requestTimeoutMs);
  try {
    const response = await fetch(url, {
      headers: { authorization, accept: 'application/json', 'user-agent': 'flywatch' },
      // Followed, a redirect to a page for people would look like an answer.
      redirect: 'manual',
      signal: AbortSignal.any([signal, limit]),
    });
    const { status } = response;
    const retryAfterMs = parseRetryAfter(response.headers.get('retry-after'), Date.now());
    if (status === 200) return { status, retryAfterMs, text: await readText(response, bounds.maxAnswerBytes) };
    await response.body?.cancel();
    return { status, retryAfterMs, text: '' };
  } catch (error) {
    if (signal.aborted) throw error;
    if (limit.aborted) return { failed: `no answer within ${bounds.requestTimeoutMs / 1000} s` };
    return { failed: describe(error) };
  }
}

/** Bytes are counted as they come out of the unpacking, so that a small answer cannot become a large one. */
async function readText(response: Response, maxBytes: number): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of response.body ?? []) {
    bytes += chunk.byteLength;
    // Leaving the loop cancels the rest of the answer.
    if (bytes > maxBytes) throw new RangeError(`an answer of more than ${maxBytes} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks, bytes).toString('utf8');
}

/** `fetch failed` says nothing; its cause does. */
function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { cause } = error;
  if (!(cause instanceof Error)) return error.message;
  return cause.message === '' ? ((cause as NodeJS.ErrnoException).code ?? cause.name) : cause.message;
}

/** Seconds, or a date. */
function parseRetryAfter(value: string | null, nowMs: number): number {
  if (value === null) return 0;
  const ms = /^\s*\d+\s*$/.test(value) ? Number(value) * 1000 : Date.parse(value) - nowMs;
  return ms > 0 ? ms : 0;
}
