/**
 * The agent as one file, for hosts to fetch from the hub that they will report to. For which machines a file is, its ELF header
 * says and not its name: whoever builds it on two machines puts both into the folder, and no host gets one that it cannot run.
 */

import { open, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { HttpError } from '../errors.ts';
import { AGENT_DOWNLOAD_IDLE_MS, MAX_AGENT_DOWNLOADS, MAX_AGENT_FILES } from '../limits.ts';

/** Machines by ELF's number, each with the names that `uname -m`, Node and Debian have for it. */
const MACHINES: readonly { readonly elf: number; readonly names: readonly string[] }[] = [
  { elf: 62, names: ['x86_64', 'x64', 'amd64'] },
  { elf: 183, names: ['aarch64', 'arm64'] },
];

const PREFIX = 'flywatch-agent';

export class AgentFiles {
  readonly #folder: string | undefined;
  #downloads = 0;

  /** @param folder - of the built files; looked into at each request, so that a file built later is found */
  constructor(folder: string | undefined) {
    this.#folder = folder;
  }

  /** Machines that there is a file for, by their first names. */
  async machines(): Promise<string[]> {
    const found = await Promise.all((await this.#paths()).map(machineOf));
    return MACHINES.filter(({ elf }) => found.includes(elf)).map(({ names }) => names[0]!);
  }

  /** Answers with the file for `platform`, such as `linux-x86_64`; from disk to socket, never as a whole in memory. */
  async send(platform: string, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const path = await this.#find(platform);
    if (request.method === 'HEAD') return reply.headers(headersOf((await stat(path)).size)).send();
    if (this.#downloads >= MAX_AGENT_DOWNLOADS) {
      throw new HttpError(
        'overloaded',
        `${MAX_AGENT_DOWNLOADS} hosts are fetching the agent, as many as the hub serves`,
        {
          headers: { 'retry-after': '30' },
        },
      );
    }
    this.#downloads++;
    reply.raw.once('close', () => {
      this.#downloads--;
    });
    // Node cuts the socket then, and sets another limit when the answer is out.
    request.raw.socket.setTimeout(AGENT_DOWNLOAD_IDLE_MS);
    // Size and contents of one and the same file: a build may put another one in its place meanwhile.
    const file = await open(path);
    const { size } = await file.stat();
    return reply.headers(headersOf(size)).send(file.createReadStream());
  }

  async #find(platform: string): Promise<string> {
    const [, wanted] = /^linux-(\w+)$/.exec(platform) ?? [];
    const elf = MACHINES.find(({ names }) => wanted !== undefined && names.includes(wanted))?.elf;
    for (const path of elf === undefined ? [] : await this.#paths()) {
      if ((await machineOf(path)) === elf) return path;
    }
    throw new HttpError('no_agent_file', await this.#missingText(platform));
  }

  async #missingText(platform: string): Promise<string> {
    const machines = await this.machines();
    const has = machines.length === 0 ? 'none' : machines.map((machine) => `linux-${machine}`).join(' and ');
    return `this hub has no agent for ${JSON.stringify(platform.slice(0, 40))} (it has ${has}); in the checkout that the hub runs from, "npm run build:agent" makes one for its own kind of machine, and "npm run build:agent -- --target linux-arm64" (or linux-x64) for another`;
  }

  async #paths(): Promise<string[]> {
    const folder = this.#folder;
    if (folder === undefined) return [];
    // Never built: no folder.
    const names = await readdir(folder).catch(() => []);
    return names
      .filter((name) => name.startsWith(PREFIX))
      .sort()
      .slice(0, MAX_AGENT_FILES)
      .map((name) => join(folder, name));
  }
}

function headersOf(bytes: number) {
  return {
    'content-type': 'application/octet-stream',
    'content-length': bytes,
    'content-disposition': `attachment; filename="${PREFIX}"`,
  };
}

/** The machine that a program is for, by ELF's number; undefined for what is no program of Linux. */
async function machineOf(path: string): Promise<number | undefined> {
  const file = await open(path).catch(() => undefined);
  if (file === undefined) return undefined;
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(20), 0, 20, 0);
    const isElf = bytesRead === 20 && buffer.readUInt32BE(0) === 0x7f454c46;
    return isElf ? buffer.readUInt16LE(18) : undefined;
  } catch {
    // A folder, say.
    return undefined;
  } finally {
    await file.close();
  }
}
