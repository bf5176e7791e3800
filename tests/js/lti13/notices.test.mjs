// Notices: what a tool gets of a good one, and each rule with one spoilt notice.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as lti from 'canvas-lms-tokens';
import { rejects } from '../node/copies.mjs';
import { CLIENT_ID, LTI, NOW, given, keys, launchClaims, platform, sign } from './platform.mjs';

const claimsOf = (changes = {}) => given({
  iss: platform.issuer, aud: CLIENT_ID, azp: CLIENT_ID, exp: NOW + 3600, iat: NOW, nonce: 'of the platform',
  [`${LTI}version`]: '1.3.0',
  [`${LTI}deployment_id`]: '1:abc',
  [`${LTI}context`]: { id: 'course', title: null },
  [`${LTI}notice`]: { id: 'n1', timestamp: '2027-01-15T08:00:00Z', type: 'LtiAssetProcessorSubmissionNotice' },
  [`${LTI}assetservice`]: { scope: [], assets: [{ asset_id: 'a', url: 'https://school.test/a', size: 90000000000000001 }] },
  ...changes,
});

const verify = (jwt, options = {}) => lti.verifyNotice(jwt, { platforms: platform, keys, now: NOW + 1, ...options });
const notice = async (changes, header, options) => verify(await sign(claimsOf(changes), header), options);

test('a notice has type, id, time and where it happened', async () => {
  const { claims, ...found } = await notice();
  assert.deepEqual(found, {
    type: 'LtiAssetProcessorSubmissionNotice', id: 'n1', timestamp: '2027-01-15T08:00:00Z',
    platform: { ...platform, deployments: 'any' }, deploymentId: '1:abc', context: { id: 'course' },
  });
  assert.equal(claims[`${LTI}assetservice`].assets[0].asset_id, 'a');
  assert.equal((await notice({ [`${LTI}context`]: undefined })).context, undefined);
});

test('the platform is that of iss and azp, or else the only aud', async () => {
  const asked = [];
  const platforms = (...what) => { asked.push(what); return platform; };
  const options = { platforms, keys: () => keys };
  await notice({}, {}, options);
  await notice({ azp: undefined }, {}, options);
  await notice({ azp: undefined, aud: [CLIENT_ID] }, {}, options);
  assert.deepEqual(asked, Array(3).fill([platform.issuer, CLIENT_ID]));
  const two = [platform, lti.canvasPlatform({ clientId: '2' })];
  await notice({}, {}, { platforms: two, keys: (found) => (found.clientId === CLIENT_ID ? keys : undefined) });
});

test('a notice is taken once, an hour long', async () => {
  const seen = new Map();
  const claimNonce = (name, until) => !seen.has(name) && Boolean(seen.set(name, until));
  await notice({ exp: NOW + 7200 }, {}, { claimNonce });
  await rejects(() => notice({}, {}, { claimNonce }), 'ERR_LTI_NONCE_USED', 'claims.nonce');
  const other = { platforms: lti.canvasPlatform({ clientId: '2' }), claimNonce };
  await notice({ aud: '2', azp: '2' }, {}, other);
  assert.deepEqual([...seen], ['10000000000042', '2'].map((id) =>
    [`lti-nonce/https%3A%2F%2Fcanvas.instructure.com/${id}/of%20the%20platform`, NOW + 3660]));
  const added = [];
  const store = { add: (...given) => added.push(given) === 1 };
  await notice({}, {}, { claimNonce: store });
  await rejects(() => notice({}, {}, { claimNonce: store }), 'ERR_LTI_NONCE_USED', 'claims.nonce');
  assert.deepEqual(added[0], ['lti-nonce/https%3A%2F%2Fcanvas.instructure.com/10000000000042/of%20the%20platform', '1', 3659]);
  await notice({ iat: NOW - 3650 });
  const down = new Error('down');
  const error = await rejects(() => notice({}, {}, { claimNonce: () => { throw down; } }), 'ERR_STORE');
  assert.equal(error.cause, down);
});

const CLAIM = 'ERR_JWT_CLAIM_VALIDATION_FAILED';
const SPOILT = [
  ['of another issuer', { iss: 'https://x.test' }, 'ERR_LTI_PLATFORM_UNKNOWN'],
  ['without issuer', { iss: undefined }, CLAIM, 'claims.iss'],
  ['for another tool', { aud: 'x', azp: 'x' }, 'ERR_LTI_PLATFORM_UNKNOWN'],
  ['for another audience', { aud: 'x' }, CLAIM, 'claims.aud'],
  ['for several audiences', { aud: [CLIENT_ID, 'x'], azp: undefined }, CLAIM, 'claims.azp'],
  ['that has expired', { exp: NOW - 60 }, 'ERR_JWT_EXPIRED', 'claims.exp'],
  ['of two hours ago', { iat: NOW - 7200 }, 'ERR_JWT_EXPIRED', 'claims.iat'],
  ['without nonce', { nonce: undefined }, CLAIM, 'claims.nonce'],
  ['without version', { [`${LTI}version`]: undefined }, 'ERR_LTI_MESSAGE_INVALID', `claims.${LTI}version`],
  ['without deployment', { [`${LTI}deployment_id`]: '' }, 'ERR_LTI_MESSAGE_INVALID', `claims.${LTI}deployment_id`],
  ['without what happened', { [`${LTI}notice`]: undefined }, 'ERR_LTI_MESSAGE_INVALID', `claims.${LTI}notice`],
  ['without its id', { [`${LTI}notice`]: { type: 'x', timestamp: 'x' } }, 'ERR_LTI_MESSAGE_INVALID', `claims.${LTI}notice.id`],
  ['that is a launch', launchClaims('n'), 'ERR_LTI_MESSAGE_INVALID', `claims.${LTI}message_type`],
];
for (const [what, changes, code, at] of SPOILT) {
  test(`a notice ${what}`, async () => {
    const error = await rejects(() => notice(changes), code, at);
    if (code !== 'ERR_LTI_PLATFORM_UNKNOWN' && at !== 'claims.iss') {
      assert.deepEqual([error.report.kind, error.report.outcome], ['lti13-notice', 'invalid']);
    }
  });
}

test('a deployment that is not in the registration', () => rejects(
  () => notice({}, {}, { platforms: { ...platform, deployments: [] } }), 'ERR_LTI_DEPLOYMENT_UNKNOWN', `claims.${LTI}deployment_id`,
));

test('text that is no notice', async () => {
  for (const [jwt, code] of [
    ['', 'ERR_JWS_INVALID'], ['x', 'ERR_JWS_INVALID'], ['a.b.c.d.e', 'ERR_JWS_INVALID'], ['e30.W10.AA', 'ERR_JWT_INVALID'],
    [7, 'ERR_ARGUMENT'], [undefined, 'ERR_ARGUMENT'],
  ]) {
    await rejects(() => verify(jwt), code);
  }
  const [header, payload] = (await sign(claimsOf())).split('.');
  await rejects(() => verify(`${header}.${payload}.AAAA`), 'ERR_JWS_SIGNATURE_VERIFICATION_FAILED');
  const { privateKey } = await import('./platform.mjs');
  const { SignJWT } = await import('jose');
  const hs = await new SignJWT(claimsOf()).setProtectedHeader({ alg: 'HS256', kid: 'one' }).sign(new Uint8Array(32));
  await rejects(() => verify(hs), 'ERR_JOSE_ALG_NOT_ALLOWED');
  assert.equal(privateKey.type, 'private');
});

test('options that are none', async () => {
  const refused = (options, at) => rejects(() => notice({}, {}, options), 'ERR_ARGUMENT', at);
  await refused({ platforms: undefined }, 'options.platforms');
  await refused({ claimNonce: 7 }, 'options.claimNonce');
  await refused({ timeout: -1 }, 'options.timeout');
  await refused({ keys: 7 }, 'options.keys');
});
