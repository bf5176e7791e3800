// The emulator's signatures verified with npm's jose alone, and jose's taken by the emulator: a tool without any LTI library.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { createRemoteJWKSet, exportJWK, generateKeyPair, jwtVerify, SignJWT } from 'jose';
import { serve } from '../../../scripts/serve.mjs';
import { ISSUER, KEY, LTI, SCOPES, STUDENT, startSite, TEACHER } from './site.mjs';

const DL = 'https://purl.imsglobal.org/spec/lti-dl/claim';
const CLIENT = String(KEY);
const TOOL = 'http://127.0.0.1:9';
const { privateKey, publicKey } = await generateKeyPair('RS256');
const sign = (claims, key = privateKey) => new SignJWT({ jti: crypto.randomUUID(), ...claims })
  .setProtectedHeader({ alg: 'RS256', kid: 'a', typ: 'JWT' }).setIssuedAt().setExpirationTime('5m').sign(key);

let server, site, keys;
before(async () => {
  const jwk = { ...await exportJWK(publicKey), alg: 'RS256', use: 'sig', kid: 'a' };
  server = await serve({ handler: () => Response.json({ keys: [jwk] }) });
  site = await startSite({ url: TOOL }, { key: { publicJwkUrl: server.url } });
  keys = createRemoteJWKSet(new URL(site.platform.jwksUri));
});
after(async () => {
  await site?.close();
  await server?.close();
});

/** What a launch posts to the tool, its id_token verified: {browser, claims, ...}. */
async function launch(options, parameters = {}) {
  const { browser, form: { login_hint, lti_message_hint } } = await site.begin(options);
  const [nonce, state, redirect_uri] = [crypto.randomUUID(), 'state of "any" <kind> & é', `${TOOL}/launch`];
  const url = new URL(site.platform.authorizationEndpoint);
  url.search = new URLSearchParams({
    scope: 'openid', response_type: 'id_token', response_mode: 'form_post', prompt: 'none', client_id: CLIENT, redirect_uri,
    login_hint, lti_message_hint, state, nonce, ...parameters,
  });
  const posted = await browser.open({ url: url.href }, { stop: (at) => at.startsWith(TOOL) });
  assert.equal(posted.form.state, state);
  if (posted.form.error) return { browser, ...posted.form };
  const { payload, protectedHeader } = await jwtVerify(posted.form.id_token, keys, {
    issuer: ISSUER, audience: CLIENT, algorithms: ['RS256'], typ: 'JWT', maxTokenAge: 60,
  });
  assert.equal(payload.nonce, nonce);
  return { browser, claims: payload, header: protectedHeader };
}

test('a launch', async () => {
  const { claims } = await launch({ userId: STUDENT });
  assert.equal(claims.azp, CLIENT);
  assert.equal(claims.exp - claims.iat, 3600);
  assert.equal(claims[`${LTI}/version`], '1.3.0');
});

test('launches after rotations: the next key was published before', async () => {
  const kids = [];
  for (let i = 0; i < 2; i += 1) {
    kids.push((await launch({ userId: STUDENT })).header.kid);
    if (i === 0) await site.emulator.rotate();
  }
  assert.notEqual(kids[0], kids[1]);
});

test('an error', async () => {
  const { error, error_description } = await launch({ userId: STUDENT }, { scope: 'openid email' });
  assert.deepEqual([error, error_description], ['invalid_request_object', "The 'scope' must be 'openid'"]);
});

async function grant(scope, { key, ...changes } = {}) {
  const response = await fetch(site.platform.tokenEndpoint, {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'client_credentials', scope,
      client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
      client_assertion: await sign({ iss: CLIENT, sub: CLIENT, aud: site.platform.tokenEndpoint, ...changes }, key),
    }),
  });
  return { status: response.status, ...await response.json() };
}

test('a client assertion', async () => {
  const { status, token_type, access_token } = await grant(`${SCOPES.members} ${SCOPES.score}`);
  assert.equal(status, 200, site.reasons());
  assert.equal(token_type, 'Bearer');
  const { claims } = await launch({ userId: TEACHER });
  const { context_memberships_url: url } = claims['https://purl.imsglobal.org/spec/lti-nrps/claim/namesroleservice'];
  const headers = { accept: 'application/vnd.ims.lti-nrps.v2.membershipcontainer+json', authorization: `Bearer ${access_token}` };
  const response = await fetch(url, { headers });
  assert.equal(response.status, 200, site.reasons());
  const { id, members } = await response.json();
  assert.equal(id, url);
  assert.equal(members.length, 2);
});

test('refused client assertions', async () => {
  const stranger = (await generateKeyPair('RS256')).privateKey;
  assert.equal((await grant(SCOPES.score, { key: stranger })).error, 'invalid_request');
  assert.match((await grant(SCOPES.score, { aud: `${site.platform.tokenEndpoint}/` })).error_description, /'aud' is invalid/);
  assert.equal((await grant(`${SCOPES.score} no-such-scope`)).error, 'invalid_scope');
});

test('a deep linking response', async () => {
  const { browser, claims } = await launch({ userId: TEACHER, messageType: 'LtiDeepLinkingRequest', placement: 'link_selection' });
  const { deep_link_return_url: url } = claims[`${DL}/deep_linking_settings`];
  const respond = async (changes, key) => {
    const JWT = await sign({
      iss: CLIENT, aud: ISSUER, nonce: crypto.randomUUID(), [`${LTI}/message_type`]: 'LtiDeepLinkingResponse', [`${LTI}/version`]: '1.3.0',
      [`${LTI}/deployment_id`]: claims[`${LTI}/deployment_id`],
      [`${DL}/content_items`]: [{ type: 'ltiResourceLink', title: 'One', url: `${TOOL}/one` }], ...changes,
    }, key);
    return browser.open({ url, form: { JWT } });
  };
  const stranger = await respond({}, (await generateKeyPair('RS256')).privateKey);
  assert.equal(stranger.status, 400);
  assert.equal(stranger.body.errors.jwt[0].type, 'JWT verification failure');
  assert.equal((await respond({ aud: 'https://other.example' })).status, 400);
  assert.equal((await respond()).status, 200, site.reasons());
});
