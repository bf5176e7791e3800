// What a key's owner allows (RFC 7517 §4.2-4.4): use, key_ops and alg are obeyed, by every function.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as ours from 'canvas-lms-tokens';
import { rejects } from '../node/copies.mjs';
import { JWKS } from './node-keys.mjs';

const oct = { kty: 'oct', k: 'AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr8' };
const enc = 'A256GCM';

// {family: [key, alg to sign with, alg to encrypt with]}
const FAMILIES = {
  EC: [JWKS['P-256'], 'ES256', 'ECDH-ES+A128KW'],
  RSA: [JWKS.RSA, 'RS256', 'RSA-OAEP'],
  'oct, dir': [oct, 'HS256', 'dir'],
  'oct, A256KW': [oct, 'HS256', 'A256KW'],
  'oct, A256GCMKW': [oct, 'HS256', 'A256GCMKW'],
};
const ALL = Object.keys(FAMILIES);
const [EC, RSA, DIR, KW, GCMKW] = ALL;

// [limit, {the operations it leaves: families}, the member that is named]
const LIMITS = [
  [{}, { sign: ALL, verify: ALL, encrypt: ALL, decrypt: ALL }],
  [{ use: 'sig' }, { sign: ALL, verify: ALL }, 'use'],
  [{ use: 'enc' }, { encrypt: ALL, decrypt: ALL }, 'use'],
  [{ use: 'SIG' }, {}, 'use'],
  [{ use: 'other' }, {}, 'use'],
  [{ key_ops: [] }, { encrypt: [EC] }, 'key_ops'],
  [{ key_ops: ['Sign', 'other'] }, {}, 'key_ops'],
  [{ key_ops: ['sign'] }, { sign: ALL }, 'key_ops'],
  [{ key_ops: ['verify'] }, { verify: ALL }, 'key_ops'],
  [{ key_ops: ['other', 'sign', 'verify'] }, { sign: ALL, verify: ALL }, 'key_ops'],
  [{ key_ops: ['encrypt'] }, { encrypt: [RSA, DIR, KW, GCMKW] }, 'key_ops'],
  [{ key_ops: ['decrypt'] }, { decrypt: [RSA, DIR, KW, GCMKW] }, 'key_ops'],
  [{ key_ops: ['wrapKey'] }, { encrypt: [RSA, KW, GCMKW] }, 'key_ops'],
  [{ key_ops: ['unwrapKey'] }, { decrypt: [RSA, KW, GCMKW] }, 'key_ops'],
  [{ key_ops: ['deriveBits'] }, { encrypt: [EC], decrypt: [EC] }, 'key_ops'],
  [{ key_ops: ['deriveKey'] }, { encrypt: [EC], decrypt: [EC] }, 'key_ops'],
  [{ use: 'sig', key_ops: ['encrypt', 'decrypt', 'deriveBits'] }, {}],
  [{ alg: 'ES256' }, { sign: [EC], verify: [EC] }, 'alg'],
  [{ alg: 'RS256' }, { sign: [RSA], verify: [RSA] }, 'alg'],
  [{ alg: 'PS256' }, {}, 'alg'],
  [{ alg: 'HS256' }, { sign: [DIR, KW, GCMKW], verify: [DIR, KW, GCMKW] }, 'alg'],
  [{ alg: 'HS512' }, {}, 'alg'],
  [{ alg: 'none' }, {}, 'alg'],
  [{ alg: 'dir' }, { encrypt: [DIR], decrypt: [DIR] }, 'alg'],
  // A key for dir is a content encryption key (RFC 7520 §5.6).
  [{ alg: enc }, { encrypt: [DIR], decrypt: [DIR] }, 'alg'],
  [{ alg: 'A256KW' }, { encrypt: [KW], decrypt: [KW] }, 'alg'],
  [{ alg: 'A256GCMKW' }, { encrypt: [GCMKW], decrypt: [GCMKW] }, 'alg'],
  [{ alg: 'RSA-OAEP' }, { encrypt: [RSA], decrypt: [RSA] }, 'alg'],
  [{ alg: 'RSA-OAEP-256' }, {}, 'alg'],
  [{ alg: 'ECDH-ES' }, {}, 'alg'],
  [{ alg: 'ECDH-ES+A128KW' }, { encrypt: [EC], decrypt: [EC] }, 'alg'],
];

async function operations([key, sig, wrap]) {
  const signed = await ours.signJwt({}, key, { alg: sig });
  const encrypted = await ours.encryptJwe('x', key, { alg: wrap, enc });
  return {
    sign: [(limited) => ours.signJwt({}, limited, { alg: sig }), (limited) => ours.signJws('', limited, { alg: sig })],
    verify: [(limited) => ours.verifyJwt(signed, limited), (limited) => ours.verifyJws(signed, limited)],
    encrypt: [(limited) => ours.encryptJwe('x', limited, { alg: wrap, enc })],
    decrypt: [(limited) => ours.decryptJwe(encrypted, limited)],
  };
}

for (const [family, row] of Object.entries(FAMILIES)) {
  const calls = await operations(row);
  for (const [limit, allowed, member] of LIMITS) {
    test(`${family} with ${JSON.stringify(limit)}`, async () => {
      const key = { ...row[0], ...limit };
      for (const [operation, functions] of Object.entries(calls)) {
        for (const call of functions) {
          if (allowed[operation]?.includes(family)) await call(key);
          else await rejects(() => call(key), 'ERR_JOSE_ALG_NOT_ALLOWED', member && `key.${member}`);
        }
      }
      // In a set, it is as if a forbidden key were not there.
      for (const operation of ['verify', 'decrypt']) {
        const [call] = calls[operation];
        const keys = [key, { ...key, use: 'neither' }];
        if (allowed[operation]?.includes(family)) await call({ keys });
        else await rejects(() => call({ keys }), 'ERR_JWKS_NO_MATCHING_KEY', 'header.kid');
      }
    });
  }
}

test('limits that are none', async () => {
  const wrong = [
    ...['sign', {}, [1], [null], ['sign', 'sign'], null].map((value) => ['key_ops', value]),
    ...['use', 'alg', 'kid'].flatMap((name) => [5, null, ['sig'], {}].map((value) => [name, value])),
  ];
  for (const [name, value] of wrong) {
    for (const jwk of [oct, JWKS.RSA, JWKS['P-256'], JWKS.Ed25519]) {
      const key = { ...jwk, [name]: value };
      await rejects(() => ours.signJws('x', key), 'ERR_JWK_INVALID', `key.${name}`);
      await rejects(() => ours.signJws('x', { ...key, [name]: Symbol('x') }), 'ERR_ARGUMENT', `key.${name}`);
    }
  }
  await ours.signJws('x', { ...oct, use: undefined, key_ops: undefined, alg: undefined, kid: undefined, ext: false });
});

test('a set for signing and encrypting is no key', async () => {
  await rejects(() => ours.signJws('x', { keys: [oct] }), 'ERR_ARGUMENT', 'key');
  await rejects(() => ours.encryptJwe('x', { keys: [oct] }, { alg: 'dir', enc }), 'ERR_ARGUMENT', 'key');
});

test('the options narrow what the key allows', async () => {
  const signed = await ours.signJws('x', oct, { alg: 'HS256' });
  const jwe = await ours.encryptJwe('x', oct, { alg: 'A256KW', enc });
  const narrow = 'ERR_JOSE_ALG_NOT_ALLOWED';
  for (const algorithms of [['HS256'], ['none', 'HS512', 'HS256'], undefined]) {
    assert.equal((await ours.verifyJws(signed, oct, { algorithms })).header.alg, 'HS256');
  }
  for (const algorithms of [[], ['HS512'], ['hs256'], ['HS256 ']]) {
    await rejects(() => ours.verifyJws(signed, oct, { algorithms }), narrow, 'header.alg');
    await rejects(() => ours.verifyJwt(signed, oct, { algorithms }), narrow, 'header.alg');
    await rejects(() => ours.decryptJwe(jwe, oct, { algorithms }), narrow, 'header.alg');
  }
  await ours.decryptJwe(jwe, oct, { algorithms: ['A256KW'], contentEncryption: ['A128GCM', enc] });
  for (const contentEncryption of [[], ['A128GCM']]) {
    await rejects(() => ours.decryptJwe(jwe, oct, { contentEncryption }), narrow, 'header.enc');
  }
  for (const wrong of ['HS256', 5, null, {}, [5], new Set(['HS256'])]) {
    await rejects(() => ours.verifyJws(signed, oct, { algorithms: wrong }), 'ERR_ARGUMENT', 'options.algorithms');
    await rejects(() => ours.verifyJwt(signed, oct, { algorithms: wrong }), 'ERR_ARGUMENT', 'options.algorithms');
    await rejects(() => ours.decryptJwe(jwe, oct, { algorithms: wrong }), 'ERR_ARGUMENT', 'options.algorithms');
    const options = { contentEncryption: wrong };
    await rejects(() => ours.decryptJwe(jwe, oct, options), 'ERR_ARGUMENT', 'options.contentEncryption');
  }
});
