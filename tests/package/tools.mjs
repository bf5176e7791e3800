// The bundlers and runtimes of tools/package.json, installed once for all clones.
import { createHash } from 'node:crypto';
import { copyFileSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { cache, capture, run, say, which } from '../../scripts/setup/shell.mjs';

const wanted = fileURLToPath(new URL('tools/', import.meta.url));
const FILES = ['package.json', 'package-lock.json', '.npmrc', 'load.mjs'];

const hash = createHash('sha256');
for (const name of FILES) hash.update(readFileSync(join(wanted, name)));

/** Where they are: a folder with their node_modules. */
export const toolsFolder = join(cache, `package-tools-${hash.digest('hex').slice(0, 16)}`);

/** Installs them if they are not there. */
export function installTools() {
  if (existsSync(toolsFolder)) return;
  // Made beside its place and renamed, so an interrupted run leaves nothing half made.
  const unfinished = `${toolsFolder}.${process.pid}`;
  say(`npm install of tests/package/tools in ${toolsFolder} (once, usually a minute, about 800 MB)`);
  mkdirSync(unfinished, { recursive: true });
  for (const name of FILES) copyFileSync(join(wanted, name), join(unfinished, name));
  // Not npm ci, which wants every platform's programs in the lock file, and not every registry has them.
  run('npm', ['install', '--ignore-scripts', '--no-audit', '--no-fund'], { cwd: unfinished });
  try {
    renameSync(unfinished, toolsFolder);
  } catch (error) {
    // Another process was faster.
    if (!existsSync(toolsFolder)) throw error;
    rmSync(unfinished, { recursive: true });
  }
}

/** Imports one of the packages. */
export async function load(name) {
  const tools = await import(pathToFileURL(join(toolsFolder, 'load.mjs')));
  return tools.load(name);
}

/** The file of a tool that Node runs. */
export const script = (...path) => join(toolsFolder, 'node_modules', ...path);

/** The native program of a package, in the package of the platform; the install script that would find it is not run. */
export function program(name, folder = '.') {
  const { optionalDependencies } = JSON.parse(readFileSync(script(name, 'package.json'), 'utf8'));
  const found = Object.keys(optionalDependencies).map((platform) => which(name, script(platform, folder)))
    .find((file) => file && capture(file, ['--version']) !== undefined);
  if (!found) throw new Error(`there is no ${name} for this machine`);
  return found;
}
