/**
 * The path of a request as it may stand in a log. Query strings carry tokens, mail addresses and searches, so that
 * values stay out.
 */

import { cutText } from '../encoding/quote.ts';
import { REDACTED } from '../encoding/redaction.ts';
import { MAX_PATH_CHARS } from '../limits.ts';

/** `names`: `/a?id=[redacted]`; `none`: `/a`; `full`: as it came, without what looks like a credential. */
export type QueryMode = 'names' | 'none' | 'full';

export function shownPath(url: string, mode: QueryMode): string {
  const at = url.indexOf('?');
  if (at === -1 || mode === 'full') return cutText(url, MAX_PATH_CHARS);
  const path = url.slice(0, at);
  if (mode === 'none' || at === url.length - 1) return cutText(path, MAX_PATH_CHARS);
  const names = url
    .slice(at + 1)
    .split('&')
    .map((pair) => {
      const equals = pair.indexOf('=');
      // A value without a name is a value.
      return equals === -1 ? REDACTED : `${pair.slice(0, equals)}=${REDACTED}`;
    });
  return cutText(`${path}?${names.join('&')}`, MAX_PATH_CHARS);
}
