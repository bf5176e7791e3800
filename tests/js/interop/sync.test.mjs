// The synchronous functions with keys that need the platform, and private keys whose parts are not of one key.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as ours from 'canvas-lms-tokens';
import * as jose from 'jose';
import { refuses, rejects } from '../node/copies.mjs';
import { certificate, JWKS, KEYS, pem } from './node-keys.mjs';

const ALGS = {
  RSA: ['RS256', 'PS512'], 'P-256': ['ES256'], 'P-384': ['ES384'], 'P-521': ['ES512'], Ed25519: ['EdDSA'],
};

const TABLE = Object.entries(ALGS).flatMap(([kind, algs]) => algs.map((alg) => [kind, alg]));
for (const [kind, alg] of TABLE) {
  test(`${alg} cannot be done synchronously`, async () => {
    const { privateKey, publicKey } = KEYS[kind];
    const pair = await jose.generateKeyPair(alg);
    const token = await ours.signJwt({}, JWKS[kind], { alg });
    const forms = [
      [JWKS[kind], JWKS[kind]],
      [{ pem: pem(privateKey, 'pkcs8') }, { pem: pem(publicKey, 'spki') }],
      [{ pem: pem(privateKey, 'pkcs8') }, { pem: certificate(publicKey) }],
      [pair.privateKey, pair.publicKey],
    ];
    for (const [own, open] of forms) {
      refuses(() => ours.signJwtSync({}, own, { alg }), 'ERR_KEY_NEEDS_ASYNC', 'key');
      refuses(() => ours.verifyJwtSync(token, open), 'ERR_KEY_NEEDS_ASYNC', 'key');
    }
    const [own, oct] = [{ ...JWKS[kind], kid: 'a' }, { kty: 'oct', k: 'A'.repeat(86), kid: 'b' }];
    refuses(() => ours.verifyJwtSync(token, { keys: [own] }), 'ERR_KEY_NEEDS_ASYNC', 'key');
    const symmetric = ours.signJwtSync({}, oct);
    assert.equal(ours.verifyJwtSync(symmetric, { keys: [oct] }).header.kid, 'b');
    for (const token of [await ours.signJwt({}, own, { alg }), symmetric]) {
      refuses(() => ours.verifyJwtSync(token, { keys: [own, oct] }), 'ERR_JWK_INVALID', 'key.keys');
    }
  });
}

test('an HMAC CryptoKey cannot be used synchronously, extractable or not', async () => {
  for (const extractable of [true, false]) {
    const key = await crypto.subtle.generateKey({ name: 'HMAC', hash: 'SHA-256' }, extractable, ['sign', 'verify']);
    const token = await ours.signJwt({}, key);
    refuses(() => ours.signJwtSync({}, key), 'ERR_KEY_NEEDS_ASYNC', 'key');
    refuses(() => ours.verifyJwtSync(token, key), 'ERR_KEY_NEEDS_ASYNC', 'key');
  }
});

test('what is wrong with key or token comes first', async () => {
  refuses(() => ours.signJwtSync({}, JWKS.RSA, { alg: 'HS256' }), 'ERR_JOSE_ALG_NOT_ALLOWED');
  refuses(() => ours.signJwtSync({}, { ...JWKS['P-256'], y: JWKS['P-256'].x }), 'ERR_JWK_INVALID', 'key.x');
  const token = await ours.signJwt({}, JWKS['P-256']);
  refuses(() => ours.verifyJwtSync(token, JWKS.RSA), 'ERR_JOSE_ALG_NOT_ALLOWED');
});

// Whether the public half is the private one's is for the platform to notice, but for RSA's primes. Node does for EC
// and OKP; of RSA it takes any d, dp, dq and qi, which Chromium and Firefox refuse (browsers.test.mjs).
const DISAGREEING = {
  'P-256': (jwk, other) => ({ ...jwk, d: other.d }),
  'P-384': (jwk, other) => ({ ...jwk, d: other.d }),
  'P-521': (jwk, other) => ({ ...jwk, d: other.d }),
  Ed25519: (jwk, other) => ({ ...jwk, d: other.d }),
  X25519: (jwk, other) => ({ ...jwk, x: other.x }),
  RSA: (jwk, other) => ({ ...jwk, p: other.p }),
};
for (const [kind, mix] of Object.entries(DISAGREEING)) {
  test(`a private ${kind} JWK whose parts disagree`, async () => {
    const [alg, enc] = kind === 'X25519' ? ['ECDH-ES', 'A128GCM'] : [ALGS[kind][0]];
    const crv = kind === 'X25519' ? { crv: 'X25519' } : {};
    const pair = await jose.generateKeyPair(alg, { ...crv, extractable: true });
    const wrong = mix(JWKS[kind], await jose.exportJWK(pair.privateKey));
    if (enc) {
      const token = await ours.encryptJwe('x', JWKS[kind], { alg, enc });
      await rejects(() => ours.decryptJwe(token, wrong), 'ERR_JWK_INVALID');
    } else {
      await rejects(() => ours.signJws('x', wrong, { alg }), 'ERR_JWK_INVALID');
    }
  });
}
