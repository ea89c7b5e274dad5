/**
 * Groups lines by their forms (`line-form.ts`) into patterns, one by one as they come, after the ideas of Drain (He et al., "Drain: An
 * Online Log Parsing Approach with Fixed Depth Tree", ICWS 2017): forms are first told apart by their number of words and by the first
 * word, and then joined to the group that they share most words with.
 *
 * What is different: where words vary within a group, it is not at once a value. `VM Started`, `VM Paused` and `VM Stopped` are three
 * statements, `Invalid user webmaster` and `Invalid user pgadmin` are one. A place that has had only a few plain words keeps its
 * lines apart; one that has had more of them, or anything that no programmer would write as a word, is a value. So each group knows
 * its variants, and joins them when a place turns out to be a value.
 */

import { lineForm, STAND_IN } from './line-form.ts';

/** Shown in place of a value, as Drain and the public sets of log lines write it. */
export const WILDCARD = '<*>';

/** Share of the words that two lines of one group have in common, at their places. */
const SIMILARITY = 0.6;

/** More words than this at one place are values: verbs of a statement are few, names of users are many. */
const MAX_CHOICES = 4;

/** A word as it stands in a statement: letters, with what surrounds them, or a key with a word. */
const PLAIN_WORD = /^[("'[<]*[A-Za-z_]+(?:[=:][A-Za-z_]*)?[)"'\]>,.:;!]*$/;

/** In `user NAME` the name is a value, however few of them there are. */
const BEFORE_A_NAME = /^users?[:=]?$/i;

/** Groups of one length and first word: a form is compared with each of them. Where there are more, lines are told as left over. */
const MAX_GROUPS_PER_LEAF = 200;

/** Groups in all, some 2 KB each. */
const MAX_GROUPS = 5000;

/** Variants of one group; where there are more, the place with the most words is taken for a value. */
const MAX_VARIANTS = 100;

/** Texts whose place is remembered; all are forgotten when there are more. */
const MAX_REMEMBERED = 20_000;

export interface PatternMinerOptions<T> {
  /** Adds what is known of one form to what is known of another. */
  readonly merge: (into: T, from: T) => void;
}

export interface MinedPattern<T> {
  /** Words, values as `<*>`. */
  readonly pattern: string;
  readonly tally: T;
}

interface Variant<T> {
  readonly form: readonly string[];
  readonly tally: T;
}

/** Where lines of one text were put. */
interface Known<T> {
  readonly form: readonly string[];
  readonly group: Group<T>;
  /** Holds as long as the group's variants are what they were. */
  variants: ReadonlyMap<string, Variant<T>>;
  tally: T;
}

export class PatternMiner<T> {
  readonly #merge: (into: T, from: T) => void;
  readonly #leaves = new Map<string, Group<T>[]>();
  readonly #known = new Map<string, Known<T>>();
  #groups = 0;
  #leftOver: T | undefined;

  constructor({ merge }: PatternMinerOptions<T>) {
    this.#merge = merge;
  }

  /** What belongs to no pattern, since there were too many of them. */
  get leftOver(): T | undefined {
    return this.#leftOver;
  }

  /**
   * Takes the tally of a line, or of all lines with these words, as its own; gives the one in which it now is, which is the same
   * where the line is the first of its kind.
   */
  add(line: string, tally: T): T {
    const known = this.#known.get(line);
    if (known !== undefined) {
      if (known.variants === known.group.variants) this.#merge(known.tally, tally);
      else this.#put(known, tally);
      return known.tally;
    }
    const form = lineForm(line);
    const group = this.#find(form);
    if (group !== undefined) {
      const put = { form, group, variants: group.variants, tally };
      this.#put(put, tally);
      if (this.#known.size >= MAX_REMEMBERED) this.#known.clear();
      this.#known.set(line, put);
      return put.tally;
    }
    if (this.#leftOver === undefined) this.#leftOver = tally;
    else this.#merge(this.#leftOver, tally);
    return this.#leftOver;
  }

  #put(known: Known<T>, tally: T): void {
    known.tally = known.group.add(known.form, tally, this.#merge);
    known.variants = known.group.variants;
  }

  /** All patterns, in no order. */
  patterns(): MinedPattern<T>[] {
    const byText = new Map<string, T>();
    for (const group of [...this.#leaves.values()].flat()) {
      for (const { form, tally } of group.variants.values()) {
        const text = group.show(form);
        const known = byText.get(text);
        // Two groups that began with different lines may end as one pattern.
        if (known === undefined) byText.set(text, tally);
        else this.#merge(known, tally);
      }
    }
    return [...byText].map(([pattern, tally]) => ({ pattern, tally }));
  }

  /** The group of a form, a new one where none is like it; undefined where there are too many. */
  #find(form: readonly string[]): Group<T> | undefined {
    const first = form[0] ?? '';
    const key = `${form.length} ${first.includes(STAND_IN) ? STAND_IN : first}`;
    let leaf = this.#leaves.get(key);
    let best: Group<T> | undefined;
    let most = SIMILARITY * form.length;
    for (const group of leaf ?? []) {
      const same = group.wordsShared(form);
      if (same >= most && (best === undefined || same > most)) {
        best = group;
        most = same;
      }
    }
    if (best !== undefined) return best;
    if (this.#groups >= MAX_GROUPS || (leaf?.length ?? 0) >= MAX_GROUPS_PER_LEAF) return undefined;
    if (leaf === undefined) {
      leaf = [];
      this.#leaves.set(key, leaf);
    }
    const group = new Group<T>(form);
    leaf.push(group);
    this.#groups++;
    return group;
  }
}

/** Forms of one length that share most of their words. */
class Group<T> {
  readonly #places: Place[];
  /** Another map whenever variants were joined. */
  variants = new Map<string, Variant<T>>();

  constructor(form: readonly string[]) {
    this.#places = form.map((word, i) => new Place(word, BEFORE_A_NAME.test(form[i - 1] ?? '')));
  }

  wordsShared(form: readonly string[]): number {
    let same = 0;
    for (const [i, place] of this.#places.entries()) if (place.only === form[i]) same++;
    return same;
  }

  add(form: readonly string[], tally: T, merge: (into: T, from: T) => void): T {
    let joined = false;
    for (const [i, place] of this.#places.entries()) if (place.see(form[i]!)) joined = true;
    if (joined) this.#join(merge);
    const into = this.#addVariant(form, tally, merge);
    if (this.variants.size <= MAX_VARIANTS) return into;
    const widest = this.#places.reduce((a, b) => (b.choices > a.choices ? b : a));
    widest.becomeValue();
    this.#join(merge);
    return into;
  }

  /** A form as a pattern. */
  show(form: readonly string[]): string {
    return this.#places.map((place, i) => place.shown ?? form[i]!.replaceAll(STAND_IN, WILDCARD)).join(' ');
  }

  #addVariant(form: readonly string[], tally: T, merge: (into: T, from: T) => void): T {
    const key = this.#places.map((place, i) => (place.isValue ? STAND_IN : form[i]!)).join(' ');
    const known = this.variants.get(key);
    if (known !== undefined) {
      merge(known.tally, tally);
      return known.tally;
    }
    this.variants.set(key, { form, tally });
    return tally;
  }

  /** After a place has become a value: what differed there alone is one. */
  #join(merge: (into: T, from: T) => void): void {
    const before = this.variants;
    this.variants = new Map();
    for (const { form, tally } of before.values()) this.#addVariant(form, tally, merge);
  }
}

/** A place in a group: a word, a choice of few words, or a value. */
class Place {
  readonly #words: Set<string>;
  readonly #isName: boolean;
  /** The part before a value that all of them had, such as `rhost=`. */
  #key: string;
  isValue = false;

  constructor(word: string, isName: boolean) {
    this.#words = new Set([word]);
    this.#isName = isName;
    this.#key = keyOf(word);
  }

  /** Its word, where it has only one. */
  get only(): string | undefined {
    return this.isValue || this.#words.size > 1 ? undefined : this.#first;
  }

  get choices(): number {
    return this.isValue ? 0 : this.#words.size;
  }

  /** What stands for it in every line; undefined where lines have words of their own. */
  get shown(): string | undefined {
    return this.isValue ? this.#key + WILDCARD : undefined;
  }

  /** Whether this has made it a value. */
  see(word: string): boolean {
    if (this.isValue) {
      if (!word.startsWith(this.#key)) this.#key = '';
      return false;
    }
    if (this.#words.has(word)) return false;
    this.#words.add(word);
    if (!word.startsWith(this.#key)) this.#key = '';
    const isChoice = !this.#isName && this.#words.size <= MAX_CHOICES && PLAIN_WORD.test(word);
    if (isChoice && (this.#words.size > 2 || PLAIN_WORD.test(this.#first))) return false;
    this.becomeValue();
    return true;
  }

  becomeValue(): void {
    this.isValue = true;
    this.#words.clear();
  }

  get #first(): string {
    return this.#words.values().next().value!;
  }
}

/** `rhost=` of `rhost=0`. */
function keyOf(word: string): string {
  return /^[\w.-]{1,64}[=:]/.exec(word)?.[0] ?? '';
}
