// The published types hold what a consumer writes, under every way TypeScript finds them.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { read, rootUrl } from './copies.mjs';

const root = fileURLToPath(rootUrl);
const tsc = join(root, 'node_modules', 'typescript', 'bin', 'tsc');
const consumers = readdirSync(new URL('types', import.meta.url)).sort()
  .map((file) => [file.replace('.ts', ''), read(`tests/js/node/types/${file}`)]);

// [name, options, what the file's name ends with]
const WAYS = [
  ['nodenext, import', { module: 'nodenext' }, 'mts'],
  ['nodenext, require', { module: 'nodenext' }, 'cts'],
  ['bundler', { module: 'esnext', moduleResolution: 'bundler' }, 'ts'],
  ['bundler for browsers', { module: 'esnext', moduleResolution: 'bundler', customConditions: ['browser'] }, 'ts'],
  ['bundler for workerd', { module: 'esnext', moduleResolution: 'bundler', customConditions: ['workerd'] }, 'ts'],
];

/** What tsc says about these texts. */
function check(t, texts, options, ending) {
  // Below the project, so that the package is found as an installed one is.
  mkdirSync(join(root, 'target'), { recursive: true });
  const folder = mkdtempSync(join(root, 'target', 'types-'));
  t.after(() => rmSync(folder, { recursive: true }));
  for (const [name, text] of texts) writeFileSync(join(folder, `${name}.${ending}`), text);
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({
    compilerOptions: { strict: true, noEmit: true, target: 'es2022', lib: ['es2022', 'dom'], types: [], ...options },
    files: texts.map(([name]) => `${name}.${ending}`),
  }));
  const { status, stdout, stderr } = spawnSync(process.execPath, [tsc, '-p', folder], { encoding: 'utf8' });
  return { status, said: stdout + stderr };
}

for (const [name, options, ending] of WAYS) {
  test(`types under ${name}`, (t) => {
    const { status, said } = check(t, consumers, options, ending);
    assert.equal(status, 0, said);
  });

  test(`types under ${name}: a mistake is one`, (t) => {
    const wrong = "import { decode } from 'canvas-lms-tokens';\nexport const wrong: number = decode('');\n";
    const { status, said } = check(t, [['wrong', wrong]], options, ending);
    assert.notEqual(status, 0);
    assert.match(said, /TS2322/);
  });
}

test('require and import have the same types', () => {
  const [esm, cjs] = ['types.d.ts', 'types.d.cts'].map((name) => readFileSync(join(root, 'pkg', 'wasm', name), 'utf8'));
  assert.equal(cjs, esm);
  assert.equal(esm, read('src/wasm/types.d.ts'));
});
