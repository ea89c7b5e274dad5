/** What a body says that it is: JSON only where it says so; everything else is lines, also what `curl --data-binary` sends without a type. */

import { SECTIONS_TYPE } from './sections.ts';

export function mediaType(header: string | undefined): 'json' | 'ndjson' | 'text' | 'sections' {
  const type = (header ?? '').split(';')[0]!.trim().toLowerCase();
  if (type === 'application/json' || (type.endsWith('+json') && type.startsWith('application/'))) return 'json';
  if (type === SECTIONS_TYPE) return 'sections';
  return type === 'text/plain' ? 'text' : 'ndjson';
}
