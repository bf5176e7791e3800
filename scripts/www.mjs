// npm run build:www: bundles the page into target/www, a folder of static files for any path of any host.
import { createHash } from 'node:crypto';
import { copyFileSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { brotliCompressSync } from 'node:zlib';
import { build as buildPackage } from './build.mjs';
import { exitWith, isMain, root } from './setup/shell.mjs';
import { setup } from './setup.mjs';

const source = join(root, 'www');
export const pageFolder = join(root, 'target', 'www');

const ENTRIES = { main: 'main.js', worker: 'package/worker.js', style: 'style/main.css' };

/** Bundles the page; the package must have been built. Resolves to what the first view weighs: {files: [{name, bytes, brotli}]}. */
export async function buildPage() {
  const folder = `${pageFolder}-${process.pid}`;
  rmSync(folder, { recursive: true, force: true });
  try {
    const { metafile } = await bundle(join(folder, 'app'));
    const wasm = join(folder, 'app', 'wasm');
    mkdirSync(wasm);
    copyFileSync(join(root, 'pkg', 'wasm', 'core_bg.wasm'), join(wasm, 'core_bg.wasm'));
    copyFileSync(join(source, 'icon.svg'), join(folder, 'icon.svg'));
    // A folder named after what is in it, so that no cache mixes two versions.
    const app = `app-${hashOf(join(folder, 'app'))}`;
    renameSync(join(folder, 'app'), join(folder, app));
    const first = firstView(metafile);
    writeFileSync(join(folder, 'index.html'), page(app, first));
    // Moved whole, so that no one is ever served half of it.
    rmSync(pageFolder, { recursive: true, force: true });
    renameSync(folder, pageFolder);
    return weigh(app, first);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function bundle(outdir) {
  // Imported here, as set-up may have installed it just now.
  const esbuild = await import('esbuild');
  return esbuild.build({
    absWorkingDir: source, entryPoints: ENTRIES, outdir, bundle: true, splitting: true, format: 'esm', minify: true, metafile: true,
    target: ['es2022', 'chrome123', 'firefox120', 'safari17.5'], external: ['node:*'], legalComments: 'linked', logLevel: 'warning',
  });
}

function hashOf(folder) {
  const hash = createHash('sha256');
  for (const name of readdirSync(folder, { recursive: true }).sort()) {
    const file = join(folder, name);
    if (statSync(file).isFile()) hash.update(`\0${name}\0`).update(readFileSync(file));
  }
  return hash.digest('hex').slice(0, 12);
}

/** The names of the files that the first view, Inspect, needs: scripts of the page, and of its worker. */
function firstView({ outputs }) {
  const byName = new Map(Object.entries(outputs).map(([file, output]) => [basename(file), output]));
  const needed = (name, found = new Set()) => {
    if (found.has(name)) return found;
    found.add(name);
    for (const { path, kind } of byName.get(name).imports) {
      if (kind === 'import-statement') needed(basename(path), found);
    }
    return found;
  };
  const entryOf = (file) => [...byName].find(([, { entryPoint }]) => entryPoint === file)[0];
  const dynamic = (file, ...more) => more.reduce((found, name) => needed(name, found), needed(entryOf(file)));
  const scripts = dynamic('main.js', entryOf('views/inspect/view.js'));
  return { scripts: [...scripts], worker: [...dynamic('package/worker.js', entryOf('../pkg/slim.js'))] };
}

const page = (app, { scripts }) => readFileSync(join(source, 'index.html'), 'utf8')
  .replace('<!-- preload -->', scripts.map((name) => `<link rel="modulepreload" href="${app}/${name}">`).join('\n  '))
  .replaceAll('app/', `${app}/`);

function weigh(app, { scripts, worker }) {
  const names = ['index.html', `${app}/style.css`, ...new Set([...scripts, ...worker].map((name) => `${app}/${name}`)),
    `${app}/wasm/core_bg.wasm`];
  return names.map((name) => {
    const content = readFileSync(join(pageFolder, name));
    return { name: name.replace(`${app}/`, ''), bytes: content.length, brotli: brotliCompressSync(content).length };
  });
}

export function printWeight(files) {
  const kilobytes = (bytes) => `${(bytes / 1000).toFixed(0)} kB`.padStart(8);
  const sum = (member) => files.reduce((total, file) => total + file[member], 0);
  const rows = [...files, { name: 'the first view', bytes: sum('bytes'), brotli: sum('brotli') }];
  console.log(`\n${'target/www'.padEnd(28)}   plain   brotli`);
  for (const { name, bytes, brotli } of rows) console.log(name.padEnd(26) + kilobytes(bytes) + kilobytes(brotli));
}

if (isMain(import.meta.url)) {
  await exitWith(async () => {
    setup('build');
    await buildPackage();
    printWeight(await buildPage());
  });
}
