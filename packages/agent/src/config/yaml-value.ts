/** A value of a YAML file that knows where it stands, so that whatever is wrong with it can be said with line and column. */

import {
  type Alias,
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  parseDocument,
} from 'yaml';
import { ConfigMistake, type Mistakes } from './mistakes.ts';

/** What turns the text of a scalar into the one that counts: variables and placeholders. Throws an Error that says why not. */
export type Expand = (text: string) => string;

export class YamlValue {
  /** How the value is reached, such as `monitoring.health_checks[0].url`; empty at the top. */
  readonly path: string;
  readonly #file: YamlFile;
  readonly #node: Node | null;
  /** Where to point when there is no node: at the key. */
  readonly #offset: number;

  constructor(file: YamlFile, node: unknown, path: string, offset: number) {
    const given = (node ?? null) as Node | null;
    this.#file = file;
    this.#node = isAlias(given) ? ((given as Alias).resolve(file.document) ?? null) : given;
    this.path = path;
    this.#offset = given?.range?.[0] ?? offset;
  }

  /** Nothing, `~` or `null` stand behind the key: as if it were not there. */
  get isEmpty(): boolean {
    return this.#node === null || (isScalar(this.#node) && this.#node.value === null);
  }

  get isMapping(): boolean {
    return isMap(this.#node);
  }

  get isList(): boolean {
    return isSeq(this.#node);
  }

  /** The text of a scalar, expanded. A number or truth value is given as it was written, so that `0123` keeps its zero. */
  text(): string {
    const node = this.#node;
    if (!isScalar(node) || this.isEmpty) throw this.mistake(`expected a value, not ${this.#kind()}`);
    const written = typeof node.value === 'string' ? node.value : (node.source ?? String(node.value));
    try {
      return this.#file.expand(written);
    } catch (error) {
      throw this.mistake((error as Error).message);
    }
  }

  items(): YamlValue[] {
    const node = this.#node;
    if (!isSeq(node)) throw this.mistake(`expected a list, not ${this.#kind()}`);
    return node.items.map((item, index) => this.#child(item, `${this.path}[${index}]`));
  }

  /** Keys and values of a mapping. `key` stands for the key itself, to point at. */
  pairs(): { name: string; key: YamlValue; value: YamlValue }[] {
    const node = this.#node;
    if (!isMap(node)) throw this.mistake(`expected a mapping, not ${this.#kind()}`);
    return node.items.map(({ key, value }) => {
      const name = isScalar(key) ? String(key.value) : String(key);
      const path = this.path === '' ? name : `${this.path}.${name}`;
      const at = this.#child(key, path);
      return { name, key: at, value: new YamlValue(this.#file, value, path, at.#offset) };
    });
  }

  mistake(message: string): ConfigMistake {
    const place = this.#file.lines.linePos(this.#offset);
    return new ConfigMistake(this.path === '' ? message : `${this.path}: ${message}`, this.#file.path, place);
  }

  #child(node: unknown, path: string): YamlValue {
    return new YamlValue(this.#file, node, path, this.#offset);
  }

  #kind(): string {
    return isMap(this.#node) ? 'a mapping' : isSeq(this.#node) ? 'a list' : this.isEmpty ? 'nothing' : 'a value';
  }
}

export interface YamlFile {
  readonly path: string;
  readonly lines: LineCounter;
  readonly document: Document;
  readonly expand: Expand;
}

/** The top of a YAML text. Mistakes of the language itself are added to `mistakes`, a line each. */
export function parseYamlValue(text: string, path: string, expand: Expand, mistakes: Mistakes): YamlValue {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  for (const { message, pos } of document.errors) {
    mistakes.add(new ConfigMistake(message.split('\n')[0]!, path, lines.linePos(pos[0])));
  }
  return new YamlValue({ path, lines, document, expand }, document.contents, '', 0);
}
