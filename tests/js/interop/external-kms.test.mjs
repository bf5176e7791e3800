// Google Cloud KMS as a key: raw PKCS #1 of RSA, DER of ECDSA, and what becomes of its refusals. The README has the same for RS256.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as jose from 'jose';
import * as ours from 'canvas-lms-tokens';
import { rejects } from '../node/copies.mjs';
import { cloudKms } from '../node/cloud-kms.mjs';

const at = (name) => `projects/school/locations/global/keyRings/lti/cryptoKeys/${name}/cryptoKeyVersions/1`;
const kms = cloudKms({ [at('rsa')]: 'RSA_SIGN_PKCS1_2048_SHA256', [at('p256')]: 'EC_SIGN_P256_SHA256', [at('p384')]: 'EC_SIGN_P384_SHA384' });

/** A key version of it, as a key. */
const key = (alg, name, { token = 'ya29.a-token-of-the-metadata-server', fetch = kms.fetch } = {}) => ({
  alg, kid: name,
  async sign(bytes, { signal }) {
    const digest = Buffer.from(await crypto.subtle.digest(`SHA-${alg.slice(2)}`, bytes)).toString('base64');
    const response = await fetch(`https://cloudkms.googleapis.com/v1/${at(name)}:asymmetricSign`, {
      method: 'POST', signal, headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify({ digest: { [`sha${alg.slice(2)}`]: digest } }),
    });
    const answer = await response.json();
    if (!response.ok) throw new Error(`Cloud KMS answered ${response.status} ${answer.error.status}`);
    return Buffer.from(answer.signature, 'base64');
  },
});

for (const [alg, name] of [['RS256', 'rsa'], ['ES256', 'p256'], ['ES384', 'p384']]) {
  test(`${alg} by its key version ${name}, which jose verifies`, async () => {
    const token = await ours.signJwt({ iss: 'tool' }, key(alg, name));
    const { payload, protectedHeader } = await jose.jwtVerify(token, kms.publicKey(at(name)), { algorithms: [alg] });
    assert.deepEqual([payload, protectedHeader], [{ iss: 'tool' }, { alg, typ: 'JWT', kid: name }]);
  });
}

test('what it refuses is the cause', async () => {
  for (const [refused, message] of [
    [key('RS256', 'none'), 'Cloud KMS answered 404 NOT_FOUND'],
    [key('RS256', 'rsa', { token: 'expired' }), 'Cloud KMS answered 401 UNAUTHENTICATED'],
    [key('RS512', 'rsa'), 'Cloud KMS answered 400 INVALID_ARGUMENT'],
  ]) {
    const error = await rejects(() => ours.signJwt({}, refused), 'ERR_KEY_OPERATION', 'key.sign');
    assert.equal(error.cause.message, message);
  }
  // Its key is another than the alg says.
  const error = await rejects(() => ours.signJwt({}, key('ES256', 'rsa')), 'ERR_KEY_OPERATION', 'key.sign');
  assert.equal(error.message, 'key.sign gave a signature of 256 bytes, ES256 has 64 of R and S, or their DER');
});

test('its request ends with the time that the call has', async () => {
  let fetch;
  const sent = new Promise((resolve) => { fetch = (url, init) => { resolve(init.signal); return new Promise(() => {}); }; });
  await rejects(() => ours.signJwt({}, key('RS256', 'rsa', { fetch }), undefined, { timeout: 20 }), 'ERR_TIMEOUT', 'key.sign');
  const signal = await sent;
  assert.equal(signal.reason.name, 'AbortError');
});
