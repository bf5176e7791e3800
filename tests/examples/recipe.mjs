// A recipe of examples/ as somebody has it who copied the folder: the packages of its lock file, and this package from the tarball.
import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { packageSet } from '../../scripts/setup/npm.mjs';
import { cache, root } from '../../scripts/setup/shell.mjs';
import { output, startServer } from '../package/processes.mjs';
import { installBelow, NAME } from '../package/project.mjs';
import { installTools, program } from '../package/tools.mjs';

const LIMIT = 10 * 60_000;
const GENERATED = /[\\/](node_modules|dist|\.next|\.env|package-lock\.json)$/;

/**
 * Makes a copy of examples/`name`. Resolves to {folder, run(script, env), start(script, pattern, env), settle(), remove()}: `run` and
 * `start` run a script of its package.json, as npm does, to its end or until it prints something like `pattern`; `settle` makes
 * .env as README.md says, and what is in the environment goes before it.
 */
export async function makeRecipe(name) {
  const source = join(root, 'examples', name);
  const packages = packageSet(source, { name: `example-${name}`, cost: 'usually seconds', except: NAME });
  packages.install();
  const recipe = await makeCopy(source, packages.folder);
  const { scripts } = JSON.parse(readFileSync(join(source, 'package.json'), 'utf8'));
  const programs = [recipe.folder, packages.folder].map((place) => join(place, 'node_modules', '.bin'));
  return { ...recipe, ...commands(recipe.folder, (script) => scripts[script], programs) };
}

/** The same for a recipe of Deno, with the tasks of its deno.json. What it imports is taken from node_modules. */
export async function makeDenoRecipe(name) {
  installTools();
  const parent = join(cache, `example-${name}`);
  mkdirSync(parent, { recursive: true });
  const recipe = await makeCopy(join(root, 'examples', name), parent);
  const file = join(recipe.folder, 'deno.json');
  writeFileSync(file, JSON.stringify({ nodeModulesDir: 'manual', ...JSON.parse(readFileSync(file, 'utf8')) }));
  const env = { DENO_DIR: join(parent, 'deno'), DENO_NO_UPDATE_CHECK: '1' };
  return { ...recipe, ...commands(recipe.folder, (task) => `deno task ${task}`, [dirname(program('deno'))], env) };
}

async function makeCopy(source, parent) {
  const { folder, remove } = await installBelow(parent);
  cpSync(source, folder, { recursive: true, filter: (path) => !GENERATED.test(path) });
  return { folder, remove };
}

function commands(cwd, commandOf, programs, more = {}) {
  // Of this process, only what is no setting of a recipe.
  const { PATH, HOME, TMPDIR = '/tmp' } = process.env;
  const ours = {
    HOME, TMPDIR, PATH: [...programs, PATH].join(delimiter), NO_COLOR: '1', NEXT_TELEMETRY_DISABLED: '1', ...more,
  };
  const shell = (text) => ['sh', ['-ec', text]];
  return {
    run: (script, env = {}) => output(...shell(commandOf(script)), { cwd, env: { ...ours, ...env }, timeout: LIMIT }),
    start: (script, pattern, env = {}) =>
      startServer(...shell(commandOf(script)), pattern, { cwd, env: { ...ours, ...env }, detached: true }),
    settle() {
      const lines = readFileSync(join(cwd, 'README.md'), 'utf8').match(/^.* (?:keygen .*|\.env)$/gm);
      return output(...shell(lines.join('\n')), { cwd, env: ours });
    },
  };
}

/** Writes a .env as README.md says: .env.example with other values, and more of them. */
export function writeEnv(folder, values) {
  const example = readFileSync(join(folder, '.env.example'), 'utf8');
  const kept = example.split('\n').filter((line) => !(line.split('=')[0] in values));
  const lines = Object.entries(values).map(([name, value]) => `${name}='${value}'`);
  writeFileSync(join(folder, '.env'), [...kept, ...lines, ''].join('\n'));
}
