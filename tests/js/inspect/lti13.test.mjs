// What the inspector compares LTI 1.3's tokens with: a platform, a nonce, an endpoint. The rules themselves are tested in Rust.
import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { generateKey, inspect, isTokenError, signJwt } from 'canvas-lms-tokens';

const LTI = 'https://purl.imsglobal.org/spec/lti/claim';
const now = 1_700_000_000;
const platform = {
  issuer: 'https://canvas.instructure.com',
  clientId: '10000000000042',
  authorizationEndpoint: 'https://sso.canvaslms.com/api/lti/authorize_redirect',
  tokenEndpoint: 'https://sso.canvaslms.com/login/oauth2/token',
  jwksUri: 'https://sso.canvaslms.com/api/lti/security/jwks',
};
const launch = {
  iss: platform.issuer, aud: platform.clientId, azp: platform.clientId, sub: 'user-1', nonce: 'nonce-1', iat: now, exp: now + 3600,
  [`${LTI}/message_type`]: 'LtiResourceLinkRequest', [`${LTI}/version`]: '1.3.0', [`${LTI}/deployment_id`]: '1:abc',
  [`${LTI}/target_link_uri`]: 'https://tool.test/', [`${LTI}/roles`]: [], [`${LTI}/resource_link`]: { id: 'link-1' },
};

let key;
before(async () => {
  key = await generateKey('RS256');
});
const signed = (claims) => signJwt(claims, key.privateKey ?? key, { kid: 'key-1' });
const failed = ({ checks }) => checks.filter(({ outcome }) => outcome === 'fail').map(({ id, code, at }) => `${id} ${code} ${at}`);

test('a launch is compared with the platform and the nonce of its login', async () => {
  const token = await signed(launch);
  const report = await inspect(token, { now, platform, nonce: 'nonce-1' });
  assert.deepEqual([report.kind, report.outcome, failed(report)], ['lti13-id-token', 'unverified', []]);
  assert.deepEqual(failed(await inspect(token, { now })), []);
  for (const [options, expected] of [
    [{ nonce: 'nonce-2' }, ['nonce ERR_JWT_CLAIM_VALIDATION_FAILED claims.nonce']],
    [{ platform: { ...platform, issuer: 'https://canvas.beta.instructure.com' } }, ['iss ERR_JWT_CLAIM_VALIDATION_FAILED claims.iss']],
    [{ platform: { ...platform, clientId: '10000000000043' } },
      ['aud ERR_JWT_CLAIM_VALIDATION_FAILED claims.aud', 'azp ERR_JWT_CLAIM_VALIDATION_FAILED claims.azp']],
    [{ now: now + 361, clockTolerance: 60 }, ['iat-age ERR_JWT_EXPIRED claims.iat']],
  ]) assert.deepEqual(failed(await inspect(token, { now, ...options })), expected);
});

test('a client assertion goes to the platform of its options', async () => {
  const claims = { iss: platform.clientId, sub: platform.clientId, iat: now, exp: now + 300, jti: 'a-jti-that-is-long' };
  const of = async (aud, options) => failed(await inspect(await signed({ ...claims, aud }), { now, platform, ...options }));
  assert.deepEqual(await of(platform.tokenEndpoint), []);
  assert.deepEqual(await of('https://school.instructure.com/login/oauth2/token'), ['aud ERR_JWT_CLAIM_VALIDATION_FAILED claims.aud']);
  // What it is really sent to counts.
  assert.deepEqual(await of(platform.tokenEndpoint, { endpoint: 'https://school.test/login/oauth2/token' }), ['aud ERR_JWT_CLAIM_VALIDATION_FAILED claims.aud']);
});

test('what is wrong inside a claim is marked where the claim stands', async () => {
  const token = await signed({ ...launch, [`${LTI}/resource_link`]: { id: 7 } });
  const { checks, parts } = await inspect(token, { now, spans: true });
  const check = checks.find(({ id }) => id === 'lti-resource-link');
  assert.equal(check.at, `claims.${LTI}/resource_link.id`);
  const members = parts.find(({ name }) => name === 'payload').members;
  assert.deepEqual(check.span, members.find(({ name }) => name === `${LTI}/resource_link`).span);
});

test('Canvas’s example key is refused by name', async () => {
  const n = 'uX1MpfEMQCBUMcj0sBYI-iFaG5Nodp3C6OlN8uY60fa5zSBd83-iIL3n_qzZ8VCluuTLfB7rrV_tiX727XIEqQ';
  await assert.rejects(inspect(await signed(launch), { now, key: { kty: 'RSA', e: 'AQAB', n } }), (error) => {
    assert.ok(isTokenError(error, 'ERR_JWK_INVALID'));
    assert.match(error.message, /Canvas's example key of 512 bits/);
    return true;
  });
});

test('a platform that is none is an argument refused', async () => {
  for (const [options, at] of [
    [{ platform: 'canvas' }, 'options.platform'],
    [{ platform: { ...platform, clientId: 10000000000042 } }, 'options.platform.clientId'],
    [{ nonce: 7 }, 'options.nonce'],
  ]) {
    await assert.rejects(inspect('x', options), (error) => {
      assert.deepEqual([isTokenError(error, 'ERR_ARGUMENT'), error.at], [true, at]);
      return true;
    });
  }
});
