/** A connection as a check needs it: each step timed, each failure named, and a certificate that is looked at also where it is bad. */

import { connect as connectSocket, isIP, type Socket } from 'node:net';
import { connect as connectTls, type TLSSocket } from 'node:tls';
import type { CheckErrorKind } from './check.ts';
import { CheckFailure, failureOf } from './check-failure.ts';
import type { NameLookup } from './name-lookup.ts';
import type { PhaseClock } from './phases.ts';

export interface ConnectionOptions {
  readonly family: 0 | 4 | 6;
  readonly insecure: boolean;
  readonly ca: string | undefined;
  readonly lookup: NameLookup;
  readonly clock: PhaseClock;
  /** Aborted at the deadline: sockets are destroyed, and what is awaited fails. */
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

export async function connect(target: URL, options: ConnectionOptions, findings: Findings): Promise<Socket> {
  const host = target.hostname.replace(/^\[(.*)\]$/, '$1');
  const port = target.port === '' ? PORTS[target.protocol]! : Number(target.port);
  options.clock.begin('dns');
  const addresses = await options.lookup.addressesOf(host, options.family);
  options.signal.throwIfAborted();
  options.clock.begin('connect');
  const socket = await connectToOneOf(addresses, port, options, findings);
  if (target.protocol !== 'https:' && target.protocol !== 'tls:') {
    options.clock.end();
    return socket;
  }
  options.clock.begin('tls');
  const secured = await secure(socket, host, options, findings);
  options.clock.end();
  return secured;
}

/** One address after the other. Each gets its share of what time is left, so that a dead IPv6 route does not eat all of it. */
async function connectToOneOf(
  addresses: readonly string[],
  port: number,
  options: ConnectionOptions,
  findings: Findings,
): Promise<Socket> {
  let failure = new CheckFailure('dns', 'the name has no address');
  for (const [index, address] of addresses.entries()) {
    const left = options.deadlineMs - performance.now();
    try {
      const socket = await connectTo(address, port, left / (addresses.length - index), options.signal);
      findings.connected = true;
      findings.address = address;
      return socket;
    } catch (error) {
      options.signal.throwIfAborted();
      failure = failureOf(error, 'unreachable');
    }
  }
  throw failure;
}

function connectTo(address: string, port: number, limitMs: number, signal: AbortSignal): Promise<Socket> {
  const socket = connectSocket({ host: address, port, noDelay: true });
  const timer = setTimeout(
    () => socket.destroy(new CheckFailure('unreachable', `no answer from ${address}:${port}`)),
    limitMs,
  );
  return settled(socket, 'connect', 'unreachable', signal).finally(() => clearTimeout(timer));
}

/**
 * Bad certificates are let in, looked at, and refused here: else nobody would learn when they ended. Nothing is sent before that.
 */
async function secure(
  socket: Socket,
  host: string,
  options: ConnectionOptions,
  findings: Findings,
): Promise<TLSSocket> {
  const secured = connectTls({
    socket,
    host,
    ...(isIP(host) === 0 ? { servername: host } : undefined),
    ...(options.ca === undefined ? undefined : { ca: options.ca }),
    ALPNProtocols: ['http/1.1'],
    rejectUnauthorized: false,
  });
  await settled(secured, 'secureConnect', 'tls', options.signal);
  const { valid_to: validTo } = secured.getPeerCertificate();
  if (validTo !== undefined) findings.certificateMs = Date.parse(validTo) - Date.now();
  if (!secured.authorized && !options.insecure) {
    const why = secured.authorizationError;
    secured.destroy();
    throw new CheckFailure(
      'certificate',
      `the certificate is not trusted: ${why instanceof Error ? why.message : why}`,
    );
  }
  return secured;
}

/** Waits for one event of a socket, which is destroyed where an error or the deadline comes first. */
function settled<S extends Socket>(
  socket: S,
  event: 'connect' | 'secureConnect',
  otherwise: CheckErrorKind,
  signal: AbortSignal,
): Promise<S> {
  return new Promise((resolve, reject) => {
    const stop = () => {
      signal.removeEventListener('abort', onAbort);
      socket.off(event, onDone).off('error', onError).off('close', onClose);
    };
    const fail = (failure: unknown) => {
      stop();
      // A socket that is given up may still report what happens to it: nobody asks any more.
      socket.on('error', () => {}).destroy();
      reject(failure);
    };
    const onDone = () => {
      stop();
      resolve(socket);
    };
    const onError = (error: Error) => fail(failureOf(error, otherwise));
    const onClose = () => fail(new CheckFailure(otherwise, 'the connection was closed'));
    const onAbort = () => fail(signal.reason);
    socket.once(event, onDone).once('error', onError).once('close', onClose);
    signal.addEventListener('abort', onAbort, { once: true });
    if (signal.aborted) onAbort();
  });
}
