// The emulator's OAuth2, request by request: statuses, texts and addresses as Canvas's.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { serve } from 'canvas-lms-tokens/emulator';
import { HOST, REALM, start, TEACHER } from './canvas.mjs';

const CALLBACK = 'https://app.test/callback';
const SECRET = 'the secret of the key';
const KEY = { id: 10000000000005, name: 'App <1>', secret: SECRET, redirectUris: [CALLBACK] };
const withKey = (changes = {}, options = {}) => start({ developerKeys: [{ ...KEY, ...changes }], ...options });
const address = (changes = {}) => {
  const query = { client_id: '10000000000005', response_type: 'code', redirect_uri: CALLBACK, state: 's t', ...changes };
  const given = Object.entries(query).filter(([, value]) => value !== undefined);
  return `${HOST}/login/oauth2/auth?${new URLSearchParams(given)}`;
};
const queryOf = (url) => Object.fromEntries(new URL(url).searchParams);
const codeOf = async (canvas, changes, options) => queryOf(await canvas.consent(address(changes), options)).code;
const ask = (canvas, form, options = {}) =>
  canvas.post('/login/oauth2/token', { form: { client_id: '10000000000005', client_secret: SECRET, ...form }, ...options });
const exchange = (canvas, code, form) => ask(canvas, { grant_type: 'authorization_code', code, ...form });

test('a client or redirect URI that is not known is told to the browser, as JSON', async () => {
  const canvas = withKey();
  for (const [changes, status, body] of [
    [{ client_id: '7' }, 401, { error: 'invalid_client', error_description: 'unknown client' }],
    [{ client_id: 'x' }, 401, { error: 'invalid_client', error_description: 'unknown client' }],
    [{ client_id: undefined }, 401, { error: 'invalid_client', error_description: 'unknown client' }],
    [{ redirect_uri: 'https://evil.test/' }, 400, { error: 'invalid_request', error_description: 'redirect_uri does not match client settings' }],
    [{ redirect_uri: `${CALLBACK}?x` }, 400, { error: 'invalid_request', error_description: 'redirect_uri does not match client settings' }],
    [{ redirect_uri: undefined }, 400, { error: 'invalid_request', error_description: 'redirect_uri does not match client settings' }],
  ]) {
    const answer = await canvas.get(address(changes), { redirect: 'manual' });
    assert.deepEqual([answer.status, answer.body, answer.headers.get('location')], [status, body, null]);
    assert.equal(answer.headers.get('www-authenticate'), status === 401 ? 'Canvas OAuth 2.0' : null);
    await assert.rejects(canvas.consent(address(changes)), { status, body: JSON.stringify(body) });
  }
  assert.match(canvas.reason(), /redirect_uri: {2}was asked for, https:\/\/app\.test\/callback is registered/);
});

test('of old, a redirect URI is any of its domain or below it', async () => {
  const canvas = withKey({ redirectUris: undefined, redirectUri: 'https://app.test/one' });
  for (const [uri, isTaken] of [
    ['https://app.test/other?x=1', true], ['http://app.test:8080/', true], ['https://a.app.test/', true],
    ['https://evilapp.test/', false], ['https://app.test.evil.test/', false], ['app.test', false],
  ]) {
    const { status } = await canvas.get(address({ redirect_uri: uri }), { redirect: 'manual' });
    assert.equal(status, isTaken ? 302 : 400, uri);
  }
});

test('what is refused goes back to the client, with its state but for scopes', async () => {
  const description = async (canvas, changes, options) => {
    const { error, error_description, ...rest } = queryOf(await canvas.consent(address(changes), options));
    return [error, error_description, rest];
  };
  const state = { state: 's t' };
  const canvas = withKey();
  assert.deepEqual(await description(withKey({ enabled: false })),
    ['unauthorized_client', 'Client does not have access to the specified Canvas account.', state]);
  assert.deepEqual(await description(canvas, { response_type: 'token' }),
    ['unsupported_response_type', 'Only response_type=code is permitted', state]);
  assert.deepEqual(await description(canvas, { prompt: 'login' }),
    ['unsupported_prompt_type', 'prompt must be "none" (or omitted)', state]);
  assert.deepEqual(await description(canvas, { prompt: 'none' }, { userId: null }),
    ['login_required', 'prompt=none but there is no current session', state]);
  assert.deepEqual(await description(canvas, { prompt: 'none' }),
    ['interaction_required', 'prompt=none but a token cannot be granted without user interaction', state]);
  assert.deepEqual(await description(canvas, { state: undefined }, { deny: true }), ['access_denied', undefined, {}]);
  const scoped = withKey({ requireScopes: true, scopes: ['a'] });
  const text = 'A requested scope is invalid, unknown, malformed, or exceeds the scope granted by the resource owner. '
    + 'The following scopes were requested, but not granted: ';
  assert.deepEqual(await description(scoped, { scope: 'a b c d' }), ['invalid_scope', `${text}b, c, and d`, {}]);
  assert.deepEqual(await description(scoped), ['invalid_scope', text, {}]);
  assert.ok('code' in queryOf(await scoped.consent(address({ scopes: 'a' }))));
  const oob = await scoped.get(address({ redirect_uri: 'urn:ietf:wg:oauth:2.0:oob' }));
  assert.deepEqual([oob.status, oob.body.error], [400, 'invalid_scope']);
});

test('a browser: the login page, the page on which to agree, and back', async () => {
  const canvas = withKey();
  const go = (path, init) => canvas.get(path, { redirect: 'manual', ...init });
  const first = await go(address({ unique_id: 'sue<@school', force_login: '1', scope: 'url:GET|/api/v1/<x>', purpose: 'a "lab"' }));
  assert.equal(first.status, 302);
  const waiting = first.headers.get('set-cookie').split(';')[0];
  assert.match(first.headers.get('set-cookie'), /^canvas_oauth2=[0-9a-f]{32}; Path=\/login; HttpOnly; SameSite=None; Secure$/);
  const login = await go(first.headers.get('location'));
  assert.match(login.text, /<html lang="en">[^]*<label>Login <input name="pseudonym_session\[unique_id\]" value="sue&lt;@school"><\/label>/);
  const form = { 'pseudonym_session[unique_id]': 'sue@school.example', return_to: '/login/oauth2/confirm' };
  const second = await canvas.post('/login/canvas', { form, redirect: 'manual' });
  assert.equal(second.headers.get('location'), '/login/oauth2/confirm');
  const headers = { cookie: `${waiting}; ${second.headers.get('set-cookie').split(';')[0]}` };
  const page = await go('/login/oauth2/confirm', { headers });
  assert.equal(page.status, 200);
  assert.equal(page.headers.get('content-security-policy'), "default-src 'none'; base-uri 'none'; frame-ancestors 'self'");
  for (const text of ['<h1>App &lt;1&gt;</h1>', 'as Sue Student.', '<code>url:GET|/api/v1/&lt;x&gt;</code>', 'Purpose: a &quot;lab&quot;',
    '<button type="submit">Authorize</button>', '<a href="/login/oauth2/deny">Cancel</a>']) {
    assert.ok(page.text.includes(text), text);
  }
  assert.doesNotMatch(page.text, /<script|<style|style=|onclick/);
  const [, token] = /name="authenticity_token" value="([^"]+)"/.exec(page.text);
  const post = (authenticity_token, sent = headers) =>
    canvas.post('/login/oauth2/accept', { form: { authenticity_token }, headers: sent, redirect: 'manual' });
  assert.equal((await post('other')).status, 422);
  assert.equal((await post(token, {})).status, 400, 'nothing was begun in this browser');
  const back = await post(token);
  assert.equal(back.status, 302);
  assert.match(back.headers.get('location'), /^https:\/\/app\.test\/callback\?code=[0-9a-f]{128}&state=s\+t$/);
  assert.match(back.headers.get('set-cookie'), /^canvas_oauth2=; .*Max-Age=0$/);
  assert.equal((await post(token)).status, 400, 'an authorization is answered once');
  assert.equal((await go('/login/oauth2/deny', { headers })).status, 400);
  assert.deepEqual([(await go('/login/oauth2/confirm', { headers })).status, canvas.reason()], [302, 'Must submit new OAuth2 request']);
});

test('nobody is asked for a trusted key, nor for an identity that was to be remembered', async () => {
  const trusted = withKey({ trusted: true });
  const cookie = { headers: { cookie: 'canvas_session=session-of-tom' }, redirect: 'manual' };
  assert.match((await trusted.get(address(), cookie)).headers.get('location'), /callback\?code=/);
  assert.match((await trusted.get(address({ prompt: 'none' }), cookie)).headers.get('location'), /callback\?code=/);
  assert.match((await trusted.get(address({ force_login: '1' }), cookie)).headers.get('location'), /^\/login\/canvas\?/);
  const canvas = withKey();
  const identity = { scope: '/auth/userinfo' };
  const { body } = await exchange(canvas, await codeOf(canvas, identity, { userId: 2, rememberAccess: true }));
  assert.deepEqual([body.access_token, 'refresh_token' in body, body.user.name], [null, false, 'Tom Teacher']);
  assert.match((await canvas.get(address({ ...identity, prompt: 'none' }), cookie)).headers.get('location'), /callback\?code=/);
  assert.match((await canvas.get(address({ prompt: 'none' }), cookie)).headers.get('location'), /interaction_required/);
});

test('a code is exchanged once, within ten minutes, by its client', async () => {
  const canvas = withKey();
  const code = await codeOf(canvas, {}, { userId: 90000000000000001n, realUserId: 1 });
  const { status, body, text } = await exchange(canvas, code, { redirect_uri: CALLBACK });
  assert.equal(status, 200);
  assert.deepEqual({ ...body, access_token: '', refresh_token: '', user: undefined }, {
    access_token: '', token_type: 'Bearer', user: undefined, real_user: { id: 1, name: 'Ada Admin', global_id: '10000000000001' },
    canvas_region: 'unknown', refresh_token: '', expires_in: 3600,
  });
  assert.match(text, /"user":{"id":90000000000000001,"name":"Gus Guest","global_id":"90000000000000001","effective_locale":"en"}/);
  const gone = { error: 'invalid_grant', error_description: 'authorization_code not found' };
  assert.deepEqual((await exchange(canvas, code)).body, gone);
  const late = await codeOf(canvas);
  canvas.clock.now += 600;
  assert.deepEqual((await exchange(canvas, late)).body, gone);
  canvas.records.developerKeys.set('10000000000006', { ...KEY, id: 10000000000006 });
  const other = await exchange(canvas, await codeOf(canvas), { client_id: '10000000000006' });
  assert.deepEqual([other.status, other.body], [400, { error: 'invalid_grant', error_description: 'incorrect client' }]);
  const missing = await ask(canvas, { grant_type: 'authorization_code' });
  assert.deepEqual([missing.status, missing.body.error_description],
    [400, 'You must provide the code parameter when using the authorization_code grant type']);
  assert.equal((await ask(canvas, { code: await codeOf(canvas) })).status, 200, 'without grant_type, a code is one');
  assert.equal((await ask(canvas, {})).body.error, 'unsupported_grant_type');
});

test('who the client is: in the form, by Basic, or nobody', async () => {
  const canvas = withKey();
  const basic = (text) => ({ headers: { authorization: `Basic ${Buffer.from(text).toString('base64')}` } });
  const by = async (form, options) => canvas.post('/login/oauth2/token', { form: { grant_type: 'authorization_code', code: await codeOf(canvas), ...form }, ...options });
  assert.equal((await by({}, basic(`10000000000005:${SECRET}`))).status, 200);
  assert.equal((await by({ client_id: '5' }, basic(`x:${SECRET}`))).status, 200, 'a local id is the shard\'s');
  for (const [form, options, description] of [
    [{ client_id: '10000000000005', client_secret: 'x' }, {}, 'invalid client'], [{ client_id: '10000000000005' }, {}, 'invalid client'],
    [{}, basic('10000000000005:x'), 'invalid client'], [{}, {}, 'unknown client'], [{ client_id: '9', client_secret: SECRET }, {}, 'unknown client'],
  ]) {
    const answer = await by(form, options);
    assert.deepEqual([answer.status, answer.body, answer.headers.get('www-authenticate')],
      [401, { error: 'invalid_client', error_description: description }, 'Canvas OAuth 2.0']);
  }
});

test('PKCE: the verifier of the challenge, S256 alone; a wrong one uses the challenge up', async () => {
  const verifier = 'a'.repeat(43);
  const challenge = { code_challenge: createHash('sha256').update(verifier).digest('base64url'), code_challenge_method: 'S256' };
  const canvas = withKey();
  assert.equal((await exchange(canvas, await codeOf(canvas, challenge), { code_verifier: verifier })).status, 200);
  const code = await codeOf(canvas, challenge);
  for (const form of [{ code_verifier: 'b'.repeat(43) }, { code_verifier: verifier }]) {
    assert.deepEqual((await exchange(canvas, code, form)).body, { error: 'invalid_grant' });
  }
  assert.deepEqual((await exchange(canvas, await codeOf(canvas, challenge))).body, { error: 'invalid_grant' }, 'a downgrade');
  assert.deepEqual((await exchange(canvas, await codeOf(canvas, challenge), { code_verifier: '' })).body, { error: 'invalid_grant' });
  const plain = { code_challenge: verifier, code_challenge_method: 'plain' };
  assert.deepEqual((await exchange(canvas, await codeOf(canvas, plain), { code_verifier: verifier })).body, { error: 'invalid_grant' });
  const old = withKey({}, { era: 'old' });
  const { body } = await exchange(old, await codeOf(old, challenge), { code_verifier: 'anything' });
  assert.deepEqual([body.canvas_region, body.user.effective_locale, body.user.id], [undefined, undefined, 1]);
});

test('a refresh ends the token of before; other tokens of the key end where that is asked for', async () => {
  const canvas = withKey();
  const { body: first } = await exchange(canvas, await codeOf(canvas));
  const refresh = (refresh_token, form) => ask(canvas, { grant_type: 'refresh_token', refresh_token, ...form });
  const { status, body } = await refresh(first.refresh_token);
  assert.deepEqual([status, 'refresh_token' in body, body.expires_in, body.user.id], [200, false, 3600, 1]);
  const jwts = (bearer) => canvas.post('/api/v1/jwts', { bearer });
  assert.deepEqual([(await jwts(first.access_token)).status, (await jwts(body.access_token)).status], [401, 200]);
  canvas.clock.now += 3601;
  assert.equal((await jwts(body.access_token)).status, 401);
  assert.equal((await refresh(first.refresh_token)).status, 200);
  for (const [token, form, expected] of [
    ['x', {}, { error: 'invalid_request', error_description: 'refresh_token not found' }],
    [undefined, {}, { error: 'invalid_request', error_description: 'You must provide the refresh_token parameter when using the refresh_token grant type' }],
  ]) {
    const sent = token === undefined ? { grant_type: 'refresh_token' } : { grant_type: 'refresh_token', refresh_token: token };
    assert.deepEqual((await ask(canvas, { ...sent, ...form })).body, expected);
  }
  canvas.records.developerKeys.set('10000000000006', { ...KEY, id: 10000000000006 });
  assert.equal((await refresh(first.refresh_token, { client_id: '10000000000006' })).body.error_description, 'incorrect client');
  await exchange(canvas, await codeOf(canvas), { replace_tokens: '1' });
  assert.equal((await refresh(first.refresh_token)).body.error_description, 'refresh_token not found');
});

test('the end of a token', async () => {
  const canvas = withKey({}, { sessions: [{ id: 's', userId: 1, csrfToken: 'c', logoutUrl: 'https://idp.test/' }, { id: 't', userId: 2, csrfToken: 'd' }] });
  const { body } = await exchange(canvas, await codeOf(canvas));
  const end = (query, bearer) => canvas.delete(`/login/oauth2/token${query}`, { bearer });
  const ended = await end('?expire_sessions=1', body.access_token);
  assert.deepEqual([ended.status, ended.body], [200, { forward_url: 'https://idp.test/' }]);
  assert.deepEqual([...canvas.records.sessions.keys()], ['t']);
  const again = await end('', body.access_token);
  assert.deepEqual([again.status, again.headers.get('www-authenticate')], [401, REALM]);
  const message = "can't delete OAuth access token when not using an OAuth access token";
  const none = await end('');
  assert.deepEqual([none.status, none.body], [400, { message }]);
  assert.deepEqual((await end('', TEACHER)).body, {});
  assert.equal(canvas.records.accessTokens.has(TEACHER), false);
});

test('of older servers: errors of the token endpoint go to the redirect URI', async () => {
  const canvas = withKey({}, { features: [] });
  const sent = await exchange(canvas, 'x', { redirect_uri: `${CALLBACK}?a=b` });
  assert.equal(sent.status, 302);
  assert.deepEqual(queryOf(sent.headers.get('location')), { a: 'b', error: 'invalid_grant', error_description: 'authorization_code not found' });
  assert.equal((await exchange(canvas, 'x')).status, 400);
  assert.equal((await exchange(canvas, 'x', { redirect_uri: 'urn:ietf:wg:oauth:2.0:oob' })).status, 400);
});

test('served: a browser\'s way by HTTP, /__state shows it, and consents where no browser is', async (t) => {
  const canvas = withKey();
  const { url, close } = await serve(canvas, { state: true });
  t.after(close);
  const at = address().replace(HOST, url);
  const response = await fetch(at, { redirect: 'manual' });
  assert.equal(response.headers.get('location'), '/login/canvas?return_to=%2Flogin%2Foauth2%2Fconfirm');
  const state = async () => (await fetch(`${url}/__state`)).json();
  const [waiting] = Object.values((await state()).records.authorizations);
  assert.deepEqual([waiting.redirectUri, waiting.state], [CALLBACK, 's t']);
  const consent = async (body) => (await fetch(`${url}/__state/consent`, { method: 'POST', body: JSON.stringify(body) })).json();
  const agreed = await consent({ url: at, userId: 3 });
  const { code } = queryOf(agreed.url);
  assert.equal((await state()).records.authorizationCodes[code].userId, 3);
  assert.equal(queryOf((await consent({ url: at, deny: true })).url).error, 'access_denied');
  assert.match((await consent({ url: at.replace('client_id', 'x') })).error, /^Canvas answers 401: /);
  assert.match((await consent({ url: at, userId: 99 })).error, /no user 99/);
});
