// Keys in PEM and keys that the platform holds, both ways with npm's jose.
import assert from 'node:assert/strict';
import { createPrivateKey, createPublicKey, X509Certificate } from 'node:crypto';
import { test } from 'node:test';
import * as ours from 'canvas-lms-tokens';
import * as jose from 'jose';
import { rejects } from '../node/copies.mjs';
import { certificate, KEYS, pem } from './node-keys.mjs';

const SIGNING = { RSA: 'PS256', 'P-256': 'ES256', 'P-384': 'ES384', 'P-521': 'ES512', Ed25519: 'EdDSA' };
const ENCRYPTING = {
  RSA: 'RSA-OAEP', 'P-256': 'ECDH-ES', 'P-384': 'ECDH-ES+A128KW', 'P-521': 'ECDH-ES+A256KW', X25519: 'ECDH-ES',
};
const crlf = (text) => text.replaceAll('\n', '\r\n');

/** {form: [private, public]} of a kind of key. */
function forms(kind) {
  const { privateKey, publicKey } = KEYS[kind];
  const [pkcs8, spki] = [pem(privateKey, 'pkcs8'), pem(publicKey, 'spki')];
  return {
    'PKCS #8, SPKI': [pkcs8, spki],
    'with CRLF and space around': [`\n ${crlf(pkcs8)}\t\r\n`, `\n${crlf(spki)}  `],
    'X.509': [pkcs8, certificate(publicKey)],
    'X.509 of version 1': [pkcs8, certificate(publicKey, 1)],
    ...(kind === 'RSA' && { 'PKCS #1': [pem(privateKey, 'pkcs1'), pem(publicKey, 'pkcs1')] }),
  };
}

test('the certificates are some', () => {
  for (const { publicKey } of Object.values(KEYS)) {
    for (const version of [3, 1]) {
      const read = new X509Certificate(certificate(publicKey, version));
      assert.ok(read.publicKey.equals(publicKey));
      assert.ok(read.verify(KEYS.Ed25519.publicKey));
    }
  }
});

for (const kind of Object.keys(KEYS)) {
  for (const [form, [secret, open]] of Object.entries(forms(kind))) {
    test(`${kind} in PEM: ${form}`, async () => {
      // jose reads no PKCS #1, but takes what Node reads.
      const theirPrivate = createPrivateKey(secret.trim());
      const theirPublic = form.startsWith('X.509') ? await jose.importX509(open, SIGNING[kind] ?? ENCRYPTING[kind])
        : createPublicKey(open.trim());
      if (kind in SIGNING) {
        const alg = SIGNING[kind];
        const token = await ours.signJws('x', { pem: secret, kid: 'k' }, { alg });
        const { protectedHeader } = await jose.compactVerify(token, theirPublic);
        assert.deepEqual(protectedHeader, { alg, kid: 'k' });
        const theirs = await new jose.CompactSign(new Uint8Array(3)).setProtectedHeader({ alg }).sign(theirPrivate);
        // A private key verifies with its public half.
        for (const key of [open, secret]) {
          assert.deepEqual((await ours.verifyJws(theirs, { pem: key, alg })).payload, new Uint8Array(3));
        }
      }
      if (kind in ENCRYPTING) {
        const header = { alg: ENCRYPTING[kind], enc: 'A128CBC-HS256' };
        for (const key of [open, secret]) {
          const token = await ours.encryptJwe('x', { pem: key }, header);
          assert.equal(Buffer.from((await jose.compactDecrypt(token, theirPrivate)).plaintext).toString(), 'x');
        }
        const recipient = form.startsWith('X.509') ? await jose.importX509(open, header.alg) : theirPublic;
        const theirs = await new jose.CompactEncrypt(new Uint8Array(3)).setProtectedHeader(header).encrypt(recipient);
        assert.deepEqual((await ours.decryptJwe(theirs, { pem: secret })).plaintext, new Uint8Array(3));
      }
    });
  }
}

test("a PEM's alg limits it", async () => {
  const { privateKey, publicKey } = KEYS.RSA;
  const token = await ours.signJws('x', { pem: pem(privateKey, 'pkcs8'), alg: 'PS512' });
  assert.equal(jose.decodeProtectedHeader(token).alg, 'PS512');
  await rejects(() => ours.verifyJws(token, { pem: pem(publicKey, 'spki'), alg: 'RS256' }), 'ERR_JOSE_ALG_NOT_ALLOWED');
  const wrong = { pem: pem(privateKey, 'pkcs8'), alg: 'ES256' };
  await rejects(() => ours.signJws('x', wrong), 'ERR_JOSE_ALG_NOT_ALLOWED');
});

const raw = (format, length, algorithm, extractable, usages) =>
  crypto.subtle.importKey(format, new Uint8Array(length).fill(7), algorithm, extractable, usages);
const hmac = (hash, extractable, usages = ['sign', 'verify'], length = 64) =>
  raw('raw', length, { name: 'HMAC', hash }, extractable, usages);

test('an HMAC CryptoKey signs and verifies, whether extractable or not, however short', async () => {
  for (const [hash, alg] of [['SHA-256', 'HS256'], ['SHA-384', 'HS384'], ['SHA-512', 'HS512']]) {
    for (const extractable of [true, false]) {
      for (const length of [1, 64, 200]) {
        const key = await hmac(hash, extractable, ['sign', 'verify'], length);
        const token = await ours.signJws('x', key);
        assert.equal(jose.decodeProtectedHeader(token).alg, alg);
        assert.equal(token, await ours.signJws('x', { secret: new Uint8Array(length).fill(7) }, { alg }));
        assert.equal((await ours.verifyJws(token, key)).header.alg, alg);
        const altered = `${token.slice(0, -5)}AAAAA`;
        await rejects(() => ours.verifyJws(altered, key), 'ERR_JWS_SIGNATURE_VERIFICATION_FAILED');
        // Its hash is part of the platform's key.
        const other = alg === 'HS256' ? 'HS512' : 'HS256';
        await rejects(() => ours.signJws('x', key, { alg: other }), 'ERR_JOSE_ALG_NOT_ALLOWED');
      }
    }
  }
});

const aes = (name, usages, length = 32) => () => raw('raw', length, name, true, usages);
const SIGNED = { alg: 'HS256' };
const DIRECT = { alg: 'dir', enc: 'A256GCM' };
const [NOT_ALLOWED, NOT_SUPPORTED] = ['ERR_JOSE_ALG_NOT_ALLOWED', 'ERR_JOSE_NOT_SUPPORTED'];

// [what, key, header, code]
const REFUSED = [
  ['HMAC with SHA-1', () => hmac('SHA-1', true), SIGNED, NOT_SUPPORTED],
  ['HMAC to verify only', () => hmac('SHA-256', true, ['verify']), SIGNED, NOT_ALLOWED],
  ['HMAC to verify only, not extractable', () => hmac('SHA-256', false, ['verify']), SIGNED, NOT_ALLOWED],
  ['HMAC', () => hmac('SHA-256', true, ['sign'], 32), DIRECT, NOT_ALLOWED],
  ['AES that is not extractable', () => raw('raw', 32, 'AES-GCM', false, ['encrypt']), DIRECT, NOT_SUPPORTED],
  ['AES-CBC', aes('AES-CBC', ['encrypt']), DIRECT, NOT_SUPPORTED],
  ['AES-GCM to decrypt only', aes('AES-GCM', ['decrypt']), DIRECT, NOT_ALLOWED],
  ['AES-GCM', aes('AES-GCM', ['encrypt']), SIGNED, NOT_ALLOWED],
  ['AES-KW of another length', aes('AES-KW', ['wrapKey'], 16), { alg: 'A256KW', enc: 'A128GCM' }, NOT_ALLOWED],
  ['AES-KW', aes('AES-KW', ['wrapKey'], 16), { alg: 'A128GCMKW', enc: 'A128GCM' }, NOT_ALLOWED],
  ['PBKDF2', () => raw('raw', 16, 'PBKDF2', false, ['deriveBits']), SIGNED, NOT_SUPPORTED],
  ['RSA of 1024 bits', () => rsa(1024, ['sign', 'verify']), { alg: 'RS256' }, 'ERR_JWK_INVALID'],
];

const rsa = async (modulusLength, usages, name = 'RSASSA-PKCS1-v1_5') => (await crypto.subtle.generateKey(
  { name, hash: 'SHA-256', modulusLength, publicExponent: new Uint8Array([1, 0, 1]) }, true, usages)).privateKey;

const use = (key, header) => ('enc' in header ? ours.encryptJwe('x', key, header) : ours.signJws('x', key, header));

for (const [what, make, header, code] of REFUSED) {
  test(`a CryptoKey: ${what} is refused for ${header.alg}`, async () => {
    const key = await make();
    await rejects(() => use(key, header), code);
  });
}

test('a CryptoKey of one asymmetric algorithm is for no other', async () => {
  const pairs = [
    ['RS256', ['RS384', 'PS256', 'ES256', 'HS256']], ['PS256', ['RS256', 'PS384']], ['ES256', ['ES384', 'EdDSA']],
    ['EdDSA', ['ES256', 'HS256']],
  ];
  for (const [alg, others] of pairs) {
    const { privateKey, publicKey } = await jose.generateKeyPair(alg);
    assert.equal(jose.decodeProtectedHeader(await ours.signJws('x', privateKey)).alg, alg);
    for (const other of others) {
      await rejects(() => ours.signJws('x', privateKey, { alg: other }), 'ERR_JOSE_ALG_NOT_ALLOWED');
    }
    await rejects(() => ours.signJws('x', publicKey), 'ERR_JOSE_ALG_NOT_ALLOWED');
    const token = await ours.signJws('x', privateKey);
    await rejects(() => ours.verifyJws(token, privateKey), 'ERR_JOSE_ALG_NOT_ALLOWED');
  }
});

test('a CryptoKey to encrypt with is the public one, and allows what is asked of it', async () => {
  const header = { alg: 'ECDH-ES', enc: 'A128GCM' };
  const { privateKey, publicKey } = await jose.generateKeyPair('ECDH-ES', { crv: 'P-384' });
  await rejects(() => ours.encryptJwe('x', privateKey, header), 'ERR_ARGUMENT', 'key');
  const token = await ours.encryptJwe('x', publicKey, header);
  await rejects(() => ours.decryptJwe(token, publicKey), 'ERR_JOSE_ALG_NOT_ALLOWED');
  assert.equal((await ours.decryptJwe(token, privateKey)).plaintext.length, 1);

  const wrapping = await rsa(2048, ['wrapKey', 'unwrapKey'], 'RSA-OAEP');
  const encrypted = await new jose.CompactEncrypt(new Uint8Array(1))
    .setProtectedHeader({ alg: 'RSA-OAEP-256', enc: 'A128GCM' }).encrypt(KEYS.RSA.publicKey);
  await rejects(() => ours.decryptJwe(encrypted, wrapping), 'ERR_JOSE_ALG_NOT_ALLOWED', 'key.key_ops');
});

test('an ephemeral key on another curve is refused, whatever form the key has', async () => {
  const header = { alg: 'ECDH-ES', enc: 'A128GCM' };
  const token = await new jose.CompactEncrypt(new Uint8Array(1)).setProtectedHeader(header)
    .encrypt(KEYS['P-256'].publicKey);
  for (const crv of ['P-384', 'P-521', 'X25519']) {
    const { privateKey } = await jose.generateKeyPair('ECDH-ES', { crv, extractable: true });
    for (const key of [privateKey, await jose.exportJWK(privateKey)]) {
      await rejects(() => ours.decryptJwe(token, key), 'ERR_JWE_INVALID', 'header.epk');
    }
  }
});
