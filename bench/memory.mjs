// Prints what memory is taken after a thousand calls, after half of many, and after all: one half of them signs, the other
// verifies.
const { Instance } = WebAssembly;
let wasm;
// The package keeps its instance to itself.
WebAssembly.Instance = class extends Instance {
  constructor(...given) {
    super(...given);
    wasm = this.exports.memory;
  }
};
const { signAssertion, verifyJwtSync } = await import('canvas-lms-tokens');
const { audience } = await import('./operations.mjs');

const calls = Number(process.argv[2]);
const key = { secret: 'a secret of 32 characters, as is.' };

function run(count) {
  for (let i = 0; i < count / 2; i += 1) {
    const token = signAssertion({ sub: '123123-ad13-ac233', aud: audience, jti: `number ${i}` }, key.secret);
    verifyJwtSync(token, key, { audience });
  }
}

const readings = [];
for (const more of [1000, calls / 2, calls / 2]) {
  run(more);
  globalThis.gc();
  const { rss, heapTotal, heapUsed } = process.memoryUsage();
  readings.push({ more, rss, heapTotal, heapUsed, wasm: wasm.buffer.byteLength });
}
console.log(JSON.stringify(readings));
