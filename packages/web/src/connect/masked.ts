/** Characters of a token that are shown: what kind it is, and enough to tell one from another. */
const SHOWN_CHARS = 8;

/** A token as it may stand on a screen that others see too. */
export function masked(token: string): string {
  return `${token.slice(0, SHOWN_CHARS)}${'•'.repeat(12)}`;
}
