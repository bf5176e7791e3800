import assert from 'node:assert/strict';
import { createSign, KeyObject } from 'node:crypto';
import { test } from 'node:test';
import { exportJWK, generateKeyPair, jwtVerify, SignJWT } from 'jose';
import { bytes, HOST, NOW, sign, start } from './canvas.mjs';

const TOKEN = `${HOST}/login/oauth2/token`;
const TYPE = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';
const SCORE = 'https://purl.imsglobal.org/spec/lti-ags/scope/score';
const ITEM = 'https://purl.imsglobal.org/spec/lti-ags/scope/lineitem';
const { privateKey, publicKey } = await generateKeyPair('RS256');
const developerKeys = [
  { id: 10000000000007, publicJwk: await exportJWK(publicKey), scopes: [SCORE, ITEM], accountUuid: 'uuid' },
  { id: 10000000000008 },
  { id: 10000000000009, active: false },
];

const good = (changes = {}) => ({
  iss: 'tool', sub: '10000000000007', aud: TOKEN, exp: NOW + 60, iat: NOW, jti: 'j', ...changes,
});
const assertion = (claims, key = privateKey) => new SignJWT(claims).setProtectedHeader({ alg: 'RS256' }).sign(key);
const request = (canvas, client_assertion, changes = {}) =>
  canvas.post(TOKEN, {
    form: { grant_type: 'client_credentials', client_assertion_type: TYPE, client_assertion, scope: SCORE, ...changes },
  });

test('an assertion of an LTI key gives an access token, and again', async () => {
  const canvas = start({ developerKeys });
  const sent = await assertion(good());
  for (const scope of [SCORE, `${SCORE} ${ITEM}`]) {
    const { status, body } = await request(canvas, sent, { scope });
    assert.equal(status, 200, canvas.reason());
    const { access_token, ...rest } = body;
    assert.deepEqual(rest, { token_type: 'Bearer', expires_in: 3600, scope });
    const { payload } = await jwtVerify(access_token, bytes(canvas.secrets.encryptionKey), {
      currentDate: new Date(NOW * 1000),
    });
    assert.match(payload.jti, /^[0-9a-f-]{36}$/);
    assert.deepEqual({ ...payload, jti: '' }, {
      iss: 'https://canvas.instructure.com', sub: 10000000000007, aud: [TOKEN, 'canvas.test'], iat: NOW, exp: NOW + 3600, jti: '',
      scopes: scope, 'canvas.instructure.com': { account_uuid: 'uuid' },
    });
  }
});

// A good RS256 signature under the name of another algorithm.
function renamed(claims) {
  const parts = [{ alg: 'RS384' }, claims].map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'));
  const signature = createSign('RSA-SHA256').update(parts.join('.')).sign(KeyObject.from(privateKey));
  return [...parts, signature.toString('base64url')].join('.');
}

const request_ = (text) => ({ error: 'invalid_request', error_description: text });
const SIGNATURE = request_('JWS signature invalid.');
const CLIENT = { error: 'invalid_client', error_description: 'unknown client' };
const { iss: _, jti: __, ...short } = good();
for (const [name, make, expected, form] of [
  ['another grant', () => '', { error: 'unsupported_grant_type',
    error_description: 'The grant_type you requested is not currently supported' }, { grant_type: 'password' }],
  ['another assertion type', () => '', request_('assertion method not supported for this grant_type'),
    { client_assertion_type: 'x' }],
  ['no JWT', () => 'x', SIGNATURE],
  ['another key', async () => assertion(good(), (await generateKeyPair('RS256')).privateKey), SIGNATURE],
  ['a shared secret', () => sign(good(), 'secret'), SIGNATURE],
  ['another algorithm in the header', () => renamed(good()), SIGNATURE],
  ['a client without a public key', () => assertion(good({ sub: 10000000000008 })), SIGNATURE],
  ['trailing slash', () => assertion(good({ aud: `${TOKEN}/` })), request_("the 'aud' is invalid")],
  ['everything', () => assertion(good({ aud: 'x', exp: NOW - 1, iat: NOW - 301 })),
    request_("the 'aud' is invalid | the JWT has expired | the 'iat' must be less than 300 seconds old")],
  ['claims missing', () => assertion(short), request_('the following assertions are missing: jti,iss')],
  ['a scope', () => assertion(good()), { error: 'invalid_scope',
    error_description: 'A requested scope is invalid, unknown, malformed, or exceeds the scope granted by the resource '
      + 'owner. The following scopes were requested, but not granted: x' }, { scope: `${SCORE} x` }],
  ['an unknown client', () => assertion(good({ sub: 1 })), CLIENT],
  ['an inactive client', () => assertion(good({ sub: 10000000000009 })), CLIENT],
]) {
  test(`refused: ${name}`, async () => {
    const { status, body, headers } = await request(start({ developerKeys }), await make(), form);
    assert.equal(status, expected === CLIENT ? 401 : 400);
    assert.deepEqual(body, expected);
    assert.equal(headers.get('www-authenticate'), expected === CLIENT ? 'Canvas OAuth 2.0' : null);
  });
}
