/**
 * Questions and their answers, as far as they have come. One question at a time; the next one follows in the hub's conversation, which
 * keeps what was said. It lives in the memory of this page and nowhere else: answers can hold what no browser should keep.
 */

import { type ChatAnswer, type ChatEvent, type HubClient, HubError } from '@flywatch/client';
import { beginLookUp, endLookUp, type LookUp } from './look-up.ts';

export interface Turn {
  readonly key: number;
  /** As it was typed. */
  readonly question: string;
  /** What was sent: the question, and the view that it is about. */
  readonly message: string;
  readonly state: 'asking' | 'answered' | 'stopped' | 'failed';
  readonly lookUps: readonly LookUp[];
  /** Markdown, as much as there is. */
  readonly text: string;
  /** Once it is answered. */
  readonly answer: ChatAnswer | undefined;
  /** Why it failed. */
  readonly error: unknown;
}

export interface ConversationOptions {
  readonly chat: HubClient['chat'];
  readonly nowMs: () => number;
  /** Hears of the end of each turn. */
  readonly onEnd: (turn: Turn) => void;
}

/** Turns that are shown; the hub forgets the oldest sooner. */
const MAX_TURNS = 50;

export class Conversation {
  readonly #options: ConversationOptions;
  readonly #listeners = new Set<() => void>();
  #turns: readonly Turn[] = [];
  #conversationId: string | undefined;
  #asking: AbortController | undefined;
  #nextKey = 1;

  constructor(options: ConversationOptions) {
    this.#options = options;
  }

  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  getSnapshot = (): readonly Turn[] => this.#turns;

  /** Asks, unless a question is under way. Resolves when it is answered, stopped, or has failed, which the turn says. */
  async ask(question: string, message: string): Promise<void> {
    if (this.#asking !== undefined) return;
    const controller = new AbortController();
    this.#asking = controller;
    const turn: Turn = {
      ...{ key: this.#nextKey++, question, message, state: 'asking', lookUps: [], text: '' },
      ...{ answer: undefined, error: undefined },
    };
    this.#set([...this.#turns, turn].slice(-MAX_TURNS));
    try {
      const { signal } = controller;
      for await (const events of this.#options.chat({ message, conversationId: this.#conversationId }, { signal })) {
        // A cleared conversation takes no more.
        if (signal.aborted) return;
        this.#change((now) => events.reduce((turn, event) => this.#happened(turn, event), now));
      }
    } catch (error) {
      if (controller.signal.aborted) return;
      // The hub has forgotten what was said before: the next question begins anew.
      if (error instanceof HubError && error.code === 'unknown_conversation') this.#conversationId = undefined;
      this.#end({ state: 'failed', error });
    }
  }

  /** What has come so far stays. */
  stop(): void {
    if (this.#asking === undefined) return;
    this.#asking.abort();
    this.#end({ state: 'stopped' });
  }

  /** Asks the last question again, in the place of the answer that failed or was stopped. */
  retry(): void {
    const last = this.#turns.at(-1);
    if (last === undefined || this.#asking !== undefined) return;
    this.#set(this.#turns.slice(0, -1));
    void this.ask(last.question, last.message);
  }

  clear(): void {
    this.stop();
    this.#conversationId = undefined;
    this.#set([]);
  }

  #happened(turn: Turn, event: ChatEvent): Turn {
    const nowMs = this.#options.nowMs();
    switch (event.type) {
      case 'text':
        return { ...turn, text: turn.text + event.delta };
      case 'tool_call':
        // What was said before it looked something up was not the answer yet.
        return { ...turn, text: '', lookUps: [...turn.lookUps, beginLookUp(event, nowMs)] };
      case 'tool_result':
        return {
          ...turn,
          lookUps: turn.lookUps.map((one) => (one.id === event.id ? endLookUp(one, event, nowMs) : one)),
        };
      case 'done': {
        this.#conversationId = event.answer.conversation_id;
        // The response has all that was said, between look-ups too; what came after them is the answer.
        const text = turn.text === '' ? event.answer.response : turn.text;
        const answered: Turn = { ...turn, state: 'answered', text, answer: event.answer };
        this.#asking = undefined;
        this.#options.onEnd(answered);
        return answered;
      }
    }
  }

  #end(patch: Partial<Turn>): void {
    this.#asking = undefined;
    this.#change((turn) => ({ ...turn, ...patch }));
    this.#options.onEnd(this.#turns.at(-1)!);
  }

  #change(change: (turn: Turn) => Turn): void {
    const last = this.#turns.at(-1);
    if (last !== undefined) this.#set([...this.#turns.slice(0, -1), change(last)]);
  }

  #set(turns: readonly Turn[]): void {
    this.#turns = turns;
    for (const listener of this.#listeners) listener();
  }
}
