/**
 * `.env.production` beside a configuration: `NAME=value` lines, as systemd's `EnvironmentFile=` and a shell read them.
 * Nothing is run and nothing expanded: a `$` in a password stays one.
 */

export interface EnvFile {
  readonly values: Readonly<Record<string, string>>;
  /** Numbers of the lines that are neither an assignment nor a comment. */
  readonly oddLines: readonly number[];
}

export function parseEnvFile(text: string): EnvFile {
  const values: Record<string, string> = Object.create(null);
  const oddLines: number[] = [];
  text
    .replace(/^\uFEFF/, '')
    .split(/\r?\n/)
    .forEach((line, index) => {
      const trimmed = line.trim();
      if (trimmed === '' || trimmed.startsWith('#')) return;
      const match = /^(?:export\s+)?([A-Za-z_]\w*)\s*=\s*(.*)$/.exec(trimmed);
      if (match === null) oddLines.push(index + 1);
      else values[match[1]!] = unquote(match[2]!);
    });
  return { values, oddLines };
}

/** Single quotes take everything as it is, double quotes know backslashes; a bare value ends at ` #`. */
function unquote(text: string): string {
  const single = /^'([^']*)'\s*(?:#.*)?$/.exec(text);
  if (single !== null) return single[1]!;
  const double = /^"((?:[^"\\]|\\.)*)"\s*(?:#.*)?$/.exec(text);
  if (double !== null) return double[1]!.replace(/\\(.)/g, (_, char: string) => ESCAPES[char] ?? char);
  return text.replace(/\s+#.*$/, '').trimEnd();
}

const ESCAPES: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r' };
