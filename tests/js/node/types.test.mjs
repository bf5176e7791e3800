// The published types hold what a consumer writes, under every way TypeScript finds them.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { read, rootUrl } from './copies.mjs';
import { examples } from './readme.mjs';

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

// What a consumer's program knows of its platform: [name, options, the consumers that need no more].
const NODE = `import type { webcrypto } from 'node:crypto';
declare global { type CryptoKey = webcrypto.CryptoKey; type JsonWebKey = webcrypto.JsonWebKey }
`;
const misspelt = consumers.filter(([name]) => name === 'misspelt');
const PLATFORMS = [
  ['the DOM', { lib: ['es2022', 'dom'], types: [] }, consumers],
  ['Node', { lib: ['es2022'], types: ['node'] }, [...consumers, ['globals', NODE]]],
  ['the DOM and Node', { lib: ['es2022', 'dom'], types: ['node'] }, consumers],
  ['nothing', { lib: ['es2022'], types: [] }, misspelt],
];

// What takes no object but one that may have any members.
const WITHOUT = ['decode', 'unwrap', 'wrap', 'parse', 'stringify', 'prepareSecret', 'isTokenError'];

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

for (const [name, options, texts] of PLATFORMS) {
  for (const skipLibCheck of [true, false]) {
    test(`types where ${name} is known${skipLibCheck ? ', libraries unchecked' : ''}`, (t) => {
      const { status, said } = check(t, texts, { module: 'nodenext', skipLibCheck, exactOptionalPropertyTypes: true, ...options }, 'mts');
      assert.equal(status, 0, said);
    });
  }
}

for (const [name, options] of PLATFORMS.slice(0, 2)) {
  test(`the README's examples are right where ${name} is known`, (t) => {
    const texts = examples.map((code, i) => [`example-${i}`, code]);
    const js = { module: 'nodenext', allowJs: true, checkJs: true, exactOptionalPropertyTypes: true };
    const { status, said } = check(t, texts, { ...js, ...options }, 'mjs');
    assert.equal(status, 0, said);
  });
}

for (const [name, options] of PLATFORMS.slice(0, 2)) {
  test(`the README's examples are TypeScript where ${name} is known`, (t) => {
    const strict = { module: 'nodenext', exactOptionalPropertyTypes: true, noUncheckedIndexedAccess: true };
    const { status, said } = check(t, examples.map((code, i) => [`example-${i}`, code]), { ...strict, ...options }, 'mts');
    assert.equal(status, 0, said);
  });
}

test('a wrong name is refused in every function that takes an object', () => {
  const [types, emulator, tool] = ['src/wasm/types.d.ts', 'pkg/emulator.d.ts', 'pkg/tool.d.ts'].map(read);
  const functions = [types, emulator, tool].flatMap((text) => [...text.matchAll(/^export function (\w+)/gm)].map(([, name]) => name));
  const methods = [...types.matchAll(/^export class [^]*?^}$/gm)].flatMap(([text]) =>
    [...text.matchAll(/^ {2}(?:static )?(\w+)\(/gm)].map(([, name]) => name).filter((name) => name !== 'constructor'));
  const taking = new Set([...functions, ...methods].filter((name) => !WITHOUT.includes(name)));
  assert.ok(taking.size > 50);
  const text = consumers.filter(([name]) => name.startsWith('misspelt')).map(([, each]) => each).join('\n');
  for (const name of taking) {
    assert.match(text, new RegExp(`@ts-expect-error\\n.*\\b${name}\\(.*\\bwrong\\b`), name);
  }
});

test('require and import have the same types', () => {
  const [esm, cjs] = ['types.d.ts', 'types.d.cts'].map((name) => readFileSync(join(root, 'pkg', 'wasm', name), 'utf8'));
  assert.equal(cjs, esm);
  assert.equal(esm, read('src/wasm/types.d.ts'));
});
