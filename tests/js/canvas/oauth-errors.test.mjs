// Every error of Canvas's OAuth2 says what probably caused it, and what to change.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { generateKey, refreshUserToken } from 'canvas-lms-tokens';
import { rejects } from '../node/copies.mjs';
import { answer, answers } from '../node/servers.mjs';
import { authorize, BASE, begin, canvasWith, client, CLIENT_SECRET, cookieOf, NOW, REDIRECT_URI, take } from './oauth.mjs';

// ── What the browser brings ──

// [what happens, the developer key, options of the authorization, who consents, the code, what the message says]
const BROUGHT = [
  ['the user does not agree', {}, {}, { deny: true }, 'access_denied', /the user did not agree; ask again when he wants to$/],
  ['the key is off', { enabled: false }, {}, {}, 'unauthorized_client', /not turned on for this account; have an administrator/],
  ['nobody is logged in', {}, { prompt: 'none' }, { userId: null }, 'login_required', /no session of this Canvas; begin without prompt/],
  ['nobody agreed yet', {}, { prompt: 'none' }, {}, 'interaction_required', /has not agreed yet; begin without prompt/],
  ['a scope that the key lacks', { requireScopes: true, scopes: ['a'] }, { scopes: ['a', 'b', 'c'] }, {}, 'invalid_scope', /lacks one that was asked for.*enable the scopes/],
  ['no scope for a key that enforces them', { requireScopes: true, scopes: ['a'] }, {}, {}, 'invalid_scope', /or none was asked for/],
];
for (const [what, key, begun, consent, code, message] of BROUGHT) {
  test(`the browser brings: ${what}`, async () => {
    const canvas = canvasWith(key);
    const error = await rejects(() => authorize(canvas, { begun, consent }), 'ERR_OAUTH');
    assert.equal(error.oauthError, code);
    assert.match(error.message, message);
    assert.equal(error.body.error, code);
    assert.equal(canvas.forms().length, 0);
  });
}

test('the browser brings what the URL was changed to', async () => {
  const canvas = canvasWith();
  for (const [name, value, code] of [['response_type', 'token', 'unsupported_response_type'], ['prompt', 'login', 'unsupported_prompt_type']]) {
    const { url, cookie } = await begin();
    const changed = new URL(url);
    changed.searchParams.set(name, value);
    const callback = await canvas.consent(changed.href);
    const error = await rejects(() => take(callback, { cookie: cookieOf(cookie) }), 'ERR_OAUTH');
    assert.equal(error.oauthError, code);
    assert.match(error.message, /unchanged$/);
    assert.equal(error.body.error_description, new URL(callback).searchParams.get('error_description'));
  }
});

test('an error is told without its state, which Canvas leaves out, after its end and in any browser; but not with another\'s', async () => {
  const error = await rejects(() => take('error=invalid_scope&error_description=b'), 'ERR_OAUTH');
  assert.deepEqual([error.oauthError, error.body], ['invalid_scope', { error: 'invalid_scope', error_description: 'b' }]);
  const { state } = await begin();
  await rejects(() => take({ error: 'access_denied', state }, { now: NOW + 1e6 }), 'ERR_OAUTH');
  await rejects(() => take({ error: 'access_denied', state: 'x' }), 'ERR_OAUTH_STATE_INVALID');
  // Anybody can send a browser there.
  const token = 'eyJhbGciOiJIUzI1NiJ9.e30.c2lnbmF0dXJl';
  const strange = await rejects(() => take({ error: 'a\u0000b', error_description: token }), 'ERR_OAUTH');
  assert.equal(strange.oauthError, 'an error that is no OAuth error code');
  assert.ok(!JSON.stringify(strange.body).includes(token));
  assert.match((await rejects(() => take({ error: 'brand_new' }), 'ERR_OAUTH')).message, /refused the authorization with brand_new$/);
});

test('an answer with neither code nor error', async () => {
  const { state, cookie } = await begin();
  await rejects(() => take({ state }, { cookie: cookieOf(cookie) }), 'ERR_RESPONSE_INVALID', 'code');
});

// ── What the token endpoint answers ──

/** What becomes of an authorization that the user agreed to, once the Canvas was changed. */
async function refused(change, { client: own = client, ...options } = {}) {
  const canvas = canvasWith(options.key);
  const begun = await begin();
  const callback = await canvas.consent(begun.url);
  change?.(canvas);
  const error = await rejects(() => take(callback, { client: own, cookie: cookieOf(begun.cookie), fetch: canvas.fetch }), 'ERR_OAUTH');
  return { ...error, message: error.message, reason: canvas.reason() };
}
const key = (canvas) => canvas.records.developerKeys.get('10000000000077');

// [what happens, the change, the client, status, code, what the message says]
const ANSWERED = [
  ['the key is not active', (canvas) => { key(canvas).active = false; }, client, 401, 'invalid_client',
    /unknown client; no active developer key has the client id 10000000000077 at https:\/\/school\.test: look whether the key is on/],
  ['another secret', (canvas) => { key(canvas).secret = 'other'; }, client, 401, 'invalid_client',
    /invalid client; the client secret is not that of the developer key 10000000000077/],
  ['a public client that is none', undefined, { ...client, clientSecret: undefined, public: true }, 401, 'invalid_client',
    /not one of a public client, or this Canvas has none: it wants a client secret/],
  ['a code of more than ten minutes', (canvas) => { canvas.clock.now += 600; }, client, 400, 'invalid_grant', /is older than ten minutes/],
  ['a code of before PKCE', (canvas) => { canvas.records.authorizationCodes.clear(); }, client, 400, 'invalid_grant', /begin a new one$/],
];
for (const [what, change, own, status, code, message] of ANSWERED) {
  test(`the token endpoint answers: ${what}`, async () => {
    const error = await refused(change, { client: own });
    assert.deepEqual([error.status, error.oauthError], [status, code]);
    assert.match(error.message, message);
    assert.ok(!error.message.includes(CLIENT_SECRET));
  });
}

test('a code of another developer key', async () => {
  const canvas = canvasWith();
  canvas.records.developerKeys.set('10000000000078', { id: 10000000000078, secret: 's', redirectUris: [REDIRECT_URI] });
  const begun = await begin();
  const callback = await canvas.consent(begun.url);
  for (const [, granted] of canvas.records.authorizationCodes) granted.clientId = 10000000000078;
  const error = await rejects(() => take(callback, { cookie: cookieOf(begun.cookie), fetch: canvas.fetch }), 'ERR_OAUTH');
  assert.match(error.message, /incorrect client; it was given to another developer key than 10000000000077$/);
});

test('an assertion that Canvas does not take has a report, and so has one of an old Canvas', async () => {
  const [mine, other] = [await generateKey('RS256'), await generateKey('RS256')];
  const own = { ...client, clientSecret: undefined, key: mine.privateKey };
  for (const [publicJwk, options] of [[other.publicKey, {}], [mine.publicKey, { era: 'old' }]]) {
    const canvas = canvasWith({ publicJwk, requireScopes: false }, options);
    canvas.clock.now = Date.now() / 1000;
    const error = await rejects(() => authorize(canvas, { taken: { client: own } }), 'ERR_OAUTH');
    assert.equal(error.oauthError, 'invalid_client');
    assert.match(error.message, /does not take the client assertion: it may be too old/);
    assert.equal(error.report.kind, 'lti13-client-assertion');
    assert.ok(!JSON.stringify(error.report).includes(canvas.forms().at(-1).client_assertion.split('.')[2]));
  }
});

test('an older Canvas redirects its errors: they are read there, and the redirect is not followed', async () => {
  const canvas = canvasWith({}, { features: [] });
  const begun = await begin();
  const callback = await canvas.consent(begun.url);
  key(canvas).secret = 'other';
  const count = canvas.requests.length;
  const error = await rejects(() => take(callback, { cookie: cookieOf(begun.cookie), fetch: canvas.fetch }), 'ERR_OAUTH');
  assert.equal(canvas.requests.length, count + 1);
  assert.deepEqual([error.status, error.oauthError], [302, 'invalid_client']);
  assert.match(error.message, /^the server answered 302 invalid_client \(invalid client\); the client secret is not/);
});

// [what Canvas answers a refresh, what the message ends with]
const WORDS = [
  [400, { error: 'invalid_request', error_description: 'refresh_token not found' }, /the user has to agree again$/],
  [400, { error: 'invalid_grant', error_description: 'incorrect client' }, /another developer key than 10000000000077$/],
  [400, { error: 'invalid_request', error_description: 'redirect_uri does not match client settings' }, /byte by byte as it is sent$/],
  [400, { error: 'invalid_request', error_description: 'You must provide the refresh_token parameter when using the refresh_token grant type' }, /takes parameters away$/],
  [400, { error: 'unsupported_grant_type', error_description: 'The grant_type you requested is not currently supported' }, /too old for the grant/],
  [400, { error: 'invalid_scope' }, /^the server answered 400 invalid_scope: the developer key lacks a scope/],
  [400, { error: 'invalid_target' }, /may not ask for this resource$/],
  [400, { error: 'unauthorized_client' }, /have an administrator turn it on$/],
];
for (const [status, body, message] of WORDS) {
  test(`in Canvas's words: ${body.error} ${body.error_description ?? ''}`, async () => {
    const fetch = answers(answer(status, JSON.stringify(body)));
    const error = await rejects(() => refreshUserToken({ client, refreshToken: 'r', retries: 0, fetch }), 'ERR_OAUTH');
    assert.match(error.message, message);
    assert.equal(error.oauthError, body.error);
  });
}

test('other answers: throttling, HTML, a success that grants nothing', async () => {
  const refresh = (...list) => refreshUserToken({ client, refreshToken: 'r', retries: 0, fetch: answers(...list) });
  const is = (status, body, code) => rejects(() => refresh(answer(status, body)), code);
  await is(403, '403 Forbidden (Rate Limit Exceeded)\n', 'ERR_THROTTLED');
  await is(500, '<html></html>', 'ERR_HTTP_STATUS');
  for (const body of ['', '[]', '{}', '<html>', '{"access_token":""}', '{"access_token":"a b"}', '{"access_token":null}', '{"access_token":7}',
    '{"access_token":"t","expires_in":"soon"}', '{"access_token":"t","expires_in":true}']) {
    await is(200, body, 'ERR_RESPONSE_INVALID');
  }
  // Of what is not needed, less may be there.
  const token = await refresh(answer(200, '{"access_token":"t","user":{"id":90000000000000001},"real_user":{},"canvas_region":7}'));
  assert.deepEqual(token, {
    accessToken: 't', tokenType: 'Bearer', expiresIn: null, expiresAt: null, refreshToken: 'r', realUser: null, canvasRegion: null,
    user: { id: 90000000000000001n, name: null, globalId: null, effectiveLocale: null }, baseUrl: BASE, clientId: '10000000000077',
  });
});
