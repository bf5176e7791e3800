// The README's examples: every js block runs as it stands and logs what its arrows say.
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { formatWithOptions } from 'node:util';
import { createEmulator } from 'canvas-lms-tokens/emulator';
import { cloudKms } from './cloud-kms.mjs';
import { read, rootUrl } from './copies.mjs';
import { blocks, CONTINUES, examples, readme } from './readme.mjs';

// The key version that an example names, and the hosts of its API.
const KEY_VERSION = 'projects/school/locations/global/keyRings/lti/cryptoKeys/tool/cryptoKeyVersions/1';
const GOOGLE = /^(metadata\.google\.internal|.*\.googleapis\.com)$/;

/** What the example says it logs. */
const promised = (code) => [...code.matchAll(/ \/\/ → (.*)$/gm)].map(([, text]) => text);

/** Runs a module as a user's own, and gives the lines it logs. */
async function run(t, code) {
  const folder = join(fileURLToPath(rootUrl), 'target');
  mkdirSync(folder, { recursive: true });
  // Below the project, so that the package is found as an installed one is.
  const home = mkdtempSync(join(folder, 'readme-'));
  t.after(() => rmSync(home, { recursive: true }));
  const file = join(home, 'example.mjs');
  writeFileSync(file, code);
  const lines = [];
  t.mock.method(console, 'log', (...values) => lines.push(formatWithOptions({ breakLength: Infinity }, ...values)));
  const [emulator, kms] = [createEmulator(), cloudKms({ [KEY_VERSION]: 'RSA_SIGN_PKCS1_2048_SHA256' })];
  const fetch = (url, init) => (GOOGLE.test(new URL(url.url ?? url).hostname) ? kms : emulator).fetch(url, init);
  t.mock.method(globalThis, 'fetch', fetch);
  try {
    await import(pathToFileURL(file));
  } finally {
    t.mock.restoreAll();
  }
  return lines;
}

test('there are examples, and each says what it logs', () => {
  assert.ok(examples.length >= 3);
  for (const code of examples) {
    assert.ok(promised(code).length > 0);
    assert.equal(promised(code).length, code.match(/console\.log/g).length);
  }
});

for (const code of examples) {
  const name = readme.slice(0, readme.indexOf(code.split(CONTINUES).at(-1))).match(/^## (.*)$/gm).at(-1);
  test(`the example under "${name}"`, async (t) => {
    assert.deepEqual(await run(t, code), promised(code));
  });
}

test('an example that throws, or logs something else, is found', async (t) => {
  await assert.rejects(run(t, 'throw new Error("no");'));
  assert.deepEqual(await run(t, "console.log({ a: 1n }); // → { a: 1n }"), ['{ a: 1n }']);
});

// Whether it runs is a matter of cargo test, which runs the documentation of the crate.
test('the Rust example is one of the crate documentation', () => {
  const documentation = read('src/lib.rs').replace(/^\/\/! ?(# .*\n)?/gm, '');
  const [code, ...others] = blocks('rust');
  assert.equal(others.length, 0);
  assert.ok(documentation.includes(`\`\`\`\n${code}\`\`\`\n`));
});

test('every file and script it names is there', () => {
  const { scripts } = JSON.parse(read('package.json'));
  for (const [, name] of readme.matchAll(/^npm (?:run )?(start|test|docs)\b/gm)) assert.ok(scripts[name], name);
  for (const [, path] of readme.matchAll(/\]\((?!https:)([^)#]+)\)/g)) assert.ok(read(path));
});
