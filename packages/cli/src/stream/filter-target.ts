/** Events that come as flat records, for filters that are judged here and not by a hub. */

import { type Fields, type FilterTarget, parseLogfmt, parseTime, stripAnsi } from '@flywatch/core';
import type { ShownEvent } from '../view/shown-event.ts';

export class FlatTarget implements FilterTarget {
  readonly #event: ShownEvent & { readonly id?: string };
  #plainText: string | undefined;
  #fields: Readonly<Fields> | undefined;

  constructor(event: ShownEvent & { readonly id?: string }) {
    this.#event = event;
  }

  get id() {
    return this.#event.id ?? '';
  }
  get time() {
    return this.#event.time;
  }
  get timeMs() {
    return parseTime(this.#event.time)?.ms ?? 0;
  }
  get timeNanos() {
    return parseTime(this.#event.time)?.nanos ?? 0;
  }
  get receivedAtMs() {
    return this.timeMs;
  }
  get level() {
    return this.#event.level;
  }
  get message() {
    return this.#event.message;
  }
  get plainText() {
    this.#plainText ??= stripAnsi(this.#event.message);
    return this.#plainText;
  }
  get searchText() {
    return this.plainText.toLowerCase();
  }
  get app() {
    return this.#event.app;
  }
  get instance() {
    return this.#event.instance;
  }
  get region() {
    return this.#event.region;
  }
  get host() {
    return this.#event.host;
  }
  get provider() {
    return this.#event.provider;
  }
  get source() {
    return this.#event.source;
  }
  get fields() {
    this.#fields ??= this.#event.fields ?? parseLogfmt(this.plainText) ?? {};
    return this.#fields;
  }
}
