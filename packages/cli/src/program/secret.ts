/** A secret from whoever runs the program: typed without being shown, or the first line of what is piped in. */

import { CliError, STATUS } from './cli-error.ts';

/** Longer than any token; what is piped in may be the wrong file. */
const MAX_CHARS = 16_384;

const ENTER = /[\r\n]/;
const CTRL_C = '\x03';
const CTRL_D = '\x04';
const ERASE = /[\b\x7f]/;

export async function readSecret(prompt: string): Promise<string | undefined> {
  const { stdin } = process;
  stdin.setEncoding('utf8');
  return stdin.isTTY === true ? typed(prompt) : piped();
}

async function piped(): Promise<string> {
  let text = '';
  for await (const piece of process.stdin) {
    text += piece;
    if (ENTER.test(text.trimStart()) || text.length > MAX_CHARS) break;
  }
  return text.trim().split(ENTER)[0]!.trim();
}

function typed(prompt: string): Promise<string> {
  const { stdin, stderr } = process;
  stderr.write(prompt);
  stdin.setRawMode(true);
  stdin.resume();
  return new Promise((resolve, reject) => {
    let text = '';
    const finish = () => {
      stdin.setRawMode(false);
      stdin.pause();
      stdin.removeListener('data', read);
      stderr.write('\n');
    };
    const read = (piece: string) => {
      for (const char of piece) {
        if (char === CTRL_C) {
          finish();
          reject(new CliError('nothing was saved', STATUS.interrupted));
          return;
        }
        if (ENTER.test(char) || char === CTRL_D) {
          finish();
          resolve(text.trim());
          return;
        }
        if (ERASE.test(char)) text = text.slice(0, -1);
        else if (text.length < MAX_CHARS) text += char;
      }
    };
    stdin.on('data', read);
  });
}
