/** The YAML file that `FLYWATCH_CONFIG` names: option names and their values, as the environment would have them. */

import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

/** Values by name; none where no file is named. What cannot be used is added to `mistakes`. */
export function readConfigFile(path: string | undefined, mistakes: string[]): Record<string, string | undefined> {
  if (path === undefined || path === '') return {};
  // Not imported above: it takes 2 MB, and most hubs have no file.
  const { parse } = createRequire(import.meta.url)('yaml') as typeof import('yaml');
  let value: unknown;
  try {
    value = parse(readFileSync(path, 'utf8'));
  } catch (error) {
    mistakes.push(`FLYWATCH_CONFIG: the file ${path} cannot be read: ${(error as Error).message.split('\n')[0]}`);
    return {};
  }
  if (value === null) return {};
  if (typeof value !== 'object' || Array.isArray(value)) {
    mistakes.push(`FLYWATCH_CONFIG: the file ${path} has to hold one mapping of option names to values`);
    return {};
  }
  const texts: Record<string, string | undefined> = Object.create(null);
  for (const [name, given] of Object.entries(value)) {
    if (given === null) continue;
    if (Array.isArray(given)) texts[name] = given.join(',');
    else if (typeof given === 'object') mistakes.push(`${name} in ${path}: expected a value or a list, not a mapping`);
    else texts[name] = String(given);
  }
  return texts;
}
