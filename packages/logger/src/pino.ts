/**
 * A transport for pino: `pino({ transport: { target: '@flywatch/logger/pino', options: { url, token } } })`. pino runs
 * it in a worker thread. Its lines go to the hub as they are, since hubs know pino's form.
 */

import { Writable } from 'node:stream';
import { Problems } from './destinations/problems.ts';
import { type HubOptions, HubSender } from './hub/hub-sender.ts';

/** Characters of a line without an end; a hub cuts far below that. */
const MAX_LINE_CHARS = 1024 * 1024;

/** The stream that pino writes its lines to. It ends when the hub has them, or after a second without it. */
export default function pinoTransport(options: HubOptions): Writable {
  const sender = new HubSender(options, new Problems());
  const decoder = new TextDecoder();
  let rest = '';
  const take = (text: string) => {
    const end = text.lastIndexOf('\n') + 1;
    const lines = end === 0 ? [] : (rest + text.slice(0, end)).split('\n');
    rest = end === 0 ? rest + text : text.slice(end);
    if (rest.length > MAX_LINE_CHARS) rest = '';
    for (const line of lines) if (line !== '') sender.write(`${line}\n`);
  };
  return new Writable({
    write: (chunk: Uint8Array, _, done) => {
      take(decoder.decode(chunk, { stream: true }));
      done();
    },
    final: (done) => {
      take('\n');
      sender.close().then(() => done(), done);
    },
  });
}
