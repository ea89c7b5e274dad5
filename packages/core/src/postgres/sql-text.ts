/** Text that PostgreSQL can hold: it has no NUL, and no half of a surrogate pair. Both are written as JSON would escape them. */

const UNSAFE = /[\0\ud800-\udfff]/u;
const UNSAFE_ALL = /[\0\ud800-\udfff]/gu;

/** The text itself where the database can hold it. */
export function sqlText(text: string): string {
  if (!UNSAFE.test(text)) return text;
  return text.replace(UNSAFE_ALL, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/** JSON that `jsonb` takes: it refuses the same two, as escapes, in keys and values. */
export function sqlJson(value: unknown): string {
  const json = JSON.stringify(value);
  return json.includes('\\u') ? JSON.stringify(cleaned(value)) : json;
}

function cleaned(value: unknown): unknown {
  if (typeof value === 'string') return sqlText(value);
  if (Array.isArray(value)) return value.map(cleaned);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [sqlText(key), cleaned(inner)]));
}

const COPY_SPECIAL = /[\\\n\r\t]/;
const COPY_SPECIAL_ALL = /[\\\n\r\t]/g;
const COPY_ESCAPES: Readonly<Record<string, string>> = { '\\': '\\\\', '\n': '\\n', '\r': '\\r', '\t': '\\t' };

/** A value of a line of COPY's text format. */
export function copyValue(text: string | undefined): string {
  if (text === undefined) return '\\N';
  return COPY_SPECIAL.test(text) ? text.replace(COPY_SPECIAL_ALL, (special) => COPY_ESCAPES[special]!) : text;
}
