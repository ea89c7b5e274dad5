import type { AnswerTo, Conversation, Kind } from '../../store/questions.ts';

/** Asks the store and the ring; filled by `hub.ts`, since `fleet` knows the store's questions and not who joins the two. */
export type AskPast = <K extends Kind>(
  question: Conversation[K]['question'] & { readonly kind: K },
) => Promise<AnswerTo<K>>;
