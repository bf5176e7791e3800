// Users' tokens beside OAuth 2 of others: oauth4webapi is the client of the emulator, @node-oauth/oauth2-server the Canvas of this
// package.
import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { test } from 'node:test';
import * as oauth from 'oauth4webapi';
import { beginAuthorization, generateKey, refreshUserToken, requestUserToken } from 'canvas-lms-tokens';
import { createEmulator } from 'canvas-lms-tokens/emulator';

const OAuth2Server = createRequire(import.meta.url)('@node-oauth/oauth2-server');

const BASE = 'https://school.test';
const CALLBACK = 'https://tool.test/callback';
// Of letters, as Canvas's are: Canvas takes a Basic header as it is, where RFC 6749 §2.3.1 has it form-encoded.
const SECRET = 'TheSecretOfTheDeveloperKey';
const server = { issuer: BASE, authorization_endpoint: `${BASE}/login/oauth2/auth`, token_endpoint: `${BASE}/login/oauth2/token` };
const client = { client_id: '10000000000077' };
const developerKey = (changes) => ({ id: 10000000000077, secret: SECRET, redirectUris: [CALLBACK], ...changes });

/** What a program does that uses oauth4webapi: gives the answer of the token endpoint. */
async function asClient(emulator, authentication, { verifier = oauth.generateRandomCodeVerifier(), sent = verifier } = {}) {
  const state = oauth.generateRandomState();
  const url = new URL(server.authorization_endpoint);
  const query = {
    client_id: client.client_id, redirect_uri: CALLBACK, response_type: 'code', state, scope: '',
    code_challenge: await oauth.calculatePKCECodeChallenge(verifier), code_challenge_method: 'S256',
  };
  for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
  const callback = new URL(await emulator.consent(url.href, { userId: 3 }));
  const parameters = oauth.validateAuthResponse(server, client, callback, state);
  const options = { [oauth.customFetch]: emulator.fetch };
  const response = await oauth.authorizationCodeGrantRequest(server, client, authentication, parameters, CALLBACK, sent, options);
  return { options, granted: await oauth.processAuthorizationCodeResponse(server, client, response) };
}

test('oauth4webapi gets, refreshes and uses a token of the emulator: by form, Basic, assertion, as a public client', async () => {
  const { privateKey, publicKey } = await generateKey('RS256');
  const algorithm = { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' };
  const cryptoKey = await crypto.subtle.importKey('jwk', privateKey, algorithm, false, ['sign']);
  // Canvas compares the audience with the address of the token endpoint, and RFC 7523 lets a client say that.
  const toEndpoint = { [oauth.modifyAssertion]: (header, payload) => { payload.aud = server.token_endpoint; } };
  for (const [how, key, authentication] of [
    ['form', {}, oauth.ClientSecretPost(SECRET)],
    ['Basic', {}, oauth.ClientSecretBasic(SECRET)],
    ['assertion', { publicJwk: publicKey, requireScopes: false }, oauth.PrivateKeyJwt(cryptoKey, toEndpoint)],
    ['public', { publicClient: true }, oauth.None()],
  ]) {
    const emulator = createEmulator({ developerKeys: [developerKey(key)] });
    const { granted, options } = await asClient(emulator, authentication);
    assert.equal(granted.user.name, 'Sue Student', how);
    assert.equal(granted.token_type, 'bearer');
    const again = await oauth.refreshTokenGrantRequest(server, client, authentication, granted.refresh_token, options);
    const fresh = await oauth.processRefreshTokenResponse(server, client, again);
    const headers = new Headers();
    const jwt = await oauth.protectedResourceRequest(fresh.access_token, 'POST', new URL(`${BASE}/api/v1/jwts`), headers, null, options);
    assert.equal(jwt.status, 200);
    const late = oauth.protectedResourceRequest(granted.access_token, 'POST', new URL(`${BASE}/api/v1/jwts`), headers, null, options);
    await assert.rejects(late, oauth.WWWAuthenticateChallengeError);
  }
});

test('oauth4webapi is refused as it expects: another verifier, another secret, a user who does not agree', async () => {
  const emulator = createEmulator({ developerKeys: [developerKey()] });
  const post = oauth.ClientSecretPost(SECRET);
  await assert.rejects(asClient(emulator, post, { sent: oauth.generateRandomCodeVerifier() }),
    ({ error, status }) => error === 'invalid_grant' && status === 400);
  await assert.rejects(asClient(emulator, oauth.ClientSecretPost('other')),
    (error) => error instanceof oauth.WWWAuthenticateChallengeError && error.status === 401);
  const url = `${server.authorization_endpoint}?client_id=${client.client_id}&response_type=code&redirect_uri=${CALLBACK}&state=s`;
  const denied = new URL(await emulator.consent(url, { deny: true }));
  assert.throws(() => oauth.validateAuthResponse(server, client, denied, 's'), ({ error }) => error === 'access_denied');
});

// ── A server of others ──

/** An OAuth 2 server at Canvas's addresses, which agrees to everything; `codes` and `tokens` are what it holds. */
function serverOfOthers() {
  const [codes, tokens] = [new Map(), new Map()];
  const known = { id: client.client_id, redirectUris: [CALLBACK], grants: ['authorization_code', 'refresh_token'] };
  const user = { id: 7 };
  const library = new OAuth2Server({
    requireClientAuthentication: { authorization_code: true, refresh_token: true },
    accessTokenLifetime: 3600,
    alwaysIssueNewRefreshToken: false,
    model: {
      getClient: (id, secret) => (id === known.id && (secret === null || secret === SECRET) ? known : null),
      saveAuthorizationCode: (code, of, by) => { codes.set(code.authorizationCode, { ...code, client: of, user: by }); return codes.get(code.authorizationCode); },
      getAuthorizationCode: (code) => codes.get(code),
      revokeAuthorizationCode: ({ authorizationCode }) => codes.delete(authorizationCode),
      saveToken: (token, of, by) => { tokens.set(token.accessToken, { ...token, client: of, user: by }); return tokens.get(token.accessToken); },
      getRefreshToken: (refreshToken) => [...tokens.values()].find((token) => token.refreshToken === refreshToken),
      revokeToken: () => true,
      validateScope: (by, of, scope) => scope ?? [],
    },
  });
  const { Request: LibraryRequest, Response: LibraryResponse } = OAuth2Server;
  const authorize = async (url) => {
    const { searchParams } = new URL(url);
    const request = new LibraryRequest({ method: 'GET', headers: {}, query: Object.fromEntries(searchParams), body: {} });
    const response = new LibraryResponse({});
    await library.authorize(request, response, { authenticateHandler: { handle: () => user } }).catch(() => {});
    return response.get('location');
  };
  const fetch = async (url, { method, headers, body }) => {
    assert.equal(url, server.token_endpoint);
    const form = Object.fromEntries(new URLSearchParams(body));
    const request = new LibraryRequest({ method, headers: { ...headers, 'content-length': String(body.length) }, query: {}, body: form });
    const response = new LibraryResponse({});
    await library.token(request, response).catch(() => {});
    return new Response(JSON.stringify(response.body), { status: response.status, headers: response.headers });
  };
  return { authorize, fetch, codes, tokens };
}

test('this package gets and refreshes a token of another server, which checks PKCE, redirect URI and secret by itself', async () => {
  const { authorize, fetch, codes, tokens } = serverOfOthers();
  const own = { baseUrl: BASE, clientId: client.client_id, clientSecret: SECRET };
  const options = { client: own, redirectUri: CALLBACK, secret: 'a secret of the tool of more than 32 bytes', scopes: ['a'] };
  const begun = await beginAuthorization(options);
  const callback = await authorize(begun.url);
  const [code] = codes.values();
  assert.deepEqual([code.codeChallengeMethod, code.codeChallenge], ['S256', new URL(begun.url).searchParams.get('code_challenge')]);
  const token = await requestUserToken(callback, { ...options, binding: begun.binding, fetch });
  assert.deepEqual([tokens.has(token.accessToken), codes.size, token.user], [true, 0, null]);
  const fresh = await refreshUserToken({ client: own, refreshToken: token.refreshToken, fetch });
  assert.ok(tokens.has(fresh.accessToken));
  // Its errors are read as Canvas's are.
  const next = await beginAuthorization(options);
  const answer = await authorize(next.url);
  for (const held of codes.values()) held.codeChallenge = 'x'.repeat(43);
  const taken = requestUserToken(answer, { ...options, binding: next.binding, fetch });
  await assert.rejects(taken, ({ code: found, oauthError }) => found === 'ERR_OAUTH' && oauthError === 'invalid_grant');
  const wrong = { ...own, clientSecret: 'other' };
  await assert.rejects(refreshUserToken({ client: wrong, refreshToken: token.refreshToken, fetch }), { oauthError: 'invalid_client' });
});
