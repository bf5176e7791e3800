// A prepared key does what the key itself does, and says the same of what is wrong.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as jose from 'jose';
import * as ours from 'canvas-lms-tokens';
import { AUD, GUID, refuses, rejects, tokenError } from '../node/copies.mjs';
import { JWKS, KEYS, pem } from './node-keys.mjs';

const SIGNING = { RSA: ['RS256', 'PS512'], 'P-256': ['ES256'], 'P-384': ['ES384'], 'P-521': ['ES512'], Ed25519: ['EdDSA'] };
const MANAGING = {
  RSA: 'RSA-OAEP', 'P-256': 'ECDH-ES', 'P-384': 'ECDH-ES+A128KW', 'P-521': 'ECDH-ES', X25519: 'ECDH-ES+A256KW',
};
/** Of these algorithms, a token is the same each time it is made. */
const isRepeatable = (alg) => /^(HS\d|RS\d|EdDSA)/.test(alg);
const enc = 'A256GCM';
const now = 1_700_000_000;
const bytes = new Uint8Array(64).fill(7);
const SECRETS = {
  '64 bytes': { secret: bytes },
  'a text for HS384': { secret: 'secret', alg: 'HS384' },
  '32 bytes': { secret: bytes.subarray(32) },
  'an oct JWK': { kty: 'oct', k: Buffer.from(bytes).toString('base64url'), kid: 'k' },
  'an oct JWK for HS512': { kty: 'oct', k: Buffer.from(bytes).toString('base64url'), alg: 'HS512', use: 'sig' },
  'an oct JWK to encrypt': { kty: 'oct', k: Buffer.from(bytes.subarray(32)).toString('base64url'), use: 'enc' },
  'a set of oct JWKs': { keys: [{ kty: 'oct', k: Buffer.from(bytes).toString('base64url'), kid: 'k' }] },
};
const publicOf = ({ d, p, q, dp, dq, qi, ...jwk }) => jwk;

/** Every form of a kind of key. */
async function forms(kind) {
  const own = JWKS[kind];
  const open = publicOf(own);
  const { privateKey, publicKey } = KEYS[kind];
  const platform = [...SIGNING[kind] ?? [], MANAGING[kind]].filter(Boolean).flatMap((alg) => [
    [`a private CryptoKey for ${alg}`, jose.importJWK(own, alg)], [`a public CryptoKey for ${alg}`, jose.importJWK(open, alg)],
  ]);
  return {
    'a private JWK': own,
    'a public JWK': { ...open, kid: 'k' },
    'a private JWK for signatures': { ...own, use: 'sig', kid: 'k' },
    'a public JWK to encrypt': { ...open, use: 'enc' },
    'a private JWK to verify': { ...own, key_ops: ['verify'] },
    'a private PEM': { pem: pem(privateKey, 'pkcs8'), kid: 'k' },
    'a public PEM': { pem: pem(publicKey, 'spki') },
    'a JWK Set': { keys: [{ ...open, kid: 'k' }, { ...publicOf(JWKS[kind === 'RSA' ? 'P-256' : 'RSA']), kid: 'other' }] },
    'a private JWK Set': { keys: [own] },
    ...Object.fromEntries(await Promise.all(platform.map(async ([what, key]) => [what, await key]))),
  };
}

const spoilt = (token, at = -6) => `${token.slice(0, at)}${token.at(at) === 'A' ? 'B' : 'A'}${token.slice(at + 1)}`;

/** [name, a call with the key, the algorithm of the token that it makes] for a kind of key. */
async function calls(kind) {
  const isSecret = kind === 'secret';
  const own = isSecret ? SECRETS['64 bytes'] : JWKS[kind];
  const algs = isSecret ? ['HS256', 'HS384', 'HS512'] : SIGNING[kind] ?? [];
  const alg = isSecret ? 'dir' : MANAGING[kind];
  const foreign = ours.signJwtSync({}, { secret: 'another secret' }, { alg: 'HS256' });
  const list = [];
  const add = (name, call, made) => list.push([name, call, made]);
  for (const sign of [...algs, 'none', isSecret ? 'RS256' : 'HS256', 'X']) {
    add(`signJwt ${sign}`, (key) => ours.signJwt({ sub: '1' }, key, { alg: sign }), sign);
    add(`signJwtSync ${sign}`, (key) => ours.signJwtSync({ sub: '1' }, key, { alg: sign }), sign);
    add(`signJws ${sign}`, (key) => ours.signJws('text', key, { alg: sign, kid: 'own' }), sign);
  }
  add('signJwt of no claims', (key) => ours.signJwt([], key));
  add('signJwt with a wrong header', (key) => ours.signJwt({}, key, { crit: ['x'] }));
  const tokens = { foreign, 'no token': 'x.y', 'not even text': 5 };
  for (const sign of algs) {
    tokens[sign] = await ours.signJwt({ sub: '1', exp: now + 60 }, own, { alg: sign });
    tokens[`${sign} with kid`] = await ours.signJwt({ sub: '1', exp: now + 60 }, own, { alg: sign, kid: 'k' });
    tokens[`spoilt ${sign}`] = spoilt(tokens[sign]);
    tokens[`${sign}, no claims`] = await ours.signJws('text', own, { alg: sign });
  }
  for (const [what, token] of Object.entries(tokens)) {
    add(`verifyJwt, ${what}`, (key) => ours.verifyJwt(token, key, { now }));
    add(`verifyJwtSync, ${what}`, (key) => ours.verifyJwtSync(token, key, { now }));
    add(`verifyJws, ${what}`, (key) => ours.verifyJws(token, key));
    add(`verifyJws of other algorithms, ${what}`, (key) => ours.verifyJws(token, key, { algorithms: ['ES256K'] }));
    add(`verifyJwt of another subject, ${what}`, (key) => ours.verifyJwt(token, key, { now, subject: '2' }));
    add(`verifyJwt too late, ${what}`, (key) => ours.verifyJwt(token, key, { now: now + 60 }));
    if (typeof token === 'string') add(`inspect, ${what}`, (key) => ours.inspect(token, { key, now }));
  }
  if (alg) {
    const encrypted = await ours.encryptJwe('text', isSecret ? SECRETS['32 bytes'] : own, { alg, enc });
    const jwes = { right: encrypted, spoilt: spoilt(encrypted), 'with a wrong key part': encrypted.replace(/\.[^.]*/, '.AAAA'), none: 'a.b.c.d.e' };
    for (const [what, token] of Object.entries(jwes)) {
      add(`decryptJwe, ${what}`, (key) => ours.decryptJwe(token, key));
      add(`decryptJwe of other algorithms, ${what}`, (key) => ours.decryptJwe(token, key, { algorithms: ['A128KW'] }));
      add(`inspect, ${what} JWE`, (key) => ours.inspect(token, { decryptionKey: key, now }));
    }
  }
  for (const name of [alg, isSecret ? 'RSA-OAEP' : 'A128KW', 'RSA1_5'].filter(Boolean)) {
    add(`encryptJwe ${name}`, (key) => ours.encryptJwe('text', key, { alg: name, enc }), name);
  }
  return { own, list };
}

/** What a call comes to: its value, or what is said of its error. */
async function outcome(call, key, see = (value) => value) {
  let value;
  try {
    value = await call(key);
  } catch (error) {
    const { code, message, at, claim, spec } = tokenError(error);
    return { code, message, at, claim, spec };
  }
  return { value: await see(value) };
}

/** A token as it is where that is always the same, else what the key itself finds in it. */
const seen = (own, alg) => async (value) => {
  if (alg === undefined || isRepeatable(alg)) return value;
  if (value.split('.').length === 3) return ours.verifyJws(value, own);
  const { header: { epk, ...header }, plaintext } = await ours.decryptJwe(value, own);
  return { header, plaintext, epk: epk?.crv };
};

for (const kind of ['secret', ...Object.keys(JWKS)]) {
  test(`${kind}: with a prepared key every function gives and throws what it does with the key`, async () => {
    const { own, list } = await calls(kind);
    const codes = new Set();
    for (const [what, key] of Object.entries(kind === 'secret' ? SECRETS : await forms(kind))) {
      const prepared = await ours.prepareKey(key);
      for (const [name, call, alg] of list) {
        const secret = key.keys || alg !== 'dir' ? own : key;
        const expected = await outcome(call, key, seen(secret, alg));
        codes.add(expected.code);
        // Twice: the first one may have imported the key.
        for (let i = 0; i < 2; i += 1) {
          assert.deepEqual(await outcome(call, prepared, seen(secret, alg)), expected, `${name} with ${what}`);
        }
      }
    }
    for (const code of [undefined, 'ERR_ARGUMENT', 'ERR_JOSE_ALG_NOT_ALLOWED']) assert.ok(codes.has(code), code);
  });
}

for (const kind of Object.keys(JWKS)) {
  test(`${kind} whose alg is of another kind of key: told in the words of the functions, not of the platform`, async () => {
    const { privateKey, publicKey } = KEYS[kind];
    const keys = ['HS256', kind === 'RSA' ? 'ES256' : 'PS384', 'X'].flatMap((alg) => [
      { ...JWKS[kind], alg }, { ...publicOf(JWKS[kind]), alg }, { pem: pem(privateKey, 'pkcs8'), alg }, { pem: pem(publicKey, 'spki'), alg },
    ]);
    const token = await ours.signJws('x', JWKS['P-521']);
    for (const key of keys) {
      for (const call of [(one) => ours.signJws('x', one), (one) => ours.verifyJws(token, one), (one) => ours.signJwt({}, one, { alg: 'RS256' })]) {
        const itself = await outcome(call, key);
        assert.match(itself.code, /^ERR_(ARGUMENT|JOSE_ALG_NOT_ALLOWED|JOSE_NOT_SUPPORTED)$/);
        // Whether that is told when the key is prepared or when it is used.
        const prepared = await outcome(ours.prepareKey, key);
        if (prepared.code) assert.equal(prepared.code, 'ERR_JOSE_ALG_NOT_ALLOWED', JSON.stringify([key.alg, prepared.message]));
        else assert.deepEqual(await outcome(call, prepared.value), itself);
      }
    }
  });
}

test('a prepared HMAC or AES CryptoKey does what it does itself', async () => {
  for (const extractable of [true, false]) {
    const key = await crypto.subtle.importKey('raw', bytes, { name: 'HMAC', hash: 'SHA-256' }, extractable, ['sign', 'verify']);
    const prepared = await ours.prepareKey(key);
    const token = await ours.signJwt({ sub: '1' }, key);
    assert.equal(await ours.signJwt({ sub: '1' }, prepared), token);
    assert.equal((await ours.verifyJwt(token, prepared)).claims.sub, '1');
    const wrong = (one) => ours.signJwt({}, one, { alg: 'HS512' });
    assert.deepEqual(await outcome(wrong, prepared), await outcome(wrong, key));
  }
  const key = await crypto.subtle.importKey('raw', bytes.subarray(32), 'AES-GCM', true, ['encrypt', 'decrypt']);
  const prepared = await ours.prepareKey(key);
  const token = await ours.encryptJwe('x', prepared, { alg: 'dir', enc });
  for (const one of [key, prepared]) assert.equal((await ours.decryptJwe(token, one)).plaintext.length, 1);
});

const CLAIMS = { sub: GUID, aud: AUD, iat: now, exp: now + 60, jti: 'j' };
const KEY_OF_RSA = await ours.prepareKey(JWKS.RSA);
const SET = await ours.prepareKey(SECRETS['a set of oct JWKs']);

test('a prepared secret signs assertions', async () => {
  for (const secret of ['secret', new TextEncoder().encode('secret'), bytes, new Uint8Array(200).fill(9)]) {
    const expected = ours.signAssertion(CLAIMS, secret);
    const ways = [ours.prepareSecret(secret), await ours.prepareKey({ secret })];
    for (const prepared of ways) {
      assert.equal(ours.signAssertion(CLAIMS, prepared), expected);
      const wrong = (key) => ours.signAssertion({ ...CLAIMS, sub: '' }, key);
      assert.deepEqual(await outcome(wrong, prepared), await outcome(wrong, secret));
    }
  }
  refuses(() => ours.signAssertion(CLAIMS, KEY_OF_RSA), 'ERR_ARGUMENT', 'secret');
  refuses(() => ours.signAssertion(CLAIMS, SET), 'ERR_ARGUMENT', 'secret');
});

test('a prepared secret signs what requestAccessToken sends, and explains a refusal', async () => {
  const sent = async (secret) => {
    const bodies = [];
    const fetch = async (_, { body }) => {
      bodies.push(String(body));
      return Response.json({ error: 'invalid_grant' }, { status: 400 });
    };
    const { aud: url, ...claims } = CLAIMS;
    const { code, message, status, report } = await rejects(
      () => ours.requestAccessToken({ ...claims, url, secret, now, fetch }), 'ERR_OAUTH');
    assert.equal(bodies.length, 1);
    return { bodies, code, message, status, report };
  };
  const expected = await sent('secret');
  assert.ok(expected.report.checks.some(({ id, outcome: found }) => id === 'signature' && found === 'pass'));
  assert.deepEqual(await sent(ours.prepareSecret('secret')), expected);
  assert.deepEqual(await sent(await ours.prepareKey({ secret: 'secret' })), expected);

  const { aud: url, ...claims } = CLAIMS;
  for (const secret of [KEY_OF_RSA, SET]) {
    const fetch = () => assert.fail('it was sent');
    await rejects(() => ours.requestAccessToken({ ...claims, url, secret, fetch }), 'ERR_ARGUMENT', 'request.secret');
  }
});
