// The text that carries the wasm inside a script.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { brotliCompressSync } from 'node:zlib';
import { encode, inlineModule } from '../../scripts/inline.mjs';
import { root } from '../../scripts/setup/shell.mjs';

const bytesOf = async (source) => (await import(`data:text/javascript,${encodeURIComponent(source)}`)).default;
const every = Uint8Array.from({ length: 256 }, (_, i) => i);

test('every byte, after every byte, comes back', async () => {
  const pairs = Uint8Array.from([...every].flatMap((first) => [...every].flatMap((second) => [first, second])));
  assert.deepEqual(await bytesOf(inlineModule(pairs)), pairs);
  assert.deepEqual(await bytesOf(inlineModule(new Uint8Array())), new Uint8Array());
});

test('the text means the same in any quotes, in HTML, and in any character encoding of a page', () => {
  assert.match(encode(every), /^[#-~]+$/);
  assert.doesNotMatch(encode(every), /['"`\\<]/);
});

test('compressed, it is little more than the bytes', () => {
  const wasm = readFileSync(join(root, 'pkg', 'wasm', 'core_bg.wasm')).subarray(0, 100_000);
  assert.ok(brotliCompressSync(encode(wasm)).length < brotliCompressSync(wasm).length * 1.08);
  assert.ok(brotliCompressSync(encode(wasm)).length < brotliCompressSync(wasm.toString('base64')).length * 0.85);
});
