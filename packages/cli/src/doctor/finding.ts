/** What a check of `flywatch doctor` has found. */

export interface Finding {
  readonly state: 'good' | 'warning' | 'bad' | 'skipped';
  /** What was looked at, in a word or two. */
  readonly subject: string;
  /** What is so. */
  readonly text: string;
  /** What to do, where something is to be done. */
  readonly remedy?: string;
}

export const good = (subject: string, text: string): Finding => ({ state: 'good', subject, text });
export const warning = (subject: string, text: string, remedy: string): Finding => ({
  state: 'warning',
  subject,
  text,
  remedy,
});
export const bad = (subject: string, text: string, remedy: string): Finding => ({
  state: 'bad',
  subject,
  text,
  remedy,
});
export const skipped = (subject: string, text: string): Finding => ({ state: 'skipped', subject, text });
