import type { ReactElement } from 'react';
import { Notice } from '../app/Notice.tsx';

/** In place of the panel's content where the hub has no model: what to set, and where. */
export function NotConfigured(): ReactElement {
  return (
    <Notice tone="quiet" title="Ask needs a model">
      <p>
        Set <code>OPENROUTER_API_KEY</code> where the hub runs, and start it again. For a server of your own (Ollama,
        vLLM) set <code>OPENROUTER_BASE_URL</code> and <code>OPENROUTER_MODEL</code> too; the key may then be any word.
        Everything else works without it.
      </p>
    </Notice>
  );
}
