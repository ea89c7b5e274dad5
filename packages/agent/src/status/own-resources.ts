/** What the agent itself takes from the host that it watches. */

import { HostFiles } from '../collectors/host-files.ts';

export interface OwnResources {
  readonly pid: number;
  readonly uptimeSeconds: number;
  /** Resident: what `ps` shows, the program's own code included. */
  readonly rssBytes: number;
  /** Shared pages divided by those who share them. Undefined where the kernel does not say. */
  readonly pssBytes: number | undefined;
  /** What would be free without it. */
  readonly privateBytes: number | undefined;
  readonly cpuSeconds: number;
}

export function ownResources(): OwnResources {
  const text = new HostFiles().read('/proc/self/smaps_rollup') ?? '';
  const bytesOf = (name: string) => {
    const kilobytes = new RegExp(`^${name}: +(\\d+) kB`, 'm').exec(text)?.[1];
    return kilobytes === undefined ? undefined : Number(kilobytes) * 1024;
  };
  const [clean, dirty] = [bytesOf('Private_Clean'), bytesOf('Private_Dirty')];
  const { user, system } = process.cpuUsage();
  return {
    pid: process.pid,
    uptimeSeconds: process.uptime(),
    rssBytes: process.memoryUsage.rss(),
    pssBytes: bytesOf('Pss'),
    privateBytes: clean === undefined || dirty === undefined ? undefined : clean + dirty,
    cpuSeconds: (user + system) / 1e6,
  };
}
