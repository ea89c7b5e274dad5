/**
 * The demo script: an endless run of demo lines on a clock of its own. The same options give the same lines to the byte.
 *
 * There are two drives. The story (deploys, the incident) happens at set times. All else is paid for: a pacer stands at
 * the moment up to which the asked rate is used up; whenever nothing is due before it, a visitor clicks or something
 * in the background happens, and each line so said, the story's included, moves the pacer on by one line's time.
 *
 *     agenda:  line line   act    line                       (earliest first)
 *     ─────────────────────────────┬───────────────────────▶ virtual time
 *                                pacer: spawn a scene here when the agenda has nothing earlier
 *
 * So the rate is kept however many lines a scene has, and lines of different scenes interleave as they do in life.
 */

import { Agenda } from './agenda.ts';
import { playBackground } from './background.ts';
import type { Instance } from './cast.ts';
import { APP, createEnvelope, type DemoEnvelope, type Voice } from './envelope.ts';
import { Moment } from './moment.ts';
import { Random } from './random.ts';
import { Shop } from './shop.ts';
import type { Stage, Text } from './stage.ts';
import { beginStory } from './story.ts';
import { Visitors } from './visitors.ts';

export interface DemoScriptOptions {
  /** Any number; whole numbers below 2^32 all give different scripts. */
  readonly seed: number;
  /** Where the virtual clock starts, in milliseconds since 1970. */
  readonly startMs: number;
  /**
   * Lines a second on average.
   * @defaultValue 5
   */
  readonly ratePerSecond?: number;
}

export interface DemoScript {
  /** When the next line is due, in milliseconds since 1970, with a fraction. */
  readonly nextTimeMs: number;
  /** The next line. Times grow with every line. */
  next(): DemoEnvelope;
  /** Sets the virtual clock so that the next line is due at `timeMs`; the story goes on where it was. */
  moveTo(timeMs: number): void;
}

const DEFAULT_DEMO_RATE = 5;

export function createDemoScript(options: DemoScriptOptions): DemoScript {
  return new RunningScript(options);
}

const NS_PER_MS = 1e6;
const NS_PER_SECOND = 1e9;

/** The rate for which the story's times are meant. At a lower one they stretch, else an incident would be all there is. */
const STORY_RATE = 5;

/** Parts of the story come late by up to this much, or they would all stand on whole seconds. */
const STORY_JITTER_SECONDS = 0.6;

/** A visitor does something every eight seconds or so, which makes some 2.5 lines; the rest is background. */
const VISITORS_PER_LINE_A_SECOND = 2;
const MIN_VISITORS = 8;
/** At 100,000 lines a second visitors may well click faster; a crowd of this size shows no pattern. */
const MAX_VISITORS = 4000;

/** Lines of one outburst (a stack trace) are so far apart. */
const OUTBURST_MIN_NS = 4_000;
const OUTBURST_MAX_NS = 38_000;

/** The pace swells and falls by so much in so long, for a histogram that is no plank. */
const SWELL_SHARE = 0.15;
/** At higher rates it does not: then somebody is measuring. */
const MAX_SWELLING_RATE = 200;
const SWELL_NS = 90 * NS_PER_SECOND;

/**
 * Share of scenes that are visitors', and how far day and night move it. At night the shop's own timers and probes fill
 * in: the number of lines stays what was asked for, since somebody may be measuring with it.
 */
const VISITOR_SHARE = 0.62;
const VISITOR_EBB = 0.2;
/** Hour, in UTC, of the most visitors. */
const BUSIEST_HOUR = 18;

type Item =
  | {
      readonly kind: 'line';
      readonly speaker: Instance;
      readonly voice: Voice;
      readonly text: Text;
      readonly needsProgram: boolean;
    }
  | { readonly kind: 'outburst'; readonly speaker: Instance; readonly texts: readonly Text[] }
  | { readonly kind: 'scene'; readonly play: () => void };

interface DueLine {
  readonly atNs: number;
  readonly speaker: Instance;
  readonly voice: Voice;
  readonly text: Text;
}

class RunningScript implements DemoScript, Stage {
  readonly random: Random;
  readonly shop = new Shop();
  readonly #visitors: Visitors;
  readonly #agenda = new Agenda<Item>();
  readonly #moment = new Moment();
  readonly #gapNs: number;
  readonly #storySecondNs: number;
  readonly #swellShare: number;
  #startMs: number;
  /** All times below are nanoseconds after `#startMs`. */
  #pacerNs = 0;
  /** The moment of the scene that is being played: what its delays count from. */
  #sceneNs = 0;
  #lastNs = -1;
  /** Factor on the gap between lines at the moment. */
  #tempo = 1;
  #due: DueLine | undefined;
  /** What is left of an outburst; nobody else speaks before it is empty. */
  #outburst: DueLine[] = [];

  constructor({ seed, startMs, ratePerSecond = DEFAULT_DEMO_RATE }: DemoScriptOptions) {
    if (!(ratePerSecond > 0)) throw new RangeError(`ratePerSecond is ${ratePerSecond}; it must be more than 0`);
    this.random = new Random(seed);
    this.#startMs = Math.floor(startMs);
    this.#gapNs = NS_PER_SECOND / ratePerSecond;
    this.#storySecondNs = NS_PER_SECOND * Math.max(1, STORY_RATE / ratePerSecond);
    this.#swellShare = ratePerSecond > MAX_SWELLING_RATE ? 0 : SWELL_SHARE;
    const crowd = Math.round(ratePerSecond * VISITORS_PER_LINE_A_SECOND);
    this.#visitors = new Visitors(this, Math.min(MAX_VISITORS, Math.max(MIN_VISITORS, crowd)));
    beginStory(this);
  }

  get nextTimeMs(): number {
    return this.#startMs + this.#peek().atNs / NS_PER_MS;
  }

  next(): DemoEnvelope {
    const { atNs, speaker, voice, text } = this.#peek();
    this.#due = undefined;
    this.#lastNs = atNs;
    this.#moment.set(this.#startMs, atNs);
    const message = typeof text === 'string' ? text : text(this.#moment);
    return createEnvelope(speaker, voice, message, this.#moment.rfc3339);
  }

  moveTo(timeMs: number): void {
    this.#startMs += Math.ceil(timeMs - this.nextTimeMs);
  }

  say(speaker: Instance, text: Text, delayMs = 0): void {
    this.#add(APP, speaker, text, delayMs, true);
  }

  report(voice: Voice, speaker: Instance, text: Text, delayMs = 0): void {
    this.#add(voice, speaker, text, delayMs, false);
  }

  #add(voice: Voice, speaker: Instance, text: Text, delayMs: number, needsProgram: boolean): void {
    // Nothing in life happens on a whole millisecond.
    const atNs = Math.floor(this.#sceneNs + delayMs * NS_PER_MS + this.random.unit() * NS_PER_MS * 0.2);
    this.#agenda.add(atNs, { kind: 'line', speaker, voice, text, needsProgram });
    this.#pay(1);
  }

  sayAtOnce(speaker: Instance, texts: readonly Text[], delayMs = 0): void {
    this.#agenda.add(Math.floor(this.#sceneNs + delayMs * NS_PER_MS), { kind: 'outburst', speaker, texts });
    this.#pay(texts.length);
  }

  after(storySeconds: number, play: () => void): void {
    const seconds = storySeconds + STORY_JITTER_SECONDS * this.random.unit();
    this.#agenda.add(Math.floor(this.#sceneNs + seconds * this.#storySecondNs), { kind: 'scene', play });
  }

  #pay(lines: number): void {
    this.#pacerNs += lines * this.#gapNs * this.#tempo;
  }

  #peek(): DueLine {
    this.#due ??= this.#find();
    return this.#due;
  }

  #find(): DueLine {
    const rest = this.#outburst.pop();
    if (rest !== undefined) return this.#inOrder(rest);
    for (;;) {
      while (this.#agenda.nextNs > this.#pacerNs) this.#spawn();
      const { atNs, what } = this.#agenda.take()!;
      if (what.kind === 'line') {
        const { speaker, voice, text } = what;
        if (what.needsProgram && !this.shop.isUp(speaker)) continue;
        return this.#inOrder({ atNs, speaker, voice, text });
      }
      if (what.kind === 'outburst') return this.#burst(atNs, what.speaker, what.texts);
      this.#sceneNs = atNs;
      what.play();
    }
  }

  #spawn(): void {
    const paidNs = this.#pacerNs;
    this.#sceneNs = paidNs;
    const swell = 1 + this.#swellShare * Math.sin((2 * Math.PI * paidNs) / SWELL_NS);
    this.#tempo = ((0.5 + this.random.unit()) * swell) / this.shop.weather.bustle;
    if (this.random.chance(this.#visitorShare())) this.#visitors.click();
    else playBackground(this);
    // A scene may turn out to have nothing to say, as when all machines of an app are stopped: a line's time of silence.
    if (this.#pacerNs === paidNs) this.#pay(1);
  }

  #visitorShare(): number {
    const hour = ((this.#startMs + this.#pacerNs / NS_PER_MS) / 3_600_000) % 24;
    return VISITOR_SHARE + VISITOR_EBB * Math.cos((2 * Math.PI * (hour - BUSIEST_HOUR)) / 24);
  }

  #burst(atNs: number, speaker: Instance, texts: readonly Text[]): DueLine {
    let lineNs = atNs;
    const lines = texts.map((text) => {
      lineNs += this.random.between(OUTBURST_MIN_NS, OUTBURST_MAX_NS);
      return { atNs: lineNs, speaker, voice: APP, text };
    });
    this.#outburst = lines.reverse();
    return this.#inOrder(this.#outburst.pop()!);
  }

  /** Lines that were due during an outburst come right after it. */
  #inOrder(line: DueLine): DueLine {
    return line.atNs > this.#lastNs ? line : { ...line, atNs: this.#lastNs + 1 };
  }
}
