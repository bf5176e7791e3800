// The script that carries the wasm as text.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { root } from '../../scripts/setup/shell.mjs';

const file = join(root, 'pkg', 'wasm', 'inline.js');
const core = readFileSync(join(root, 'pkg', 'wasm', 'core_bg.wasm'));

/** The bytes that the script gives where the platform has this `Uint8Array.fromBase64`, or none. */
async function bytesWith(t, fromBase64) {
  const own = Object.getOwnPropertyDescriptor(Uint8Array, 'fromBase64');
  Uint8Array.fromBase64 = fromBase64;
  t.after(() => (own ? Object.defineProperty(Uint8Array, 'fromBase64', own) : delete Uint8Array.fromBase64));
  const { default: bytes } = await import(`${pathToFileURL(file)}?${t.name}`);
  assert.ok(bytes instanceof Uint8Array);
  return Buffer.from(bytes);
}

test('where the platform decodes base64, these are the bytes of core_bg.wasm', async (t) => {
  let calls = 0;
  const bytes = await bytesWith(t, (text) => {
    calls += 1;
    return new Uint8Array(Buffer.from(text, 'base64'));
  });
  assert.ok(bytes.equals(core));
  assert.equal(calls, 1);
});

test('elsewhere, too', async (t) => {
  assert.ok((await bytesWith(t, undefined)).equals(core));
});

test('the script means the same in any character encoding of a page', () => {
  assert.match(readFileSync(file, 'latin1'), /^[\n -~]*$/);
});
