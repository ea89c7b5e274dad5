/**
 * Asks a NATS server whether it lets somebody in, in the protocol's own words: it sends INFO, gets CONNECT and PING, and answers
 * PONG or -ERR. No subscription is made.
 */

import { connect } from 'node:net';
import { bad, type Finding, good } from './finding.ts';

export interface BusLogin {
  readonly user: string | undefined;
  readonly password: string | undefined;
}

const TIMEOUT_MS = 3_000;

/** What a server says first fits into this; what says more is none. */
const MAX_CHARS = 64 * 1024;

const SUBJECT = 'bus';

export function checkBus(address: string, { user, password }: BusLogin): Promise<Finding> {
  const url = new URL(address.includes('://') ? address : `nats://${address}`);
  const host = url.hostname.replace(/^\[|\]$/g, '');
  const port = Number(url.port || '4222');
  const where = `${url.hostname}:${port}`;
  return new Promise((resolve) => {
    let text = '';
    let isAsked = false;
    const socket = connect({ host, port, timeout: TIMEOUT_MS });
    const end = (finding: Finding) => {
      socket.destroy();
      resolve(finding);
    };
    // The timeout of a socket is about silence; this is about all of it, the lookup of the name included.
    const timer = setTimeout(() => end(silent(where)), TIMEOUT_MS);
    socket.on('close', () => clearTimeout(timer));
    socket.on('error', (error: NodeJS.ErrnoException) => end(unreachable(where, error.code ?? error.message)));
    socket.setEncoding('utf8').on('data', (piece: string) => {
      text += piece;
      if (!isAsked && text.includes('\r\n')) {
        if (!text.startsWith('INFO '))
          return end(bad(SUBJECT, `${where} answers, and is no NATS server`, 'check NATS_URL'));
        isAsked = true;
        const login = user === undefined ? {} : { user, pass: password };
        socket.write(
          `CONNECT ${JSON.stringify({ verbose: false, pedantic: false, name: 'flywatch doctor', lang: 'node', version: '1', ...login })}\r\nPING\r\n`,
        );
      }
      if (text.includes('-ERR')) end(refused(where));
      else if (text.includes('PONG')) end(good(SUBJECT, `${where} lets ${user ?? 'this machine'} in`));
      else if (text.length > MAX_CHARS) end(bad(SUBJECT, `${where} answers, and is no NATS server`, 'check NATS_URL'));
    });
  });
}

function silent(where: string): Finding {
  return bad(SUBJECT, `${where} does not answer within ${TIMEOUT_MS / 1000} s`, TUNNEL);
}

const TUNNEL =
  'the bus of Fly.io is reached from a machine of the organization, or over WireGuard (fly wireguard create) with NATS_URL=nats://[PREFIX::3]:4223';

function unreachable(where: string, code: string): Finding {
  if (code === 'ECONNREFUSED') return bad(SUBJECT, `nothing listens at ${where}`, 'check NATS_URL');
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') return bad(SUBJECT, `there is no host ${where}`, 'check NATS_URL');
  return bad(SUBJECT, `there is no way to ${where} (${code})`, TUNNEL);
}

function refused(where: string): Finding {
  return bad(
    SUBJECT,
    `${where} refuses the login`,
    'check FLY_ORG (the raw slug of fly orgs list) and ACCESS_TOKEN (fly tokens create readonly ORG)',
  );
}
