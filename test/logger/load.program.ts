/**
 * Asks an app for orders as fast as it answers, eight at a time; prints how many answers were right, and the slowest in
 * milliseconds.
 */

const [url, count] = [process.argv[2]!, Number(process.argv[3])];
const AT_ONCE = 8;
let next = 0;
let right = 0;
let slowestMs = 0;

async function ask(): Promise<void> {
  while (next < count) {
    const id = next++;
    const startedMs = performance.now();
    const response = await fetch(`${url}/orders/${id}`);
    const { id: got } = (await response.json()) as { id: string };
    slowestMs = Math.max(slowestMs, performance.now() - startedMs);
    if (response.status === 200 && got === String(id)) right++;
  }
}

await Promise.all(Array.from({ length: AT_ONCE }, ask));
process.stdout.write(JSON.stringify({ right, slowestMs }));
