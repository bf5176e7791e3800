// What the package weighs, against a budget: on disk, and on the way to a browser.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { brotliCompressSync } from 'node:zlib';
import * as esbuild from 'esbuild';
import { NAME, makeProject } from './project.mjs';

// In bytes, at what was measured and a little more; a change that needs more has to say so here.
const BUDGET = {
  files: 50,
  unpacked: 885_000,
  // Minified, with brotli: all that a page downloads.
  page: 86_500,
  // The same for ./slim, its script and its wasm.
  slim: 97_500,
};

let project;
before(async () => {
  project = await makeProject();
});
after(() => project?.remove());

/** The minified script of a page that imports all of this entry, with brotli. */
async function script(entry) {
  const { outputFiles: [file] } = await esbuild.build({
    stdin: { contents: `export * from '${entry}';`, resolveDir: project.folder },
    bundle: true, minify: true, format: 'esm', write: false,
  });
  return brotliCompressSync(file.contents).length;
}

function within(t, what, measured) {
  t.diagnostic(`${what}: ${measured} of ${BUDGET[what]}`);
  assert.ok(measured <= BUDGET[what], `${what}: ${measured}, over the budget of ${BUDGET[what]}`);
}

test('the tarball', (t) => {
  within(t, 'files', project.tarball.files.length);
  within(t, 'unpacked', project.tarball.unpackedSize);
});

test('what a page downloads', async (t) => {
  within(t, 'page', await script(NAME));
});

test('what a page downloads that streams', async (t) => {
  const wasm = brotliCompressSync(readFileSync(join(project.installed, 'wasm', 'core_bg.wasm')));
  within(t, 'slim', await script(`${NAME}/slim`) + wasm.length);
});
