// Asymmetric keys are imported once and remembered: what is said of a key is the same the first time and later on.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as jose from 'jose';
import * as ours from 'canvas-lms-tokens';
import { rejects } from '../node/copies.mjs';
import { imports } from './imports.mjs';

const ALGS = ['RS256', 'PS256', 'ES256', 'ES384', 'EdDSA'];

/** How many keys are imported while this runs. */
async function counted(run) {
  const before = imports;
  await run();
  return imports - before;
}

for (const alg of ALGS) {
  test(`${alg}: imported once for signing and once for verifying, however the JWK's object is made`, async () => {
    const { privateKey, publicKey } = await ours.generateKey(alg);
    const sign = () => ours.signJwt({ sub: '1' }, { ...privateKey });
    assert.equal(await counted(sign), 1);
    const tokens = [];
    assert.equal(await counted(async () => {
      for (let i = 0; i < 3; i += 1) tokens.push(await sign());
    }), 0);
    assert.equal(await counted(async () => {
      for (const token of tokens) assert.equal((await ours.verifyJwt(token, { ...publicKey })).claims.sub, '1');
    }), 1);
    const key = await jose.importJWK(publicKey, alg);
    for (const token of tokens) assert.equal((await jose.jwtVerify(token, key)).payload.sub, '1');
  });

  test(`${alg}: a wrong token and a wrong key are refused alike before and after`, async () => {
    const { privateKey, publicKey } = await ours.generateKey(alg);
    const { publicKey: another } = await ours.generateKey(alg);
    const token = await ours.signJwt({ sub: '1' }, privateKey);
    const spoilt = `${token.slice(0, -6)}${token.at(-6) === 'A' ? 'B' : 'A'}${token.slice(-5)}`;
    const { kid: _, ...nameless } = another;
    const faults = [
      [() => ours.verifyJwt(spoilt, publicKey), 'ERR_JWS_SIGNATURE_VERIFICATION_FAILED'],
      [() => ours.verifyJwt(token, nameless), 'ERR_JWS_SIGNATURE_VERIFICATION_FAILED'],
      [() => ours.verifyJwt(token, publicKey, { algorithms: ['HS256'] }), 'ERR_JOSE_ALG_NOT_ALLOWED'],
      [() => ours.verifyJwt(token, publicKey, { subject: '2' }), 'ERR_JWT_CLAIM_VALIDATION_FAILED'],
      [() => ours.verifyJwt(token, { ...publicKey, use: 'enc' }), 'ERR_JOSE_ALG_NOT_ALLOWED'],
      [() => ours.verifyJwt(token, { ...publicKey, alg: 'HS256' }), 'ERR_JOSE_ALG_NOT_ALLOWED'],
      [() => ours.verifyJwt(token, { ...publicKey, use: Symbol('x') }), 'ERR_ARGUMENT'],
      [() => ours.verifyJwt(token, { ...publicKey, extra: new Date() }), 'ERR_ARGUMENT'],
      [() => ours.signJwt({}, publicKey), 'ERR_ARGUMENT'],
      [() => ours.signJwt({}, privateKey, { alg: 'HS256' }), 'ERR_JOSE_ALG_NOT_ALLOWED'],
    ];
    const said = async () => {
      const messages = [];
      for (const [run, code] of faults) messages.push((await rejects(run, code)).message);
      return messages;
    };
    const first = await said();
    await ours.verifyJwt(token, publicKey);
    await ours.signJwt({}, privateKey);
    assert.deepEqual(await said(), first);
  });
}

for (const alg of ALGS) {
  const spoilt = async (key) => {
    const token = await ours.signJwt({ sub: '1' }, key);
    return `${token.slice(0, -6)}${token.at(-6) === 'A' ? 'B' : 'A'}${token.slice(-5)}`;
  };

  test(`${alg}: imported once for all wrong tokens, and no more for a right one`, async () => {
    const { privateKey, publicKey } = await ours.generateKey(alg);
    const [wrong, right] = [await spoilt(privateKey), await ours.signJwt({ sub: '1' }, privateKey)];
    assert.equal(await counted(async () => {
      for (let i = 0; i < 3; i += 1) {
        await rejects(() => ours.verifyJwt(wrong, { ...publicKey }), 'ERR_JWS_SIGNATURE_VERIFICATION_FAILED');
      }
      assert.equal((await ours.verifyJwt(right, { ...publicKey })).claims.sub, '1');
    }), 1);
  });

  test(`${alg}: one private JWK signs and verifies, in whatever order`, async () => {
    for (const order of ['sign verify sign verify', 'verify sign verify sign']) {
      const { privateKey } = await ours.generateKey(alg);
      const { privateKey: other } = await ours.generateKey(alg);
      const foreign = await ours.signJwt({ sub: '1' }, { ...other, kid: privateKey.kid });
      let token = foreign;
      assert.equal(await counted(async () => {
        for (const step of order.split(' ')) {
          if (step === 'sign') {
            token = await ours.signJwt({ sub: '1' }, { ...privateKey });
          } else if (token === foreign) {
            await rejects(() => ours.verifyJwt(token, { ...privateKey }), 'ERR_JWS_SIGNATURE_VERIFICATION_FAILED');
          } else {
            assert.equal((await ours.verifyJwt(token, { ...privateKey })).claims.sub, '1');
          }
        }
      }), 2, order);
    }
  });
}

test('one key for two algorithms', async () => {
  const { privateKey: { alg: _, ...privateKey }, publicKey: { alg: __, ...publicKey } } = await ours.generateKey('RS256');
  for (const alg of ['PS384', 'RS256', 'PS384', undefined, 'RS512', undefined, 'PS384']) {
    const token = await ours.signJwt({ sub: alg ?? 'none' }, privateKey, alg && { alg });
    const { header, claims } = await ours.verifyJwt(token, publicKey);
    assert.deepEqual([header.alg, claims.sub], [alg ?? 'RS256', alg ?? 'none']);
  }
});

test('what is remembered has a bound, the least used goes first', async () => {
  const keys = await Promise.all(Array.from({ length: 40 }, () => ours.generateKey('ES256')));
  // Copies, as a JWK that is given again as the same object is remembered as long as the object lives.
  const sign = ({ privateKey }) => ours.signJwt({}, { ...privateKey });
  for (const key of keys) {
    await sign(key);
    assert.equal(await counted(() => sign(keys[0])), 0);
  }
  assert.equal(await counted(() => sign(keys.at(-20))), 0);
  assert.equal(await counted(() => sign(keys[1])), 1);
});

test('a JWK that is given again as the same object is remembered as long as it says the same', async () => {
  const keys = await Promise.all(Array.from({ length: 40 }, () => ours.generateKey('ES256')));
  const sign = ({ privateKey }) => ours.signJwt({}, privateKey);
  for (const key of keys) await sign(key);
  assert.equal(await counted(async () => {
    for (const key of keys) await sign(key);
  }), 0);
  const [one, other] = keys;
  Object.assign(one.privateKey, other.privateKey);
  assert.ok(!Object.isFrozen(one.privateKey));
  await ours.verifyJwt(await sign(one), other.publicKey);
});

test('secrets are not remembered: the platform is never asked for them', async () => {
  const key = { kty: 'oct', k: Buffer.alloc(32, 7).toString('base64url') };
  assert.equal(await counted(async () => ours.verifyJwt(await ours.signJwt({}, key, { alg: 'HS256' }), key)), 0);
});
