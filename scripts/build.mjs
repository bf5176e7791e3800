// Makes the npm package complete: the wasm and all that is generated go into pkg/wasm/.
import { createHash } from 'node:crypto';
import {
  copyFileSync, existsSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync,
} from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync } from 'node:zlib';
import { nameByLikeness } from './compact/likeness.mjs';
import { shortenNames } from './compact/names.mjs';
import { inline } from './inline/script.mjs';
import { capture, exitWith, isMain, root, run, say } from './setup/shell.mjs';
import { packageEnv, setup } from './setup.mjs';

const TARGET = 'wasm32-unknown-unknown';
const BY_NAME = '--reorder-functions-by-name';
const LEVEL = ['--optimize-level=2', '--shrink-level=1'];
const OPTIMISE = [
  '-O2', ...LEVEL, BY_NAME,
  // Functions that are called once stay functions: many small ones, with few locals each, compress better than some
  // that are huge.
  '--one-caller-inline-max-function-size=20',
  '--skip-pass=simplify-locals',
  // The lowest addresses are the far end of the stack.
  '--low-memory-unused',
];
// What rustc and wasm-bindgen emit, and every runtime we support has.
const FEATURES = [
  'bulk-memory', 'bulk-memory-opt', 'multivalue', 'mutable-globals',
  'nontrapping-float-to-int', 'reference-types', 'sign-ext',
];

const pkg = join(root, 'pkg');
const generated = join(pkg, 'wasm');
const stampFile = join(root, 'target', 'package', 'package.stamp');

/** Builds the package in pkg/; does only what changes since the last time call for. */
export async function build() {
  const { env, args } = packageEnv();
  say('building the package (usually a minute the first time, a second when nothing changed)');
  run('cargo', ['build', '--release', '--lib', '--target', TARGET, ...args], { env });
  const wasm = join(env.CARGO_TARGET_DIR, TARGET, 'release', 'canvas_lms_tokens.wasm');
  const stamp = inputsHash(wasm, env);
  if (existsSync(stampFile) && readFileSync(stampFile, 'utf8') === stamp && isComplete()) {
    console.log('pkg/ is up to date');
    return;
  }
  rmSync(stampFile, { force: true });
  await generate(wasm, env);
  await writeCommonJs();
  copyDocuments();
  writeFileSync(stampFile, stamp);
  printSizes();
}

/** Fingerprint of everything but cargo's own inputs, of which its output is one. */
function inputsHash(wasm, env) {
  const itself = fileURLToPath(import.meta.url);
  const lock = join(root, 'package-lock.json');
  const scripts = ['compact', 'inline'].flatMap((folder) => readdirSync(join(root, 'scripts', folder)).sort()
    .map((name) => join(root, 'scripts', folder, name)));
  const files = [wasm, itself, ...scripts, lock, typesSource(), ...sources(), ...documents()];
  const hash = createHash('sha256').update(capture('wasm-bindgen', ['--version'], { env }) ?? '');
  for (const file of files) {
    hash.update(`\0${relative(root, file)}\0`).update(existsSync(file) ? readFileSync(file) : 'none');
  }
  return hash.digest('hex');
}

const typesSource = () => join(root, 'src', 'wasm', 'types.d.ts');
const sources = () => readdirSync(pkg, { recursive: true }).filter((name) => /^(?!wasm\b).*\.(js|d\.ts)$/.test(name))
  .sort().map((name) => join(pkg, name));
const documents = () => readdirSync(root).filter((name) => name === 'README.md' || name.startsWith('LICENSE-'))
  .sort().map((name) => join(root, name));

const GENERATED = [
  'core_bg.js', 'core_bg.wasm', 'emulator.cjs', 'emulator.d.cts', 'inline.js', 'node.cjs', 'types.d.cts', 'types.d.ts',
];
const isComplete = () => GENERATED.every((name) => existsSync(join(generated, name)))
  && documents().every((file) => existsSync(join(pkg, relative(root, file))));

async function generate(wasm, env) {
  // Made elsewhere and moved, so that no one ever imports half of it.
  const folder = join(env.CARGO_TARGET_DIR, `package-${process.pid}`);
  mkdirSync(folder, { recursive: true });
  try {
    run('wasm-bindgen', [
      wasm, '--target', 'bundler', '--out-dir', folder, '--out-name', 'core', '--no-typescript',
      // wasm-opt drops these sections from what is published.
      '--keep-debug',
    ], { env });
    await compact(join(folder, 'core_bg.wasm'), join(folder, 'core_bg.js'));
    const { bytes, source } = inline(readFileSync(join(folder, 'core_bg.wasm')));
    writeFileSync(join(folder, 'core_bg.wasm'), bytes);
    writeFileSync(join(folder, 'inline.js'), source);
    // The second name is for require(): TypeScript takes a .d.ts here to describe an ES module.
    for (const name of ['types.d.ts', 'types.d.cts']) copyFileSync(typesSource(), join(folder, name));
    copyFileSync(join(pkg, 'emulator.d.ts'), join(folder, 'emulator.d.cts'));
    // A ".gitignore: *" here would make npm leave the wasm out of the package; the entries take the loader's place.
    for (const name of ['.gitignore', 'core.js', 'snippets']) rmSync(join(folder, name), { force: true, recursive: true });
    rmSync(generated, { recursive: true, force: true });
    renameSync(folder, generated);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The wasm, and one script of wasm-bindgen's JavaScript and the core's own (src/wasm/platform.js). */
async function compact(wasm, script) {
  optimise(wasm, [...OPTIMISE, '--strip-producers', '--strip-target-features']);
  const short = shortenNames(readFileSync(wasm), readFileSync(script, 'utf8'));
  writeFileSync(wasm, nameByLikeness(short.wasm));
  optimise(wasm, [...LEVEL, BY_NAME]);
  writeFileSync(script, short.script);
  const esbuild = await import('esbuild');
  await esbuild.build({
    entryPoints: [script], outfile: script, allowOverwrite: true, bundle: true, minify: true, format: 'esm', target: 'es2022',
    logLevel: 'warning',
  });
}

function optimise(file, passes) {
  const wasmOpt = join(root, 'node_modules', 'binaryen', 'bin', 'wasm-opt');
  const features = FEATURES.map((name) => `--enable-${name}`);
  run(process.execPath, [wasmOpt, file, '-o', file, ...passes, '--strip-debug', ...features]);
}

/** What require() gets: the Node entry and the emulator, one CommonJS file each. */
async function writeCommonJs() {
  const esbuild = await import('esbuild');
  const write = (entry, file, options) => esbuild.build({
    entryPoints: [join(pkg, entry)],
    outfile: join(generated, file),
    bundle: true,
    format: 'cjs',
    platform: 'node',
    target: 'node20',
    logLevel: 'warning',
    ...options,
  });
  await write('node.js', 'node.cjs', {
    // The addresses in the entry are relative to the entry, one folder up.
    banner: { js: 'const entryUrl = new URL("../node.js", require("node:url").pathToFileURL(__filename)).href;' },
    define: { 'import.meta.url': 'entryUrl' },
  });
  await write('emulator.js', 'emulator.cjs');
}

function copyDocuments() {
  for (const file of documents()) copyFileSync(file, join(pkg, relative(root, file)));
}

function printSizes() {
  const bytes = readFileSync(join(generated, 'core_bg.wasm'));
  const kilobytes = ({ length }) => `${(length / 1024).toFixed(1)} KiB`;
  console.log(`core_bg.wasm: ${kilobytes(bytes)}, with brotli ${kilobytes(brotliCompressSync(bytes))}`);
}

if (isMain(import.meta.url)) {
  await exitWith(async () => {
    setup('build');
    await build();
  });
}
