import assert from 'node:assert/strict';
import { test } from 'node:test';
import { defaultSecrets, defaultSeeds } from 'canvas-lms-tokens/emulator';
import { GUID, HOST, NOW, REALM, sign, start, toolToken, UNAUTHENTICATED } from './canvas.mjs';

const PROFILE = '/api/lti/accounts/1/tool_consumer_profile';
const KEY = defaultSecrets.encryptionKey;
const issued = (changes = {}) => ({
  iss: 'Canvas', sub: GUID, exp: NOW + 3600, aud: ['canvas.test'], iat: NOW, nbf: NOW - 30, jti: 'j', ...changes,
});
const lacking = (name) => {
  const { [name]: _, ...rest } = issued();
  return rest;
};
const [proxy] = defaultSeeds.toolProxies;
const proxyWith = (changes) => ({ toolProxies: [{ ...proxy, ...changes }] });
const keyWith = (changes) => ({ developerKeys: [{ id: 10000000000003, secret: 's', ...changes }] });
const contract = ([service, ...actions]) => proxyWith({ services: [{ service, actions }] });

const MISMATCH = 'JSON::JWS::VerificationFailed';
const EXPIRED = 'token has expired';
const EARLY = 'token is not yet valid';
const INACTIVE = 'Developer Key is not active or available in this environment';
const NOT_LISTED = "The ToolProxy security contract doesn't include ToolConsumerProfile";

const tokens = [
  ['as issued', issued(), null],
  ['one host as text', issued({ aud: 'canvas.test' }), null],
  ['of a registration', issued({ sub: 'some-reg-key' }), null],
  ['of a developer key', issued({ sub: 10000000000003 }), null],
  ['expires this second', issued({ exp: NOW }), null],
  ['expired', issued({ exp: NOW - 1 }), EXPIRED],
  ['not yet valid', issued({ nbf: NOW + 1 }), EARLY],
  ['clock behind its iat, nbf excused', issued({ iat: NOW + 299, nbf: NOW + 299 }), 'iat must be in the past'],
  ['clock far behind its iat', issued({ iat: NOW + 300, nbf: NOW + 300 }), EARLY],
  ['clock behind its iat, exp before it', issued({ iat: NOW + 100, exp: NOW + 99 }), EXPIRED],
  ['another host', issued({ aud: ['other.test'] }), 'invalid aud'],
  ['another issuer', issued({ iss: 'Moodle' }), 'invalid iss'],
  ...['iss', 'sub', 'exp', 'aud', 'iat', 'nbf', 'jti'].map((name) => [
    `no ${name}`, lacking(name), `the following assertions are missing: ${name}`,
  ]),
  ['proxy not active', issued(), 'Tool Proxy is not active', proxyWith({ active: false })],
  ['key of the proxy not active', issued(), INACTIVE, keyWith({ active: false })],
  ['key not active', issued({ sub: 10000000000003 }), INACTIVE, keyWith({ active: false })],
  ['service not listed', issued(), NOT_LISTED, contract(['vnd.Canvas.User', 'GET'])],
  ['no contract', issued(), NOT_LISTED, proxyWith({ services: undefined })],
  ['method not listed', issued(), 'ToolConsumerProfile.GET not included in ToolProxy security Contract',
    contract(['ToolConsumerProfile', 'POST'])],
  ['service by its address', issued(), null, contract(['https://x.test/tcp/1#ToolConsumerProfile', 'get'])],
  ['signed with the previous key', issued(), null,
    { secrets: { encryptionKey: 'new', previousEncryptionKeys: [KEY] } }],
  ['signed with a forgotten key', issued(), MISMATCH, { secrets: { encryptionKey: 'new' } }],
];
for (const [name, claims, reason, options] of tokens) {
  test(`token: ${name}`, async () => {
    const canvas = start(options);
    const { status, body, headers } = await canvas.get(PROFILE, { bearer: await sign(claims, KEY) });
    if (reason === null) return assert.equal(status, 200, canvas.reason());
    assert.equal(status, 401);
    assert.deepEqual(body, UNAUTHENTICATED);
    assert.equal(headers.get('www-authenticate'), REALM);
    assert.equal(canvas.reason(), reason);
  });
}

test('the profile without a token is the default one', async () => {
  const canvas = start();
  const { status, headers, body } = await canvas.get(PROFILE);
  assert.equal(status, 200);
  assert.match(headers.get('content-type'), /^application\/vnd\.ims\.lti\.v2\.toolconsumerprofile\+json(;|$)/);
  assert.equal(body['@id'], `${HOST}${PROFILE}/${body.guid}`);
  assert.equal(body.lti_version, 'LTI-2p0');
  assert.equal(body.product_instance.guid, defaultSeeds.accounts[0].ltiGuid);
  const offered = Object.fromEntries(body.service_offered.map((offer) => [offer['@id'].split('#')[1], offer]));
  assert.deepEqual(Object.keys(offered), ['ToolProxy.collection', 'ToolProxy.item', 'vnd.Canvas.authorization']);
  assert.equal(offered['vnd.Canvas.authorization'].endpoint, `${HOST}/api/lti/accounts/1/authorize`);
});

test('the profile with a token is the one of its developer key', async () => {
  const canvas = start();
  const own = defaultSeeds.developerKeys[0].toolConsumerProfile;
  const bearer = await toolToken(canvas);
  for (const path of [PROFILE, `${PROFILE}/${own.uuid}`, '/api/lti/courses/1/tool_consumer_profile']) {
    const { body } = await canvas.get(path, { bearer });
    assert.equal(body.guid, own.uuid);
    assert.ok(body.capability_offered.includes('Canvas.placements.similarityDetection'));
    const report = body.service_offered.find((offer) => offer['@id'].endsWith('#vnd.Canvas.OriginalityReport'));
    assert.deepEqual(report.action, ['POST', 'PUT', 'GET']);
    assert.ok(report.endpoint.startsWith(`${HOST}/api/lti/assignments/`));
  }
  const other = await canvas.get(`${PROFILE}/another`, { bearer });
  assert.ok(!other.body.capability_offered.includes('Canvas.placements.similarityDetection'));
});

test('the token may come as a parameter; a scheme in small letters is none', async () => {
  const canvas = start();
  const token = await toolToken(canvas);
  const own = defaultSeeds.developerKeys[0].toolConsumerProfile.uuid;
  assert.equal((await canvas.get(`${PROFILE}?access_token=${token}`)).body.guid, own);
  assert.notEqual((await canvas.get(PROFILE, { headers: { authorization: `bearer ${token}` } })).body.guid, own);
});

test('an unknown context has no profile', async () => {
  assert.equal((await start().get('/api/lti/courses/9/tool_consumer_profile')).status, 404);
});
