// Users' tokens from the page where a user agrees to the token that ends, and what they open.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  beginAuthorization, cachedToken, Canvas, encryptedStore, generateKey, inspect, refreshUserToken, requestUserToken, revokeUserToken,
} from 'canvas-lms-tokens';
import { decodeJwt, decodeProtectedHeader } from 'jose';
import { memoryStore } from '../lti13/stores.mjs';
import { rejects } from '../node/copies.mjs';
import { answer, answers } from '../node/servers.mjs';
import { WAYS } from './site.mjs';
import {
  authorize, BASE, begin, canvasWith, claimsOf, client, CLIENT_SECRET, cookieOf, developerKey, NOW, REDIRECT_URI, s256, SECRET, take,
} from './oauth.mjs';

for (const [way, open] of Object.entries(WAYS)) {
  test(`a token that opens the JWTs and InstAccess endpoints, ${way}`, async (t) => {
    const { emulator, baseUrl, fetch } = await open(t, { throttle: false, developerKeys: [developerKey()] });
    const own = { ...client, baseUrl };
    const begun = await beginAuthorization({ client: own, redirectUri: REDIRECT_URI, secret: SECRET });
    const callback = await emulator.consent(begun.url, { userId: 2 });
    const options = { client: own, redirectUri: REDIRECT_URI, secret: SECRET, cookie: cookieOf(begun.cookie), fetch };
    const token = await requestUserToken(callback, options);
    const canvas = new Canvas({ baseUrl, accessToken: token.accessToken, fetch });
    const jwt = await canvas.createJwt({ canvasAudience: false });
    assert.equal(jwt.claims.sub, 10000000000002);
    assert.equal((await canvas.refreshJwt((await canvas.createJwt()).token)).encrypted, true);
    assert.equal((await canvas.createInstAccessToken()).encrypted, true);
    const fresh = await refreshUserToken({ client: own, refreshToken: token.refreshToken, fetch });
    await rejects(() => canvas.createJwt(), 'ERR_UNAUTHENTICATED');
    const renewed = new Canvas({ baseUrl, accessToken: fresh.accessToken, fetch });
    await renewed.createJwt();
    assert.deepEqual(await revokeUserToken({ baseUrl, accessToken: fresh.accessToken, fetch }), { forwardUrl: null });
    await rejects(() => renewed.createJwt(), 'ERR_UNAUTHENTICATED');
  });
}

test('the URL has all that Canvas reads, and the state keeps what belongs to it', async () => {
  const { url, state, cookie, binding } = await begin({
    client: { baseUrl: `${BASE}/`, clientId: 10000000000077n }, scopes: ['url:POST|/api/v1/jwts', 'url:GET|/api/v1/users'], purpose: 'The lab',
    forceLogin: true, uniqueId: 'sue@school.test', prompt: 'none', canvasLogin: true, authenticationProvider: 'saml', returnTo: '/a?b=c',
    lifetime: 60,
  });
  assert.ok(url.startsWith(`${BASE}/login/oauth2/auth?response_type=code&`));
  const { code_challenge, ...query } = Object.fromEntries(new URL(url).searchParams);
  assert.match(code_challenge, /^[\w-]{43}$/);
  assert.deepEqual(query, {
    response_type: 'code', client_id: '10000000000077', redirect_uri: REDIRECT_URI, state, code_challenge_method: 'S256',
    scope: 'url:POST|/api/v1/jwts url:GET|/api/v1/users', purpose: 'The lab', force_login: '1', unique_id: 'sue@school.test',
    prompt: 'none', canvas_login: '1', authentication_provider: 'saml',
  });
  const { jti, ...claims } = claimsOf(state);
  assert.deepEqual(claims, {
    iss: BASE, aud: '10000000000077', redirect_uri: REDIRECT_URI, return_to: '/a?b=c', iat: NOW, exp: NOW + 60,
  });
  assert.equal(cookie, `__Host-oauth-${jti}=${binding}; Path=/; Max-Age=60; SameSite=None; Secure; HttpOnly; Partitioned`);
  assert.equal(Buffer.from(jti, 'base64url').length, 16);
  const other = await begin();
  for (const part of ['state', 'cookie', 'binding', 'url']) assert.notEqual(other[part], { url, state, cookie, binding }[part]);
  assert.deepEqual([...new URL(other.url).searchParams.keys()],
    ['response_type', 'client_id', 'redirect_uri', 'state', 'code_challenge', 'code_challenge_method']);
});

test('the inspector knows a state, and says what is wrong with it', async () => {
  const { state } = await begin();
  const good = await inspect(state, { key: { secret: SECRET }, now: NOW + 1 });
  assert.deepEqual([good.kind, good.outcome], ['oauth-state', 'valid']);
  assert.ok(good.checks.every(({ outcome }) => outcome === 'pass'), good.summary);
  const late = await inspect(state, { key: { secret: SECRET }, now: NOW + 601 });
  assert.deepEqual([late.checks[0].code, late.checks[0].id, late.checks[0].fix],
    ['ERR_OAUTH_STATE_INVALID', 'exp', 'Begin the authorization again; where people take longer, give authorizations a longer lifetime']);
  const foreign = await inspect(state, { key: { secret: 'another secret of more than thirty-two bytes' }, now: NOW + 1 });
  assert.match(foreign.checks[0].fix, /^verify with the secret that the authorization was begun with/i);
});

test('what is exchanged: code, redirect URI, the verifier of the challenge, the secret in the form', async () => {
  const canvas = canvasWith();
  const { url } = await begin();
  const token = await authorize(canvas, { taken: { replaceTokens: true } });
  const [{ code, code_verifier, ...form }] = canvas.forms();
  assert.match(code, /^[0-9a-f]{128}$/);
  assert.match(code_verifier, /^[\w-]{43}$/);
  assert.deepEqual(form, {
    grant_type: 'authorization_code', redirect_uri: REDIRECT_URI, replace_tokens: '1', client_id: '10000000000077',
    client_secret: CLIENT_SECRET,
  });
  const sent = canvas.requests.map((request) => request.url).find((address) => address.includes('/login/oauth2/auth?'));
  assert.equal(s256(code_verifier), new URL(sent).searchParams.get('code_challenge'));
  assert.notEqual(s256(code_verifier), new URL(url).searchParams.get('code_challenge'));
  assert.equal(canvas.requests.at(-1).headers.authorization, undefined);
  const { accessToken, refreshToken, ...rest } = token;
  assert.match(accessToken, /^1~/);
  assert.match(refreshToken, /^1~/);
  assert.deepEqual({ ...rest, clearCookie: '', expiresAt: 0 }, {
    tokenType: 'Bearer', expiresIn: 3600, expiresAt: 0, realUser: null, canvasRegion: 'unknown', baseUrl: BASE,
    clientId: '10000000000077', returnTo: null, clearCookie: '',
    user: { id: 1, name: 'Ada Admin', globalId: '10000000000001', effectiveLocale: 'en' },
  });
  assert.match(rest.clearCookie, /^__Host-oauth-[\w-]{22}=; Path=\/; Max-Age=0; /);
});

test('the answer in every form: a request with its cookie, a URL, its text, its query, an object', async () => {
  const canvas = canvasWith();
  for (const [what, form, hasCookie] of [
    ['a Request', (url, cookie) => new Request(url, { headers: { cookie } }), true],
    ['a URL', (url) => new URL(url)],
    ['text', (url) => `${url}#fragment`],
    ['a path', (url) => new URL(url).pathname + new URL(url).search],
    ['a query', (url) => new URL(url).search],
    ['parameters', (url) => new URL(url).searchParams],
    ['an object', (url) => Object.fromEntries(new URL(url).searchParams)],
  ]) {
    const begun = await begin();
    const callback = await canvas.consent(begun.url, { userId: 3 });
    const cookie = `a=b; ${cookieOf(begun.cookie)}; c`;
    const token = await take(form(callback, cookie), { fetch: canvas.fetch, ...(!hasCookie && { cookie }) });
    assert.equal(token.user.name, 'Sue Student', what);
  }
});

test('ids keep every digit; somebody who acts as another user is told', async () => {
  const canvas = canvasWith({}, { region: 'us-east-1' });
  const token = await authorize(canvas, { consent: { userId: 90000000000000001n, realUserId: 1 } });
  assert.equal(token.user.id, 90000000000000001n);
  assert.equal(token.user.globalId, '90000000000000001');
  assert.deepEqual(token.realUser, { id: 1, name: 'Ada Admin', globalId: '10000000000001', effectiveLocale: null });
  assert.equal(token.canvasRegion, 'us-east-1');
  const { claims } = await new Canvas({ baseUrl: BASE, accessToken: token.accessToken, fetch: canvas.fetch }).createJwt({ canvasAudience: false });
  assert.deepEqual([claims.sub, claims.masq_sub], [90000000000000001n, 10000000000001]);
});

test('a path to return to comes back; a program keeps the binding itself; an address there need not be', async () => {
  const canvas = canvasWith();
  const redirectUri = 'urn:ietf:wg:oauth:2.0:oob';
  const begun = await begin({ redirectUri, returnTo: '/courses/1' });
  const callback = await canvas.consent(begun.url);
  assert.equal(new URL(callback).origin + new URL(callback).pathname, `${BASE}/login/oauth2/auth`);
  const token = await take(callback, { redirectUri, binding: begun.binding, fetch: canvas.fetch });
  assert.equal(token.returnTo, '/courses/1');
  const page = await (await canvas.fetch(callback)).text();
  assert.ok(page.includes(new URL(callback).searchParams.get('code')));
});

test('scopes bound a token, and an identity needs none', async () => {
  const scopes = ['url:POST|/api/v1/jwts'];
  const canvas = canvasWith({ requireScopes: true, scopes: [...scopes, '/auth/userinfo'] });
  const { accessToken } = await authorize(canvas, { begun: { scopes } });
  const site = new Canvas({ baseUrl: BASE, accessToken, fetch: canvas.fetch });
  await site.createJwt();
  const lacking = await rejects(() => site.createInstAccessToken(), 'ERR_FORBIDDEN');
  assert.match(lacking.message, /Insufficient scopes on access token\. The token lacks url:POST\|\/api\/v1\/inst_access_tokens: enable it on the developer key/);
  const identity = await authorize(canvas, { begun: { scopes: ['/auth/userinfo'] }, consent: { userId: 3, rememberAccess: true } });
  assert.deepEqual([identity.accessToken, identity.refreshToken, identity.user.name], ['', null, 'Sue Student']);
  // Who wanted that is asked no more.
  const again = await authorize(canvas, { begun: { scopes: ['/auth/userinfo'], prompt: 'none' }, consent: { userId: 3 } });
  assert.equal(again.user.id, 3);
});

test('a private key proves the client: an assertion of its own for each request', async () => {
  const { privateKey, publicKey } = await generateKey('RS256');
  const canvas = canvasWith({ secret: undefined, publicJwk: publicKey, requireScopes: false });
  const own = { baseUrl: BASE, clientId: client.clientId, key: privateKey };
  // Canvas's clock is the world's here: an assertion is signed by this machine's.
  canvas.clock.now = Date.now() / 1000;
  const token = await authorize(canvas, { begun: { client: own }, taken: { client: own } });
  const fresh = await refreshUserToken({ client: own, refreshToken: token.refreshToken, fetch: canvas.fetch });
  assert.notEqual(fresh.accessToken, token.accessToken);
  const [first, second] = canvas.forms();
  assert.equal(first.client_assertion_type, 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer');
  assert.equal(first.client_secret, undefined);
  const { iss, sub, aud, exp, iat, jti } = decodeJwt(first.client_assertion);
  assert.deepEqual([iss, sub, aud, exp - iat], ['10000000000077', '10000000000077', `${BASE}/login/oauth2/token`, 300]);
  assert.equal(decodeProtectedHeader(first.client_assertion).kid, publicKey.kid);
  assert.notEqual(decodeJwt(second.client_assertion).jti, jti);
});

test('a public client has PKCE alone, and a new refresh token each time', async () => {
  const canvas = canvasWith({ publicClient: true });
  const own = { baseUrl: BASE, clientId: client.clientId, public: true };
  const token = await authorize(canvas, { begun: { client: own }, taken: { client: own } });
  const refresh = (refreshToken) => refreshUserToken({ client: own, refreshToken, fetch: canvas.fetch });
  const fresh = await refresh(token.refreshToken);
  assert.notEqual(fresh.refreshToken, token.refreshToken);
  const { message, oauthError } = await rejects(() => refresh(token.refreshToken), 'ERR_OAUTH');
  assert.equal(oauthError, 'invalid_request');
  assert.match(message, /refresh_token not found; .*the user has to agree again$/);
  canvas.clock.now += 7199;
  const later = await refresh(fresh.refreshToken);
  canvas.clock.now += 7200;
  await rejects(() => refresh(later.refreshToken), 'ERR_OAUTH');
  assert.ok(canvas.forms().every((form) => !('client_secret' in form)));
});

test('a refresh keeps the refresh token where Canvas gives no new one, and ends the token of before', async () => {
  const canvas = canvasWith();
  const token = await authorize(canvas, { consent: { userId: 3 } });
  const fresh = await refreshUserToken({ client, refreshToken: token.refreshToken, fetch: canvas.fetch });
  assert.deepEqual(canvas.forms().at(-1), {
    grant_type: 'refresh_token', refresh_token: token.refreshToken, client_id: '10000000000077', client_secret: CLIENT_SECRET,
  });
  assert.equal(fresh.refreshToken, token.refreshToken);
  assert.deepEqual([fresh.user.id, 'returnTo' in fresh, 'clearCookie' in fresh], [3, false, false]);
  assert.deepEqual([canvas.records.accessTokens.has(token.accessToken), canvas.records.accessTokens.has(fresh.accessToken)], [false, true]);
});

test('machines share a token that is refreshed in time, encrypted in their store', async (t) => {
  const canvas = canvasWith();
  const { refreshToken } = await authorize(canvas, { consent: { userId: 3 } });
  t.mock.timers.enable({ apis: ['Date'], now: NOW * 1000 });
  const behind = memoryStore();
  const machine = () => cachedToken(() => refreshUserToken({ client, refreshToken, fetch: canvas.fetch }),
    { store: encryptedStore(behind, SECRET), name: 'canvas-user/3' });
  const machines = [machine(), machine(), machine()];
  const refreshes = () => canvas.forms().filter(({ grant_type }) => grant_type === 'refresh_token').length;
  const sites = machines.map((accessToken) => new Canvas({ baseUrl: BASE, accessToken, fetch: canvas.fetch }));
  for (const site of sites) await site.createJwt();
  assert.equal(refreshes(), 1);
  assert.ok(!behind.entries.get('canvas-user/3').includes('1~'));
  t.mock.timers.tick(3541_000);
  canvas.clock.now += 3541;
  for (const site of sites) await site.createJwt();
  assert.equal(refreshes(), 2);
  // One that ended before its time is found out, and replaced once for all.
  canvas.records.accessTokens.get(await machines[0]()).expiresAt = 0;
  for (const site of sites) await site.createJwt();
  assert.equal(refreshes(), 3);
  // And one that is ended here is forgotten, in the store too.
  await revokeUserToken({ baseUrl: BASE, accessToken: machines[0], fetch: canvas.fetch });
  assert.equal(behind.entries.size, 0);
  await rejects(() => sites[1].createJwt(), 'ERR_OAUTH');
});

test('of machines that refresh at once, one does, where their store can add', async () => {
  const canvas = canvasWith({ publicClient: true });
  const own = { baseUrl: BASE, clientId: client.clientId, public: true };
  const { refreshToken } = await authorize(canvas, { begun: { client: own }, taken: { client: own } });
  const shared = memoryStore();
  // What is shared is the refresh token too, as Canvas replaces it each time.
  shared.entries.set('refresh', refreshToken);
  const machines = Array.from({ length: 5 }, () => cachedToken(async () => {
    const token = await refreshUserToken({ client: own, refreshToken: shared.entries.get('refresh'), fetch: canvas.fetch });
    shared.entries.set('refresh', token.refreshToken);
    return { ...token, expiresAt: Date.now() / 1000 + 3600 };
  }, { store: shared, name: 'token' }));
  const given = await Promise.all(machines.map((token) => token()));
  assert.equal(new Set(given).size, 1);
  assert.equal(canvas.forms().filter(({ grant_type }) => grant_type === 'refresh_token').length, 1);
  assert.deepEqual([...shared.entries.keys()], ['refresh', 'token'], 'the turn has ended');
  // And who fails, ends its turn too.
  await machines[0].forget();
  shared.entries.set('refresh', 'x');
  await rejects(() => machines[0](), 'ERR_OAUTH');
  assert.ok(!shared.entries.has('token/requesting'));
});

test('a machine whose turn took too long does not end the turn of the next', async () => {
  const canvas = canvasWith();
  const { refreshToken } = await authorize(canvas);
  const shared = memoryStore();
  const accessToken = cachedToken(() => {
    shared.entries.set('token/requesting', 'another machine');
    return refreshUserToken({ client, refreshToken, fetch: canvas.fetch });
  }, { store: shared, name: 'token' });
  await accessToken();
  assert.equal(shared.entries.get('token/requesting'), 'another machine');
});

test('a token that does not end is kept for an hour', async (t) => {
  const canvas = canvasWith({ autoExpireTokens: false });
  const token = await authorize(canvas);
  assert.deepEqual([token.expiresIn, token.expiresAt], [null, null]);
  t.mock.timers.enable({ apis: ['Date'], now: NOW * 1000 });
  const store = memoryStore();
  const accessToken = cachedToken(() => refreshUserToken({ client, refreshToken: token.refreshToken, fetch: canvas.fetch }), { store, name: 'a' });
  const first = await accessToken();
  t.mock.timers.tick(3539_000);
  assert.equal(await accessToken(), first);
  assert.equal(store.calls.find(([name]) => name === 'set')[3], 3540);
  t.mock.timers.tick(1000);
  assert.notEqual(await accessToken(), first);
});

test('the end of a token: sessions too, where the institution logs out, and what has ended already', async () => {
  const canvas = canvasWith({}, { sessions: [{ id: 's', userId: 2, csrfToken: 'c', logoutUrl: 'https://idp.test/logout?x=1' }] });
  const { accessToken, refreshToken } = await authorize(canvas, { consent: { userId: 2 } });
  const revoke = (changes) => revokeUserToken({ baseUrl: BASE, accessToken, fetch: canvas.fetch, ...changes });
  assert.deepEqual(await revoke({ expireSessions: true }), { forwardUrl: 'https://idp.test/logout?x=1' });
  assert.deepEqual([canvas.requests.at(-1).method, canvas.requests.at(-1).url], ['DELETE', `${BASE}/login/oauth2/token?expire_sessions=1`]);
  assert.equal(canvas.records.sessions.size, 0);
  await rejects(() => revoke(), 'ERR_UNAUTHENTICATED');
  await rejects(() => refreshUserToken({ client, refreshToken, fetch: canvas.fetch }), 'ERR_OAUTH');
  await rejects(() => revoke({ accessToken: undefined }), 'ERR_ARGUMENT', 'options.accessToken');
  const fetch = answers(answer(200, '{"forward_url":"javascript:alert(1)"}'));
  await rejects(() => revoke({ fetch }), 'ERR_RESPONSE_INVALID');
  const other = await rejects(() => revoke({ fetch: answers(answer(400, '{"message":"can\'t delete"}')) }), 'ERR_HTTP_STATUS');
  assert.match(other.message, /can't delete/);
});
