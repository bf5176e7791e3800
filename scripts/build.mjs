// npm run build: makes the npm package complete. All that is generated goes into pkg/wasm/.
import { createHash } from 'node:crypto';
import { copyFileSync, cpSync, existsSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync } from 'node:zlib';
import { exitWith, isMain, root, run, say } from './setup/shell.mjs';
import { setup, wasmEnv } from './setup.mjs';

const TARGET = 'wasm32-unknown-unknown';
// A profiler shows the core's functions by name where the package was built with WASM_NAMES=1.
const NAMES = process.env.WASM_NAMES ? ['--debuginfo'] : [];

const pkg = join(root, 'pkg');
const generated = join(pkg, 'wasm');
const types = join(root, 'src', 'wasm', 'types.d.ts');
const stampFile = join(root, 'target', 'package.stamp');

/** Builds the package in pkg/; does only what changes since the last time call for. */
export async function build() {
  say('building the package (usually a minute the first time, a second when nothing changed)');
  const env = wasmEnv();
  run('cargo', ['build', '--release', '--lib', '--target', TARGET], { env });
  const wasm = join(env.CARGO_TARGET_DIR, TARGET, 'release', 'canvas_lms_tokens.wasm');
  copyDocuments();
  const stamp = stampOf(wasm);
  if (existsSync(generated) && existsSync(stampFile) && readFileSync(stampFile, 'utf8') === stamp) {
    console.log('pkg/ is up to date');
    return;
  }
  rmSync(stampFile, { force: true });
  await generate(wasm, env);
  await writeCommonJs();
  writeFileSync(stampFile, stamp);
  printSizes();
}

/** A hash of all that pkg/wasm/ is made from. */
function stampOf(wasm) {
  const sources = readdirSync(pkg, { recursive: true }).filter((name) => /^(?!(wasm|examples)\b).*\.(js|d\.ts)$/.test(name)).sort();
  const locks = ['Cargo.lock', 'package-lock.json'].map((name) => join(root, name));
  const files = [wasm, types, fileURLToPath(import.meta.url), ...locks, ...sources.map((name) => join(pkg, name))];
  const hash = createHash('sha256').update(NAMES.join());
  for (const file of files) hash.update(`\0${file}\0`).update(readFileSync(file));
  return hash.digest('hex');
}

async function generate(wasm, env) {
  // Made elsewhere and moved, so that no one ever imports half of it.
  const folder = join(root, 'target', `package-${process.pid}`);
  const core = join(folder, 'core_bg.wasm');
  mkdirSync(folder, { recursive: true });
  try {
    run('wasm-bindgen', [wasm, '--target', 'bundler', '--out-dir', folder, '--out-name', 'core', '--no-typescript'], { env });
    const wasmOpt = join(root, 'node_modules', 'binaryen', 'bin', 'wasm-opt');
    run(process.execPath, [wasmOpt, core, '-o', core, '-O3', ...NAMES]);
    await bundle(join(folder, 'core_bg.js'), join(folder, 'core_bg.js'), { format: 'esm', allowOverwrite: true });
    writeFileSync(join(folder, 'inline.js'), inline(readFileSync(core)));
    // The second name is for require(): TypeScript takes a .d.ts here to describe an ES module.
    for (const name of ['types.d.ts', 'types.d.cts']) copyFileSync(types, join(folder, name));
    copyFileSync(join(pkg, 'emulator.d.ts'), join(folder, 'emulator.d.cts'));
    for (const name of ['platform-storage', 'tool']) {
      const text = readFileSync(join(pkg, `${name}.d.ts`), 'utf8');
      writeFileSync(join(folder, `${name}.d.cts`), text.replace('./wasm/types.js', './types.cjs'));
    }
    writeFileSync(join(folder, 'tool-page.js'), await toolPage());
    // A ".gitignore: *" here would make npm leave the wasm out of the package; the entries take the loader's place.
    for (const name of ['.gitignore', 'core.js', 'snippets']) rmSync(join(folder, name), { force: true, recursive: true });
    rmSync(generated, { recursive: true, force: true });
    renameSync(folder, generated);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A script whose default export is the bytes of the .wasm, for pages without a bundler and for every bundler. */
const inline = (bytes) => `// The bytes of core_bg.wasm, as base64.
const text = '${bytes.toString('base64')}';

function fromBase64() {
  if (Uint8Array.fromBase64) return Uint8Array.fromBase64(text);
  const characters = atob(text);
  const bytes = new Uint8Array(characters.length);
  for (let i = 0; i < bytes.length; i += 1) bytes[i] = characters.charCodeAt(i);
  return bytes;
}

export default fromBase64();
`;

/** A script whose default export is the text of the one that a tool's pages carry. */
async function toolPage() {
  const { build: bundled } = await import('esbuild');
  const { outputFiles: [{ text }] } = await bundled({
    entryPoints: [join(pkg, 'tool', 'page.js')], bundle: true, minify: true, format: 'iife', target: 'es2022', write: false,
  });
  return `// What runs in the pages of a tool: tool/page.js, bundled.\nexport default ${JSON.stringify(text)};\n`;
}

/** What require() gets: the Node entry, the emulator, the platform's storage and the tool, one CommonJS file each. */
async function writeCommonJs() {
  await bundle(join(pkg, 'node.js'), join(generated, 'node.cjs'), {
    format: 'cjs',
    // The addresses in the entry are relative to the entry, one folder up.
    banner: { js: 'const entryUrl = new URL("../node.js", require("node:url").pathToFileURL(__filename)).href;' },
    define: { 'import.meta.url': 'entryUrl' },
  });
  for (const name of ['emulator', 'platform-storage']) {
    await bundle(join(pkg, `${name}.js`), join(generated, `${name}.cjs`), { format: 'cjs' });
  }
  // The core is the one that its user requires.
  await bundle(join(pkg, 'tool.js'), join(generated, 'tool.cjs'), { format: 'cjs', external: ['canvas-lms-tokens'] });
}

async function bundle(entry, file, options) {
  // Imported here, as set-up may have installed it just now.
  const esbuild = await import('esbuild');
  const platform = options.format === 'cjs' ? { platform: 'node', target: 'node20' } : { target: 'es2022' };
  await esbuild.build({
    // Its comments name files relative to this folder.
    absWorkingDir: dirname(entry), entryPoints: [entry], outfile: file, bundle: true, logLevel: 'warning',
    ...platform, ...options,
  });
}

/** What the package has of the project beside code: the recipes are what the README links to. */
function copyDocuments() {
  for (const name of readdirSync(root).filter((file) => /^(README|CHANGELOG)\.md$|^LICENSE-/.test(file))) {
    copyFileSync(join(root, name), join(pkg, name));
  }
  const recipes = join(pkg, 'examples');
  rmSync(recipes, { recursive: true, force: true });
  // What a recipe makes while it is used stays out of the package by the recipe's own .gitignore, which npm obeys.
  cpSync(join(root, 'examples'), recipes, { recursive: true, filter: (path) => !/[\\/](node_modules|target|dist|\.next)$/.test(path) });
}

function printSizes() {
  const bytes = readFileSync(join(generated, 'core_bg.wasm'));
  const kilobytes = ({ length }) => `${(length / 1000).toFixed(0)} kB`;
  console.log(`core_bg.wasm: ${kilobytes(bytes)}, with brotli ${kilobytes(brotliCompressSync(bytes))}`);
}

if (isMain(import.meta.url)) {
  await exitWith(async () => {
    setup('build');
    await build();
  });
}
