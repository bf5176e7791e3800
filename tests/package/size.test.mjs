// What the package weighs, on disk and on the way to a browser: printed, and held to no limit.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { brotliCompressSync } from 'node:zlib';
import * as esbuild from 'esbuild';
import { NAME, makeProject } from './project.mjs';

test('what the package weighs', async (t) => {
  const project = await makeProject();
  t.after(() => project.remove());
  /** The minified script of a page that imports all of this entry. */
  const script = async (entry) => {
    const { outputFiles: [file] } = await esbuild.build({
      stdin: { contents: `export * from '${entry}';`, resolveDir: project.folder },
      bundle: true, minify: true, format: 'esm', write: false,
    });
    return file.contents;
  };
  const wasm = readFileSync(join(project.installed, 'wasm', 'core_bg.wasm'));
  const [page, slim, storage] = await Promise.all([NAME, `${NAME}/slim`, `${NAME}/platform-storage`].map(script));
  const weights = {
    'the tarball': project.tarball.size,
    'the installed package': project.tarball.unpackedSize,
    'core_bg.wasm': wasm.length,
    'a page, minified, with brotli': brotliCompressSync(page).length,
    'a page with ./slim': brotliCompressSync(slim).length + brotliCompressSync(wasm).length,
    'a page with ./platform-storage': brotliCompressSync(storage).length,
  };
  for (const [what, bytes] of Object.entries(weights)) t.diagnostic(`${what}: ${(bytes / 1000).toFixed(0)} kB`);
  // The default entry carries the wasm, and ./slim leaves it in its own file.
  assert.ok(page.length > wasm.length);
  assert.ok(slim.length < wasm.length);
  assert.ok(!Buffer.from(storage).includes('WebAssembly'));
});
