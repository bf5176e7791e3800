// A platform made with npm's jose launches a tool made with the package; what the package signs, jose verifies.
import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import * as jose from 'jose';
import {
  beginLaunch, canvasPlatform, deepLinkingResponse, publicJwks, remoteJwks, signClientAssertion, verifyLaunch,
} from 'canvas-lms-tokens';
import { formOf } from './browser.mjs';
import { DEPLOYMENT, makePlatform, verified } from './jose-platform.mjs';

const REDIRECT = 'https://tool.example/launch';
const CLAIM = 'https://purl.imsglobal.org/spec/lti/claim';
const secret = 'a secret of the tool, of at least thirty-two bytes';

let lms, platforms, keys, asked;
before(async () => {
  lms = await makePlatform();
  platforms = canvasPlatform({ clientId: lms.platform.clientId, baseUrl: 'https://lms.example' });
  asked = [];
  const fetch = async (request) => {
    asked.push(request.url ?? String(request));
    return Response.json(lms.jwks, { headers: { 'cache-control': 'max-age=864000' } });
  };
  keys = remoteJwks(platforms.jwksUri, { fetch });
});

test('both know the platform alike', () => assert.deepEqual({ ...platforms, deployments: undefined }, { ...lms.platform, deployments: undefined }));

/** Logs in as jose's platform has it, and answers with an id_token of jose's. */
async function launch(changes = {}, { options = {} } = {}) {
  const login = await beginLaunch(new URLSearchParams(lms.login()), { platforms, redirectUri: REDIRECT, secret });
  const url = new URL(login.url);
  assert.equal(url.origin + url.pathname, lms.platform.authorizationEndpoint);
  const asks = Object.fromEntries(url.searchParams);
  assert.deepEqual({ ...asks, nonce: '', state: '' }, {
    scope: 'openid', response_type: 'id_token', response_mode: 'form_post', prompt: 'none', client_id: lms.platform.clientId,
    redirect_uri: REDIRECT, login_hint: 'opaque', lti_message_hint: 'a.b.c', nonce: '', state: '',
  });
  const id_token = await lms.idToken(asks.nonce, changes);
  const cookie = login.cookie.split(';')[0];
  return verifyLaunch({ id_token, state: asks.state }, { platforms, secret, keys, cookie, ...options });
}

test('a launch', async () => {
  const { user, deploymentId, isLearner, isInstructor, resourceLink, context, claims } = await launch();
  assert.deepEqual(user, {
    id: claims.sub, name: 'Ada Lovelace', givenName: 'Ada', familyName: 'Lovelace', email: 'ada@school.example',
  });
  assert.equal(deploymentId, DEPLOYMENT);
  assert.deepEqual([isLearner, isInstructor], [true, false]);
  assert.equal(resourceLink.title, 'A link');
  assert.equal(context.title, 'Course 1');
  await launch();
  assert.deepEqual(asked, [platforms.jwksUri]);
});

describe('refused', () => {
  const now = Math.floor(Date.now() / 1000);
  for (const [fault, changes, code] of [
    ['another key under its kid', async () => ({ key: (await jose.generateKeyPair('RS256')).privateKey }), 'ERR_JWS_SIGNATURE_VERIFICATION_FAILED'],
    ['another algorithm', async () => ({ key: (await jose.generateKeyPair('PS256')).privateKey, header: { alg: 'PS256' } }), 'ERR_JOSE_ALG_NOT_ALLOWED'],
    ['a kid that is not published', () => ({ header: { kid: 'x' } }), 'ERR_JWKS_NO_MATCHING_KEY'],
    ['another audience', () => ({ aud: 'other' }), 'ERR_JWT_CLAIM_VALIDATION_FAILED'],
    ['another issuer', () => ({ iss: 'https://other.example' }), 'ERR_JWT_CLAIM_VALIDATION_FAILED'],
    ['another nonce', () => ({ nonce: 'x' }), 'ERR_JWT_CLAIM_VALIDATION_FAILED'],
    ['expired', () => ({ at: now - 3661 }), 'ERR_JWT_EXPIRED'],
    ['no version', () => ({ [`${CLAIM}/version`]: undefined }), 'ERR_LTI_MESSAGE_INVALID'],
  ]) {
    test(fault, async () => {
      await assert.rejects(launch(await changes()), { code });
    });
  }
});

describe('what the package signs', () => {
  let jwk, published;
  before(async () => {
    const { privateKey } = await jose.generateKeyPair('RS256', { extractable: true });
    jwk = { ...await jose.exportJWK(privateKey), alg: 'RS256', kid: 'of-the-tool' };
    published = publicJwks([jwk]);
  });

  test('a client assertion', async () => {
    const token = await signClientAssertion(platforms, jwk);
    const { payload, protectedHeader } = await verified(token, published, {
      issuer: platforms.clientId, subject: platforms.clientId, audience: platforms.tokenEndpoint, maxTokenAge: 60,
      requiredClaims: ['jti', 'exp', 'iat'],
    });
    assert.equal(protectedHeader.kid, 'of-the-tool');
    assert.ok(payload.exp > payload.iat);
  });

  test('a deep linking response', async () => {
    const deepLinking = {
      returnUrl: 'https://lms.example/return?data=a.b.c', data: 'as it came', acceptTypes: ['ltiResourceLink'], acceptMultiple: true,
    };
    const items = [{ type: 'ltiResourceLink', title: 'One', url: 'https://tool.example/one' }];
    const { jwt, form } = await deepLinkingResponse({ platform: platforms, deploymentId: DEPLOYMENT, deepLinking }, { items, key: jwk });
    const { payload } = await verified(jwt, published, {
      issuer: platforms.clientId, audience: platforms.issuer, maxTokenAge: 60, requiredClaims: ['nonce', 'exp', 'iat'],
    });
    const dl = 'https://purl.imsglobal.org/spec/lti-dl/claim';
    assert.deepEqual(payload[`${dl}/content_items`], items);
    assert.equal(payload[`${dl}/data`], 'as it came');
    assert.equal(payload[`${CLAIM}/message_type`], 'LtiDeepLinkingResponse');
    assert.equal(payload[`${CLAIM}/deployment_id`], DEPLOYMENT);
    const posted = formOf(form);
    assert.deepEqual([posted.url, posted.form], [deepLinking.returnUrl, { JWT: jwt }]);
  });
});
