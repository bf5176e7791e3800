// A project of a user: the package is installed in it from the tarball that npm would publish.
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { root } from '../../scripts/setup/shell.mjs';
import { output } from './processes.mjs';
import { installTools, toolsFolder } from './tools.mjs';

export const NAME = 'canvas-lms-tokens';
const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const NPM = ['--ignore-scripts', '--no-audit', '--no-fund'];

/** Makes the tarball in a folder. Resolves to {file, and what npm says of it: files, size, unpackedSize}. */
export async function pack(folder) {
  const [packed] = JSON.parse(await output('npm', ['pack', '--json', '--pack-destination', folder, ...NPM], {
    cwd: join(root, 'pkg'),
  }));
  return { ...packed, file: join(folder, packed.filename) };
}

/** Makes a folder with the package installed; below one whose packages it finds too. */
export async function installBelow(parent) {
  const folder = mkdtempSync(join(parent, 'project-'));
  const remove = () => rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
  process.once('exit', remove);
  writeFileSync(join(folder, 'package.json'), '{ "private": true }\n');
  const tarball = await pack(folder);
  await output('npm', ['install', '--prefer-offline', '--no-package-lock', ...NPM, tarball.file], { cwd: folder });
  return { folder, tarball, installed: join(folder, 'node_modules', NAME), remove };
}

/** Makes the project; below the tools, where Next.js and the others look for themselves. */
export async function makeProject() {
  installTools();
  const project = await installBelow(toolsFolder);
  const { folder } = project;
  cpSync(here('project'), folder, { recursive: true });
  cpSync(here('check.mjs'), join(folder, 'check.mjs'));
  writeFileSync(join(folder, 'vectors.mjs'), `export default ${JSON.stringify(vectors())};\n`);
  return project;
}

function vectors() {
  const all = ['rfc7515', 'rfc7520'].flatMap((name) =>
    JSON.parse(readFileSync(join(root, 'tests', 'vectors', `${name}.json`), 'utf8')));
  return Object.fromEntries(['rfc7515-a2', 'rfc7520-5.6'].map((name) => [name, all.find((vector) => vector.name === name)]));
}
