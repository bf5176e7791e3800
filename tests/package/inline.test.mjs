// The text that carries the wasm inside a script.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { brotliCompressSync } from 'node:zlib';
import { inline } from '../../scripts/inline/script.mjs';
import { read } from '../../scripts/inline/instructions.mjs';
import { root } from '../../scripts/setup/shell.mjs';

const core = readFileSync(join(root, 'pkg', 'wasm', 'core_bg.wasm'));
const bytesOf = async (source) => (await import(`data:text/javascript,${encodeURIComponent(source)}`)).default;
const section = (id, bytes) => [id, bytes.length, ...bytes];
const text = (name) => [name.length, ...Buffer.from(name)];

/** A module of one exported function, which has these results and this body. */
function moduleOf(results, body, memory = []) {
  const code = [1, body.length + 2, 0, ...body, 0x0b];
  return Uint8Array.from([
    0, 0x61, 0x73, 0x6d, 1, 0, 0, 0, ...section(1, [1, 0x60, 0, results.length, ...results]), ...section(3, [1, 0]), ...memory,
    ...section(7, [1, ...text('run'), 0, 0]), ...section(10, code),
    // Every byte there is, in a section that only tools read.
    0, 0x8a, 0x02, ...text('all bytes'), ...Array.from({ length: 256 }, (_, i) => i),
  ]);
}

const run = (bytes) => new WebAssembly.Instance(new WebAssembly.Module(bytes)).exports.run();

test('the core comes out as it is', async () => {
  const { bytes, source } = inline(core);
  assert.deepEqual(Buffer.from(bytes), core);
  assert.deepEqual(Buffer.from(await bytesOf(source)), core);
});

test('numbers of every length come out as they were', async () => {
  const i32 = [0, 1, -1, 63, 64, -64, -65, 8191, 8192, -8193, 65_535, 1_048_576, -1_048_577, 2 ** 31 - 1, -(2 ** 31)];
  for (const value of i32) {
    const module = moduleOf([0x7f], [0x41, ...signed(BigInt(value))]);
    const { bytes } = inline(module);
    assert.deepEqual(bytes, module);
    assert.equal(run(bytes), value);
  }
  for (const value of [0n, -1n, 64n, 2n ** 53n + 1n, 2n ** 63n - 1n, -(2n ** 63n)]) {
    const module = moduleOf([0x7e], [0x42, ...signed(value)]);
    assert.deepEqual(inline(module).bytes, module);
    assert.equal(run(inline(module).bytes), value);
  }
  const floats = new Uint8Array(new Float64Array([-Math.PI]).buffer);
  const module = moduleOf([0x7c], [0x44, ...floats]);
  assert.equal(run(inline(module).bytes), -Math.PI);
});

test('an access keeps all but its alignment, which is no more than a hint', () => {
  const memory = section(5, [1, 0, 1]);
  const loads = (alignment) => moduleOf([0x7f], [0x41, 3, 0x28, alignment, ...[0x85, 0x02]], memory);
  assert.deepEqual(inline(loads(0)).bytes, loads(2));
  assert.equal(run(inline(loads(0)).bytes), 0);
});

test('an instruction that is not known stops the build', () => {
  assert.throws(() => inline(moduleOf([], [0xfd, 0x0f])), /an instruction that is not known here/);
});

test('the text means the same in any quotes, in HTML, and in any character encoding of a page', () => {
  const { source } = inline(core);
  const [, string] = /, "([^"]*)"\);\n$/.exec(source);
  assert.match(string, /^[ -~]+$/);
  assert.doesNotMatch(string, /['`\\<]/);
});

test('compressed, it is less than the bytes', () => {
  const { source } = inline(core);
  assert.ok(brotliCompressSync(source).length < brotliCompressSync(core).length * 0.93);
  assert.ok(read(core).functions.length > 1000);
});

function signed(value) {
  const bytes = [];
  for (;;) {
    const low = Number(value & 127n);
    value >>= 7n;
    if ((value === 0n && low < 64) || (value === -1n && low > 63)) return [...bytes, low];
    bytes.push(low | 128);
  }
}
