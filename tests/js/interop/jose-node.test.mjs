// Every algorithm, both ways with npm's jose, in Node.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as ours from 'canvas-lms-tokens';
import * as jose from 'jose';
import { cases } from './cases.mjs';
import { JWKS } from './node-keys.mjs';

const all = cases(ours, jose, JWKS);

test('every algorithm has its case', () => {
  const signatures = all.filter(({ name }) => /^(HS|RS|PS|ES)\d+$|^EdDSA$/.test(name));
  assert.equal(signatures.length, 13);
  const encryption = all.filter(({ name }) => / A\d+(GCM|CBC-HS\d+)$/.test(name));
  // 7 with a shared secret, 2 with RSA, 4 agreements on 4 curves; 6 content encryptions.
  assert.equal(encryption.length, (7 + 2 + 4 * 4) * 6);
});

for (const { name, run } of all) {
  // Node lacks none of them.
  test(name, async () => assert.equal(await run(), undefined));
}

const text = new TextEncoder();
const SECRETS = ['x', 'sécret \u{1f511}', 'a secret of Canvas, which is as long as it is', 'x'.repeat(200)];

test('secrets as text and as bytes, of any length', async () => {
  for (const secret of SECRETS) {
    for (const alg of ['HS256', 'HS384', 'HS512']) {
      for (const key of [{ secret }, { secret: text.encode(secret) }, { secret, alg }]) {
        const token = await ours.signJwt({ sub: 1 }, key, { alg });
        assert.equal(ours.signJwtSync({ sub: 1 }, key, { alg }), token);
        assert.equal((await jose.jwtVerify(token, text.encode(secret))).payload.sub, 1);
        const theirs = await new jose.SignJWT({ sub: '1' }).setProtectedHeader({ alg }).sign(text.encode(secret));
        assert.equal((await ours.verifyJwt(theirs, key)).claims.sub, '1');
        assert.equal(ours.verifyJwtSync(theirs, key).claims.sub, '1');
      }
    }
  }
});

test('text secrets of the right length encrypt', async () => {
  const secret = '0123456789abcdef';
  for (const alg of ['dir', 'A128KW', 'A128GCMKW']) {
    const token = await ours.encryptJwe('né', { secret }, { alg, enc: 'A128GCM' });
    const { plaintext } = await jose.compactDecrypt(token, text.encode(secret));
    assert.equal(Buffer.from(plaintext).toString(), 'né');
    const theirs = await new jose.CompactEncrypt(text.encode('né')).setProtectedHeader({ alg, enc: 'A128GCM' })
      .encrypt(text.encode(secret));
    assert.equal(Buffer.from((await ours.decryptJwe(theirs, { secret })).plaintext).toString(), 'né');
  }
});

test('what is signed as text is signed as its UTF-8 bytes', async () => {
  const token = await ours.signJws('né\u{1f511}', { secret: 'x' });
  assert.equal(await ours.signJws(text.encode('né\u{1f511}'), { secret: 'x' }), token);
  assert.deepEqual((await jose.compactVerify(token, text.encode('x'))).payload, text.encode('né\u{1f511}'));
});

test('the header is kept in its order, with members that nobody knows', async () => {
  const header = { typ: 'JOSE', alg: 'HS256', 'https://canvas.test/': [1, { é: null }], kid: 'k' };
  const token = await ours.signJws('x', { secret: 'x' }, header);
  assert.equal(JSON.stringify(jose.decodeProtectedHeader(token)), JSON.stringify(header));
  assert.equal(JSON.stringify((await ours.verifyJws(token, { secret: 'x' })).header), JSON.stringify(header));
});

test('a set to decrypt with', async () => {
  const kinds = { RSA: 'RSA-OAEP-256', 'P-384': 'ECDH-ES+A256KW', X25519: 'ECDH-ES' };
  const keys = Object.entries(kinds).map(([kind, alg]) => ({ ...JWKS[kind], kid: kind, alg, use: 'enc' }));
  for (const key of keys) {
    for (const header of [{ alg: key.alg, enc: 'A256GCM', kid: key.kid }, { alg: key.alg, enc: 'A256GCM' }]) {
      const { d, p, q, dp, dq, qi, ...publicKey } = key;
      const token = await new jose.CompactEncrypt(text.encode('x')).setProtectedHeader(header)
        .encrypt(await jose.importJWK(publicKey, key.alg));
      assert.deepEqual((await ours.decryptJwe(token, { keys })).header.kid, header.kid);
    }
  }
});
