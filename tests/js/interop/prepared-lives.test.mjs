// How long a prepared key lives, what is refused when it is prepared, and that it is a key of its own.
import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { test } from 'node:test';
import * as jose from 'jose';
import * as ours from 'canvas-lms-tokens';
import { AUD, GUID, refuses, rejects } from '../node/copies.mjs';
import { JWKS, KEYS, pem } from './node-keys.mjs';

const enc = 'A256GCM';
const bytes = new Uint8Array(64).fill(7);
const OCT = { kty: 'oct', k: Buffer.from(bytes).toString('base64url'), kid: 'k' };
const CLAIMS = { sub: GUID, aud: AUD, iat: 1_700_000_000, exp: 1_700_000_060, jti: 'j' };
const publicOf = ({ d, p, q, dp, dq, qi, ...jwk }) => jwk;
const { subtle } = globalThis.crypto;

/** Every function with a key, and the place of the key. */
const USES = [
  [(key) => ours.signJwt({}, key), 'key'],
  [async (key) => ours.signJwtSync({}, key), 'key'],
  [(key) => ours.signJws('x', key), 'key'],
  [(key) => ours.verifyJwt(HS256, key), 'key'],
  [async (key) => ours.verifyJwtSync(HS256, key), 'key'],
  [(key) => ours.verifyJws(HS256, key), 'key'],
  [(key) => ours.encryptJwe('x', key, { alg: 'dir', enc }), 'key'],
  [(key) => ours.decryptJwe(JWE, key), 'key'],
  [(key) => ours.inspect(HS256, { key }), 'options.key'],
  [(key) => ours.inspect(JWE, { decryptionKey: key }), 'options.decryptionKey'],
  [async (key) => ours.signAssertion(CLAIMS, key), 'secret'],
  [(secret) => ours.requestAccessToken({ sub: GUID, url: AUD, secret, fetch: () => assert.fail('it was sent') }), 'request.secret'],
];
const HS256 = ours.signJwtSync({}, { secret: bytes });
const JWE = await ours.encryptJwe('x', { secret: bytes.subarray(32) }, { alg: 'dir', enc });

const ENDS = { 'free()': (key) => key.free(), ...(Symbol.dispose && { 'Symbol.dispose': (key) => key[Symbol.dispose]() }) };
for (const [how, end] of Object.entries(ENDS)) {
  test(`after ${how} a key is an error wherever it is given, and no later key stands for it`, async () => {
    const made = [ours.prepareSecret('secret'), await ours.prepareKey({ secret: bytes }), await ours.prepareKey(JWKS.RSA),
      await ours.prepareKey({ keys: [publicOf(JWKS.RSA)] }), await ours.prepareKey(await jose.importJWK(JWKS.RSA, 'RS256'))];
    for (const key of made) assert.equal(end(key), undefined);
    const later = await Promise.all(Array.from({ length: 20 }, (_, i) => ours.prepareKey({ secret: `secret ${i}` })));
    for (const key of made) {
      for (const [use, at] of USES) {
        await assert.doesNotReject(rejects(() => use(key), 'ERR_ARGUMENT', at), String(use));
      }
    }
    for (const [i, key] of later.entries()) {
      assert.equal(ours.signAssertion(CLAIMS, key), ours.signAssertion(CLAIMS, `secret ${i}`));
    }
  });

  test(`after ${how} a key cannot be prepared again`, async () => {
    const key = ours.prepareSecret('secret');
    end(key);
    await rejects(() => ours.prepareKey(key), 'ERR_ARGUMENT', 'key');
  });

  test(`${how} twice is an Error, and harms no other key`, () => {
    const [key, other] = [ours.prepareSecret('secret'), ours.prepareSecret('secret')];
    end(key);
    assert.throws(() => end(key), Error);
    assert.equal(ours.signAssertion(CLAIMS, other), ours.signAssertion(CLAIMS, 'secret'));
  });
}

test('a key that is freed leaves another one of the same JWK, and the JWK, as they were', async () => {
  const jwk = { ...JWKS['P-256'] };
  const [one, other] = await Promise.all([ours.prepareKey(jwk), ours.prepareKey(jwk)]);
  one.free();
  for (const key of [other, jwk]) assert.equal((await ours.verifyJws(await ours.signJws('x', key), jwk)).payload.length, 1);
});

test('a call that the platform works on when the key is freed goes on', async (t) => {
  const key = await ours.prepareKey(JWKS.Ed25519);
  const [genuineSign, genuineVerify] = [subtle.sign, subtle.verify];
  t.mock.method(subtle, 'sign', (...args) => {
    key.free();
    return genuineSign.apply(subtle, args);
  });
  const token = await ours.signJws('x', key);
  const open = await ours.prepareKey(publicOf(JWKS.Ed25519));
  t.mock.method(subtle, 'verify', (...args) => {
    open.free();
    return genuineVerify.apply(subtle, args);
  });
  assert.equal((await ours.verifyJws(token, open)).payload.length, 1);
  for (const freed of [key, open]) await rejects(() => ours.verifyJws(token, freed), 'ERR_ARGUMENT', 'key');
});

test('a freed key is told by its own name only: what merely looks like one is none', async () => {
  const key = ours.prepareSecret('secret');
  for (const like of [Object.create(key), { ...key }, new Proxy(key, {}), { free() {} }]) {
    refuses(() => ours.signAssertion(CLAIMS, like), 'ERR_ARGUMENT', 'secret');
    await rejects(() => ours.signJwt({}, like), 'ERR_ARGUMENT', 'key');
  }
});

test('prepareKey refuses what every function with this key refuses, in the same words', async () => {
  const weak = generateKeyPairSync('rsa', { modulusLength: 1024 }).privateKey;
  const refused = {
    'weak RSA': weak.export({ format: 'jwk' }),
    'weak RSA in PEM': { pem: pem(weak, 'pkcs8') },
    'a weak RSA CryptoKey': await subtle.importKey('jwk', weak.export({ format: 'jwk' }), { name: 'RSA-PSS', hash: 'SHA-256' }, false, ['sign']),
    'a point off its curve': { ...JWKS['P-256'], y: JWKS['P-256'].x },
    'parts of two keys': { ...JWKS['P-256'], d: JWKS['P-256'].x },
    'RSA primes of another key': { ...JWKS.RSA, p: JWKS.RSA.q },
    'no kty': {}, 'another kty': { kty: 'AKP' }, 'another curve': { ...JWKS['P-256'], crv: 'secp256k1' },
    undefined, null: null, 'a text': 'secret', 'a number': 5, 'a symbol': Symbol('x'), 'an array': [JWKS.RSA], bytes,
    'an empty secret': { secret: '' }, 'a PEM as a secret': { secret: pem(KEYS.RSA.publicKey, 'spki') },
    'no PEM': { pem: 'x' }, 'a set that is none': { keys: {} }, 'a mixed set': { keys: [JWKS.RSA, OCT] },
    'a PBKDF2 CryptoKey': await subtle.importKey('raw', bytes, 'PBKDF2', false, ['deriveBits']),
    'a throwing getter': { get kty() { throw new Error('no'); } },
  };
  for (const [what, key] of Object.entries(refused)) {
    const { code, message, at } = await rejects(() => ours.prepareKey(key));
    const itself = await rejects(() => ours.signJws('x', key));
    assert.deepEqual({ code, message, at }, { code: itself.code, message: itself.message, at: itself.at }, what);
  }
});

test('prepareSecret refuses what signAssertion refuses, in the same words', async () => {
  const PEM = pem(KEYS.RSA.publicKey, 'spki');
  const secrets = [undefined, null, '', new Uint8Array(), 5, {}, [1], Symbol('x'), PEM, `\n${PEM}`, JSON.stringify(JWKS.RSA), 'lone \ud800', { secret: 'x' }];
  for (const secret of secrets) {
    const { code, message, at } = refuses(() => ours.prepareSecret(secret), 'ERR_ARGUMENT', 'secret');
    const itself = refuses(() => ours.signAssertion(CLAIMS, secret), 'ERR_ARGUMENT', 'secret');
    assert.deepEqual({ code, message, at }, { code: itself.code, message: itself.message, at: itself.at });
  }
});

test('a prepared key that is prepared again is as good', async () => {
  for (const key of [ours.prepareSecret('secret'), await ours.prepareKey(JWKS.RSA)]) {
    const again = await ours.prepareKey(key);
    assert.equal(await ours.signJws('x', again), await ours.signJws('x', key));
  }
  const set = await ours.prepareKey(await ours.prepareKey({ keys: [OCT] }));
  assert.equal((await ours.verifyJws(ours.signJwtSync({}, OCT), set)).header.kid, 'k');
});

test("the caller's key stays as it was, and may change without changing what was prepared of it", async () => {
  const { privateKey: another } = await ours.generateKey('ES256');
  const jwk = { ...JWKS['P-256'], key_ops: ['sign', 'verify'], kid: 'before' };
  const copy = structuredClone(jwk);
  const set = { keys: [{ ...publicOf(jwk), key_ops: ['verify'] }] };
  const secret = new TextEncoder().encode('secret');
  const made = [await ours.prepareKey(jwk), await ours.prepareKey(set), ours.prepareSecret(secret)];
  assert.deepEqual(jwk, copy);
  for (const value of [jwk, jwk.key_ops, set, set.keys, set.keys[0]]) assert.ok(!Object.isFrozen(value) && Object.isExtensible(value));
  Object.assign(jwk, another, { kid: 'after', use: 'enc' });
  jwk.key_ops.pop();
  Object.assign(set.keys[0], publicOf(another), { kid: 'after' });
  secret.fill(0);

  const [own, open, prepared] = made;
  for (let i = 0; i < 2; i += 1) {
    const token = await ours.signJwt({ sub: '1' }, own);
    assert.equal(jose.decodeProtectedHeader(token).kid, 'before');
    assert.equal((await ours.verifyJwt(token, publicOf(copy))).claims.sub, '1');
    assert.equal((await ours.verifyJwt(token, open)).claims.sub, '1');
  }
  assert.equal(ours.signAssertion(CLAIMS, prepared), ours.signAssertion(CLAIMS, 'secret'));
});

test('many prepared at once, each its own', async () => {
  const pairs = await Promise.all(Array.from({ length: 40 }, () => ours.generateKey('ES256')));
  const made = await Promise.all(pairs.map(({ privateKey }) => ours.prepareKey(privateKey)));
  await Promise.all(made.map(async (key, i) => {
    const tokens = await Promise.all([ours.signJwt({ sub: `${i}` }, key), ours.signJwt({ sub: `${i}` }, key)]);
    for (const token of tokens) assert.equal((await ours.verifyJwt(token, pairs[i].publicKey)).claims.sub, `${i}`);
  }));
});

test('without WebCrypto a secret is prepared all the same, another key is not', async (t) => {
  Object.defineProperty(crypto, 'subtle', { value: undefined, configurable: true });
  t.after(() => delete crypto.subtle);
  for (const key of [ours.prepareSecret(bytes), await ours.prepareKey(OCT)]) {
    assert.equal(ours.verifyJwtSync(ours.signJwtSync({ sub: '1' }, key), key).claims.sub, '1');
  }
  for (const kind of ['RSA', 'P-256', 'P-384', 'P-521', 'Ed25519']) await rejects(() => ours.prepareKey(JWKS[kind]), 'ERR_WEBCRYPTO');
});
