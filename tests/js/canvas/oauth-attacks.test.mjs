// What an attacker may try with an authorization, and what is refused before anything is sent.
import assert from 'node:assert/strict';
import { hkdfSync } from 'node:crypto';
import { test } from 'node:test';
import { beginLaunch, canvasPlatform, refreshUserToken, requestUserToken, revokeUserToken } from 'canvas-lms-tokens';
import { memoryStore } from '../lti13/stores.mjs';
import { rejects } from '../node/copies.mjs';
import { answer, answers } from '../node/servers.mjs';
import {
  BASE, begin, canvasWith, claimsOf, client, CLIENT_SECRET, cookieOf, hmac, NOW, REDIRECT_URI, SECRET, take,
} from './oauth.mjs';

const query = (url) => Object.fromEntries(new URL(url).searchParams);

/** An authorization that a user agreed to, and whose answer did not come yet. */
async function agreed(canvas, options, consent) {
  const begun = await begin(options);
  return { ...begun, cookie: cookieOf(begun.cookie), answer: query(await canvas.consent(begun.url, consent)) };
}

test('login CSRF: the whole answer of the attacker, in the browser of somebody else', async () => {
  const canvas = canvasWith();
  const [theirs, own] = [await agreed(canvas), await agreed(canvas)];
  const bound = (options) => rejects(() => take(theirs.answer, { fetch: canvas.fetch, ...options }), 'ERR_OAUTH_STATE_NOT_BOUND', 'state');
  await bound({});
  await bound({ cookie: '' });
  await bound({ cookie: own.cookie });
  const error = await bound({ cookie: `${theirs.cookie.split('=')[0]}=${own.binding}`, binding: own.binding });
  assert.match(error.message, /the cookie __Host-oauth-[\w-]+ is another's; the binding is another's/);
  for (const secret of [theirs.binding, own.binding, theirs.answer.code]) assert.ok(!error.message.includes(secret));
  // A name that a browser takes from any subdomain, as it is another one.
  await bound({ cookie: `\u2000${theirs.cookie}` });
  await bound({ cookie: new Request(REDIRECT_URI).headers.get('cookie') });
  assert.equal(canvas.forms().length, 0, 'no code is spent');
  await take(theirs.answer, { fetch: canvas.fetch, cookie: theirs.cookie });
});

test('code injection: a stolen code with a state of one\'s own is refused by its challenge', async () => {
  const canvas = canvasWith();
  const [victim, attacker] = [await agreed(canvas, {}, { userId: 3 }), await agreed(canvas, {}, { userId: 2 })];
  const injected = { ...attacker.answer, code: victim.answer.code };
  const error = await rejects(() => take(injected, { fetch: canvas.fetch, cookie: attacker.cookie }), 'ERR_OAUTH');
  assert.equal(error.oauthError, 'invalid_grant');
  assert.match(error.message, /given for another authorization \(PKCE\)/);
  assert.equal(canvas.reason(), 'the code_verifier is not that of the code');
});

test('mix-up: a code goes to the Canvas, client and redirect URI that the authorization was begun with, or nowhere', async () => {
  const canvas = canvasWith();
  const evil = { ...client, baseUrl: 'https://evil.test' };
  const { answer: given, cookie } = await agreed(canvas);
  const fetch = answers(answer(200, '{"access_token":"x"}'));
  const mixed = (options, at, form = given) => rejects(() => take(form, { cookie, fetch, ...options }), 'ERR_OAUTH_STATE_INVALID', at);
  await mixed({ client: evil }, 'options.client');
  await mixed({ client: [evil, { ...client, clientId: 1 }] }, 'options.client');
  await mixed({ client: () => evil }, 'options.client');
  await mixed({ client: async () => null }, 'options.client');
  await mixed({ redirectUri: 'https://tool.test/callback/evil' }, 'options.redirectUri');
  for (const iss of ['https://evil.test', 'x', `http://school.test`, 'https://school.test.evil.test']) await mixed({}, 'iss', { ...given, iss });
  assert.equal(fetch.calls.length, 0);
  // The state's is taken, of several; its look-up is asked for exactly that.
  const asked = [];
  const look = (...names) => { asked.push(names); return client; };
  await take({ ...given, iss: `${BASE}/` }, { cookie, client: look, fetch: canvas.fetch });
  assert.deepEqual(asked, [[BASE, '10000000000077']]);
  const next = await agreed(canvas);
  await take(next.answer, { cookie: next.cookie, client: [evil, client], fetch: canvas.fetch });
});

test('open redirect: no path to return to leads elsewhere, and none that was changed comes back', async () => {
  for (const returnTo of ['https://evil.test', '//evil.test', '/\\evil.test', '\\/evil.test', '/\t/evil.test', 'javascript:alert(1)', 'a', '', '/ ']) {
    await rejects(() => begin({ returnTo }), 'ERR_ARGUMENT', 'options.returnTo');
  }
  const canvas = canvasWith();
  const { state, cookie, answer: given } = await agreed(canvas, { returnTo: '/a' });
  const [header, , signature] = state.split('.');
  const changed = Buffer.from(JSON.stringify({ ...claimsOf(state), return_to: '//evil.test' })).toString('base64url');
  await rejects(() => take({ ...given, state: `${header}.${changed}.${signature}` }, { cookie }), 'ERR_OAUTH_STATE_INVALID', 'state');
});

test('a state that is none of ours', async () => {
  const canvas = canvasWith();
  const { state, cookie, answer: given } = await agreed(canvas);
  const refused = async (changes, message) => {
    const error = await rejects(() => take({ ...given, ...changes }, { cookie, fetch: canvas.fetch }), 'ERR_OAUTH_STATE_INVALID', 'state');
    assert.match(error.message, message);
  };
  await refused({ state: undefined }, /no state/);
  await refused({ state: '' }, /no state/);
  await refused({ state: 'random' }, /not ours/);
  await refused({ state: [state, state] }, /stands twice/);
  await refused({ state: (await begin({ secret: 'another secret of more than thirty-two bytes' })).state }, /another secret/);
  const [header, claims] = state.split('.');
  await refused({ state: `${header}.${claims}.${hmac(SECRET, `${header}.${claims}`)}` }, /another secret/);
  const none = Buffer.from('{"typ":"oauth-state+jwt","alg":"none"}').toString('base64url');
  await refused({ state: `${none}.${claims}.` }, /not ours/);
  // A login of LTI, whose secret may be the same.
  const platforms = canvasPlatform({ clientId: 1 });
  const login = { iss: platforms.issuer, login_hint: 'h', target_link_uri: REDIRECT_URI };
  const launch = await beginLaunch(login, { platforms, redirectUri: REDIRECT_URI, secret: SECRET, now: NOW });
  await refused({ state: launch.state }, /another secret/);
  // Even with the right key it is of another type.
  const key = hkdfSync('sha256', SECRET, '', 'canvas-lms-tokens oauth-state signing', 32);
  const typ = Buffer.from('{"typ":"lti-state+jwt","alg":"HS256"}').toString('base64url');
  await refused({ state: `${typ}.${claims}.${hmac(Buffer.from(key), `${typ}.${claims}`)}` }, /its typ is another/);
  const flip = (place) => state.slice(0, place) + (state[place] === 'A' ? 'B' : 'A') + state.slice(place + 1);
  for (let place = 0; place < state.length; place += 9) await refused({ state: flip(place) }, /not ours/);
  assert.equal(canvas.forms().length, 0);
});

test('a state ends, to the second, and its answer with it', async () => {
  const canvas = canvasWith();
  const { cookie, answer: given } = await agreed(canvas, { lifetime: 5 });
  const late = await rejects(() => take(given, { cookie, now: NOW + 5 }), 'ERR_OAUTH_STATE_INVALID', 'state');
  assert.match(late.message, /begun more than 5 s ago, begin a new one/);
  await take(given, { cookie, now: NOW + 4.9, fetch: canvas.fetch });
  for (const lifetime of [0, -1, 86_401, 1.5]) await rejects(() => begin({ lifetime }), 'ERR_ARGUMENT', 'options.lifetime');
});

test('replay: the code is good once, and with claimNonce the answer is', async () => {
  const canvas = canvasWith();
  const { cookie, answer: given } = await agreed(canvas);
  const options = { cookie, fetch: canvas.fetch };
  await take(given, options);
  const again = await rejects(() => take(given, options), 'ERR_OAUTH');
  assert.match(again.message, /^the server answered 400 invalid_grant: the code was exchanged before \(a reload/);
  const store = memoryStore();
  const next = await agreed(canvas);
  const once = { cookie: next.cookie, fetch: canvas.fetch, claimNonce: store };
  await take(next.answer, once);
  await rejects(() => take(next.answer, once), 'ERR_OAUTH_STATE_USED', 'state');
  const { jti } = claimsOf(next.state);
  assert.deepEqual(store.calls[0], ['add', `oauth-state/${encodeURIComponent(BASE)}/10000000000077/${jti}`, '1', 599]);
  assert.equal(canvas.forms().length, 3);
  const third = await agreed(canvas);
  const claimed = [];
  await take(third.answer, { cookie: third.cookie, fetch: canvas.fetch, claimNonce: (name, until) => claimed.push([name, until]) > 0 });
  assert.equal(claimed[0][1], NOW + 600);
  const cause = new Error('down');
  const failed = await rejects(() => take(third.answer, { cookie: third.cookie, claimNonce: () => { throw cause; } }), 'ERR_STORE');
  assert.equal(failed.cause, cause);
});

test('a secret is replaced while authorizations are open', async () => {
  const canvas = canvasWith();
  const old = 'the old secret of the tool of thirty-two bytes';
  const { cookie, answer: given } = await agreed(canvas, { secret: old });
  await take(given, { cookie, secret: [SECRET, old], fetch: canvas.fetch });
  await rejects(() => begin({ secret: 'short' }), 'ERR_ARGUMENT', 'options.secret');
  await rejects(() => begin({ secret: [] }), 'ERR_ARGUMENT', 'options.secret');
});

test('a code is not sent twice, and what was lost is told; a refresh may be', async () => {
  const canvas = canvasWith();
  const { cookie, answer: given } = await agreed(canvas);
  const lost = answers(new TypeError('fetch failed'));
  await rejects(() => take(given, { cookie, retries: 2, fetch: lost }), 'ERR_FETCH');
  assert.equal(lost.calls.length, 1);
  const refresh = (changes, fetch) =>
    refreshUserToken({ client: { ...client, ...changes }, refreshToken: 'r', retries: 1, fetch });
  const twice = answers(new TypeError('fetch failed'), answer(200, '{"access_token":"t"}'));
  assert.equal((await refresh({}, twice)).accessToken, 't');
  const once = answers(new TypeError('fetch failed'), answer(200, '{"access_token":"t"}'));
  await rejects(() => refresh({ clientSecret: undefined, public: true }, once), 'ERR_FETCH');
});

test('redirects are not followed, and no error repeats a secret', async () => {
  const canvas = canvasWith();
  const { cookie, answer: given, state } = await agreed(canvas);
  const away = answers(answer(302, '', { location: 'https://evil.test/token' }));
  const error = await rejects(() => take(given, { cookie, fetch: away }), 'ERR_HTTP_STATUS');
  assert.match(error.message, /redirects to evil\.test; not followed/);
  assert.equal(away.calls[0].init.redirect, 'manual');
  const echo = (status) => (url, init) => answer(status, JSON.stringify({ error: 'invalid_request', error_description: init.body, message: decodeURIComponent(init.body) }));
  for (const status of [400, 401, 500]) {
    const echoed = await rejects(() => take(given, { cookie, fetch: answers(echo(status)) }), 'ERR_OAUTH');
    const told = JSON.stringify([echoed.message, echoed.body, echoed.stack]);
    for (const secret of [CLIENT_SECRET, given.code, state]) assert.ok(!told.includes(secret), `${status}: ${secret}`);
  }
  const refreshed = await rejects(() => refreshUserToken({ client, refreshToken: 'refresh-token-1', fetch: answers(echo(400)) }), 'ERR_OAUTH');
  assert.ok(!JSON.stringify([refreshed.message, refreshed.body]).includes('refresh-token-1'));
  const ended = await rejects(() => revokeUserToken({ baseUrl: BASE, accessToken: 'access-token-1', fetch: answers(answer(403, '{"message":"access-token-1 no"}')) }), 'ERR_FORBIDDEN');
  assert.ok(!ended.message.includes('access-token-1'));
});

test('what is wrong with the options, by their places', async () => {
  const refused = (call, at) => rejects(call, 'ERR_ARGUMENT', at);
  for (const [changes, at] of [
    [{ client: undefined }, 'options.client'],
    [{ client: { ...client, baseUrl: 'http://school.test' } }, 'options.client.baseUrl'],
    [{ client: { ...client, baseUrl: 'https://school.test/?a' } }, 'options.client.baseUrl'],
    [{ client: { ...client, clientId: '' } }, 'options.client.clientId'],
    [{ client: { ...client, clientId: 'a b' } }, 'options.client.clientId'],
    [{ client: { ...client, clientsecret: 'x' } }, 'options.client.clientsecret'],
    [{ client: { ...client, public: true } }, 'options.client'],
    [{ redirectUri: '/callback' }, 'options.redirectUri'],
    [{ redirectUri: `${REDIRECT_URI}#a` }, 'options.redirectUri'],
    [{ redirectUri: 'https://u:p@tool.test/' }, 'options.redirectUri'],
    [{ scopes: ['a b'] }, 'options.scopes'],
    [{ scopes: 'a' }, 'options.scopes'],
    [{ prompt: 'login' }, 'options.prompt'],
    [{ forceLogin: '1' }, 'options.forceLogin'],
    [{ forcelogin: true }, 'options.forcelogin'],
    [{ scope: ['a'] }, 'options.scope'],
  ]) {
    await refused(() => begin(changes), at);
  }
  assert.match((await refused(() => begin({ forcelogin: true }))).message, /unknown, expected perhaps forceLogin/);
  await begin({ client: { ...client, baseUrl: 'http://localhost:8931' }, scopes: [] });
  const { state } = await begin();
  for (const [changes, at] of [
    [{ client: { baseUrl: BASE, clientId: 1 } }, 'options.client.clientSecret'],
    [{ client: { ...client, clientSecret: null } }, 'options.client.clientSecret'],
    [{ cookies: 'a=b' }, 'options.cookies'],
    [{ redirectUri: undefined }, 'options.redirectUri'],
    [{ claimNonce: 7 }, 'options.claimNonce'],
  ]) {
    await refused(() => take({ state }, changes), at);
  }
  await refused(() => requestUserToken(7, {}), 'request');
  await refused(() => refreshUserToken({ client, refreshToken: '' }), 'request.refreshToken');
  await refused(() => refreshUserToken({ client, refreshtoken: 'x' }), 'request.refreshtoken');
  await refused(() => refreshUserToken({ client: [client], refreshToken: 'x' }), 'request.client');
  await refused(() => revokeUserToken({ baseUrl: BASE, accessToken: 't', expiresessions: true }), 'options.expiresessions');
});
