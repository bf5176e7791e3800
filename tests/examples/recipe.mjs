// A recipe of examples/ as somebody has it who copied the folder: the packages of its lock file, and this package from the tarball.
import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { delimiter, join } from 'node:path';
import { packageSet } from '../../scripts/setup/npm.mjs';
import { root } from '../../scripts/setup/shell.mjs';
import { output, startServer } from '../package/processes.mjs';
import { installBelow, NAME } from '../package/project.mjs';

const GENERATED = /[\\/](node_modules|dist|\.next|\.env|package-lock\.json)$/;

/**
 * Makes a copy of examples/`name`. Resolves to {folder, run(script, env), start(script, pattern, env), remove()}: `run` and `start` run
 * a script of its package.json, as npm does, to its end or until it prints something like `pattern`.
 */
export async function makeRecipe(name) {
  const source = join(root, 'examples', name);
  const packages = packageSet(source, { name: `example-${name}`, cost: 'usually seconds', except: NAME });
  packages.install();
  const { folder, remove } = await installBelow(packages.folder);
  cpSync(source, folder, { recursive: true, filter: (path) => !GENERATED.test(path) });
  const { scripts } = JSON.parse(readFileSync(join(source, 'package.json'), 'utf8'));
  const programs = [folder, packages.folder].map((place) => join(place, 'node_modules', '.bin'));
  // Of this process, only what is no setting of a recipe.
  const { PATH, HOME, TMPDIR = '/tmp' } = process.env;
  const ours = { HOME, TMPDIR, PATH: [...programs, PATH].join(delimiter), NO_COLOR: '1', NEXT_TELEMETRY_DISABLED: '1' };
  const shell = (script) => ['sh', ['-c', scripts[script]]];
  return {
    folder, remove,
    run: (script, env = {}) => output(...shell(script), { cwd: folder, env: { ...ours, ...env } }),
    start: (script, pattern, env = {}) =>
      startServer(...shell(script), pattern, { cwd: folder, env: { ...ours, ...env }, detached: true }),
  };
}

/** Writes a .env as README.md says: .env.example with other values, and more of them. */
export function writeEnv(folder, values) {
  const example = readFileSync(join(folder, '.env.example'), 'utf8');
  const kept = example.split('\n').filter((line) => !(line.split('=')[0] in values));
  const lines = Object.entries(values).map(([name, value]) => `${name}='${value}'`);
  writeFileSync(join(folder, '.env'), [...kept, ...lines, ''].join('\n'));
}

/** A port that is free now, for a tool whose address Canvas has to know before it starts. */
export async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  await once(server, 'close');
  return port;
}
