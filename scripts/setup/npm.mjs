// The npm packages of package-lock.json, and sets of packages that have a lock file of their own.
import { createHash } from 'node:crypto';
import { copyFileSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { pathToFileURL } from 'node:url';
import { cache, root, run, say } from './shell.mjs';

const changed = (path) => (existsSync(join(root, path)) ? statSync(join(root, path)).mtimeMs : 0);
const FLAGS = ['--ignore-scripts', '--no-fund', '--no-audit'];
// Under Windows npm is a script, which only a shell can start.
const options = { shell: process.platform === 'win32' };

/** Runs `npm ci` unless the packages are newer than what asks for them. */
export function installNpmPackages() {
  const asked = Math.max(...['package.json', 'package-lock.json', 'pkg/package.json'].map(changed));
  if (changed('node_modules/.package-lock.json') > asked) return;
  say('npm ci (usually 10 seconds)');
  run('npm', ['ci', ...FLAGS], options);
}

const FILES = ['package.json', 'package-lock.json', '.npmrc'];
// Imports what is installed beside it.
const LOADER = 'export const load = (name) => import(name);\n';

/**
 * The set that `wanted` describes, a folder with package.json and lock file; without the package `except`, if it is given. It is
 * kept in the user's cache folder, once for all clones: {folder, install(), load(name)}, which imports one of its packages.
 */
export function packageSet(wanted, { name, cost, except }) {
  const files = FILES.filter((file) => existsSync(join(wanted, file)));
  const hash = createHash('sha256').update(LOADER);
  for (const file of files) hash.update(readFileSync(join(wanted, file)));
  const folder = join(cache, `${name}-${hash.digest('hex').slice(0, 16)}`);
  return {
    folder,
    /** Installs it if it is not there. */
    install() {
      if (existsSync(folder)) return;
      // Made beside its place and renamed, so an interrupted run leaves nothing half made.
      const unfinished = `${folder}.${process.pid}`;
      say(`npm install of ${relative(root, wanted)} in ${folder} (once, ${cost})`);
      mkdirSync(unfinished, { recursive: true });
      for (const file of files) copyFileSync(join(wanted, file), join(unfinished, file));
      if (except) for (const file of ['package.json', 'package-lock.json']) leaveOut(except, join(unfinished, file));
      writeFileSync(join(unfinished, 'load.mjs'), LOADER);
      // Not npm ci, which wants every platform's programs in the lock file, and not every registry has them.
      run('npm', ['install', ...FLAGS], { ...options, cwd: unfinished });
      try {
        renameSync(unfinished, folder);
      } catch (error) {
        // Another process was faster.
        if (!existsSync(folder)) throw error;
        rmSync(unfinished, { recursive: true });
      }
    },
    load: async (from) => (await import(pathToFileURL(join(folder, 'load.mjs')))).load(from),
  };
}

/** Takes a dependency out of a package.json or lock file. */
function leaveOut(name, file) {
  const contents = JSON.parse(readFileSync(file, 'utf8'));
  for (const owner of [contents, contents.packages?.['']]) {
    for (const kind of ['dependencies', 'devDependencies']) delete owner?.[kind]?.[name];
  }
  delete contents.packages?.[`node_modules/${name}`];
  writeFileSync(file, JSON.stringify(contents));
}
