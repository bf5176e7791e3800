// What is written in several places says the same, and the layers of src/ lean one way only.
import assert from 'node:assert/strict';
import { existsSync, readdirSync } from 'node:fs';
import { test } from 'node:test';
import { copies, read, rootUrl } from './copies.mjs';

const here = (path) => existsSync(new URL(path, rootUrl));
const all = (text, pattern) => [...text.matchAll(pattern)].map(([, ...groups]) => (groups.length > 1 ? groups : groups[0]));
const types = read('src/wasm/types.d.ts');

const codes = all(read('src/error.rs'), /^\s+\w+\s+"(ERR_[A-Z_]+)"\s+"(.+)"$/gm);

test('the error codes of src/error.rs, types.d.ts and README.md are the same', () => {
  assert.ok(codes.length >= 25);
  const [union] = all(types, /^export type ErrorCode =([^;]+);/gm);
  assert.deepEqual(all(union, /'(\w+)'/g), codes.map(([code]) => code));
  const rows = all(read('README.md'), /^\| `(ERR_[A-Z_]+)` \| (.+) \|$/gm);
  assert.deepEqual(rows, codes);
});

const declared = all(types, /^export (?:declare )?(?:abstract )?(?:function|class|const|let|enum) (\w+)/gm);

test('what is exported is what types.d.ts declares', async () => {
  assert.ok(declared.includes('decode'));
  const expected = [...new Set(declared)].sort();
  const browser = await import(new URL('pkg/index.js', rootUrl));
  for (const [how, api] of Object.entries({ ...copies, browser })) {
    assert.deepEqual(Object.keys(api).filter((name) => name !== 'default' && name !== '__esModule').sort(), expected, how);
  }
  assert.equal(/^export default\b/m.test(types), false);
});

test('both browser and Node entry work', async () => {
  const { decode } = await import(new URL('pkg/index.js', rootUrl));
  assert.deepEqual(decode('eyJhbGciOiJIUzI1NiJ9.e30.AA').claims, {});
});

test('every function of types.d.ts says what it is', () => {
  for (const name of new Set(declared)) {
    assert.match(types, new RegExp(`\\*/\\nexport (?:function|class|const) ${name}\\b`), `${name} has no comment`);
  }
});

const strings = (value) => (typeof value === 'string' ? [value] : Object.values(value).flatMap(strings));

test('every file that package.json names is there', () => {
  const { main, module, types: typings, exports, sideEffects, license } = JSON.parse(read('pkg/package.json'));
  for (const file of [main, module, typings, ...strings(exports), ...sideEffects]) assert.ok(here(`pkg/${file}`), file);
  assert.equal(license, 'MIT OR Apache-2.0');
  for (const name of ['MIT', 'APACHE']) assert.ok(here(`LICENSE-${name}`));
});

test('crate and package are one version, under one licence', () => {
  const cargo = Object.fromEntries(all(read('Cargo.toml').split('[lib]')[0], /^(\w+) = "(.+)"$/gm));
  const { version, license, description } = JSON.parse(read('pkg/package.json'));
  assert.deepEqual([version, license, description], [cargo.version, cargo.license, cargo.description]);
});

// {module: what it may use}
const LAYERS = {
  error: [],
  json: ['error'],
  http: ['error', 'json'],
  jose: ['error', 'json'],
  state: ['error', 'json', 'jose'],
  lti2: ['error', 'json', 'http', 'jose'],
  lti13: ['error', 'json', 'http', 'jose', 'state', 'lti2'],
  canvas: ['error', 'json', 'http', 'jose', 'state', 'lti2', 'lti13'],
  inspect: ['error', 'json', 'http', 'jose', 'lti2', 'lti13', 'canvas'],
  wasm: ['error', 'json', 'http', 'jose', 'lti2', 'lti13', 'canvas', 'inspect'],
};
// What lib.rs passes on under its own name.
const ROOT = { Code: 'error', Error: 'error', Result: 'error' };

const rust = readdirSync(new URL('src', rootUrl), { recursive: true })
  .map((path) => path.replaceAll('\\', '/'))
  .filter((path) => path.endsWith('.rs'))
  .map((path) => ({ path, layer: path.split('/')[0].replace('.rs', ''), code: withoutComments(read(`src/${path}`)) }));

function withoutComments(text) {
  return text.replace(/^\s*\/\/.*$/gm, '').replace(/\s\/\/ .*$/gm, '');
}

/** The modules after every `crate::`, in `use` lines and in paths, one by one or in braces. */
function used(code) {
  const names = all(code, /\bcrate::(\w+|\{[^;]*?\}(?=;))/g).flatMap((found) =>
    found.startsWith('{') ? all(found.replace(/(?<=::)\{[^{}]*\}/g, ''), /[{,]\s*(\w+)/g) : found);
  return names.map((name) => ROOT[name] ?? name);
}

test('every module has its layer', () => {
  const modules = all(withoutComments(read('src/lib.rs')), /^(?:pub )?mod (\w+);/gm);
  for (const name of modules) assert.ok(name in LAYERS, `${name} is in no layer`);
  for (const { path, layer } of rust) assert.ok(layer === 'lib' || modules.includes(layer), path);
});

test('use lines lean one way only', () => {
  assert.deepEqual(used('use crate::{error::{Code, Error}, http};\nuse crate::jose::{self, X};\ncrate::Error'),
    ['error', 'http', 'jose', 'error']);
  assert.ok(rust.flatMap(({ code }) => used(code)).length > 20);
  for (const { path, layer, code } of rust) {
    if (layer === 'lib') continue;
    for (const name of used(code)) {
      assert.ok(name === layer || LAYERS[layer].includes(name), `src/${path} uses ${name}`);
    }
    // `super` must not be a way round.
    const depth = path.replace(/(\/mod)?\.rs$/, '').split('/').length;
    assert.doesNotMatch(code.split('#[cfg(test)]')[0], new RegExp(`\\b(super::){${depth}}`), `src/${path}`);
  }
});

/** The module that a file is, as a path: ['wasm', 'json'] for src/wasm/json.rs. */
const moduleOf = (path) => path.replace(/(^|\/)(mod|lib)\.rs$/, '').replace(/\.rs$/, '').split('/').filter(Boolean);

/** What a file imports, as paths of modules and of what is in them. */
function imported(path, code) {
  const own = moduleOf(path);
  const whole = all(code.split('#[cfg(test)]')[0], /^\s*(?:pub(?:\(.*?\))? )?use ((?:super|crate|self)::[^;]+);/gm);
  return whole.flatMap((use) => {
    const [start, ...rest] = use.replace(/\s+/g, ' ').split('::');
    const above = { crate: [], self: own, super: own.slice(0, -1) }[start];
    const behind = rest.join('::');
    const names = behind.startsWith('{') ? all(behind.replace(/(?<=::)\{[^{}]*\}/g, ''), /[{,] ?(\w+)/g).map((name) => [name])
      : [behind.split('::').map((name) => name.trim()).filter((name) => /^\w+$/.test(name))];
    return names.map((names) => [...above, ...names]);
  });
}

test('no two modules import each other', () => {
  const modules = new Map(rust.map(({ path }) => [moduleOf(path).join('::'), path]));
  const edges = new Set();
  for (const { path, code } of rust) {
    for (const names of imported(path, code)) {
      // The longest beginning that is a module.
      const found = names.map((_, i) => names.slice(0, names.length - i).join('::')).find((name) => modules.has(name));
      if (found !== undefined && modules.get(found) !== path) edges.add(`${path} ${modules.get(found)}`);
    }
  }
  assert.ok(edges.size > 100, `${edges.size} imports`);
  // A folder and the modules in it are one.
  const isInside = (one, other) => other.startsWith(`${moduleOf(one).join('/')}/`);
  const both = [...edges].map((edge) => edge.split(' ')).filter(([one, other]) =>
    edges.has(`${other} ${one}`) && one < other && !isInside(one, other) && !isInside(other, one));
  assert.deepEqual(both, []);
});

const ONLY_IN_WASM = {
  JavaScript: /\b(JsValue|js_sys|web_sys|wasm_bindgen)\b/,
  'clock, random and environment': /\b(SystemTime::now|Instant::now|std::env|std::time::Instant|getrandom|std::fs|std::net)\b/,
  'global state and output': /\b(static mut|OnceLock|LazyLock|thread_local|print(ln)?!|eprint(ln)?!|dbg!)/,
};
for (const [name, pattern] of Object.entries(ONLY_IN_WASM)) {
  test(`${name} only in src/wasm`, () => {
    for (const { path, layer, code } of rust) if (layer !== 'wasm') assert.doesNotMatch(code, pattern, `src/${path}`);
  });
}

// Not of the core: the emulator, which shares nothing with it, what it shares with the tool, what a page loads without the core, and
// the stack of errors, which JavaScript alone can tell.
const OF_THEIR_OWN = ['calls.js', 'emulator.js', 'meant.js', 'platform-storage.js'];

test('the entries of the package decide nothing', () => {
  const entries = readdirSync(new URL('pkg', rootUrl)).filter((name) => name.endsWith('.js') && !OF_THEIR_OWN.includes(name));
  for (const name of ['api.js', 'index.js', 'node.js', 'start.js', 'workerd.js']) assert.ok(entries.includes(name), name);
  for (const name of entries) {
    const code = read(`pkg/${name}`).replace(/^\s*\/\/.*$/gm, '').replace(/'[^'\n]*'|"[^"\n]*"/g, "''");
    // A list is read page by page; that there is a next one is the core's word. `for` is a method's name, too.
    const rest = code.replace(/^async function\* items\(page\) {[^]*?^}$/m, '').replace('static for(', '');
    assert.doesNotMatch(rest, /\b(if|else|switch|for|while|do|try|catch)\b|\?|&&|\|\|/, `pkg/${name}`);
  }
});

test('native tests stay native: wasm-pack would build every one of them', () => {
  const binaries = [...read('Cargo.toml').matchAll(/^\[\[test\]\]\nname = "(\w+)"\npath = "(\S+)"$/gm)].map(([, name, path]) => [name, path]);
  assert.deepEqual(binaries, [['rust', 'tests/rust/main.rs'], ['web', 'tests/web.rs']]);
  assert.match(read('tests/rust/main.rs'), /^#!\[cfg\(not\(target_arch = "wasm32"\)\)\]$/m);
});

test('every file of native tests is a module of the binary', () => {
  const files = readdirSync(new URL('tests/rust', rootUrl), { recursive: true }).filter((name) => name.endsWith('.rs'));
  for (const file of files.filter((name) => name !== 'main.rs')) {
    const [, folder, name] = /^(?:(.*)\/)?(\w+)\.rs$/.exec(file.replace(/\/mod\.rs$/, '.rs'));
    assert.match(read(`tests/rust/${folder ? `${folder}/mod.rs` : 'main.rs'}`), new RegExp(`^(pub\\(crate\\) )?mod ${name};$`, 'm'), file);
  }
});
