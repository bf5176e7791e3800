// A login and a launch, end to end: what a tool gets of a good one.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { rejects } from '../node/copies.mjs';
import * as lti from 'canvas-lms-tokens';
import { memoryStore } from './stores.mjs';
import {
  CLIENT_ID, LTI, NOW, REDIRECT_URI, SECRET, begin, cookieOf, keys, launch, launchClaims, loginForm, platform, publicJwk, sign, verify,
} from './platform.mjs';

const LIS = 'http://purl.imsglobal.org/vocab/lis/v2/';

test('a login sends the browser to the platform', async () => {
  const login = await begin();
  assert.deepEqual(login.platform, { ...platform, deployments: 'any' });
  const url = new URL(login.url);
  assert.equal(url.origin + url.pathname, 'https://sso.canvaslms.com/api/lti/authorize_redirect');
  assert.deepEqual(Object.fromEntries(url.searchParams), {
    scope: 'openid', response_type: 'id_token', response_mode: 'form_post', prompt: 'none', client_id: CLIENT_ID,
    redirect_uri: REDIRECT_URI, login_hint: 'opaque hint', lti_message_hint: 'eyJ.e30.AA', state: login.state, nonce: login.nonce,
  });
  assert.match(login.nonce, /^[\w-]{22}$/);
  const { header, claims } = lti.decode(login.state);
  assert.deepEqual(header, { typ: 'lti-state+jwt', alg: 'HS256' });
  assert.deepEqual({ ...claims, jti: '' }, {
    iss: platform.issuer, aud: CLIENT_ID, jti: '', nonce: login.nonce, origin: 'https://tool.test', iat: NOW, exp: NOW + 600,
  });
  const [pair, ...attributes] = login.cookie.split('; ');
  assert.deepEqual(attributes, ['Path=/', 'Max-Age=600', 'SameSite=None', 'Secure', 'HttpOnly', 'Partitioned']);
  const [name, value] = pair.split('=');
  assert.equal(name, `__Host-lti-${claims.jti}`);
  assert.match(value, /^[\w-]{43}$/);
  assert.deepEqual(login.storage, {
    target: 'post_message_forwarding', origin: 'https://sso.canvaslms.com', key: `lti-${claims.jti}`, value,
  });
  assert.equal((await begin({ lti_storage_target: undefined })).storage, null);
});

test('a launch of a course has what tools use under short names', async () => {
  const { header, claims, clearCookie, ...found } = await launch();
  assert.deepEqual(found, {
    messageType: 'LtiResourceLinkRequest',
    platform: { ...platform, deployments: 'any' },
    deploymentId: '1:abc',
    user: {
      id: 'f0c7f0a4-5f6d-4c0b-9f43-2ab8a1a5b8bb', name: 'A. Student', givenName: 'A.', familyName: 'Student',
      email: 'student@school.test', picture: 'https://school.test/a.png', locale: 'en',
    },
    roles: [`${LIS}institution/person#Student`, `${LIS}membership#Learner`, `${LIS}system/person#User`],
    isInstructor: false, isLearner: true, isAdministrator: false,
    targetLinkUri: 'https://tool.test/activity',
    resourceLink: { id: 'link', title: 'An activity' },
    context: { id: 'course', label: 'C1', title: 'Course 1', type: [`${LIS}course#CourseOffering`] },
    custom: { user: '7', price: '$5' },
    placement: 'course_navigation',
    lineItems: {
      url: 'https://school.test/api/lti/courses/1/line_items', lineItem: 'https://school.test/api/lti/courses/1/line_items/2',
      scopes: ['https://purl.imsglobal.org/spec/lti-ags/scope/score'],
    },
    memberships: { url: 'https://school.test/api/lti/courses/1/names_and_roles' },
    notices: {
      url: 'https://school.test/api/lti/notice-handlers/1', types: ['LtiHelloWorldNotice'],
      scopes: ['https://purl.imsglobal.org/spec/lti/scope/noticehandlers'],
    },
  });
  assert.deepEqual(header, { typ: 'JWT', alg: 'RS256', kid: 'one' });
  assert.equal(claims[`${LTI}custom`].unknown, '$Canvas.user.id');
  assert.match(clearCookie, /^__Host-lti-[\w-]{16}=; Path=\/; Max-Age=0; SameSite=None; Secure; HttpOnly; Partitioned$/);
});

test('an anonymous visitor is nobody', async () => {
  const nobody = { sub: undefined, name: undefined, given_name: undefined, family_name: undefined, email: undefined, picture: undefined };
  const { user, placement } = await launch({ claims: { ...nobody, 'https://www.instructure.com/placement': null } });
  assert.equal(user, null);
  assert.equal(placement, null);
});

test('a line item without the list of all is named', async () => {
  const claim = 'https://purl.imsglobal.org/spec/lti-ags/claim/endpoint';
  const lineitem = 'https://school.test/api/lti/courses/1/line_items/2';
  for (const lineitems of [undefined, null]) {
    const { lineItems } = await launch({ claims: { [claim]: { scope: ['score'], lineitem, lineitems } } });
    assert.deepEqual(lineItems, { lineItem: lineitem, scopes: ['score'] });
  }
  assert.equal((await launch({ claims: { [claim]: { scope: ['score'] } } })).lineItems, undefined);
});

const roles = [
  [['membership#Instructor'], [true, false, false]],
  [['membership/Instructor#TeachingAssistant'], [true, false, false]],
  [['membership#Learner', 'institution/person#Instructor'], [false, true, false]],
  [['membership#ContentDeveloper', 'membership#Instructors'], [false, false, false]],
  [['membership#Administrator'], [false, false, true]],
  [['institution/person#Administrator'], [false, false, true]],
  [['system/person#SysAdmin'], [false, false, true]],
];
for (const [names, expected] of roles) {
  test(`roles ${names}`, async () => {
    const { isInstructor, isLearner, isAdministrator } = await launch({ claims: { [`${LTI}roles`]: names.map((name) => LIS + name) } });
    assert.deepEqual([isInstructor, isLearner, isAdministrator], expected);
  });
}

test('custom parameters are text, and integers in the claims are exact', async () => {
  const { state, nonce, cookie } = await begin();
  const custom = '{"id":90000000000000001,"on":true,"none":null,"a":"${Canvas.user.id}","__proto__":"own","b":"$a b"}';
  const payload = JSON.stringify(launchClaims(nonce, { [`${LTI}custom`]: 'HERE' })).replace('"HERE"', custom);
  const { CompactSign } = await import('jose');
  const { privateKey } = await import('./platform.mjs');
  const id_token = await new CompactSign(new TextEncoder().encode(payload)).setProtectedHeader({ alg: 'RS256', kid: 'one' }).sign(privateKey);
  const found = await verify({ id_token, state }, { cookie: cookieOf(cookie) });
  assert.deepEqual(Object.entries(found.custom), [['id', '90000000000000001'], ['on', 'true'], ['__proto__', 'own'], ['b', '$a b']]);
  assert.equal(found.claims[`${LTI}custom`].id, 90000000000000001n);
});

const forms = {
  text: (form) => new URLSearchParams(form).toString(),
  'a query': (form) => new URL(`https://tool.test/?${new URLSearchParams(form)}`).search,
  URLSearchParams: (form) => new URLSearchParams(form),
  FormData: (form) => {
    const data = new FormData();
    for (const [name, value] of Object.entries(form)) data.append(name, value);
    data.append('file', new Blob(['x']));
    return data;
  },
  'an object without prototype': (form) => Object.assign(Object.create(null), form),
};
for (const [how, make] of Object.entries(forms)) {
  test(`forms are taken as ${how}`, async () => {
    const options = { platforms: [platform], redirectUri: REDIRECT_URI, secret: [SECRET], now: NOW };
    const { state, nonce, cookie } = await lti.beginLaunch(make(loginForm()), options);
    const id_token = await sign(launchClaims(nonce));
    const { user } = await verify(make({ id_token, state }), { cookie: `a=b; ${cookieOf(cookie)}` });
    assert.notEqual(user, null);
  });
}

test('a stored value stands for the cookie', async () => {
  const { state, nonce, storage } = await begin();
  const form = { id_token: await sign(launchClaims(nonce)), state, lti_storage_target: storage.target };
  const error = await rejects(() => verify(form, { cookie: 'a=b' }), 'ERR_LTI_STATE_NOT_BOUND');
  // What a handler reads of the platform's own post, in which there is no such value.
  for (const stored of [null, undefined, { value: null, origin: 'https://sso.canvaslms.com' }, { value: undefined, origin: null }, {}]) {
    const again = await rejects(() => verify(form, { cookie: null, stored }), 'ERR_LTI_STATE_NOT_BOUND');
    assert.match(again.message, /no stored value was given/);
    assert.deepEqual(again.storage, error.storage);
  }
  const { value, ...where } = storage;
  assert.deepEqual(error.storage, where);
  assert.match(error.message, /there is no cookie __Host-lti-\S+; no stored value was given/);
  const found = await verify(form, { cookie: null, stored: { value, origin: 'https://tool.test' } });
  assert.equal(found.deploymentId, '1:abc');
});

test('platforms are looked up by a function', async () => {
  const asked = [];
  const platforms = async (issuer, clientId) => {
    asked.push([issuer, clientId]);
    return { ...platform, deployments: ['1:abc'] };
  };
  const { state, nonce, cookie } = await begin({ client_id: undefined }, { platforms });
  const found = await verify({ id_token: await sign(launchClaims(nonce)), state }, { platforms, keys: () => keys, cookie: cookieOf(cookie) });
  assert.deepEqual(asked, [[platform.issuer, undefined], [platform.issuer, CLIENT_ID]]);
  assert.deepEqual(found.platform.deployments, ['1:abc']);
});

test('a replaced secret verifies while it is given', async () => {
  const { state, nonce, cookie } = await begin();
  const form = { id_token: await sign(launchClaims(nonce)), state };
  const newer = 'another secret of the tool, as long as the first';
  await verify(form, { secret: [newer, SECRET], cookie: cookieOf(cookie) });
  await rejects(() => verify(form, { secret: newer, cookie: cookieOf(cookie) }), 'ERR_LTI_STATE_INVALID');
});

test('the nonce is claimed last, under the name of its platform', async () => {
  const claimed = [];
  const claimNonce = (name, until) => claimed.push([name, until]) === 1;
  const { state, nonce, cookie } = await begin();
  const form = { id_token: await sign(launchClaims(nonce)), state };
  const spoilt = { ...form, id_token: await sign(launchClaims(nonce, { aud: 'other' })) };
  await rejects(() => verify(spoilt, { claimNonce, cookie: cookieOf(cookie) }), 'ERR_JWT_CLAIM_VALIDATION_FAILED');
  assert.deepEqual(claimed, []);
  await verify(form, { claimNonce, cookie: cookieOf(cookie) });
  assert.deepEqual(claimed, [[`lti-nonce/https%3A%2F%2Fcanvas.instructure.com/${CLIENT_ID}/${nonce}`, NOW + 660]]);
  await rejects(() => verify(form, { claimNonce, cookie: cookieOf(cookie) }), 'ERR_LTI_NONCE_USED', 'claims.nonce');
});

test('a store that can add claims nonces', async () => {
  const store = memoryStore();
  const { state, nonce, cookie } = await begin();
  const form = { id_token: await sign(launchClaims(nonce)), state };
  const options = { claimNonce: store, cookie: cookieOf(cookie) };
  await verify(form, options);
  await rejects(() => verify(form, options), 'ERR_LTI_NONCE_USED', 'claims.nonce');
  const name = `lti-nonce/https%3A%2F%2Fcanvas.instructure.com/${CLIENT_ID}/${nonce}`;
  // From the time of verifying, until the state has expired by the clocks' tolerance.
  assert.deepEqual(store.calls, Array(2).fill(['add', name, '1', 659]));
  await rejects(() => verify(form, { ...options, claimNonce: lti.encryptedStore(store, SECRET) }), 'ERR_LTI_NONCE_USED');
  // A store of a class, whose method needs its object.
  class Names extends Set { add(name) { return !this.has(name) && Boolean(super.add(name)); } }
  const names = new Names();
  await verify(form, { ...options, claimNonce: names });
  await rejects(() => verify(form, { ...options, claimNonce: names }), 'ERR_LTI_NONCE_USED');
});

test('of several platforms, each has its own keys', async () => {
  const second = lti.canvasPlatform({ clientId: '2' });
  const other = await lti.generateKey('RS256', { kid: 'one' });
  const platforms = [platform, second];
  const keysOf = (found) => (found.clientId === '2' ? other.publicKey : keys);
  const asked = [];
  for (const options of [
    { keys: keysOf }, { keys: async (found) => { asked.push(found); return keysOf(found); } },
    { platforms: (issuer, clientId) => platforms.find((one) => one.clientId === clientId), keys: keysOf },
  ]) {
    await launch({ options: { platforms, ...options } });
    // The key of the first does not sign for the second.
    const form = await begin({ client_id: '2' }, { platforms });
    const claims = launchClaims(form.nonce, { aud: '2', azp: '2' });
    const verifying = (id_token) => verify({ id_token, state: form.state }, { platforms, ...options, cookie: cookieOf(form.cookie) });
    await rejects(async () => verifying(await sign(claims)), 'ERR_JWS_SIGNATURE_VERIFICATION_FAILED');
    assert.equal((await verifying(await lti.signJwt(claims, other.privateKey))).platform.clientId, '2');
  }
  assert.deepEqual(asked, [platform, second, second].map((one) => ({ ...one, deployments: 'any' })));
  for (const one of [platform, [platform]]) await launch({ options: { platforms: one } });
  // None of its own: those that it publishes.
  const fetch = async () => Response.json(keys);
  await launch({ options: { platforms, keys: () => undefined, fetch } });
});

test('the same keys for several platforms are refused', async () => {
  const several = [[platform, lti.canvasPlatform({ clientId: '2' })], [platform, platform], () => platform];
  for (const platforms of several) {
    for (const same of [keys, publicJwk, lti.remoteJwks(platform.jwksUri), null]) {
      await rejects(() => launch({ options: { platforms, keys: same } }), 'ERR_ARGUMENT', 'options.keys');
      await rejects(() => lti.verifyNotice('e30.e30.AA', { platforms, keys: same }), 'ERR_ARGUMENT', 'options.keys');
    }
  }
});

test('one key does as well as a set', async () => {
  const found = await launch({ options: { keys: publicJwk } });
  assert.equal(found.header.kid, 'one');
  assert.ok(keys.keys.length === 1);
});

test('Canvas has its platforms by environment and by URL', () => {
  assert.deepEqual(lti.canvasPlatform({ clientId: 90000000000000001n, environment: 'test' }), {
    issuer: 'https://canvas.test.instructure.com', clientId: '90000000000000001',
    authorizationEndpoint: 'https://sso.test.canvaslms.com/api/lti/authorize_redirect',
    tokenEndpoint: 'https://sso.test.canvaslms.com/login/oauth2/token',
    jwksUri: 'https://sso.test.canvaslms.com/api/lti/security/jwks', deployments: 'any',
  });
  const own = lti.canvasPlatform({ clientId: 7, baseUrl: 'https://canvas.school.test/', issuer: 'https://canvas.school.test' });
  assert.deepEqual([own.issuer, own.clientId, own.tokenEndpoint],
    ['https://canvas.school.test', '7', 'https://canvas.school.test/login/oauth2/token']);
});
