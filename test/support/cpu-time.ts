/** What work costs this thread on a CPU, in milliseconds: what else the machine has to do meanwhile is no part of it. */
export function cpuMsOf(work: () => void): number {
  const before = process.threadCpuUsage();
  work();
  const { user, system } = process.threadCpuUsage(before);
  return (user + system) / 1000;
}
