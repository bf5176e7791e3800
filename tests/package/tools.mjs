// The bundlers, runtimes and test runners of tools/package.json, installed once for all clones.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { packageSet } from '../../scripts/setup/npm.mjs';
import { capture, which } from '../../scripts/setup/shell.mjs';

const tools = packageSet(fileURLToPath(new URL('tools/', import.meta.url)), {
  name: 'package-tools', cost: 'usually a minute, about 800 MB',
});

/** Where they are: a folder with their node_modules. */
export const toolsFolder = tools.folder;

/** Installs them if they are not there. */
export const installTools = tools.install;

/** Imports one of the packages. */
export const load = tools.load;

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
