/**
 * `flywatch agent install` and `uninstall`: configuration, unit and program of an agent, put in place and taken away. Files that
 * people have written are added to and not replaced.
 */

import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { withMonitoring, withoutMonitoring, withoutToken, withToken } from './agent-install-files.ts';
import { assertUnitCanSee, LAUNCHER, putProgram, removeProgram, thisProgram } from './agent-install-program.ts';
import { UNIT_USER, type UnitPlace, unitPlace, WANTS } from './agent-unit.ts';

export interface InstallFlags {
  readonly hub: string;
  readonly token: string;
  readonly app?: string;
  readonly vpsName?: string;
  readonly root?: string;
}

/** Says what has been done, a line each. */
export type Say = (line: string) => void;

/** The user of the unit has to read the configuration, and nobody else the token. */
const CONFIG_MODE = 0o644;
const SECRET_MODE = 0o600;

/** False where all is in place and systemd could not be told. */
export function install({ hub, token, app, vpsName, root = '' }: InstallFlags, say: Say): boolean {
  const place = unitPlace(app);
  const program = thisProgram();
  if (root === '') {
    assertUnitCanSee(program);
    assertUserExists();
  }
  put(root + place.configFile, withMonitoring(read(root + place.configFile), { hub, app, vpsName }), CONFIG_MODE, say);
  put(root + place.envFile, withToken(read(root + place.envFile), token), SECRET_MODE, say);
  say(`${root}${LAUNCHER} ${putProgram(program, root + LAUNCHER) ? 'written' : 'is as it should be'}`);
  put(root + place.unitFile, place.text, CONFIG_MODE, say);
  return root === '' ? start(place, say) : systemctl(['--root', root, 'enable', place.unit], say);
}

function start({ unit, askStatus }: UnitPlace, say: Say): boolean {
  // Restarted, so that an agent that runs takes the new configuration.
  const isStarted = [['daemon-reload'], ['enable', unit], ['restart', unit]]
    .map((args) => systemctl(args, say))
    .every((isDone) => isDone);
  if (isStarted) say(`"${askStatus}" says how it is`);
  return isStarted;
}

/** Without it systemd would start the unit in vain, and say so where nobody looks. */
function assertUserExists(): void {
  const { status } = spawnSync('id', ['-u', UNIT_USER]);
  if (status === 0) return;
  throw new Error(
    `there is no user ${UNIT_USER}, which the agent runs as; make one with "useradd --system --user-group --no-create-home ${UNIT_USER}"`,
  );
}

export function uninstall({ app, root = '' }: Pick<InstallFlags, 'app' | 'root'>, say: Say): void {
  const place = unitPlace(app);
  systemctl(root === '' ? ['disable', '--now', place.unit] : ['--root', root, 'disable', place.unit], say);
  const config = read(root + place.configFile);
  const env = read(root + place.envFile);
  if (app === undefined) remove(root + place.configFile, say);
  else if (config !== undefined) put(root + place.configFile, withoutMonitoring(config), CONFIG_MODE, say);
  const rest = env === undefined ? undefined : withoutToken(env);
  if (rest === '') remove(root + place.envFile, say);
  else if (rest !== undefined) put(root + place.envFile, rest, SECRET_MODE, say);
  // The template serves other apps too, and so does the launcher: they go with the last of them.
  if (app !== undefined && othersUse(root)) return;
  remove(root + place.unitFile, say);
  const isLast =
    !existsSync(`${root}${unitPlace(undefined).unitFile}`) && !existsSync(`${root}${unitPlace('x').unitFile}`);
  if (isLast && removeProgram(root + LAUNCHER)) say(`${root}${LAUNCHER} removed`);
  if (root === '') systemctl(['daemon-reload'], say);
}

/** Whether an app is still enabled: the link that `systemctl enable` makes. */
function othersUse(root: string): boolean {
  const wants = `${root}${WANTS}`;
  return existsSync(wants) && readdirSync(wants).some((name) => name.startsWith('obs-agent@'));
}

function read(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/** Whole or not at all, and never with more rights than it is to have. A file that is there keeps its own rights. */
function put(path: string, text: string, mode: number, say: Say): void {
  if (read(path) === text) {
    say(`${path} is as it should be`);
    return;
  }
  mkdirSync(dirname(path), { recursive: true });
  const isNew = !existsSync(path);
  if (isNew) {
    const beside = `${path}.new`;
    writeFileSync(beside, text, { mode });
    chmodSync(beside, mode);
    renameSync(beside, path);
  } else writeFileSync(path, text);
  say(`${path} ${isNew ? 'written' : 'changed'}`);
}

function remove(path: string, say: Say): void {
  if (!existsSync(path)) return;
  rmSync(path);
  say(`${path} removed`);
}

function systemctl(args: readonly string[], say: Say): boolean {
  const { status, stderr, error } = spawnSync('systemctl', args, { encoding: 'utf8' });
  if (status === 0) say(`systemctl ${args.join(' ')}`);
  else say(`systemctl ${args.join(' ')} failed: ${error?.message ?? stderr.trim()}; run it by hand`);
  return status === 0;
}
