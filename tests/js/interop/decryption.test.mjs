// Decryption fails in one way only (RFC 7516 §11.5): whatever was wrong, the error is the same in every property.
import assert from 'node:assert/strict';
import { constants, createCipheriv, publicEncrypt } from 'node:crypto';
import { test } from 'node:test';
import * as ours from 'canvas-lms-tokens';
import { tokenError } from '../node/copies.mjs';
import { JWKS, KEYS, made } from './node-keys.mjs';

const secret = (length, fill = 7) => ({ secret: new Uint8Array(length).fill(fill) });
const elsewhere = (type, options) => made(type, options).privateKey.export({ format: 'jwk' });
const anotherRsa = elsewhere('rsa', { modulusLength: 2048 });
const largerRsa = elsewhere('rsa', { modulusLength: 3072 });
const anotherEc = elsewhere('ec', { namedCurve: 'P-256' });
const anotherX25519 = elsewhere('x25519');
const handle = (jwk, algorithm, usages) => crypto.subtle.importKey('jwk', jwk, algorithm, false, usages);

const oaep = (hash) => ({ name: 'RSA-OAEP', hash });
const ECDH = { name: 'ECDH', namedCurve: 'P-256' };
const X25519 = { name: 'X25519' };

// [alg, key, other keys, the platform's algorithm and usage]
const FAMILIES = [
  ...['A128KW', 'A128GCMKW'].map((alg) => [alg, secret(16), [secret(16, 8)]]),
  ...['A256KW', 'A256GCMKW'].map((alg) => [alg, secret(32), [secret(32, 8)]]),
  ['RSA-OAEP', JWKS.RSA, [anotherRsa, largerRsa], oaep('SHA-1'), ['decrypt']],
  ['RSA-OAEP-256', JWKS.RSA, [anotherRsa, largerRsa], oaep('SHA-256'), ['decrypt']],
  ...['ECDH-ES', 'ECDH-ES+A128KW', 'ECDH-ES+A256KW'].flatMap((alg) => [
    [alg, JWKS['P-256'], [anotherEc], ECDH, ['deriveBits']],
    [alg, JWKS.X25519, [anotherX25519], X25519, ['deriveBits']],
  ]),
];
const CONTENT = { A128GCM: 16, A256GCM: 32, 'A128CBC-HS256': 32, 'A256CBC-HS512': 64 };
const ROWS = Object.entries(CONTENT).flatMap(([enc, length]) =>
  [['dir', secret(length), [secret(length, 8)]], ...FAMILIES].map((row) => [enc, ...row]));

const flip = (part, at) => {
  const bytes = Buffer.from(part, 'base64url');
  bytes[at < 0 ? bytes.length + at : at] ^= 1;
  return bytes.toString('base64url');
};
const json = (part) => JSON.parse(Buffer.from(part, 'base64url').toString());
const part = (value) => Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url');
const zeros = (length) => Buffer.alloc(length).toString('base64url');
const resized = (text, change) => {
  const bytes = Buffer.from(text, 'base64url');
  return (change < 0 ? bytes.subarray(0, change) : Buffer.concat([bytes, Buffer.alloc(change)])).toString('base64url');
};

/** {what: the token's parts altered} */
function alterations(token, alg, enc) {
  const [header, key, iv, ciphertext, tag] = token.split('.');
  const read = json(header);
  return {
    'another header': [part({ ...read, more: 1 }), key, iv, ciphertext, tag],
    'another iv, at its start': [header, key, flip(iv, 0), ciphertext, tag],
    'another iv, at its end': [header, key, flip(iv, -1), ciphertext, tag],
    'another ciphertext, at its start': [header, key, iv, flip(ciphertext, 0), tag],
    'another ciphertext, at its end': [header, key, iv, flip(ciphertext, -1), tag],
    'a shorter ciphertext': [header, key, iv, resized(ciphertext, -1), tag],
    'a longer ciphertext': [header, key, iv, resized(ciphertext, 16), tag],
    'no ciphertext': [header, key, iv, '', tag],
    'another tag, at its start': [header, key, iv, ciphertext, flip(tag, 0)],
    'another tag, at its end': [header, key, iv, ciphertext, flip(tag, -1)],
    'a tag of zeros': [header, key, iv, ciphertext, zeros(Buffer.from(tag, 'base64url').length)],
    ...(key && {
      'another encrypted key, at its start': [header, flip(key, 0), iv, ciphertext, tag],
      'another encrypted key, at its end': [header, flip(key, -1), iv, ciphertext, tag],
      'a shorter encrypted key': [header, resized(key, -1), iv, ciphertext, tag],
      'a shorter encrypted key, by a block': [header, resized(key, -8), iv, ciphertext, tag],
      'a longer encrypted key': [header, resized(key, 8), iv, ciphertext, tag],
      'an encrypted key of one byte': [header, 'AA', iv, ciphertext, tag],
      'an encrypted key of zeros': [header, zeros(Buffer.from(key, 'base64url').length), iv, ciphertext, tag],
    }),
    ...(read.iv && {
      'another iv of the key': [part({ ...read, iv: flip(read.iv, 3) }), key, iv, ciphertext, tag],
      'another tag of the key': [part({ ...read, tag: flip(read.tag, 3) }), key, iv, ciphertext, tag],
    }),
    ...(read.epk && {
      'another ephemeral key': [part({ ...read, epk: otherEpk(read.epk) }), key, iv, ciphertext, tag],
      'another party': [part({ ...read, apu: 'QQ' }), key, iv, ciphertext, tag],
    }),
    ...(read.epk?.crv === 'X25519' && {
      'a point of small order': [part({ ...read, epk: { ...read.epk, x: zeros(32) } }), key, iv, ciphertext, tag],
    }),
    ...Object.fromEntries(wrongKeys(alg, enc).map(([what, wrong]) => [what, [header, wrong, iv, ciphertext, tag]])),
  };
}

function otherEpk({ crv }) {
  const { d, ...epk } = crv === 'X25519' ? anotherX25519 : anotherEc;
  return epk;
}

/** Content encryption keys of a wrong length, encrypted as they must be. */
function wrongKeys(alg, enc) {
  const lengths = [8, 16, 32, 48, 64, 128].filter((length) => length !== CONTENT[enc]);
  const encrypt = {
    'RSA-OAEP': (cek) => oaepEncrypt(cek, 'sha1'),
    'RSA-OAEP-256': (cek) => oaepEncrypt(cek, 'sha256'),
    A128KW: (cek) => {
      const wrap = createCipheriv('id-aes128-wrap', secret(16).secret, Buffer.alloc(8, 0xa6));
      return Buffer.concat([wrap.update(cek), wrap.final()]);
    },
  }[alg];
  if (!encrypt) return [];
  return lengths.filter((length) => alg !== 'A128KW' || length > 8)
    .map((length) => [`a key of ${length} bytes`, encrypt(Buffer.alloc(length, 5)).toString('base64url')]);
}

const oaepEncrypt = (cek, oaepHash) =>
  publicEncrypt({ key: KEYS.RSA.publicKey, padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash }, cek);

/** All that a caller can see of an error, but its stack. */
const seen = (error) => JSON.stringify(
  Object.entries(Object.getOwnPropertyDescriptors(error)).filter(([name]) => name !== 'stack')
    .map(([name, { value, enumerable }]) => [name, String(value), enumerable]));

async function failure(token, key, what) {
  const error = await ours.decryptJwe(token, key).then(() => undefined, (thrown) => thrown);
  assert.ok(error, `${what}: it was decrypted`);
  return seen(tokenError(error, 'ERR_JWE_DECRYPTION_FAILED'));
}

const expected = await failure(
  await ours.encryptJwe('', secret(16), { alg: 'dir', enc: 'A128GCM' }), secret(16, 8), 'the first');

for (const [enc, alg, key, others, algorithm, usages] of ROWS) {
  const kind = key.crv ? `, ${key.crv}` : '';
  test(`${alg}${kind}, ${enc}: one error for all that fails`, async () => {
    const token = await ours.encryptJwe('x'.repeat(40), key, { alg, enc });
    const keys = [key, ...(algorithm ? [await handle(key, algorithm, usages)] : [])];
    for (const own of keys) {
      assert.equal((await ours.decryptJwe(token, own)).plaintext.length, 40);
      for (const [what, parts] of Object.entries(alterations(token, alg, enc))) {
        assert.equal(await failure(parts.join('.'), own, what), expected, what);
      }
    }
    for (const other of others) assert.equal(await failure(token, other, 'another key'), expected);
    if (algorithm) {
      const other = await handle(others[0], algorithm, usages);
      assert.equal(await failure(token, other, 'another CryptoKey'), expected);
    }
  });
}

test('a key of a set fails as a key alone', async () => {
  const token = await ours.encryptJwe('x', JWKS.X25519, { alg: 'ECDH-ES', enc: 'A128GCM', kid: 'k' });
  assert.equal(await failure(token, { keys: [{ ...anotherX25519, kid: 'k' }] }, 'a set'), expected);
});
