/** One try of a check, from the name to the end of the body, within one deadline. */

import type { Answer } from './answer-reader.ts';
import type { CheckSpec, Observation } from './check.ts';
import { CheckFailure, failureOf } from './check-failure.ts';
import { type ConnectionOptions, connect, type Findings } from './connection.ts';
import { exchange } from './exchange.ts';
import type { NameLookup } from './name-lookup.ts';
import { PhaseClock } from './phases.ts';

/** Statuses that send elsewhere, and those of them that turn any method into GET. */
const REDIRECTS: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);
const TURN_TO_GET: ReadonlySet<number> = new Set([301, 302, 303]);

/** Headers that are for one host and not for where it sends us. */
const FOR_ONE_HOST: ReadonlySet<string> = new Set(['authorization', 'cookie', 'proxy-authorization']);

/** What a try finds; it never throws for what the world does. `stop` ends it before its deadline. */
export async function probe(spec: CheckSpec, lookup: NameLookup, stop?: AbortSignal): Promise<Observation> {
  const clock = new PhaseClock();
  const deadline = new AbortController();
  const timer = setTimeout(() => {
    deadline.abort(new CheckFailure('timeout', `Timeout after ${spec.timeoutMs / 1000}s, ${clock.doing}`));
  }, spec.timeoutMs);
  const findings: Findings = { connected: false, address: undefined, certificateMs: undefined };
  const { family, insecure, ca } = spec;
  // Not AbortSignal.any: what listens to one is held for as long as `stop` lives, which is as long as the agent does.
  const onStop = () => deadline.abort(stop?.reason);
  stop?.addEventListener('abort', onStop, { once: true });
  if (stop?.aborted === true) onStop();
  const { signal } = deadline;
  const deadlineMs = performance.now() + spec.timeoutMs;
  const options: ConnectionOptions = { family, insecure, ca, lookup, clock, signal, deadlineMs };
  let answer: Answer | undefined;
  let error: Observation['error'];
  try {
    // A lookup cannot be called off; the deadline does not wait for it.
    answer = await Promise.race([run(spec, options, findings), aborted(signal)]);
  } catch (thrown) {
    const { kind, message } = failureOf(thrown, 'protocol');
    error = { kind, message };
  } finally {
    clearTimeout(timer);
    stop?.removeEventListener('abort', onStop);
  }
  clock.end();
  return {
    ...findings,
    phases: clock.read(),
    statusCode: answer?.statusCode,
    body: answer?.body,
    bodyCut: answer?.bodyCut ?? false,
    error,
  };
}

async function run(spec: CheckSpec, options: ConnectionOptions, findings: Findings): Promise<Answer | undefined> {
  if (spec.protocol === 'http' || spec.protocol === 'https') return followRedirects(spec, options, findings);
  const wire = await connect(spec.target, options, findings);
  wire.close();
  return undefined;
}

async function followRedirects(spec: CheckSpec, options: ConnectionOptions, findings: Findings): Promise<Answer> {
  const keepBody = spec.expect.some(({ needsBody }) => needsBody);
  let { target, method, headers, body } = spec;
  for (let hops = 0; ; hops++) {
    if (hops > 0) options.clock.nextHop();
    const wire = await connect(target, options, findings);
    const answer = await exchange(wire, { target, method, headers, body, keepBody }, options.clock);
    const { statusCode, location } = answer;
    if (spec.redirects === 0 || location === undefined || !REDIRECTS.has(statusCode)) return answer;
    if (hops === spec.redirects) throw new CheckFailure('redirects', `more than ${spec.redirects} redirects`);
    const next = URL.parse(location, target.href);
    if (next === null || !['http:', 'https:'].includes(next.protocol)) {
      throw new CheckFailure(
        'redirects',
        `a redirect to ${JSON.stringify(location.slice(0, 100))}, which is no web address`,
      );
    }
    if (next.origin !== target.origin) {
      headers = Object.fromEntries(Object.entries(headers).filter(([name]) => !FOR_ONE_HOST.has(name)));
    }
    if (TURN_TO_GET.has(statusCode) && method !== 'HEAD') [method, body] = ['GET', undefined];
    target = next;
  }
}

function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    if (signal.aborted) reject(signal.reason);
    else signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
}
