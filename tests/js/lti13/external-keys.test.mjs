// Keys that live elsewhere, wherever LTI takes a key: the emulator is Canvas, jose is another platform, node:crypto the KMS.
import assert from 'node:assert/strict';
import { createHmac, createPrivateKey, createPublicKey, sign as nodeSign, verify as nodeVerify } from 'node:crypto';
import { test } from 'node:test';
import { createLocalJWKSet, decodeJwt, decodeProtectedHeader, importJWK, jwtVerify } from 'jose';
import { imported, rejects } from '../node/copies.mjs';
import { answer, answers, emulate, proxyRequest } from '../node/servers.mjs';
import { begin, cookieOf, launch, launchClaims, platform as loginPlatform, publicJwk, sign as signAsPlatform, verify } from './platform.mjs';
import { KEY, PLATFORM, canvasLaunch } from './tool.mjs';

const {
  deepLinkingResponse, LtiServices, prepareKey, requestAccessToken, publicJwks, refreshUserToken, requestServiceToken, signClientAssertion, signJwt,
  thumbprint,
} = imported;

const SCORE = 'https://purl.imsglobal.org/spec/lti-ags/scope/score';
const LINE_ITEMS = 'https://school.test/api/lti/courses/1/line_items';
const { privateKey, publicKey } = KEY;
const inKms = createPrivateKey({ key: privateKey, format: 'jwk' });
const rs256 = async (bytes) => nodeSign('sha256', bytes, inKms);
const never = () => new Promise(() => {});

/** A key in a KMS, which counts what it signed. */
const kms = (changes = {}) => {
  const key = { alg: 'RS256', kid: privateKey.kid, async sign(bytes) { signed.push(Buffer.from(bytes).toString()); return rs256(bytes); }, ...changes };
  const signed = [];
  return { key, signed };
};
/** A Canvas that knows the tool's public key. */
const school = () => emulate({ developerKeys: [{ id: Number(PLATFORM.clientId), publicJwk: publicKey, scopes: [SCORE] }] });

test('a client assertion, its kid in the header where the key has one', async () => {
  const { key, signed } = kms();
  const assertion = await signClientAssertion(PLATFORM, key, { jti: 'one' });
  assert.deepEqual(signed, [assertion.slice(0, assertion.lastIndexOf('.'))]);
  const { payload, protectedHeader } = await jwtVerify(assertion, await importJWK(publicKey, 'RS256'), { audience: PLATFORM.tokenEndpoint });
  assert.deepEqual([payload.jti, protectedHeader], ['one', { alg: 'RS256', typ: 'JWT', kid: privateKey.kid }]);
  const { kid, ...unnamed } = key;
  assert.deepEqual(decodeProtectedHeader(await signClientAssertion(PLATFORM, unnamed)), { alg: 'RS256', typ: 'JWT' });
  assert.equal(decodeProtectedHeader(await signClientAssertion(PLATFORM, await prepareKey(key))).kid, kid);
  for (const alg of ['PS256', 'ES256', 'HS256']) {
    await rejects(() => signClientAssertion(PLATFORM, { ...key, alg }), 'ERR_JOSE_ALG_NOT_ALLOWED', 'header.alg');
  }
});

test('its public half is published under the kid that it signs with', async () => {
  const { kid, d, p, q, dp, dq, qi, use, alg, ...bare } = privateKey;
  const cases = [
    [{ kid: 'mine', publicKey: bare }, 'mine'], [{ kid: undefined, publicKey: { ...bare, kid: 'theirs' } }, 'theirs'],
    [{ kid: undefined, publicKey: bare }, thumbprint(bare)],
  ];
  for (const [changes, expected] of cases) {
    const { key } = kms(changes);
    for (const given of [key, await prepareKey(key)]) {
      const published = publicJwks([given]);
      assert.deepEqual(published.keys, [{ kty: 'RSA', alg: 'RS256', use: 'sig', kid: expected, e: bare.e, n: bare.n }]);
      const assertion = await signClientAssertion(PLATFORM, given);
      assert.equal(decodeProtectedHeader(assertion).kid, expected);
      await jwtVerify(assertion, createLocalJWKSet(published));
    }
  }
});

test('a service token, signed for anew at each try', async () => {
  const { key, signed } = kms();
  const canvas = school();
  let tries = 0;
  const fetch = (url, init) => ((tries += 1) === 1
    ? Promise.resolve(new Response('', { status: 503, headers: { 'retry-after': '0' } })) : canvas.fetch(url, init));
  const { scopes } = await requestServiceToken({ platform: PLATFORM, key, scopes: [SCORE], fetch });
  assert.deepEqual([scopes, tries, new Set(signed).size], [[SCORE], 2, 2]);
});

test('services sign once for a key object, and a request that fails is not signed for again', async () => {
  const { key, signed } = kms();
  const fetch = answers(
    answer(200, '{"access_token":"t","token_type":"Bearer","expires_in":3600}', { 'content-type': 'application/json' }),
    answer(200, '[]', { 'content-type': 'application/json' }),
  );
  const services = new LtiServices({ platform: PLATFORM, key, origins: ['https://school.test'], fetch });
  for (const _ of [1, 2]) for await (const item of services.lineItems(LINE_ITEMS)) assert.fail(item);
  assert.deepEqual([signed.length, fetch.calls.length], [1, 3]);
  assert.equal(decodeJwt(fetch.calls[0].form.client_assertion).iss, PLATFORM.clientId);

  const cause = new Error('down');
  const failing = kms({ sign: () => Promise.reject(cause) });
  const unused = answers(answer(200, '[]'));
  const broken = new LtiServices({ platform: PLATFORM, key: failing.key, origins: ['https://school.test'], fetch: unused });
  const error = await rejects(() => broken.lineItem(`${LINE_ITEMS}/1`), 'ERR_KEY_OPERATION', 'options.key.sign');
  assert.deepEqual([error.cause, unused.calls.length], [cause, 0]);
});

test('a deep linking response', async () => {
  const { key, signed } = kms();
  const request = canvasLaunch({
    messageType: 'LtiDeepLinkingRequest', deepLinking: { returnUrl: 'https://school.test/return', acceptTypes: ['link'], acceptMultiple: true },
  });
  const { jwt, form } = await deepLinkingResponse(request, { items: [], key });
  assert.ok(form.includes(jwt));
  assert.equal(signed.length, 1);
  await jwtVerify(jwt, await importJWK(publicKey, 'RS256'), { issuer: PLATFORM.clientId, audience: PLATFORM.issuer });
  await rejects(() => deepLinkingResponse(request, { items: [], key: { alg: 'RS256', sign: never }, timeout: 20 }), 'ERR_TIMEOUT', 'options.key.sign');
  const error = await rejects(
    () => deepLinkingResponse(request, { items: [], key: { alg: 'RS256', sign: never }, signal: AbortSignal.abort('enough') }), 'ERR_ABORTED');
  assert.equal(error.cause, 'enough');
});

test('an assertion of LTI 2 whose shared secret lives elsewhere', async () => {
  const canvas = emulate();
  const hmac = (secret) => ({ alg: 'HS256', sign: async (bytes) => createHmac('sha256', secret).update(bytes).digest() });
  const token = await requestAccessToken(proxyRequest({ secret: hmac('secret'), fetch: canvas.fetch }));
  assert.equal(token.tokenType, 'bearer');
  const [{ assertion }] = canvas.forms();
  assert.deepEqual(decodeProtectedHeader(assertion), { alg: 'HS256', typ: 'JWT' });
  assert.deepEqual(Object.keys(decodeJwt(assertion)), ['sub', 'aud', 'exp', 'iat', 'jti']);
  const prepared = await prepareKey({ ...hmac('secret'), kid: 'k' });
  await requestAccessToken(proxyRequest({ secret: prepared, fetch: canvas.fetch }));
  assert.equal(decodeProtectedHeader(canvas.forms()[1].assertion).kid, 'k');

  // Without the secret the report says what it can.
  const error = await rejects(() => requestAccessToken(proxyRequest({ secret: hmac('wrong'), fetch: canvas.fetch })), 'ERR_OAUTH');
  assert.equal(error.report.checks.find(({ id }) => id === 'signature')?.outcome ?? 'none', 'skip');
  await rejects(() => requestAccessToken(proxyRequest({ secret: kms().key, fetch: canvas.fetch })), 'ERR_JOSE_ALG_NOT_ALLOWED', 'header.alg');
  const unused = answers(answer(200, ''));
  const hanging = proxyRequest({ secret: { alg: 'HS256', sign: never }, fetch: unused });
  await rejects(() => requestAccessToken({ ...hanging, timeout: 20 }), 'ERR_TIMEOUT', 'request.secret.sign');
  await rejects(() => requestAccessToken({ ...hanging, signal: AbortSignal.abort() }), 'ERR_ABORTED');
  await rejects(() => requestAccessToken({ ...hanging, secret: { alg: 'HS256', sing: never } }), 'ERR_ARGUMENT', 'request.secret.sing');
  assert.equal(unused.calls.length, 0);
});

test('a launch is verified elsewhere, and with RS256 alone', async () => {
  const spki = createPublicKey({ key: publicJwk, format: 'jwk' });
  const asked = [];
  const verifier = { alg: 'RS256', async verify(bytes, signature) { asked.push(signature.length); return nodeVerify('sha256', bytes, spki, signature); } };
  for (const keys of [verifier, () => verifier, await prepareKey(verifier)]) {
    assert.equal((await launch({ options: { keys } })).messageType, 'LtiResourceLinkRequest');
  }
  assert.deepEqual(asked, [256, 256, 256]);
  const { privateKey: other } = await imported.generateKey('RS256');
  await rejects(() => launch({ header: { key: other }, options: { keys: verifier } }), 'ERR_JWS_SIGNATURE_VERIFICATION_FAILED');

  // A platform's key that answers "true" to everything still verifies no other algorithm.
  const { state, nonce, cookie } = await begin();
  const hmac = await signJwt(launchClaims(nonce), { secret: 'x'.repeat(32) }, { alg: 'HS256', kid: 'one' });
  const yes = { alg: 'HS256', verify: () => true };
  await rejects(() => verify({ id_token: hmac, state }, { cookie: cookieOf(cookie), keys: yes }), 'ERR_JOSE_ALG_NOT_ALLOWED', 'header.alg');

  const id_token = await signAsPlatform(launchClaims(nonce));
  const with_ = (options) => verify({ id_token, state }, { cookie: cookieOf(cookie), ...options });
  await rejects(() => with_({ keys: { alg: 'RS256', verify: never }, timeout: 20 }), 'ERR_TIMEOUT', 'options.keys.verify');
  await rejects(() => with_({ keys: { alg: 'RS256', verify: () => 'true' } }), 'ERR_KEY_OPERATION', 'options.keys.verify');
  assert.equal(loginPlatform.clientId, (await with_({ keys: verifier })).platform.clientId);
});

test('a KMS that hangs holds no request for longer than its time, and an abort ends it', async () => {
  const key = { alg: 'RS256', sign: never };
  const fetch = answers(answer(200, ''));
  const request = { platform: PLATFORM, key, scopes: [SCORE], fetch };
  await rejects(() => requestServiceToken({ ...request, timeout: 20 }), 'ERR_TIMEOUT', 'request.key.sign');
  const controller = new AbortController();
  const pending = requestServiceToken({ ...request, signal: controller.signal });
  setTimeout(() => controller.abort('enough'), 5);
  assert.equal((await rejects(() => pending, 'ERR_ABORTED')).cause, 'enough');
  await rejects(() => signClientAssertion(PLATFORM, key, { timeout: 20 }), 'ERR_TIMEOUT', 'key.sign');
  for (const timeout of [0, -1, NaN, 2 ** 31, '20']) {
    await rejects(() => signClientAssertion(PLATFORM, key, { timeout }), 'ERR_ARGUMENT', 'options.timeout');
  }
  await rejects(() => signClientAssertion(PLATFORM, key, { signal: {} }), 'ERR_ARGUMENT', 'options.signal');
  assert.equal(fetch.calls.length, 0);
});

test('a user’s token by a client whose key lives elsewhere', async () => {
  const { key, signed } = kms();
  const fetch = answers(answer(200, '{"access_token":"a","token_type":"Bearer","expires_in":3600,"user":{"id":1,"name":"A"}}', { 'content-type': 'application/json' }));
  const client = { baseUrl: 'https://school.test', clientId: PLATFORM.clientId, key };
  assert.equal((await refreshUserToken({ client, refreshToken: 'r', fetch })).accessToken, 'a');
  const [{ form: { client_assertion: assertion } }] = fetch.calls;
  assert.equal(signed.length, 1);
  await jwtVerify(assertion, await importJWK(publicKey, 'RS256'), { issuer: PLATFORM.clientId });
  const hanging = { ...client, key: { alg: 'RS256', sign: never } };
  await rejects(() => refreshUserToken({ client: hanging, refreshToken: 'r', fetch, timeout: 20 }), 'ERR_TIMEOUT', 'request.client.key.sign');
  assert.equal(fetch.calls.length, 1);
});
