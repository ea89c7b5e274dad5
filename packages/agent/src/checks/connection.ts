/** A connection as a check needs it: each step timed, each failure named, and a certificate that is looked at also where it is bad. */

import { connectWire } from '#runtime/wire';
import { CheckFailure, failureOf } from './check-failure.ts';
import type { NameLookup } from './name-lookup.ts';
import type { PhaseClock } from './phases.ts';
import type { SecureWire, TcpWire, Wire } from './wire.ts';

export interface ConnectionOptions {
  readonly family: 0 | 4 | 6;
  readonly insecure: boolean;
  readonly ca: string | undefined;
  readonly lookup: NameLookup;
  readonly clock: PhaseClock;
  /** Aborted at the deadline: connections are closed, and what is awaited fails. */
  readonly signal: AbortSignal;
  /** The deadline on the clock of `performance.now()`. */
  readonly deadlineMs: number;
}

/** Port of a URL that names none. */
const PORTS: Readonly<Record<string, number>> = { 'http:': 80, 'https:': 443 };

/** Filled while connecting, so that what was found is not lost where a later step fails. */
export interface Findings {
  connected: boolean;
  address: string | undefined;
  certificateMs: number | undefined;
}

export async function connect(target: URL, options: ConnectionOptions, findings: Findings): Promise<Wire> {
  const host = target.hostname.replace(/^\[(.*)\]$/, '$1');
  const port = target.port === '' ? PORTS[target.protocol]! : Number(target.port);
  options.clock.begin('dns');
  const addresses = await options.lookup.addressesOf(host, options.family);
  options.signal.throwIfAborted();
  options.clock.begin('connect');
  const wire = await connectToOneOf(addresses, port, options, findings);
  if (target.protocol !== 'https:' && target.protocol !== 'tls:') {
    options.clock.end();
    return wire;
  }
  options.clock.begin('tls');
  const secured = await secure(wire, host, options, findings);
  options.clock.end();
  return secured;
}

/** One address after the other. Each gets its share of what time is left, so that a dead IPv6 route does not eat all of it. */
async function connectToOneOf(
  addresses: readonly string[],
  port: number,
  options: ConnectionOptions,
  findings: Findings,
): Promise<TcpWire> {
  let failure = new CheckFailure('dns', 'the name has no address');
  for (const [index, address] of addresses.entries()) {
    const left = options.deadlineMs - performance.now();
    try {
      const wire = await connectTo(address, port, left / (addresses.length - index), options.signal);
      findings.connected = true;
      findings.address = address;
      return wire;
    } catch (error) {
      options.signal.throwIfAborted();
      failure = failureOf(error, 'unreachable');
    }
  }
  throw failure;
}

async function connectTo(address: string, port: number, limitMs: number, signal: AbortSignal): Promise<TcpWire> {
  const ending = new AbortController();
  const timer = setTimeout(
    () => ending.abort(new CheckFailure('unreachable', `no answer from ${address}:${port}`)),
    limitMs,
  );
  // Left on: it ends the connection later, too, and goes with the signal, which is that of one try.
  signal.addEventListener('abort', () => ending.abort(signal.reason), { once: true });
  try {
    return await connectWire(address, port, ending.signal);
  } finally {
    clearTimeout(timer);
  }
}

/** A bad certificate is refused here, where it has been looked at. Nothing is sent before that. */
async function secure(
  wire: TcpWire,
  host: string,
  { ca, insecure }: ConnectionOptions,
  findings: Findings,
): Promise<SecureWire> {
  let secured: SecureWire;
  try {
    secured = await wire.secure({ host, ca });
  } catch (error) {
    wire.close();
    throw failureOf(error, 'tls');
  }
  const { validTo, problem } = secured;
  if (validTo !== undefined) findings.certificateMs = Date.parse(validTo) - Date.now();
  if (problem !== undefined && !insecure) {
    secured.close();
    throw new CheckFailure('certificate', `the certificate is not trusted: ${problem}`);
  }
  return secured;
}
