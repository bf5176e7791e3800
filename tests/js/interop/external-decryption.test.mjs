// Content encryption keys that are unwrapped elsewhere: RSA1_5 by the openssl command, as nothing here does it, others by node:crypto.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import {
  constants, createCipheriv, createDecipheriv, createHash, createHmac, createPrivateKey, createPublicKey, diffieHellman,
  generateKeyPairSync, privateDecrypt, randomBytes,
} from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import * as jose from 'jose';
import * as ours from 'canvas-lms-tokens';
import { refuses, rejects, tokenError, vectors } from '../node/copies.mjs';
import { JWKS, KEYS, pem } from './node-keys.mjs';

const folder = mkdtempSync(join(tmpdir(), 'external-keys-'));
after(() => rmSync(folder, { recursive: true }));
const file = (name, text) => {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
};

/** `openssl pkeyutl` with PKCS #1 v1.5: what is on its standard output. */
function openssl(...args) {
  return (input) => {
    const { status, stdout, stderr } = spawnSync('openssl', ['pkeyutl', ...args, '-pkeyopt', 'rsa_padding_mode:pkcs1'], { input });
    if (status !== 0) throw new Error(`openssl: ${stderr}`);
    return stdout;
  };
}
const decryptWith = (key, name) => openssl('-decrypt', '-inkey', file(`${name}.pem`, pem(key, 'pkcs8')));
const unwrapKey = decryptWith(KEYS.RSA.privateKey, 'own');
const wrap = openssl('-encrypt', '-pubin', '-inkey', file('public.pem', pem(KEYS.RSA.publicKey, 'spki')));

const part = (value) => Buffer.from(typeof value === 'object' && !Buffer.isBuffer(value) ? JSON.stringify(value) : value).toString('base64url');

/** A JWE by A128CBC-HS256 (RFC 7518 §5.2) whose encrypted key is given, of which this package knows nothing. */
function sealed(header, encryptedKey, cek, plaintext) {
  const [aad, iv] = [Buffer.from(part(header)), randomBytes(16)];
  const cipher = createCipheriv('aes-128-cbc', cek.subarray(16), iv);
  const ciphertext = Buffer.concat([cipher.update(plaintext), cipher.final()]);
  const length = Buffer.alloc(8);
  length.writeBigUInt64BE(BigInt(aad.length * 8));
  const tag = createHmac('sha256', cek.subarray(0, 16)).update(Buffer.concat([aad, iv, ciphertext, length])).digest().subarray(0, 16);
  return [aad.toString(), ...[encryptedKey, iv, ciphertext, tag].map(part)].join('.');
}

// As Canvas's documentation shows an InstAccess token: a signed one, encrypted with RSA1_5 for the gateway.
const INST_ACCESS = { alg: 'RSA1_5', enc: 'A128CBC-HS256' };
const inner = await new jose.SignJWT({ iss: 'instructure:inst_access', sub: 'a' }).setProtectedHeader({ alg: 'RS256', typ: 'JWT' })
  .setIssuedAt().setExpirationTime('1h').sign(KEYS.RSA.privateKey);
const cek = randomBytes(32);
const token = sealed(INST_ACCESS, wrap(cek), cek, inner);
const key = { alg: 'RSA1_5', unwrapKey };
const algorithms = ['RSA1_5'];

test('RSA1_5 that openssl encrypted is decrypted with the key that openssl unwraps', async () => {
  const asked = [];
  const external = { ...key, kid: 'gateway', unwrapKey(...given) {
    asked.push([this, ...given]);
    return unwrapKey(given[0]);
  } };
  const { header, plaintext } = await ours.decryptJwe(token, external, { algorithms });
  assert.deepEqual([header, Buffer.from(plaintext).toString()], [INST_ACCESS, inner]);
  const [[object, encryptedKey, given, { signal }], ...more] = asked;
  assert.equal(more.length, 0);
  assert.equal(object, external);
  assert.equal(part(Buffer.from(encryptedKey)), token.split('.')[1]);
  assert.deepEqual(given, INST_ACCESS);
  assert.ok(signal instanceof AbortSignal);
});

for (const name of ['rfc7516-a2', 'rfc7520-5.1']) {
  test(`RSA1_5 of ${name}`, async () => {
    const example = [...vectors('rfc7516'), ...vectors('rfc7520')].find((found) => found.name === name);
    const unwrapKey = decryptWith(createPrivateKey({ key: example.key, format: 'jwk' }), name);
    const { plaintext } = await ours.decryptJwe(example.token, { alg: 'RSA1_5', unwrapKey }, { algorithms });
    assert.equal(Buffer.from(plaintext).toString(), example.plaintext);
  });
}

test('RSA1_5 needs such a key, and to be named', async () => {
  const refused = (key, options) => rejects(() => ours.decryptJwe(token, key, options));
  const platform = await crypto.subtle.importKey('jwk', JWKS.RSA, { name: 'RSA-OAEP', hash: 'SHA-1' }, false, ['decrypt']);
  const inMemory = [
    JWKS.RSA, { keys: [JWKS.RSA] }, { pem: pem(KEYS.RSA.privateKey, 'pkcs8') }, platform, await ours.prepareKey(JWKS.RSA),
    { alg: 'RSA-OAEP', unwrapKey }, { secret: 'x' },
  ];
  for (const given of inMemory) {
    for (const options of [undefined, { algorithms }]) {
      const error = tokenError(await refused(given, options), 'ERR_JOSE_NOT_SUPPORTED', 'header.alg');
      assert.equal(error.message, 'alg "RSA1_5" is refused: deprecated for its padding oracle; Canvas has sent RSA-OAEP since 2021; to '
        + "decrypt it all the same, give algorithms: ['RSA1_5'] and a key { alg: 'RSA1_5', unwrapKey } that lives elsewhere");
    }
  }
  let asked = 0;
  const counting = { alg: 'RSA1_5', unwrapKey: () => { asked += 1; } };
  for (const options of [undefined, {}, { contentEncryption: ['A128CBC-HS256'] }]) {
    const { message } = tokenError(await refused(counting, options), 'ERR_JOSE_ALG_NOT_ALLOWED', 'header.alg');
    assert.equal(message, 'RSA1_5 is decrypted only where the options name it among the algorithms to accept');
  }
  tokenError(await refused(counting, { algorithms: ['RSA-OAEP'] }), 'ERR_JOSE_ALG_NOT_ALLOWED', 'header.alg');
  tokenError(await refused(counting, { algorithms, contentEncryption: ['A256GCM'] }), 'ERR_JOSE_ALG_NOT_ALLOWED', 'header.enc');
  assert.equal(asked, 0);
  // Nothing encrypts with it.
  await rejects(() => ours.encryptJwe('x', JWKS.RSA, INST_ACCESS), 'ERR_JOSE_NOT_SUPPORTED', 'header.alg');
  await rejects(() => ours.encryptJwe('x', counting, INST_ACCESS), 'ERR_JOSE_NOT_SUPPORTED', 'header.alg');
  await rejects(() => ours.generateKey('RSA1_5'), 'ERR_JOSE_NOT_SUPPORTED', 'alg');
});

test('whatever is wrong with the key or the token, the error is one and the same', async () => {
  const parts = token.split('.');
  const altered = (at, value) => parts.with(at, value).join('.');
  const flipped = (at) => {
    const bytes = Buffer.from(parts[at], 'base64url');
    bytes[bytes.length - 1] ^= 1;
    return altered(at, part(bytes));
  };
  const otherKey = decryptWith(generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey, 'other');
  const failures = {
    'another tag': [flipped(4), unwrapKey],
    'another ciphertext': [flipped(3), unwrapKey],
    'a header with more in it': [altered(0, part({ ...INST_ACCESS, more: 1 })), unwrapKey],
    'an encrypted key of another padding': [flipped(1), unwrapKey],
    'an encrypted key of zeros': [altered(1, part(Buffer.alloc(256))), unwrapKey],
    'an encrypted key of one byte': [altered(1, 'AA'), unwrapKey],
    'a shorter key inside': [sealed(INST_ACCESS, wrap(cek.subarray(16)), cek, inner), unwrapKey],
    'a longer key inside': [sealed(INST_ACCESS, wrap(Buffer.concat([cek, cek])), cek, inner), unwrapKey],
    'another key inside': [sealed(INST_ACCESS, wrap(randomBytes(32)), cek, inner), unwrapKey],
    'another private key': [token, otherKey],
    'a function that throws': [token, () => { throw new Error('padding'); }],
    'a function that rejects': [token, () => Promise.reject(new Error('padding'))],
    'nothing': [token, () => undefined],
    null: [token, async () => null],
    false: [token, () => false],
    'base64': [token, () => cek.toString('base64')],
    'an object': [token, () => ({ Plaintext: cek })],
    'no bytes': [token, () => new Uint8Array()],
    'bytes of zero': [token, () => new Uint8Array(32)],
    'too many bytes': [token, () => new Uint8Array(2 ** 25)],
  };
  const seen = new Set();
  for (const [what, [text, unwrapKey]] of Object.entries(failures)) {
    const error = await rejects(() => ours.decryptJwe(text, { alg: 'RSA1_5', unwrapKey }, { algorithms }), 'ERR_JWE_DECRYPTION_FAILED');
    seen.add(JSON.stringify([error.message, Object.entries(error)]));
    assert.equal('cause' in error, false, what);
  }
  assert.deepEqual([...seen].map((text) => JSON.parse(text)[0]), [
    'decryption failed: another key, an altered token, or an unwrapKey that threw or gave no key of the right length']);
});

test('a key that never answers ends with the timeout, and an abort ends it', async () => {
  let signal;
  const hanging = { alg: 'RSA1_5', unwrapKey: (_, header, options) => { ({ signal } = options); return new Promise(() => {}); } };
  const error = await rejects(() => ours.decryptJwe(token, hanging, { algorithms, timeout: 20 }), 'ERR_TIMEOUT', 'key.unwrapKey');
  assert.equal(error.message, 'key.unwrapKey: no whole answer within 20 ms');
  assert.ok(signal.aborted);
  await rejects(() => ours.decryptJwe(token, hanging, { algorithms, signal: AbortSignal.abort() }), 'ERR_ABORTED', 'key.unwrapKey');
});

test('inspect opens it where its options name it', async () => {
  const options = { decryptionKey: key, key: publicHalf(JWKS.RSA) };
  const closed = await ours.inspect(token, options);
  assert.match(closed.checks.find(({ id }) => id === 'decryption').message, /only where the options name it/);
  const { kind, layers, checks, claims } = await ours.inspect(token, { ...options, decryptionAlgorithms: algorithms });
  assert.deepEqual([kind, layers.map(({ type }) => type), claims.iss], ['inst-access-token', ['jwe', 'jws'], 'instructure:inst_access']);
  assert.equal(checks.find(({ id }) => id === 'signature').outcome, 'pass');
});
const publicHalf = ({ d, p, q, dp, dq, qi, ...jwk }) => jwk;

const aesUnwrap = (kek, wrapped) => {
  const decipher = createDecipheriv(`id-aes${kek.length * 8}-wrap`, kek, Buffer.alloc(8, 0xa6));
  return Buffer.concat([decipher.update(wrapped), decipher.final()]);
};
/** Agrees with the header's ephemeral key, and derives (RFC 7518 §4.6.2). */
function agreed(curve, { epk, alg, enc }, name, length) {
  const z = diffieHellman({ privateKey: KEYS[curve].privateKey, publicKey: createPublicKey({ key: epk, format: 'jwk' }) });
  const number = (value) => { const bytes = Buffer.alloc(4); bytes.writeUInt32BE(value); return bytes; };
  const text = Buffer.from(name ?? (alg === 'ECDH-ES' ? enc : alg));
  return createHash('sha256').update(Buffer.concat([number(1), z, number(text.length), text, number(0), number(0), number(length * 8)]))
    .digest().subarray(0, length);
}
const secret = (alg) => ({ secret: Buffer.alloc(Number(/\d+/.exec(alg)[0]) / 8, 7) });
const oaep = (oaepHash) => (encrypted) => privateDecrypt({ key: KEYS.RSA.privateKey, padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash }, encrypted);

// {alg: [what encrypts, how it is unwrapped elsewhere]}
const ELSEWHERE = {
  'RSA-OAEP': [publicHalf(JWKS.RSA), oaep('sha1')],
  'RSA-OAEP-256': [publicHalf(JWKS.RSA), oaep('sha256')],
  ...Object.fromEntries(['A128KW', 'A256KW'].map((alg) => [alg, [secret(alg), (wrapped) => aesUnwrap(secret(alg).secret, wrapped)]])),
  A256GCMKW: [secret('A256GCMKW'), (encrypted, { iv, tag }) => {
    const decipher = createDecipheriv('aes-256-gcm', secret('A256GCMKW').secret, Buffer.from(iv, 'base64url'));
    decipher.setAuthTag(Buffer.from(tag, 'base64url'));
    return Buffer.concat([decipher.update(encrypted), decipher.final()]);
  }],
  'ECDH-ES': [publicHalf(JWKS['P-256']), (encrypted, header) => {
    assert.equal(encrypted.length, 0);
    return agreed('P-256', header, undefined, 32);
  }],
  'ECDH-ES+A128KW': [publicHalf(JWKS.X25519), (wrapped, header) => aesUnwrap(agreed('X25519', header, undefined, 16), wrapped)],
};
for (const [alg, [encryptionKey, unwrapKey]] of Object.entries(ELSEWHERE)) {
  test(`${alg} unwrapped elsewhere, of tokens made here and by jose`, async () => {
    const external = { alg, unwrapKey };
    const theirs = encryptionKey.secret ?? await jose.importJWK(encryptionKey, alg);
    const tokens = [
      await ours.encryptJwe('text', encryptionKey, { alg, enc: 'A256GCM' }),
      await new jose.CompactEncrypt(Buffer.from('text')).setProtectedHeader({ alg, enc: 'A256GCM' }).encrypt(theirs),
    ];
    for (const token of tokens) {
      for (const key of [external, await ours.prepareKey(external), { alg, unwrapKey: async (...given) => Uint8Array.from(unwrapKey(...given)).buffer }]) {
        const { plaintext } = await ours.decryptJwe(token, key, { algorithms: [alg] });
        assert.equal(Buffer.from(plaintext).toString(), 'text');
      }
      await rejects(() => ours.decryptJwe(token, { alg, unwrapKey: () => { throw new Error('no'); } }), 'ERR_JWE_DECRYPTION_FAILED');
    }
    const error = await rejects(() => ours.encryptJwe('text', external, { alg, enc: 'A256GCM' }), 'ERR_ARGUMENT', 'key');
    assert.equal(error.message, 'key: one that unwraps elsewhere, encrypting takes the public key');
  });
}

test('an ephemeral key that is on no curve is refused before anybody is asked', async () => {
  const [header, ...rest] = (await ours.encryptJwe('x', publicHalf(JWKS['P-256']), { alg: 'ECDH-ES', enc: 'A256GCM' })).split('.');
  const read = JSON.parse(Buffer.from(header, 'base64url'));
  const wrong = [part({ ...read, epk: { ...read.epk, y: read.epk.x } }), ...rest].join('.');
  await rejects(() => ours.decryptJwe(wrong, { alg: 'ECDH-ES', unwrapKey: () => assert.fail('asked') }), 'ERR_JWE_INVALID', 'header.epk');
});

test('what unwraps is told from what signs', async () => {
  for (const [key, code, at, message] of [
    [{ alg: 'RS256', unwrapKey }, 'ERR_ARGUMENT', 'key.alg', 'key.alg: RS256 encrypts no key, expected a key management algorithm such as RSA-OAEP-256'],
    [{ alg: 'dir', unwrapKey }, 'ERR_ARGUMENT', 'key.alg', 'key.alg: dir has no encrypted key, expected a key management algorithm that has one'],
    [{ alg: 'RSA1_5', unwrap: unwrapKey }, 'ERR_ARGUMENT', 'key.unwrap', 'key.unwrap: unknown, expected perhaps unwrapKey'],
    [{ alg: 'PBES2-HS256+A128KW', unwrapKey }, 'ERR_JOSE_NOT_SUPPORTED', 'key.alg'],
    [{ alg: 'RSA-OAEP', unwrapKey }, 'ERR_JOSE_NOT_SUPPORTED', 'header.alg'],
    [{ alg: 'RS256', sign: unwrapKey }, 'ERR_JOSE_NOT_SUPPORTED', 'header.alg'],
  ]) {
    const error = await rejects(() => ours.decryptJwe(token, key, { algorithms }), code, at);
    if (message) assert.equal(error.message, message);
  }
  refuses(() => ours.publicJwks([key]), 'ERR_ARGUMENT', 'keys[0]');
});
