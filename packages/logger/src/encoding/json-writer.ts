/**
 * JSON of whatever an app hands to its logger. `JSON.stringify` throws at cycles and BigInt, calls code that may throw,
 * and prints a whole database connection when it is in reach; a logger may do none of that. So: one walk that is bounded
 * in depth, entries and characters, reads each property in a try, and leaves secrets out on its way.
 */

import { types } from 'node:util';
import type { Fields } from '@flywatch/core';
import { MAX_DEPTH, MAX_ENTRIES, MAX_FIELDS_CHARS, MAX_KEY_CHARS, MAX_KNOWN_KEYS, MAX_TEXT_CHARS } from '../limits.ts';
import { type ErrorRecord, errorRecord } from './error-record.ts';
import { isError } from './is-error.ts';
import { cutText, quote } from './quote.ts';
import { followPaths, type PathNode, REDACTED, type Redaction } from './redaction.ts';
import { textOf } from './text-of.ts';

/** How a key is written, and whether what is under it is secret. */
interface KnownKey {
  readonly json: string;
  readonly isSecret: boolean;
}

/** Of what is thrown by a value that is read. */
const REASON_CHARS = 200;

const QUOTED_REDACTED = `"${REDACTED}"`;

const NONE: readonly object[] = [];

/** What JSON has no word for; an object leaves it out, as JSON.stringify does. */
const NOTHING = undefined;

export class JsonWriter {
  readonly #redaction: Redaction;
  readonly #rootPaths: readonly PathNode[] | undefined;
  readonly #keys = new Map<string, KnownKey>();
  /** Objects around the one that is being written. */
  readonly #around: object[] = [];
  #charsLeft = 0;

  constructor(redaction: Redaction) {
    this.#redaction = redaction;
    this.#rootPaths = redaction.paths === undefined ? undefined : [redaction.paths];
  }

  /** JSON of a text without credentials, cut at the limit. */
  text(text: string): string {
    return quote(this.#redaction.clean(cutText(text, MAX_TEXT_CHARS)));
  }

  /** What stands between the braces of the JSON of an object: `"a":1,"b":"x"`; empty where there is nothing. */
  entries(fields: Fields): string {
    this.#begin();
    return this.#layer(fields, NONE);
  }

  /** As {@link entries}, of several objects as one, in which a later one wins. */
  merged(...layers: readonly Fields[]): string {
    this.#begin();
    const texts = layers.map((layer, index) => this.#layer(layer, layers.slice(index + 1)));
    return texts.filter((text) => text !== '').join();
  }

  /** logcore's `exception` of an error. */
  exception(error: unknown): string {
    this.#begin();
    return this.#errorRecord(errorRecord(error));
  }

  #begin(): void {
    this.#charsLeft = MAX_FIELDS_CHARS;
    this.#around.length = 0;
  }

  #layer(fields: Fields, hiding: readonly object[]): string {
    try {
      return this.#entries(fields, this.#rootPaths, hiding);
    } catch (error) {
      // A proxy that does not even list its keys.
      return `"_unreadable":${quote(reasonOf(error))}`;
    }
  }

  /** @param hiding - objects whose names are left out. */
  #entries(object: object, paths: readonly PathNode[] | undefined, hiding: readonly object[]): string {
    let text = '';
    let count = 0;
    const keys = Object.keys(object);
    const depth = this.#around.push(object);
    for (const key of keys) {
      if (count === MAX_ENTRIES || this.#charsLeft <= 0) {
        text += `${text === '' ? '' : ','}"…":"${keys.length - count} more"`;
        break;
      }
      if (hiding.length > 0 && hiding.some((other) => Object.hasOwn(other, key))) continue;
      count++;
      const known = this.#key(key);
      const below = paths === undefined ? undefined : followPaths(paths, key);
      let value: string | undefined;
      if (known.isSecret || below?.some(({ ends }) => ends)) value = QUOTED_REDACTED;
      else {
        try {
          value = this.#value((object as Fields)[key], below);
        } catch (error) {
          this.#around.length = depth;
          value = quote(`[unreadable: ${reasonOf(error)}]`);
        }
      }
      if (value === NOTHING) continue;
      text += text === '' ? known.json + value : `,${known.json}${value}`;
      this.#charsLeft -= known.json.length;
    }
    this.#around.pop();
    return text;
  }

  #key(key: string): KnownKey {
    const known = this.#keys.get(key);
    if (known !== undefined) return known;
    const made = { json: `${quote(cutText(key, MAX_KEY_CHARS))}:`, isSecret: this.#redaction.isSecretName(key) };
    if (this.#keys.size < MAX_KNOWN_KEYS && key.length <= MAX_KEY_CHARS) this.#keys.set(key, made);
    return made;
  }

  #value(value: unknown, paths: readonly PathNode[] | undefined): string | undefined {
    switch (typeof value) {
      case 'string':
        return this.#text(value);
      case 'number':
        this.#charsLeft -= 8;
        return Number.isFinite(value) ? `${value}` : `"${value}"`;
      case 'boolean':
        return value ? 'true' : 'false';
      case 'bigint':
        return this.#text(value.toString());
      case 'object':
        return value === null ? 'null' : this.#object(value, paths);
      default:
        return NOTHING;
    }
  }

  #text(text: string): string {
    const kept = Math.max(0, Math.min(MAX_TEXT_CHARS, this.#charsLeft));
    this.#charsLeft -= text.length;
    return quote(this.#redaction.clean(cutText(text, kept)));
  }

  #object(object: object, paths: readonly PathNode[] | undefined): string {
    if (this.#around.includes(object)) return '"[circular]"';
    if (this.#around.length >= MAX_DEPTH) return Array.isArray(object) ? `"[array of ${object.length}]"` : '"[object]"';
    if (Array.isArray(object)) return this.#array(object, object.length, paths);
    const { toJSON } = object as { toJSON?: unknown };
    // Most are plain, and need not be asked what else they might be.
    const isPlain = typeof toJSON !== 'function' && Object.getPrototypeOf(object) === Object.prototype;
    return (isPlain ? undefined : this.#special(object, toJSON, paths)) ?? `{${this.#entries(object, paths, NONE)}}`;
  }

  /** Objects that are more than their entries, by what the engine says they are: `instanceof` does not see over realms. */
  #special(object: object, toJSON: unknown, paths: readonly PathNode[] | undefined): string | undefined {
    if (types.isDate(object)) return Number.isNaN(object.getTime()) ? '"Invalid Date"' : `"${object.toISOString()}"`;
    if (isError(object)) return this.#errorRecord(errorRecord(object));
    if (ArrayBuffer.isView(object)) return quote(`[${object.constructor.name}: ${object.byteLength} bytes]`);
    if (types.isSet(object)) return this.#array(object, object.size, paths);
    if (types.isMap(object)) return `{${this.#entries(objectOf(object), paths, NONE)}}`;
    if (typeof toJSON !== 'function') return undefined;
    const shown: unknown = toJSON.call(object);
    // What says of itself that it is itself would be asked for ever.
    if (shown === object) return undefined;
    this.#around.push(object);
    const text = this.#value(shown, paths);
    this.#around.pop();
    return text ?? 'null';
  }

  #array(values: Iterable<unknown>, length: number, paths: readonly PathNode[] | undefined): string {
    this.#around.push(values);
    let text = '';
    let count = 0;
    for (const value of values) {
      if (count > 0) text += ',';
      if (count === MAX_ENTRIES || this.#charsLeft <= 0) {
        text += `"… ${length - count} more"`;
        break;
      }
      const below = paths === undefined ? undefined : followPaths(paths, String(count));
      text += below?.some(({ ends }) => ends) ? QUOTED_REDACTED : (this.#value(value, below) ?? 'null');
      count++;
    }
    this.#around.pop();
    return `[${text}]`;
  }

  #errorRecord({ type, message, traceback, details, cause }: ErrorRecord): string {
    let text = `{"type":${this.#text(type)},"message":${this.#text(message)}`;
    if (traceback !== undefined) text += `,"traceback":${this.#text(traceback)}`;
    if (details !== undefined) text += `,"details":${this.#object(details, undefined)}`;
    if (cause !== undefined) text += `,"cause":${this.#errorRecord(cause)}`;
    return `${text}}`;
  }
}

/** The first entries of a map as an object without a prototype: a key may be `__proto__`. */
function objectOf(map: ReadonlyMap<unknown, unknown>): Fields {
  const object = Object.create(null) as Fields;
  let count = 0;
  for (const [key, value] of map) {
    if (count++ > MAX_ENTRIES) break;
    object[typeof key === 'symbol' ? key.toString() : `${key}`] = value;
  }
  return object;
}

function reasonOf(error: unknown): string {
  return cutText(isError(error) ? textOf(error.message) : textOf(error), REASON_CHARS);
}
