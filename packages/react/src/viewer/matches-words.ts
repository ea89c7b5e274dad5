/** The search of the viewer: every word has to be in the line, in any case. A hub's own filter language is for a hub. */

import type { LineItem } from '../stream/items.ts';

export function matchesWords(query: string): (item: LineItem) => boolean {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  return ({ event, more }) => {
    const { app = '', instance = '', source = '', message } = event;
    const text = [message, app, instance, source, ...more.map((line) => line.message)].join('\n').toLowerCase();
    return words.every((word) => text.includes(word));
  };
}
