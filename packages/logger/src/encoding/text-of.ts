/** A text of anything, also of what throws when it is asked for one. */
export function textOf(value: unknown): string {
  try {
    return String(value);
  } catch {
    // No `toString`, or one that throws.
    return Object.prototype.toString.call(value);
  }
}
