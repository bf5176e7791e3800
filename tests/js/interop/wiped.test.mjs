// No copy of secret bytes is left behind in what WebCrypto was given and what it answered.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as ours from 'canvas-lms-tokens';
import { rejects } from '../node/copies.mjs';
import { JWKS, KEYS, pem } from './node-keys.mjs';

const enc = 'A256GCM';
const { subtle } = globalThis.crypto;
const METHODS = ['importKey', 'sign', 'verify', 'encrypt', 'decrypt', 'deriveBits'];
const isZero = (bytes) => new Uint8Array(bytes.buffer ?? bytes, bytes.byteOffset ?? 0, bytes.byteLength).every((byte) => byte === 0);

/** What every call of WebCrypto is given and answers, while the test runs; `spoil` may throw instead. */
function watched(t, spoil = () => {}) {
  const given = [];
  const answered = [];
  for (const method of METHODS) {
    const genuine = subtle[method];
    t.mock.method(subtle, method, async (...args) => {
      const bytes = args.filter((value) => ArrayBuffer.isView(value) || value instanceof ArrayBuffer);
      for (const value of bytes) {
        assert.ok(!isZero(value), `${method} is given bytes`);
        given.push({ method, value });
      }
      spoil(method);
      const answer = await genuine.apply(subtle, args);
      if (answer instanceof ArrayBuffer) answered.push({ method, value: answer });
      return answer;
    });
  }
  return { given, answered };
}

const methods = (records) => records.map(({ method }) => method);
const left = (records) => methods(records.filter(({ value }) => !isZero(value)));

// Each with what WebCrypto is given bytes for, and what it answers with secret bytes.
const CALLS = {
  'signJws, RSA': [() => ours.signJws('payload', JWKS.RSA, { alg: 'PS256' }), ['sign']],
  'signJws, P-256': [() => ours.signJws('payload', JWKS['P-256']), ['sign']],
  'signJws, Ed25519': [() => ours.signJws('payload', JWKS.Ed25519), ['sign']],
  'signJws, a PEM': [() => ours.signJws('payload', { pem: pem(KEYS['P-256'].privateKey, 'pkcs8') }), ['sign']],
  'encryptJwe, RSA': [() => ours.encryptJwe('x', JWKS.RSA, { alg: 'RSA-OAEP', enc }), ['encrypt']],
  'encryptJwe, P-256': [() => ours.encryptJwe('x', JWKS['P-256'], { alg: 'ECDH-ES', enc }), [], ['deriveBits']],
  'encryptJwe, X25519': [() => ours.encryptJwe('x', JWKS.X25519, { alg: 'ECDH-ES+A256KW', enc }), [], ['deriveBits']],
};
for (const [kind, alg] of [['RSA', 'RSA-OAEP-256'], ['P-384', 'ECDH-ES'], ['X25519', 'ECDH-ES+A128KW']]) {
  const token = await ours.encryptJwe('plaintext', JWKS[kind], { alg, enc });
  const [given, answered] = kind === 'RSA' ? [['decrypt'], ['decrypt']] : [[], ['deriveBits']];
  CALLS[`decryptJwe, ${kind}`] = [() => ours.decryptJwe(token, JWKS[kind]), given, answered];
}
for (const [kind, alg] of [['RSA', 'RS256'], ['P-521', 'ES512'], ['Ed25519', 'EdDSA']]) {
  const token = await ours.signJws('payload', JWKS[kind], { alg });
  CALLS[`verifyJws, ${kind}`] = [() => ours.verifyJws(token, JWKS[kind]), ['verify', 'verify']];
}
const pkcs8 = { pem: pem(KEYS.X25519.privateKey, 'pkcs8') };
const agreed = await ours.encryptJwe('x', JWKS.X25519, { alg: 'ECDH-ES', enc });
CALLS['decryptJwe, a PEM'] = [() => ours.decryptJwe(agreed, pkcs8), [], ['deriveBits']];

for (const [name, [call, given, answered = []]] of Object.entries(CALLS)) {
  test(`${name}: nothing is left of what WebCrypto was given and answered in secret`, async (t) => {
    const seen = watched(t);
    await call();
    assert.deepEqual(methods(seen.given).filter((method) => method !== 'importKey'), given);
    assert.deepEqual(left(seen.given), []);
    const secret = seen.answered.filter(({ method }) => answered.includes(method));
    assert.deepEqual(methods(secret), answered);
    assert.deepEqual(left(secret), []);
  });

  test(`${name}: nothing is left where the platform fails`, async (t) => {
    for (const failing of METHODS) {
      const seen = watched(t, (method) => {
        if (method === failing) throw new DOMException('no', 'NotSupportedError');
      });
      await call().catch(({ code }) => assert.equal(code, 'ERR_WEBCRYPTO'));
      assert.deepEqual(left(seen.given), []);
      assert.deepEqual(left(seen.answered.filter(({ method }) => ['decrypt', 'deriveBits'].includes(method))), []);
      t.mock.restoreAll();
    }
  });
}

test('nothing is left of what an encrypted key of another length was decrypted to', async (t) => {
  const token = await ours.encryptJwe('x', JWKS.RSA, { alg: 'RSA-OAEP', enc });
  const seen = watched(t);
  const [header, ...parts] = token.split('.');
  const other = Buffer.from(Buffer.from(header, 'base64url').toString().replace(enc, 'A128GCM')).toString('base64url');
  await rejects(() => ours.decryptJwe([other, ...parts].join('.'), JWKS.RSA), 'ERR_JWE_DECRYPTION_FAILED');
  assert.deepEqual(methods(seen.answered), ['decrypt']);
  assert.deepEqual([left(seen.given), left(seen.answered)], [[], []]);
});
