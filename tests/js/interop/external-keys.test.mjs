// Keys that live elsewhere: what they sign, jose verifies; what jose signs, they verify. node:crypto stands in for a KMS.
import assert from 'node:assert/strict';
import { constants, createHmac, sign as nodeSign, verify as nodeVerify } from 'node:crypto';
import { test } from 'node:test';
import { runInNewContext } from 'node:vm';
import * as jose from 'jose';
import * as ours from 'canvas-lms-tokens';
import { KEYS } from './node-keys.mjs';

const secret = Buffer.alloc(64, 7);
const hash = (alg) => (alg === 'EdDSA' ? null : `sha${alg.slice(2)}`);
const padding = (alg) => (alg.startsWith('PS')
  ? { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: constants.RSA_PSS_SALTLEN_DIGEST } : {});
const kind = (alg) => ({ ES256: 'P-256', ES384: 'P-384', ES512: 'P-521', EdDSA: 'Ed25519' })[alg] ?? 'RSA';
const isSecret = (alg) => alg.startsWith('HS');

/** Signs as a KMS does; dsaEncoding is 'ieee-p1363' (R and S) or 'der'. */
const signer = (alg, dsaEncoding = 'ieee-p1363') => (bytes) => (isSecret(alg)
  ? createHmac(hash(alg), secret).update(bytes).digest()
  : nodeSign(hash(alg), bytes, { key: KEYS[kind(alg)].privateKey, dsaEncoding, ...padding(alg) }));
const verifier = (alg) => (bytes, signature) => (isSecret(alg)
  ? createHmac(hash(alg), secret).update(bytes).digest().equals(signature)
  : nodeVerify(hash(alg), bytes, { key: KEYS[kind(alg)].publicKey, dsaEncoding: 'ieee-p1363', ...padding(alg) }, signature));
const key = (alg, key) => (isSecret(alg) ? secret : key ?? KEYS[kind(alg)].publicKey);

const ALGORITHMS = [
  'HS256', 'HS384', 'HS512', 'RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512', 'EdDSA',
];
const claims = { iss: 'tool', n: 2 ** 53 - 1 };

for (const alg of ALGORITHMS) {
  test(`${alg}: what is signed elsewhere are the bytes of the token, and jose verifies it`, async () => {
    const asked = [];
    const external = { alg, kid: 'kms-1', sign(bytes, options) {
      asked.push([this, bytes, Object.keys(options), options.signal]);
      return signer(alg)(bytes);
    } };
    const token = await ours.signJwt(claims, external);
    const { payload, protectedHeader } = await jose.jwtVerify(token, key(alg), { algorithms: [alg] });
    assert.deepEqual([payload, protectedHeader], [claims, { alg, typ: 'JWT', kid: 'kms-1' }]);
    assert.equal(asked.length, 1);
    const [[object, bytes, members, signal]] = asked;
    assert.equal(object, external);
    assert.equal(Object.prototype.toString.call(bytes), '[object Uint8Array]');
    assert.equal(Buffer.from(bytes).toString(), token.slice(0, token.lastIndexOf('.')));
    assert.deepEqual(members, ['signal']);
    assert.ok(signal instanceof AbortSignal && !signal.aborted);

    const jws = await ours.signJws('text', { alg, sign: signer(alg) }, { b: 1, alg });
    assert.equal(Buffer.from((await jose.compactVerify(jws, key(alg))).payload).toString(), 'text');
    assert.deepEqual(jose.decodeProtectedHeader(jws), { b: 1, alg });
  });

  test(`${alg}: what jose signs is verified elsewhere`, async () => {
    const signed = await new jose.SignJWT(claims).setProtectedHeader({ alg }).sign(key(alg, KEYS[kind(alg)].privateKey));
    const external = { alg, kid: 'any', verify: verifier(alg) };
    assert.deepEqual((await ours.verifyJwt(signed, external)).claims, claims);
    assert.deepEqual((await ours.verifyJws(signed, external)).header, { alg });
    const other = await new jose.SignJWT({ iss: 'other' }).setProtectedHeader({ alg }).sign(key(alg, KEYS[kind(alg)].privateKey));
    const forged = [...signed.split('.').slice(0, 2), other.split('.')[2]].join('.');
    await assert.rejects(ours.verifyJwt(forged, external), { code: 'ERR_JWS_SIGNATURE_VERIFICATION_FAILED' });
  });
}

for (const alg of ['ES256', 'ES384', 'ES512']) {
  test(`${alg}: DER, as KMSs and OpenSSL give it, becomes R and S, short ones too`, async () => {
    const lengths = new Set();
    for (let i = 0; i < 600; i += 1) {
      const sign = (bytes) => {
        const der = signer(alg, 'der')(bytes);
        lengths.add(der.length);
        return der;
      };
      const token = await ours.signJwt({ i }, { alg, sign });
      const [header, payload, signature] = token.split('.');
      assert.ok(nodeVerify(hash(alg), Buffer.from(`${header}.${payload}`),
        { key: KEYS[kind(alg)].publicKey, dsaEncoding: 'ieee-p1363' }, Buffer.from(signature, 'base64url')));
    }
    assert.ok(lengths.size > 1, [...lengths].join());
  });
}

/** What a function may answer with, all of it the same bytes. */
const ANSWERS = {
  'a Buffer': (bytes) => bytes,
  'a Uint8Array': (bytes) => new Uint8Array(bytes),
  'a view of a part': (bytes) => new Uint8Array([0, ...bytes, 0]).subarray(1, -1),
  'an ArrayBuffer': (bytes) => new Uint8Array(bytes).buffer,
  'a Uint8Array of another realm': (bytes) => runInNewContext('Uint8Array').from(bytes),
  'an ArrayBuffer of another realm': (bytes) => runInNewContext('Uint8Array').from(bytes).buffer,
  'a promise': async (bytes) => bytes,
  'a late promise': (bytes) => new Promise((resolve) => { setTimeout(resolve, 5, bytes); }),
  'a thenable': (bytes) => ({ then: (resolve) => resolve(bytes) }),
};
for (const [what, answer] of Object.entries(ANSWERS)) {
  test(`a signature may be ${what}`, async () => {
    const token = await ours.signJwt(claims, { alg: 'RS256', sign: (bytes) => answer(signer('RS256')(bytes)) });
    assert.deepEqual((await jose.jwtVerify(token, KEYS.RSA.publicKey)).payload, claims);
  });
}

test('an instance of a class is a key: its private parts are its own', async () => {
  class Hsm {
    #key = KEYS['P-256'].privateKey;
    session = 7;
    alg = 'ES256';
    get kid() { return `session-${this.session}`; }
    async sign(bytes) { return nodeSign('sha256', bytes, this.#key); }
    verify = verifier('ES256');
  }
  const hsm = new Hsm();
  const token = await ours.signJwt(claims, hsm);
  assert.equal((await jose.jwtVerify(token, KEYS['P-256'].publicKey)).protectedHeader.kid, 'session-7');
  assert.deepEqual((await ours.verifyJwt(token, hsm)).claims, claims);
});

test('a prepared key of one serves both, and inspect takes it', async () => {
  const external = { alg: 'HS256', kid: 'k', sign: signer('HS256'), verify: verifier('HS256') };
  const prepared = await ours.prepareKey(external);
  const token = await ours.signJwt(claims, prepared);
  assert.deepEqual((await ours.verifyJwt(token, prepared)).claims, claims);
  for (const key of [external, prepared]) {
    const { checks, outcome } = await ours.inspect(token, { key });
    assert.deepEqual([outcome, checks.find(({ id }) => id === 'signature').outcome], ['valid', 'pass']);
  }
  prepared.free();
  await assert.rejects(ours.signJwt(claims, prepared), { code: 'ERR_ARGUMENT', message: 'key: a prepared key that was freed' });
});
