// The npm packages of package-lock.json.
import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { root, run, say } from './shell.mjs';

const changed = (path) => (existsSync(join(root, path)) ? statSync(join(root, path)).mtimeMs : 0);

/** Runs `npm ci` unless the packages are newer than what asks for them. */
export function installNpmPackages() {
  const asked = Math.max(...['package.json', 'package-lock.json', 'pkg/package.json'].map(changed));
  if (changed('node_modules/.package-lock.json') > asked) return;
  say('npm ci (usually 10 seconds)');
  // Under Windows npm is a script, which only a shell can start.
  run('npm', ['ci', '--ignore-scripts', '--no-fund', '--no-audit'], { shell: process.platform === 'win32' });
}
