import type { Instance } from './cast.ts';
import type { Voice } from './envelope.ts';
import type { Moment } from './moment.ts';
import type { Random } from './random.ts';
import type { Shop } from './shop.ts';

/** A line, or how to write it once it is known to the nanosecond when it is said: many lines hold their own time. */
export type Text = string | ((at: Moment) => string);

/** What a scene (a visitor's click, a checkpoint, a deploy) has to work with. Delays count from the scene's moment. */
export interface Stage {
  readonly random: Random;
  readonly shop: Shop;
  /**
   * Says a line as the program's output, unless the program has been stopped by then. Delays are those of a real system
   * and never stretched.
   */
  say(speaker: Instance, text: Text, delayMs?: number): void;
  /** Says a line that init or the platform says of the machine, whether its program runs or not. */
  report(voice: Voice, speaker: Instance, text: Text, delayMs?: number): void;
  /** Says lines in one go, microseconds apart and with nobody between them: a stack trace. */
  sayAtOnce(speaker: Instance, texts: readonly Text[], delayMs?: number): void;
  /** Goes on with the story after so many seconds of story time, which slow traffic stretches. */
  after(storySeconds: number, scene: () => void): void;
}
