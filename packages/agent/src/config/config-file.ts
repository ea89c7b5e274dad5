/** One configuration file, read with the `.env.production` beside it. */

import { readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parseEnvFile } from './env-file.ts';
import { ConfigMistake, type Mistakes } from './mistakes.ts';
import { expandVariables, UnsetVariable } from './variables.ts';
import { parseYamlValue, type YamlValue } from './yaml-value.ts';

/** A configuration is a few KB; a file beyond this is something else. */
const MAX_FILE_BYTES = 1024 * 1024;

const ENV_FILE = '.env.production';

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The top of the file; undefined where it cannot be read, which is a mistake then. Variables come from the environment, and where it
 * lacks them from `.env.production`.
 */
export function readConfigFile(
  path: string,
  { app, env, warnings }: { readonly app: string; readonly env: Environment; readonly warnings: string[] },
  mistakes: Mistakes,
): YamlValue | undefined {
  const text = mistakes.collect<string | undefined>(() => readText(path), undefined);
  if (text === undefined) return undefined;
  const beside = readBeside(join(dirname(path), ENV_FILE), warnings);
  const variables = (name: string) => env[name] ?? beside.values[name];
  const expand = (written: string) => {
    try {
      return expandVariables(written.replaceAll('{app}', app), variables);
    } catch (error) {
      if (!(error instanceof UnsetVariable)) throw error;
      throw new Error(`${error.message}: neither in the environment nor in ${beside.path}${beside.note}`);
    }
  };
  return parseYamlValue(text, path, expand, mistakes);
}

function readText(path: string): string {
  try {
    if (statSync(path).size > MAX_FILE_BYTES) throw new ConfigMistake(`the file is over ${MAX_FILE_BYTES} bytes`, path);
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (error instanceof ConfigMistake) throw error;
    throw new ConfigMistake(whyNot(error), path);
  }
}

interface Beside {
  readonly path: string;
  readonly values: Readonly<Record<string, string>>;
  /** Why nothing was found in it, where something is wrong with it. */
  readonly note: string;
}

/** The file need not be there, nor be readable for us: systemd may have put what it holds into the environment. */
function readBeside(path: string, warnings: string[]): Beside {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    const missing = (error as NodeJS.ErrnoException).code === 'ENOENT';
    return { path, values: {}, note: missing ? ' (which is not there)' : ` (${whyNot(error)})` };
  }
  const { values, oddLines } = parseEnvFile(text);
  for (const line of oddLines) warnings.push(`${path}:${line}: expected NAME=value; the line is ignored`);
  return { path, values, note: '' };
}

function whyNot(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === 'ENOENT') return 'the file does not exist';
  if (code === 'EACCES') return 'the file may not be read by this user';
  if (code === 'EISDIR') return 'this is a folder and not a file';
  return message;
}
