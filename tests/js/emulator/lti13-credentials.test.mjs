import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decodeJwt, generateKeyPair, SignJWT } from 'jose';
import { HOST, NOW } from './canvas.mjs';
import { AGS, CLIENT, platform, publicJwk, tool } from './lti13.mjs';

const SSO = 'https://sso.canvaslms.com/login/oauth2/token';
const KEYS = 'https://tool.test/jwks';
const SCOPE = `${AGS}/scope/lineitem`;

async function request(canvas, { url = SSO, claims = {}, header = {}, key = tool.privateKey } = {}) {
  const client_assertion = await new SignJWT({
    iss: CLIENT, sub: CLIENT, aud: SSO, exp: NOW + 60, iat: NOW, jti: 'j', ...claims,
  }).setProtectedHeader({ alg: 'RS256', kid: 'tool-1', ...header }).sign(key);
  return canvas.post(url, {
    form: {
      grant_type: 'client_credentials', client_assertion, scope: SCOPE,
      client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
    },
  });
}

for (const [name, aud, options, isFine] of [
  ['the token URL', SSO, {}, true],
  ['the bare host', 'sso.canvaslms.com', { authUrl: undefined, baseUrl: undefined }, true],
  ['the bare host of a site of its own', 'canvas.test', {}, true],
  ['either, in an array', ['x', 'canvas.test'], {}, true],
  ['another bare host', 'tool.test', {}, false],
  ['the institution’s token URL at another host', `${HOST}/login/oauth2/token`, {}, false],
  ['the issuer', 'https://canvas.instructure.com', {}, false],
  ['the bare host, of an old server', 'canvas.test', { era: 'old' }, false],
]) {
  test(`the audience of a client assertion: ${name}`, async () => {
    const { status, body } = await request(platform(options), { claims: { aud } });
    assert.equal(status, isFine ? 200 : 400);
    if (!isFine) assert.equal(body.error_description, "the 'aud' is invalid");
  });
}

test('the access token’s audience: URL and host, of an old server the URL alone', async () => {
  const { body } = await request(platform());
  assert.deepEqual(decodeJwt(body.access_token).aud, [SSO, 'sso.canvaslms.com']);
  const old = await request(platform({ era: 'old' }));
  assert.equal(decodeJwt(old.body.access_token).aud, SSO);
  const own = await request(platform({ issuer: 'https://own.test' }));
  assert.equal(decodeJwt(own.body.access_token).iss, 'https://own.test');
});

const other = await generateKeyPair('RS256');
for (const [name, answer, how, description] of [
  ['found', () => Response.json({ keys: [publicJwk] }), {}, null],
  ['of another kid', () => Response.json({ keys: [publicJwk] }), { header: { kid: 'x' } },
    'JWK Error: JSON::JWK::Set::KidNotFound'],
  ['without a kid', () => Response.json({ keys: [publicJwk] }), { header: { kid: undefined } },
    'JWK Error: JSON::JWK::Set::KidNotFound'],
  ['no set', () => Response.json([]), {}, 'JWK Error: JSON::JWK::Set::KidNotFound'],
  ['of another', () => Response.json({ keys: [publicJwk] }), { key: other.privateKey }, 'JWS signature invalid.'],
  ['HTML', () => new Response('<html>'), {}, 'JWK Error: Invalid JSON'],
  ['not found', () => new Response('', { status: 404 }), {}, 'JWK Error: Failed to fetch public key'],
  ['unreachable', () => Promise.reject(new TypeError('fetch failed')), {}, 'JWK Error: Failed to fetch public key'],
]) {
  test(`the keys at a URL: ${name}`, async () => {
    const canvas = platform({ key: { publicJwkUrl: KEYS }, fetch: async () => answer() });
    const { status, body } = await request(canvas, how);
    assert.equal(status, description ? 400 : 200, canvas.reason());
    assert.equal(body.error_description, description ?? undefined);
  });
}

test('an old server says nothing of a fetch that failed', async () => {
  const canvas = platform({ era: 'old', key: { publicJwkUrl: KEYS } });
  const { body } = await request(canvas);
  assert.equal(body.error_description, 'JWS signature invalid.');
});

test('a token of the authorization endpoint’s host is good at the institution', async () => {
  const url = 'https://sso.test/login/oauth2/token';
  const canvas = platform({ authUrl: 'https://sso.test/api/lti/authorize_redirect' });
  const { body } = await request(canvas, { url, claims: { aud: url } });
  const answer = await canvas.get('/api/lti/courses/1/line_items', { bearer: body.access_token });
  assert.equal(answer.status, 200, canvas.reason());
});
