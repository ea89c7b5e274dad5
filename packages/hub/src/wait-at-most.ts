/**
 * What `work` comes to, or undefined where that takes longer than `patienceMs`. The work goes on all the same: how it ends after that
 * is its own affair, also when it fails.
 */
export async function waitAtMost<T>(work: Promise<T> | undefined, patienceMs: number): Promise<T | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(resolve, patienceMs, undefined);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
