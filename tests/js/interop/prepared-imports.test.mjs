// A prepared key is imported when it is prepared, or when it is first used for something else, and never again.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as ours from 'canvas-lms-tokens';
import { rejects } from '../node/copies.mjs';
import { imports } from './imports.mjs';
import { JWKS, KEYS, pem } from './node-keys.mjs';

const SIGNING = { RSA: ['RS256', 'PS512'], 'P-256': ['ES256'], 'P-384': ['ES384'], 'P-521': ['ES512'], Ed25519: ['EdDSA'] };
const MANAGING = {
  RSA: 'RSA-OAEP', 'P-256': 'ECDH-ES', 'P-384': 'ECDH-ES+A128KW', 'P-521': 'ECDH-ES', X25519: 'ECDH-ES+A256KW',
};
const enc = 'A256GCM';
const publicOf = ({ d, p, q, dp, dq, qi, ...jwk }) => jwk;
const spoilt = (token, at = -6) => `${token.slice(0, at)}${token.at(at) === 'A' ? 'B' : 'A'}${token.slice(at + 1)}`;

/** How many keys are imported by each of three runs. */
async function counted(run) {
  const counts = [];
  for (let i = 0; i < 3; i += 1) {
    const before = imports;
    await run();
    counts.push(imports - before);
  }
  return counts;
}

for (const [kind, [alg, another]] of Object.entries(SIGNING)) {
  test(`${kind}: signatures import nothing after prepareKey, other usages and algorithms once`, async () => {
    const { privateKey, publicKey } = KEYS[kind];
    const pairs = [
      [JWKS[kind], publicOf(JWKS[kind])],
      [{ pem: pem(privateKey, 'pkcs8') }, { pem: pem(publicKey, 'spki') }],
    ];
    for (const pair of pairs) {
      const [own, open] = [await ours.prepareKey(pair[0]), await ours.prepareKey(pair[1])];
      assert.ok(imports > 0);
      assert.deepEqual(await counted(() => ours.signJwt({}, own)), [0, 0, 0]);
      assert.deepEqual(await counted(() => ours.signJws('x', own, { alg })), [0, 0, 0]);
      const token = await ours.signJwt({}, own);
      assert.deepEqual(await counted(() => ours.verifyJwt(token, open)), [0, 0, 0]);
      assert.deepEqual(await counted(() => ours.verifyJws(token, own)), [1, 0, 0]);
      assert.deepEqual(await counted(() => ours.inspect(token, { key: open })), [0, 0, 0]);
      await rejects(() => ours.verifyJws(spoilt(token), open), 'ERR_JWS_SIGNATURE_VERIFICATION_FAILED');
      if (!another) continue;
      assert.deepEqual(await counted(() => ours.signJwt({}, own, { alg: another })), [1, 0, 0]);
      const other = await ours.signJwt({}, own, { alg: another });
      assert.deepEqual(await counted(() => ours.verifyJwt(other, open)), [1, 0, 0]);
      assert.deepEqual(await counted(() => ours.verifyJwt(token, open)), [0, 0, 0]);
    }
  });
}

for (const [kind, alg] of Object.entries(MANAGING)) {
  test(`${alg} with ${kind}: imported once for encrypting and once for decrypting`, async () => {
    const { privateKey, publicKey } = KEYS[kind];
    // An ephemeral key is imported for each token.
    const ephemeral = alg.startsWith('ECDH') ? 1 : 0;
    const pairs = [
      [JWKS[kind], publicOf(JWKS[kind])],
      [{ pem: pem(privateKey, 'pkcs8') }, { pem: pem(publicKey, 'spki') }],
    ];
    for (const pair of pairs) {
      const [own, open] = [await ours.prepareKey(pair[0]), await ours.prepareKey(pair[1])];
      assert.deepEqual(await counted(() => ours.encryptJwe('x', open, { alg, enc })), [1, 0, 0]);
      const token = await ours.encryptJwe('x', open, { alg, enc });
      assert.deepEqual(await counted(() => ours.decryptJwe(token, own)), [1 + ephemeral, ephemeral, ephemeral]);
      assert.deepEqual(await counted(() => ours.inspect(token, { decryptionKey: own })), [ephemeral, ephemeral, ephemeral]);
    }
  });
}

test('the keys of a set that have kids are imported once each', async () => {
  const jwks = Object.keys(SIGNING).map((kind) => ({ ...JWKS[kind], kid: kind }));
  const set = await ours.prepareKey({ keys: jwks.map(publicOf) });
  const own = await ours.prepareKey({ keys: [...jwks, { ...JWKS.X25519, kid: 'X25519' }] });
  for (const jwk of jwks) {
    const token = await ours.signJwt({ sub: jwk.kid }, jwk);
    const verified = async () => assert.equal((await ours.verifyJwt(token, set)).claims.sub, jwk.kid);
    assert.deepEqual(await counted(verified), [1, 0, 0]);
    const alg = MANAGING[jwk.kid];
    if (!alg) continue;
    const encrypted = await ours.encryptJwe('x', jwk, { alg, enc });
    const ephemeral = alg.startsWith('ECDH') ? 1 : 0;
    assert.deepEqual(await counted(() => ours.decryptJwe(encrypted, own)), [1 + ephemeral, ephemeral, ephemeral]);
  }
});

test('two keys without kid in one set, and two sets with the same kids, are not taken for each other', async () => {
  const { privateKey: { kid: _, ...one } } = await ours.generateKey('ES256');
  const { privateKey: { kid: __, ...other } } = await ours.generateKey('ES384');
  const set = await ours.prepareKey({ keys: [one, other].map(publicOf) });
  const sets = await Promise.all([one, other].map((key) => ours.prepareKey({ keys: [{ ...publicOf(key), kid: 'k' }] })));
  for (let i = 0; i < 2; i += 1) {
    for (const [at, key] of [one, other].entries()) {
      assert.equal((await ours.verifyJwt(await ours.signJwt({ sub: '1' }, key), set)).claims.sub, '1');
      const named = await ours.signJwt({ sub: '1' }, { ...key, kid: 'k' });
      assert.equal((await ours.verifyJwt(named, sets[at])).claims.sub, '1');
      await rejects(() => ours.verifyJwt(named, sets[1 - at]), 'ERR_JOSE_ALG_NOT_ALLOWED');
    }
  }
});

test('calls at once import no key after that, and an import that fails is tried again', async (t) => {
  const key = await ours.prepareKey(JWKS['P-256']);
  const token = await ours.signJws('x', key);
  await Promise.all(Array.from({ length: 5 }, () => ours.verifyJws(token, key)));
  assert.deepEqual(await counted(() => ours.verifyJws(token, key)), [0, 0, 0]);

  const other = await ours.prepareKey(JWKS['P-384']);
  const signed = await ours.signJws('x', other);
  const failing = t.mock.method(globalThis.crypto.subtle, 'importKey', async () => {
    throw new DOMException('no', 'OperationError');
  });
  const { code } = await rejects(() => ours.verifyJws(signed, other));
  assert.match(code, /^ERR_(WEBCRYPTO|JWK_INVALID)$/);
  failing.mock.restore();
  assert.deepEqual(await counted(() => ours.verifyJws(signed, other)), [1, 0, 0]);
});
