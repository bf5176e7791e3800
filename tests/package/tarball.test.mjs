// What npm would publish: these files, and what linters of packages and of their types say of them.
import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, relative, sep } from 'node:path';
import { after, before, test } from 'node:test';
import { root } from '../../scripts/setup/shell.mjs';
import { output } from './processes.mjs';
import { NAME, makeProject } from './project.mjs';
import { load } from './tools.mjs';

const recipes = readdirSync(join(root, 'examples'), { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile()).map((entry) => relative(root, join(entry.parentPath, entry.name)).replaceAll(sep, '/'))
  // What is fetched or built, what its README makes, and what npm leaves out of every package.
  .filter((path) => !/\/(node_modules|target|dist|\.next)\/|\/(package-lock\.json|Cargo\.lock|\.gitignore|\.env|key\.json|next-env\.d\.ts|[^/]+\.tsbuildinfo)$/.test(path));

const FILES = [
  'CHANGELOG.md', 'LICENSE-APACHE', 'LICENSE-MIT', 'README.md', 'package.json', ...recipes,
  'api.js', 'calls.js', 'canvas.js', 'edge-light.js', 'index.js', 'lti_services.js', 'meant.js', 'node.js', 'platform-storage.d.ts', 'platform-storage.js', 'slim.d.ts', 'slim.js', 'start.js', 'tool.d.ts', 'tool.js', 'workerd.js',
  'bin/canvas-lms-tokens.js', 'bin/emulator.js', 'bin/input.js', 'bin/output.js', 'bin/program.js', 'emulator.d.ts', 'emulator.js',
  ...['emulator', 'tool'].flatMap((folder) => readdirSync(join(root, 'pkg', folder), { recursive: true })
    .filter((name) => name.endsWith('.js')).map((name) => `${folder}/${name.replaceAll(sep, '/')}`)),
  'wasm/core_bg.js', 'wasm/core_bg.wasm', 'wasm/emulator.cjs', 'wasm/emulator.d.cts', 'wasm/inline.js', 'wasm/node.cjs',
  'wasm/platform-storage.cjs', 'wasm/platform-storage.d.cts', 'wasm/tool-page.js', 'wasm/tool.cjs', 'wasm/tool.d.cts',
  'wasm/types.d.cts', 'wasm/types.d.ts',
];

let project;
before(async () => {
  project = await makeProject();
});
after(() => project?.remove());

test('the files are these', () => {
  assert.deepEqual(project.tarball.files.map(({ path }) => path).sort(), FILES.sort());
});

test('Node takes the entries that are its own', async () => {
  const program = `
    const { resolve } = (await import('node:module')).createRequire(import.meta.url);
    console.log([
      import.meta.resolve('${NAME}'), resolve('${NAME}'), resolve('${NAME}/emulator'), resolve('${NAME}/platform-storage'),
      resolve('${NAME}/tool'),
    ].join());
  `;
  const printed = await output(process.execPath, ['--input-type=module', '-e', program], { cwd: project.folder });
  assert.deepEqual(printed.trim().split(',').map((file) => file.split(`/${NAME}/`).at(-1)),
    ['node.js', 'wasm/node.cjs', 'wasm/emulator.cjs', 'wasm/platform-storage.cjs', 'wasm/tool.cjs']);
});

test('no file knows the machine it was made on', () => {
  for (const path of FILES) {
    const text = readFileSync(join(project.installed, path), 'latin1');
    for (const place of [root, `${homedir()}/`, '/.cargo/', '/.rustup/', '/usr/lib/', '/usr/src/', 'node_modules/']) {
      assert.ok(!text.includes(place), `${path}: ${place}`);
    }
  }
});

test('publint finds nothing', async () => {
  const { publint } = await load('publint');
  const { formatMessage } = await load('publint/utils');
  const { messages, pkg } = await publint({ pkgDir: project.installed, pack: false, strict: true });
  assert.deepEqual(messages.map((message) => formatMessage(message, pkg)), []);
});

test('the types are not wrong', async () => {
  const { checkPackage, createPackageFromTarballData } = await load('@arethetypeswrong/core');
  const { problems, entrypoints } = await checkPackage(createPackageFromTarballData(readFileSync(project.tarball.file)));
  assert.deepEqual(Object.keys(entrypoints).sort(), ['.', './emulator', './package.json', './platform-storage', './slim', './tool']);
  assert.deepEqual(problems, []);
});
