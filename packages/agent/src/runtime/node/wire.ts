/** Connections of checks, on Node. */

import { connect as connectSocket, isIP, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import type { SecureOptions, SecureWire, TcpWire, Wire } from '../../checks/wire.ts';

/** Resolves when the connection stands. */
export async function connectWire(address: string, port: number, signal: AbortSignal): Promise<TcpWire> {
  const socket = connectSocket({ host: address, port, noDelay: true });
  await settled(socket, 'connect', signal);
  return { ...wireOf(socket, signal), secure: (options) => secure(socket, options, signal) };
}

async function secure(socket: Socket, { host, ca }: SecureOptions, signal: AbortSignal): Promise<SecureWire> {
  const secured = connectTls({
    socket,
    host,
    ...(isIP(host) === 0 ? { servername: host } : undefined),
    ...(ca === undefined ? undefined : { ca }),
    ALPNProtocols: ['http/1.1'],
    rejectUnauthorized: false,
  });
  await settled(secured, 'secureConnect', signal);
  const why: unknown = secured.authorizationError;
  return {
    ...wireOf(secured, signal),
    problem: secured.authorized ? undefined : String(why instanceof Error ? why.message : why),
    validTo: secured.getPeerCertificate().valid_to,
  };
}

function wireOf(socket: Socket, signal: AbortSignal): Wire {
  const onAbort = () => socket.destroy(signal.reason as Error);
  signal.addEventListener('abort', onAbort, { once: true });
  // An error that nobody waits for is of no interest: the connection is being left.
  socket.on('error', () => {}).on('close', () => signal.removeEventListener('abort', onAbort));
  let pieces: AsyncIterator<Buffer, undefined> | undefined;
  return {
    write: (bytes) => void socket.write(bytes),
    read: async () => {
      pieces ??= (socket as AsyncIterable<Buffer, undefined>)[Symbol.asyncIterator]();
      return (await pieces.next()).value;
    },
    close: () => void socket.destroy(),
  };
}

/** Waits for one event of a socket, which is destroyed where an error or the signal comes first. */
function settled(socket: Socket, event: 'connect' | 'secureConnect', signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = () => {
      signal.removeEventListener('abort', onAbort);
      socket.off(event, onDone).off('error', fail).off('close', onClose);
    };
    const fail = (failure: unknown) => {
      stop();
      // A socket that is given up may still report what happens to it: nobody asks any more.
      socket.on('error', () => {}).destroy();
      reject(failure);
    };
    const onDone = () => {
      stop();
      resolve();
    };
    const onClose = () => fail(new Error('the connection was closed'));
    const onAbort = () => fail(signal.reason);
    socket.once(event, onDone).once('error', fail).once('close', onClose);
    signal.addEventListener('abort', onAbort, { once: true });
    if (signal.aborted) onAbort();
  });
}
