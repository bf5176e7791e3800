// Keys that live elsewhere and do wrong: each ends in an error that says which function it was, and what it should have given.
import assert from 'node:assert/strict';
import { createHmac, sign as nodeSign } from 'node:crypto';
import { test } from 'node:test';
import * as ours from 'canvas-lms-tokens';
import { rejects, refuses } from '../node/copies.mjs';
import { JWKS, KEYS } from './node-keys.mjs';

const claims = { iss: 'tool' };
const signed = await ours.signJwt(claims, JWKS.RSA, { alg: 'RS256' });
const rs256 = (bytes) => nodeSign('sha256', bytes, KEYS.RSA.privateKey);
const publicHalf = ({ d, p, q, dp, dq, qi, ...jwk }) => jwk;
const never = () => new Promise(() => {});

// [what sign gives, alg, what the message ends with]
const WRONG = [
  ['nothing', 'RS256', undefined, 'gave nothing, expected a Uint8Array or ArrayBuffer with the signature'],
  ['null', 'RS256', null, 'gave null, expected a Uint8Array or ArrayBuffer with the signature'],
  ['base64', 'RS256', 'c2ln', 'gave a string, expected a Uint8Array or ArrayBuffer with the signature; decode its base64 first'],
  ['an answer of an SDK', 'RS256', { Signature: Buffer.alloc(256) }, 'gave an object, expected a Uint8Array or ArrayBuffer with the signature'],
  ['a DataView', 'RS256', new DataView(new ArrayBuffer(256)), 'gave an object, expected a Uint8Array or ArrayBuffer with the signature'],
  ['shared memory', 'RS256', new SharedArrayBuffer(256), 'gave an object, expected a Uint8Array or ArrayBuffer with the signature'],
  ['words', 'RS256', new Uint16Array(128), 'gave an object, expected a Uint8Array or ArrayBuffer with the signature'],
  ['numbers', 'RS256', Array(256).fill(1), 'gave an array, expected a Uint8Array or ArrayBuffer with the signature'],
  ['no bytes', 'RS256', new Uint8Array(), 'gave a signature of 0 bytes, RS256 has as many as the modulus, 256 or more'],
  ["ECDSA's length", 'RS256', new Uint8Array(64), 'gave a signature of 64 bytes, RS256 has as many as the modulus, 256 or more'],
  ['too many bytes', 'RS256', new Uint8Array(2049), 'gave a signature of 2049 bytes, RS256 has as many as the modulus, 256 or more'],
  ["RSA's length", 'ES256', new Uint8Array(256), 'gave a signature of 256 bytes, ES256 has 64 of R and S, or their DER'],
  ["ES384's length", 'ES256', new Uint8Array(96), 'gave a signature of 96 bytes, ES256 has 64 of R and S, or their DER'],
  ['DER of a larger curve', 'ES256', nodeSign('sha384', Buffer.from('x'), KEYS['P-384'].privateKey), /^gave a signature of 10\d bytes, ES256 has 64 of R and S, or their DER$/],
  ['DER with more behind', 'ES256', Buffer.concat([nodeSign('sha256', Buffer.from('x'), KEYS['P-256'].privateKey), Buffer.alloc(1)]), /^gave a signature of 7\d bytes, ES256 has/],
  ['DER of three numbers', 'ES256', Buffer.from([0x30, 9, 2, 1, 1, 2, 1, 1, 2, 1, 1]), 'gave a signature of 11 bytes, ES256 has 64 of R and S, or their DER'],
  ['DER of a negative number', 'ES256', Buffer.from([0x30, 6, 2, 1, 0x80, 2, 1, 1]), 'gave a signature of 8 bytes, ES256 has 64 of R and S, or their DER'],
  ['DER with a needless zero', 'ES256', Buffer.from([0x30, 7, 2, 2, 0, 1, 2, 1, 1]), 'gave a signature of 9 bytes, ES256 has 64 of R and S, or their DER'],
  ['DER where there is none', 'EdDSA', Buffer.from([0x30, 6, 2, 1, 1, 2, 1, 1]), 'gave a signature of 8 bytes, EdDSA has 64'],
  ["HS512's length", 'HS256', new Uint8Array(64), 'gave a signature of 64 bytes, HS256 has 32'],
];
for (const [what, alg, given, expected] of WRONG) {
  test(`sign gives ${what}`, async () => {
    const error = await rejects(() => ours.signJwt(claims, { alg, sign: async () => given }), 'ERR_KEY_OPERATION', 'key.sign');
    const said = error.message.replace(/^key\.sign /, '');
    if (typeof expected === 'string') assert.equal(said, expected);
    else assert.match(said, expected);
  });
}

test('what a function throws or rejects with is the cause', async () => {
  const cause = new Error('AccessDenied');
  const failing = { throws() { throw cause; }, rejects: () => Promise.reject(cause), async later() { await null; throw cause; } };
  for (const fail of Object.values(failing)) {
    const error = await rejects(() => ours.signJwt(claims, { alg: 'RS256', sign: fail }), 'ERR_KEY_OPERATION', 'key.sign');
    assert.deepEqual([error.message, error.cause], ['key.sign failed, its reason is the cause', cause]);
    const refused = await rejects(() => ours.verifyJwt(signed, { alg: 'RS256', verify: fail }), 'ERR_KEY_OPERATION', 'key.verify');
    assert.equal(refused.cause, cause);
  }
});

test('verify answers true or false, and nothing that is like them', async () => {
  for (const given of [undefined, null, 1, 0, '', 'true', {}, [], new Boolean(true), Buffer.from([1])]) {
    const error = await rejects(() => ours.verifyJwt(signed, { alg: 'RS256', verify: () => given }), 'ERR_KEY_OPERATION', 'key.verify');
    assert.match(error.message, /^key\.verify gave .+, expected true or false/);
  }
  await rejects(() => ours.verifyJwt(signed, { alg: 'RS256', verify: () => false }), 'ERR_JWS_SIGNATURE_VERIFICATION_FAILED');
});

test('nobody is asked about a signature of a length that the algorithm never gives', async () => {
  const [header, payload] = signed.split('.');
  for (const length of [0, 64, 255, 2049]) {
    const token = `${header}.${payload}.${Buffer.alloc(length, 1).toString('base64url')}`;
    await rejects(() => ours.verifyJwt(token, { alg: 'RS256', verify: () => true }), 'ERR_JWS_SIGNATURE_VERIFICATION_FAILED');
  }
});

test('the algorithm is the key’s alone', async () => {
  const asked = [];
  const key = { alg: 'RS256', sign: (bytes) => asked.push(bytes), verify: () => asked.push('verify') };
  for (const alg of ['RS384', 'PS256', 'ES256', 'HS256']) {
    const error = await rejects(() => ours.signJwt(claims, key, { alg }), 'ERR_JOSE_ALG_NOT_ALLOWED', 'header.alg');
    assert.equal(error.message, `the key lives elsewhere and is for RS256 alone, not for ${alg}`);
  }
  // The public key as an HMAC secret, of which the header says so.
  const input = `${Buffer.from('{"alg":"HS256"}').toString('base64url')}.${signed.split('.')[1]}`;
  const pem = KEYS.RSA.publicKey.export({ format: 'pem', type: 'spki' });
  const confused = `${input}.${createHmac('sha256', pem).update(input).digest('base64url')}`;
  await rejects(() => ours.verifyJwt(confused, key), 'ERR_JOSE_ALG_NOT_ALLOWED', 'header.alg');
  await rejects(() => ours.verifyJwt(signed, key, { algorithms: ['PS256'] }), 'ERR_JOSE_ALG_NOT_ALLOWED', 'header.alg');
  const none = `${Buffer.from('{"alg":"none"}').toString('base64url')}.${signed.split('.')[1]}.`;
  await rejects(() => ours.verifyJwt(none, key), 'ERR_JOSE_NOT_SUPPORTED', 'header.alg');
  assert.deepEqual(asked, []);
});

test('a function that never answers ends with the timeout, and its signal is aborted', async () => {
  let signal;
  const sign = (_, options) => {
    ({ signal } = options);
    return never();
  };
  const error = await rejects(() => ours.signJwt(claims, { alg: 'RS256', sign }, undefined, { timeout: 20 }), 'ERR_TIMEOUT', 'key.sign');
  assert.equal(error.message, 'key.sign: no whole answer within 20 ms');
  assert.ok(signal.aborted);
  const verify = (bytes, signature, options) => sign(bytes, options);
  await rejects(() => ours.verifyJwt(signed, { alg: 'RS256', verify }, { timeout: 20 }), 'ERR_TIMEOUT', 'key.verify');
  assert.ok(signal.aborted);
  await rejects(() => ours.verifyJws(signed, { alg: 'RS256', verify }, { timeout: 20 }), 'ERR_TIMEOUT', 'key.verify');
  await rejects(() => ours.signJws('x', { alg: 'RS256', sign }, {}, { timeout: 20 }), 'ERR_TIMEOUT', 'key.sign');
});

test('an abort ends the call, and the signal of the function', async () => {
  const controller = new AbortController();
  let signal;
  const sign = (_, options) => {
    ({ signal } = options);
    queueMicrotask(() => controller.abort('enough'));
    // As fetch does: it rejects when its signal is aborted.
    return new Promise((_, reject) => { signal.addEventListener('abort', () => reject(signal.reason)); });
  };
  const error = await rejects(
    () => ours.signJwt(claims, { alg: 'RS256', sign }, undefined, { signal: controller.signal }), 'ERR_ABORTED', 'key.sign');
  assert.equal(error.cause, 'enough');
  assert.ok(signal.aborted);
  let asked = 0;
  const options = { signal: controller.signal };
  const key = { alg: 'RS256', sign: () => { asked += 1; }, verify: () => { asked += 1; } };
  await rejects(() => ours.signJwt(claims, key, undefined, options), 'ERR_ABORTED');
  await rejects(() => ours.verifyJwt(signed, key, options), 'ERR_ABORTED');
  await rejects(() => ours.inspect(signed, { key, ...options }), 'ERR_ABORTED');
  assert.equal(asked, 0);
});

test('inspect reports what a key that fails leaves open, and rejects for no token', async () => {
  const failing = { alg: 'RS256', verify: () => Promise.reject(new Error('down')) };
  const { checks, outcome } = await ours.inspect(signed, { key: failing });
  const { outcome: found, message } = checks.find(({ id }) => id === 'signature');
  assert.equal(outcome, 'unverified');
  assert.equal(found, 'skip');
  assert.match(message, /options\.key\.verify failed/);
  const hanging = await ours.inspect(signed, { key: { alg: 'RS256', verify: never }, timeout: 20 });
  assert.match(hanging.checks.find(({ id }) => id === 'signature').message, /no whole answer within 20 ms/);
});

// [key, code, at, message]
const KEYS_OF = {
  'without alg': [{ sign: rs256 }, 'ERR_ARGUMENT', 'key.alg', 'key.alg: absent, expected a string'],
  'with an alg of another type': [{ alg: 256, sign: rs256 }, 'ERR_ARGUMENT', 'key.alg', 'key.alg: a number, expected a string'],
  'with an unknown alg': [{ alg: 'RS257', sign: rs256 }, 'ERR_JOSE_NOT_SUPPORTED', 'key.alg', 'key.alg "RS257" is not supported here'],
  'with alg none': [{ alg: 'none', sign: rs256 }, 'ERR_JOSE_NOT_SUPPORTED', 'key.alg', 'key.alg "none" is refused: an unsecured token proves nothing'],
  'with an alg in another case': [{ alg: 'rs256', sign: rs256 }, 'ERR_JOSE_NOT_SUPPORTED', 'key.alg', 'key.alg "rs256" is not known; names are case-sensitive, expected RS256'],
  'with an alg that signs nothing': [{ alg: 'RSA-OAEP', sign: rs256 }, 'ERR_ARGUMENT', 'key.alg', 'key.alg: RSA-OAEP signs nothing, expected a signature algorithm such as RS256'],
  'with RSA1_5 that is to sign': [{ alg: 'RSA1_5', sign: rs256 }, 'ERR_ARGUMENT', 'key.alg', 'key.alg: RSA1_5 signs nothing, expected a signature algorithm such as RS256'],
  'with a kid that is no text': [{ alg: 'RS256', kid: 1, sign: rs256 }, 'ERR_ARGUMENT', 'key.kid', 'key.kid: a number, expected a string'],
  'whose sign is no function': [{ alg: 'RS256', sign: {} }, 'ERR_ARGUMENT', 'key.sign', 'key.sign: an object, expected a function'],
  'with a misspelt function': [{ alg: 'RS256', sing: rs256 }, 'ERR_ARGUMENT', 'key.sing', 'key.sing: unknown, expected perhaps sign'],
  'with a misspelt kid': [{ alg: 'RS256', kidd: 'a', sign: rs256 }, 'ERR_ARGUMENT', 'key.kidd', 'key.kidd: unknown, expected perhaps kid'],
  'that only verifies': [{ alg: 'RS256', verify: () => true }, 'ERR_ARGUMENT', 'key.sign', 'key.sign: absent, expected a function that signs'],
  'that signs and unwraps': [{ alg: 'RS256', sign: rs256, unwrapKey: rs256 }, 'ERR_ARGUMENT', 'key.unwrapKey', 'key.unwrapKey: given beside sign or verify, expected a key of its own: a key has one algorithm'],
  'that only unwraps': [{ alg: 'RSA-OAEP', unwrapKey: rs256 }, 'ERR_JOSE_ALG_NOT_ALLOWED', 'key.alg', 'the key is for no signature algorithm'],
  'with a private publicKey': [{ alg: 'RS256', sign: rs256, publicKey: JWKS.RSA }, 'ERR_ARGUMENT', 'key.publicKey', 'key.publicKey: private or secret, expected the public half alone'],
  'with a secret publicKey': [{ alg: 'HS256', sign: rs256, publicKey: { kty: 'oct', k: 'A'.repeat(43) } }, 'ERR_ARGUMENT', 'key.publicKey', 'key.publicKey: private or secret, expected the public half alone'],
  'with a publicKey of another type': [{ alg: 'RS256', sign: rs256, publicKey: publicHalf(JWKS['P-256']) }, 'ERR_JOSE_ALG_NOT_ALLOWED', 'key.publicKey', 'key.publicKey: the key is a P-256 key, which RS256 does not use'],
  'with a publicKey of another kid': [{ alg: 'RS256', kid: 'a', sign: rs256, publicKey: { ...publicHalf(JWKS.RSA), kid: 'b' } }, 'ERR_ARGUMENT', 'key.publicKey', 'key.publicKey: of another kid than the key, expected the same or none'],
  'with a publicKey that is none': [{ alg: 'RS256', sign: rs256, publicKey: 'AA' }, 'ERR_ARGUMENT', 'key.publicKey', 'key.publicKey: a string, expected an object'],
  'with a publicKey that is weak': [{ alg: 'RS256', sign: rs256, publicKey: { kty: 'RSA', n: 'AQAB', e: 'AQAB' } }, 'ERR_JWK_INVALID', 'key.publicKey', 'key.publicKey: key.n: the modulus has 17 bits, expected 2048 to 16384'],
  'that is alg alone': [{ alg: 'RS256' }, 'ERR_ARGUMENT', 'key', 'key: an object, expected a JWK, a JWK Set, a CryptoKey, { secret }, { pem }, or { alg } with sign, verify or unwrapKey'],
};
for (const [what, [key, code, at, message]] of Object.entries(KEYS_OF)) {
  test(`a key ${what}`, async () => {
    const error = await rejects(() => ours.signJwt(claims, key), code, at);
    assert.equal(error.message, message);
    await rejects(() => ours.prepareKey(key).then((prepared) => ours.signJwt(claims, prepared)), code, at);
  });
}

test('a key that does not verify, and one in a function that cannot wait', async () => {
  const error = await rejects(() => ours.verifyJwt(signed, { alg: 'RS256', sign: rs256 }), 'ERR_ARGUMENT', 'key.verify');
  assert.equal(error.message, 'key.verify: absent, expected a function that verifies');
  const hs256 = { alg: 'HS256', sign: rs256, verify: () => true };
  const prepared = await ours.prepareKey(hs256);
  const hmac = ours.signJwtSync(claims, { secret: 'x' });
  for (const key of [hs256, prepared]) {
    refuses(() => ours.signJwtSync(claims, key), 'ERR_KEY_NEEDS_ASYNC', 'key');
    refuses(() => ours.verifyJwtSync(hmac, key), 'ERR_KEY_NEEDS_ASYNC', 'key');
    const { message } = refuses(() => ours.signAssertion({ sub: 1, aud: 'https://a.test' }, key), 'ERR_KEY_NEEDS_ASYNC', 'secret');
    assert.match(message, /call signJwt\(buildAssertion\(claims, options\), key\)/);
    await rejects(() => ours.encryptJwe('x', key, { alg: 'A128KW', enc: 'A128GCM' }), 'ERR_JOSE_ALG_NOT_ALLOWED');
    refuses(() => ours.publicJwks([key]), 'ERR_ARGUMENT', 'keys[0]');
  }
});

test('getters that throw, and keys that are proxies', async () => {
  const cause = new Error('no');
  for (const member of ['alg', 'kid', 'sign', 'verify', 'unwrapKey']) {
    const key = Object.defineProperty({ alg: 'RS256', sign: rs256 }, member, { enumerable: true, get() { throw cause; } });
    const error = await rejects(() => ours.signJwt(claims, key), 'ERR_ARGUMENT', `key.${member}`);
    assert.deepEqual([error.message, error.cause], [`key.${member}: reading it failed`, cause]);
  }
  const traps = { ownKeys() { throw cause; } };
  assert.equal((await rejects(() => ours.signJwt(claims, new Proxy({ alg: 'RS256', sign: rs256 }, traps)), 'ERR_ARGUMENT', 'key')).cause, cause);
  assert.equal((await ours.signJwt(claims, new Proxy({ alg: 'RS256', sign: rs256 }, {}))).split('.').length, 3);
});

test('a function that changes what it was given changes nothing', async () => {
  const key = { alg: 'RS256', sign(bytes) {
    const signature = rs256(bytes);
    bytes.fill(0);
    key.alg = 'none';
    key.kid = 'other';
    return signature;
  } };
  const token = await ours.signJwt(claims, key);
  assert.deepEqual((await ours.verifyJwt(token, JWKS.RSA)).header, { alg: 'RS256', typ: 'JWT' });
});
