// Starting other programs: everything the scripts do to the machine goes through here.
import { spawnSync } from 'node:child_process';
import { accessSync, constants, realpathSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('../../', import.meta.url));

/** Where tools that are too slow to make for every clone are kept. */
export const cache = join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'canvas-lms-tokens');

/** A failure whose message is all the reader needs: shown without a stack. */
export class SetupError extends Error {}

/** Prints one step, before it is done. */
export const say = (text) => console.log(`\n==> ${text}`);

/** Runs a program, its output going to ours; throws when it fails. */
export function run(command, args, options = {}) {
  const result = spawnSync(command, args, { cwd: root, stdio: ['ignore', 'inherit', 'inherit'], ...options });
  if (result.error) throw new SetupError(`${command} could not be run: ${result.error.message}`);
  if (result.status !== 0) {
    throw new SetupError(`failed (${result.signal ?? `exit code ${result.status}`}): ${command} ${args.join(' ')}`);
  }
}

/** What a program prints, or undefined when it is missing or fails. */
export function capture(command, args, options = {}) {
  const stdio = ['ignore', 'pipe', 'ignore'];
  const { status, stdout } = spawnSync(command, args, { cwd: root, encoding: 'utf8', stdio, ...options });
  return status === 0 ? stdout.trim() : undefined;
}

/** The full path of the first of these programs that is on PATH. */
export function which(names, path = process.env.PATH) {
  const suffixes = process.platform === 'win32' ? ['.exe', '.cmd', ''] : [''];
  const folders = (path ?? '').split(delimiter).filter(Boolean);
  return [names].flat()
    .flatMap((name) => folders.flatMap((folder) => suffixes.map((suffix) => resolve(folder, name + suffix))))
    .find(isProgram);
}

function isProgram(file) {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}

/** True in the file that node was started with; its path in argv may lead through a symbolic link. */
export const isMain = (url) => process.argv[1] !== undefined && fileURLToPath(url) === realpathSync(process.argv[1]);

/** Runs main, and turns a failure into one readable line and an exit code. */
export async function exitWith(main) {
  try {
    process.exitCode = (await main()) ?? 0;
  } catch (error) {
    console.error(error instanceof SetupError ? `\nerror: ${error.message}` : error);
    process.exitCode = 1;
  }
}
