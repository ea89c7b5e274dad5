import type { AnswerTo, Conversation, Kind } from '../../store/questions.ts';

/** Asks the store and the ring; filled by `hub.ts`, since `fleet` knows the store's questions and not who joins the two. */
export interface AskPast {
  ask<K extends Kind>(
    question: Conversation[K]['question'] & { readonly kind: K },
    signal: AbortSignal | undefined,
    wish: {
      /** Whether demo traffic in the ring is counted in. */
      readonly demo: boolean;
    },
  ): Promise<AnswerTo<K>>;
}
