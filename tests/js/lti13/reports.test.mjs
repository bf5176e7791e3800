// The keys of a launch where none are given, and the report of one that is refused.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as lti from 'canvas-lms-tokens';
import { rejects } from '../node/copies.mjs';
import { CLIENT_ID, LTI, NOW, SECRET, begin, cookieOf, keys, launch, launchClaims, platform, sign, verify } from './platform.mjs';

/** A fetch that answers with these keys, and what was asked of it. */
function server(answer = () => Response.json(keys, { headers: { 'cache-control': 'max-age=864000' } })) {
  const asked = [];
  const fetch = async (url, init) => { asked.push([url, init]); return answer(asked.length); };
  return { asked, fetch };
}

test('without keys, those of the platform are fetched, once for all launches', async () => {
  const { asked, fetch } = server();
  const options = { keys: undefined, fetch };
  await Promise.all([launch({ options }), launch({ options }), launch({ options })]);
  await launch({ options });
  assert.deepEqual(asked.map(([url]) => url), [platform.jwksUri]);
  assert.equal(asked[0][1].redirect, 'manual');
});

test('no key is fetched for a launch that is not ours', async () => {
  const { asked, fetch } = server();
  const refused = async (form, code, options = {}) => {
    await rejects(() => verify(form, { keys: undefined, fetch, ...options }), code);
  };
  const { state, nonce, cookie } = await begin();
  const id_token = await sign(launchClaims(nonce));
  await refused({ id_token, state: 'x' }, 'ERR_LTI_STATE_INVALID');
  await refused({ id_token, state }, 'ERR_LTI_STATE_NOT_BOUND');
  await refused({ id_token, state }, 'ERR_LTI_STATE_INVALID', { now: NOW + 600, cookie: cookieOf(cookie) });
  await refused({ id_token, state, error: 'x' }, 'ERR_LTI_LAUNCH_REFUSED');
  await refused({ id_token, state }, 'ERR_LTI_PLATFORM_UNKNOWN', { platforms: [], cookie: cookieOf(cookie) });
  // Nor for a token that none of them could verify.
  const none = `${Buffer.from('{"alg":"none"}').toString('base64url')}.${id_token.split('.')[1]}.`;
  await refused({ id_token: none, state }, undefined, { cookie: cookieOf(cookie) });
  assert.deepEqual(asked, []);
});

test('a server of keys that fails is no fault of the token', async () => {
  const { fetch } = server(() => new Response('<html>', { status: 500 }));
  const error = await rejects(() => launch({ options: { keys: undefined, fetch, retries: 0 } }));
  assert.match(error.code, /^ERR_(HTTP_STATUS|RESPONSE_INVALID)$/);
  assert.equal(error.report, undefined);
});

test('options of requests are looked at, whether or not keys are given', async () => {
  await rejects(() => launch({ options: { timeout: 0 } }), 'ERR_ARGUMENT', 'options.timeout');
  await rejects(() => launch({ options: { keys: undefined, fetch: 7 } }), 'ERR_ARGUMENT', 'options.fetch');
  await rejects(() => launch({ options: { keys: {} } }), 'ERR_ARGUMENT', 'options.keys');
});

const persons = ['A. Student', 'Student', 'student@school.test', 'f0c7f0a4-5f6d-4c0b-9f43-2ab8a1a5b8bb', 'https://school.test/a.png'];

// [the changes, the code, the check of the report that says it]
const REPORTS = [
  [{ claims: { exp: NOW - 3600 } }, 'ERR_JWT_EXPIRED', 'exp'],
  [{ claims: { iat: NOW - 3600 } }, 'ERR_JWT_EXPIRED'],
  [{ claims: { [`${LTI}version`]: '1.1' } }, 'ERR_LTI_MESSAGE_INVALID'],
  [{ header: { alg: 'RS512' } }, 'ERR_JOSE_ALG_NOT_ALLOWED'],
  [{ header: { kid: 'two' } }, 'ERR_JWKS_NO_MATCHING_KEY'],
];
for (const [changes, code, id] of REPORTS) {
  test(`the report of ${JSON.stringify(changes)}`, async () => {
    const { privateKey } = await import('./platform.mjs');
    if (changes.header?.alg === 'RS512') {
      const jwk = await crypto.subtle.exportKey('jwk', privateKey);
      changes.header.key = await crypto.subtle.importKey('jwk', { ...jwk, alg: 'RS512' }, { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-512' }, false, ['sign']);
    }
    const { report, ...error } = await rejects(() => launch(changes), code);
    assert.equal(report.kind, 'lti13-id-token');
    assert.equal(report.outcome, 'invalid');
    if (id) assert.ok(report.checks.some((check) => check.id === id && check.outcome === 'fail'));
    assert.deepEqual(Object.keys(report.claims), ['iss', 'aud', 'azp', 'exp', 'iat', `${LTI}message_type`, `${LTI}version`,
      `${LTI}deployment_id`, 'https://www.instructure.com/placement']);
    assert.equal(report.claims.aud, CLIENT_ID);
    const shown = JSON.stringify({ report, ...error });
    for (const secret of [...persons, SECRET]) assert.ok(!shown.includes(secret), secret);
    assert.doesNotMatch(shown, /ey\w+\.ey/);
  });
}

test('what is wrong beside the token has no report', async () => {
  for (const options of [{ claimNonce: () => false }, { cookie: null }, { platforms: [] }]) {
    assert.equal((await rejects(() => launch({ options }))).report, undefined);
  }
  assert.ok(lti.isTokenError);
});
