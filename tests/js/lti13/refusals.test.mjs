// What is refused: each rule with one spoilt launch, by code and place; attacks; what is told, and what is not.
import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { test } from 'node:test';
import { CompactSign, SignJWT, UnsecuredJWT, exportSPKI, generateKeyPair, importJWK } from 'jose';
import * as lti from 'canvas-lms-tokens';
import { rejects } from '../node/copies.mjs';
import {
  CLIENT_ID, LTI, NOW, SECRET, begin, cookieOf, given, keys, launch, launchClaims, platform, publicJwk, sign, verify,
} from './platform.mjs';

const CLAIM = 'ERR_JWT_CLAIM_VALIDATION_FAILED';
const MESSAGE = 'ERR_LTI_MESSAGE_INVALID';

// [what is spoilt, the claims, the error's code, its place]
const CLAIMS = [
  ['iss of another', { iss: 'https://canvas.beta.instructure.com' }, CLAIM, 'claims.iss'],
  ['iss with a slash', { iss: `${platform.issuer}/` }, CLAIM, 'claims.iss'],
  ['no iss', { iss: undefined }, CLAIM, 'claims.iss'],
  ['aud of another', { aud: '10000000000043' }, CLAIM, 'claims.aud'],
  ['aud a number', { aud: 10000000000042 }, CLAIM, 'claims.aud'],
  ['no aud', { aud: undefined }, CLAIM, 'claims.aud'],
  ['several aud, no azp', { aud: [CLIENT_ID, 'other'], azp: undefined }, CLAIM, 'claims.azp'],
  ['several aud, azp of another', { aud: [CLIENT_ID, 'other'], azp: 'other' }, CLAIM, 'claims.azp'],
  ['azp of another', { azp: 'other' }, CLAIM, 'claims.azp'],
  ['nonce of another login', { nonce: 'other' }, CLAIM, 'claims.nonce'],
  ['no nonce', { nonce: undefined }, CLAIM, 'claims.nonce'],
  ['exp passed', { exp: NOW - 60 }, 'ERR_JWT_EXPIRED', 'claims.exp'],
  ['no exp', { exp: undefined }, CLAIM, 'claims.exp'],
  ['iat too old', { iat: NOW - 360 }, 'ERR_JWT_EXPIRED', 'claims.iat'],
  ['iat in the future', { iat: NOW + 62 }, CLAIM, 'claims.iat'],
  ['no iat', { iat: undefined }, CLAIM, 'claims.iat'],
  ['no message type', { [`${LTI}message_type`]: undefined }, MESSAGE, `claims.${LTI}message_type`],
  ['a version of another', { [`${LTI}version`]: '1.1.0' }, MESSAGE, `claims.${LTI}version`],
  ['no deployment', { [`${LTI}deployment_id`]: undefined }, MESSAGE, `claims.${LTI}deployment_id`],
  ['a resource link without id', { [`${LTI}resource_link`]: {} }, MESSAGE, `claims.${LTI}resource_link.id`],
  ['no resource link', { [`${LTI}resource_link`]: undefined }, MESSAGE, `claims.${LTI}resource_link`],
  ['an empty sub', { sub: '' }, MESSAGE, 'claims.sub'],
];
for (const [what, claims, code, at] of CLAIMS) {
  test(`claims: ${what}`, () => rejects(() => launch({ claims }), code, at));
}

test('the times hold to the second', async () => {
  await launch({ claims: { exp: NOW - 58 } });
  await launch({ claims: { iat: NOW - 359 } });
  await launch({ claims: { iat: NOW + 61 } });
  await rejects(() => launch({ claims: { exp: NOW + 1 }, options: { clockTolerance: 0 } }), 'ERR_JWT_EXPIRED', 'claims.exp');
  await launch({ claims: { exp: NOW + 2 }, options: { clockTolerance: 0 } });
});

test('a deployment that is not in the registration', async () => {
  const platforms = { ...platform, deployments: ['1:other'] };
  await rejects(() => launch({ options: { platforms } }), 'ERR_LTI_DEPLOYMENT_UNKNOWN', `claims.${LTI}deployment_id`);
  // What the login said does not count.
  await rejects(() => launch({ login: { lti_deployment_id: '1:other' }, options: { platforms } }), 'ERR_LTI_DEPLOYMENT_UNKNOWN');
});

const other = await generateKeyPair('RS256', { extractable: true });
const spki = await exportSPKI(await importJWK(publicJwk, 'RS256'));

// [what is spoilt, what makes the token of the claims, the error's code]
const SIGNATURES = [
  ['a key of another', (claims) => sign(claims, { key: other.privateKey }), 'ERR_JWS_SIGNATURE_VERIFICATION_FAILED'],
  ['a kid of another', (claims) => sign(claims, { kid: 'two' }), 'ERR_JWKS_NO_MATCHING_KEY'],
  ['no signature', (claims) => new UnsecuredJWT(claims).encode(), 'ERR_JOSE_NOT_SUPPORTED'],
  ['no signature, by alg alone', async (claims) => (await sign(claims)).replace(/^[^.]+/, part({ alg: 'none' })), 'ERR_JOSE_NOT_SUPPORTED'],
  ['HS256 with the public key as PEM', (claims) => new SignJWT(claims).setProtectedHeader({ alg: 'HS256', kid: 'one' })
    .sign(new TextEncoder().encode(spki)), 'ERR_JOSE_ALG_NOT_ALLOWED'],
  ['HS256 with the modulus', (claims) => new SignJWT(claims).setProtectedHeader({ alg: 'HS256', kid: 'one' })
    .sign(Buffer.from(publicJwk.n, 'base64url')), 'ERR_JOSE_ALG_NOT_ALLOWED'],
  ['a key of its own in the header', async (claims) => sign(claims, { key: other.privateKey, jwk: { kty: 'RSA' } }),
    'ERR_JWS_SIGNATURE_VERIFICATION_FAILED'],
  ['an extension that must be understood', (claims) => new SignJWT(claims)
    .setProtectedHeader({ alg: 'RS256', kid: 'one', crit: ['x'], x: 1 }).sign(other.privateKey, { crit: { x: true } }),
  'ERR_JOSE_NOT_SUPPORTED'],
  ['text that is no token', () => 'x', 'ERR_JWS_INVALID'],
  ['a claim that stands twice', (claims) => compact(JSON.stringify(claims).replace('{', '{"iss":"x",')), 'ERR_JWT_INVALID'],
];
const part = (header) => Buffer.from(JSON.stringify(header)).toString('base64url');
const compact = async (text) => {
  const { privateKey } = await import('./platform.mjs');
  return new CompactSign(new TextEncoder().encode(text)).setProtectedHeader({ alg: 'RS256', kid: 'one' }).sign(privateKey);
};
for (const [what, make, code] of SIGNATURES) {
  test(`signature: ${what}`, async () => {
    const { state, nonce, cookie } = await begin();
    const id_token = await make(launchClaims(nonce));
    await rejects(() => verify({ id_token, state }, { cookie: cookieOf(cookie) }), code);
  });
}

test('another RSA algorithm is refused although the key allows it', async () => {
  const { alg, ...any } = publicJwk;
  const { privateKey } = await generateKeyPair('RS256', { extractable: true }).then(() => import('./platform.mjs'));
  const jwk = await crypto.subtle.exportKey('jwk', privateKey);
  const { state, nonce, cookie } = await begin();
  const key = await importJWK({ ...jwk, alg: 'RS512' }, 'RS512');
  const id_token = await new SignJWT(launchClaims(nonce)).setProtectedHeader({ alg: 'RS512', kid: 'one' }).sign(key);
  await rejects(() => verify({ id_token, state }, { keys: { keys: [any] }, cookie: cookieOf(cookie) }), 'ERR_JOSE_ALG_NOT_ALLOWED');
});

test('each character of a launch counts', async () => {
  const { state, nonce, cookie } = await begin();
  const id_token = await sign(launchClaims(nonce));
  const good = { id_token, state };
  await verify(good, { cookie: cookieOf(cookie) });
  const flip = (text, place) => text.slice(0, place) + (text[place] === 'A' ? 'B' : 'A') + text.slice(place + 1);
  const places = (text) => Array.from({ length: 40 }, (_, i) => Math.floor((i * (text.length - 1)) / 39));
  for (const place of places(state)) {
    const form = { ...good, state: flip(state, place) };
    await rejects(() => verify(form, { cookie: cookieOf(cookie) }), 'ERR_LTI_STATE_INVALID', 'state');
  }
  for (const place of places(id_token)) {
    const form = { ...good, id_token: flip(id_token, place) };
    const { code } = await rejects(() => verify(form, { cookie: cookieOf(cookie) }));
    assert.match(code, /^ERR_(JWS|JWKS|JOSE)_/);
  }
  const pair = cookieOf(cookie);
  for (const place of places(pair)) {
    await rejects(() => verify(good, { cookie: flip(pair, place) }), 'ERR_LTI_STATE_NOT_BOUND', 'state');
  }
});

// ── The state ──

test('a state that is none of ours', async () => {
  const { state, nonce, cookie } = await begin();
  const id_token = await sign(launchClaims(nonce));
  const refused = (form, message) => rejects(() => verify({ id_token, ...form }, { cookie: cookieOf(cookie) }), 'ERR_LTI_STATE_INVALID')
    .then((error) => message && assert.match(error.message, message));
  await refused({}, /no state/);
  await refused({ state: '' }, /no state/);
  await refused({ state: 'random' });
  await refused({ state: `${state}.` });
  // Signed by whoever knows the secret, but for another purpose: the keys are derived.
  const [header, claims] = state.split('.');
  await refused({ state: `${header}.${claims}.${createHmac('sha256', SECRET).update(`${header}.${claims}`).digest('base64url')}` });
  await refused({ state: await begin({}, { secret: 'the secret of another tool, long enough too' }).then((login) => login.state) });
  await refused({ state: [state, state] }, /stands twice/);
  await refused({ state: `${part({ typ: 'lti-state+jwt', alg: 'none' })}.${claims}.` });
});

test('a state that has expired', async () => {
  const { state, nonce, cookie } = await begin({}, { lifetime: 5 });
  const form = { id_token: await sign(launchClaims(nonce)), state };
  await rejects(() => verify(form, { now: NOW + 5, cookie: cookieOf(cookie) }), 'ERR_LTI_STATE_INVALID', 'state');
  await verify(form, { now: NOW + 4.9, cookie: cookieOf(cookie) });
});

test('no key and no platform is looked for while the state is not ours, and none without its binding', async () => {
  const { state, nonce } = await begin();
  let asked = 0;
  const platforms = () => { asked += 1; return platform; };
  const id_token = await sign(launchClaims(nonce));
  const options = { platforms, keys: () => { asked += 1; return keys; } };
  await rejects(() => verify({ id_token, state: 'x' }, options), 'ERR_LTI_STATE_INVALID');
  await rejects(() => verify({ id_token, state }, { ...options, now: NOW + 601 }), 'ERR_LTI_STATE_INVALID');
  assert.equal(asked, 0);
});

// ── Attacks ──

test('login CSRF: a whole launch of the attacker, in the browser of somebody else', async () => {
  const { state, nonce, cookie, storage } = await begin();
  const form = { id_token: await sign(launchClaims(nonce)), state, lti_storage_target: storage.target };
  const bound = (options) => rejects(() => verify(form, options), 'ERR_LTI_STATE_NOT_BOUND', 'state');
  await bound({});
  await bound({ cookie: '' });
  // The cookie of a login of the victim's own.
  const own = await begin();
  await bound({ cookie: cookieOf(own.cookie) });
  // That cookie's value under this login's name.
  const name = cookieOf(cookie).split('=')[0];
  await bound({ cookie: `${name}=${own.storage.value}` });
  // The attacker brings his right stored value along: from his page, or without an origin.
  for (const origin of ['https://attacker.test', 'null', null, 'https://tool.test.attacker.test', 'http://tool.test', 'https://tool.test:444']) {
    const error = await bound({ stored: { value: storage.value, origin } });
    assert.match(error.message, /Origin|another origin/);
  }
  // A stored value of another login, from the tool's own page.
  const error = await bound({ stored: { value: own.storage.value, origin: 'https://tool.test' } });
  assert.match(error.message, /the stored value is another's/);
  assert.deepEqual(error.storage, { target: storage.target, origin: storage.origin, key: storage.key });
  for (const secret of [storage.value, own.storage.value, state, form.id_token]) assert.ok(!JSON.stringify({ ...error, m: error.message }).includes(secret));
});

test('an id token of another login is of no use', async () => {
  const [mine, theirs] = [await begin(), await begin()];
  const form = { id_token: await sign(launchClaims(theirs.nonce)), state: mine.state };
  await rejects(() => verify(form, { cookie: cookieOf(mine.cookie) }), CLAIM, 'claims.nonce');
});

test('a launch of another platform that shares the keys is refused: the platform is the state\'s', async () => {
  const beta = lti.canvasPlatform({ clientId: CLIENT_ID, environment: 'beta' });
  const claims = { iss: beta.issuer };
  await rejects(() => launch({ claims, options: { platforms: [platform, beta], keys: () => keys } }), CLAIM, 'claims.iss');
  await rejects(() => launch({ options: { platforms: beta } }), 'ERR_LTI_PLATFORM_UNKNOWN');
  await rejects(() => launch({ options: { platforms: () => beta, keys: () => keys } }), 'ERR_LTI_PLATFORM_UNKNOWN');
});

test('a launch is taken once', async () => {
  const names = new Set();
  const claimNonce = async (name) => !names.has(name) && Boolean(names.add(name));
  const { state, nonce, cookie } = await begin();
  const form = { id_token: await sign(launchClaims(nonce)), state };
  const options = { claimNonce, cookie: cookieOf(cookie) };
  await verify(form, options);
  await rejects(() => verify(form, options), 'ERR_LTI_NONCE_USED', 'claims.nonce');
});

test('a store that fails refuses', async () => {
  const down = new Error('down');
  const failing = [() => { throw down; }, () => Promise.reject(down), async () => { throw down; }];
  for (const claimNonce of [...failing, ...failing.map((add) => ({ add }))]) {
    const error = await rejects(() => launch({ options: { claimNonce } }), 'ERR_STORE', 'options.claimNonce');
    assert.equal(error.cause, down);
  }
  for (const answer of [undefined, null, 1, 'true', {}]) {
    for (const claimNonce of [() => answer, { add: () => answer }]) {
      await rejects(() => launch({ options: { claimNonce } }), 'ERR_ARGUMENT', 'options.claimNonce');
    }
  }
  const platforms = () => { throw down; };
  const error = await rejects(() => launch({ options: { platforms, keys: () => keys } }), 'ERR_STORE', 'options.platforms');
  assert.equal(error.cause, down);
  for (const fails of failing) {
    assert.equal((await rejects(() => launch({ options: { keys: fails } }), 'ERR_STORE', 'options.keys')).cause, down);
  }
  for (const none of [null, 7, {}]) await rejects(() => launch({ options: { keys: async () => none } }), 'ERR_ARGUMENT', 'options.keys');
  await rejects(() => begin({}, { platforms }), 'ERR_STORE', 'options.platforms');
  for (const none of [undefined, null]) {
    const { message, spec } = await rejects(() => begin({}, { platforms: () => none }), 'ERR_LTI_PLATFORM_UNKNOWN');
    assert.match(`${message} ${spec}`, /no platform with issuer ".+" and client id ".+".* §5\.1\.1\.1/);
  }
  await rejects(() => begin({}, { platforms: () => ({}) }), 'ERR_ARGUMENT', 'options.platforms.issuer');
});

// ── What the platform refuses ──

const REFUSALS = {
  login_required: /cookies are blocked inside the frame.*open the tool in a new window/,
  unauthorized_client: /developer key is off, or the tool is not installed/,
  launch_no_longer_valid: /five minutes.*reload/,
  invalid_request_object: /lacks a parameter/,
  something_new: /refused the login with something_new; open/,
};
for (const [code, message] of Object.entries(REFUSALS)) {
  test(`the platform refuses: ${code}`, async () => {
    const { state } = await begin();
    const form = { error: code, error_description: 'Must have an active user session', state, utf8: '✓' };
    // Whatever browser brings it, and however late.
    const error = await rejects(() => verify(form, { now: NOW + 9999 }), 'ERR_LTI_LAUNCH_REFUSED');
    assert.equal(error.oauthError, code);
    assert.match(error.message, message);
    assert.deepEqual(error.body, { error: code, error_description: 'Must have an active user session' });
    await rejects(() => verify({ ...form, state: 'x' }), 'ERR_LTI_STATE_INVALID');
    await rejects(() => verify({ error: code }), 'ERR_LTI_LAUNCH_REFUSED');
  });
}

test('an error is no way for other text', async () => {
  for (const error of ['<script>alert(1)</script>é', 'x'.repeat(65), 'a\nb']) {
    const thrown = await rejects(() => verify({ error, error_description: 'eyJhbGciOiJSUzI1NiJ9.e30.AAAA and more' }), 'ERR_LTI_LAUNCH_REFUSED');
    assert.ok(!thrown.message.includes(error));
    assert.equal(thrown.body.error_description, '[blanked] and more');
  }
  // Refused, although there is a token too.
  await rejects(() => launch({ form: { error: 'login_required' } }), 'ERR_LTI_LAUNCH_REFUSED');
});

test('a launch without a token', async () => {
  await rejects(() => launch({ form: { id_token: undefined } }), MESSAGE, 'id_token');
  await rejects(() => launch({ form: { id_token: '' } }), MESSAGE, 'id_token');
});

// ── Logins ──

const LOGINS = [
  ['no iss', { iss: undefined }, 'ERR_LTI_LOGIN_INVALID', 'iss'],
  ['an empty login_hint', { login_hint: '' }, 'ERR_LTI_LOGIN_INVALID', 'login_hint'],
  ['no target_link_uri', { target_link_uri: undefined }, 'ERR_LTI_LOGIN_INVALID', 'target_link_uri'],
  ['iss twice', { iss: [platform.issuer, platform.issuer] }, 'ERR_LTI_LOGIN_INVALID', 'iss'],
  ['an optional parameter twice', { lti_message_hint: ['a', 'b'] }, 'ERR_LTI_LOGIN_INVALID', 'lti_message_hint'],
  ['two deployments', { deployment_id: '1:other' }, 'ERR_LTI_LOGIN_INVALID', 'deployment_id'],
  ['an issuer that is not known', { iss: 'https://x.test' }, 'ERR_LTI_PLATFORM_UNKNOWN'],
  ['a client id that is not known', { client_id: '1' }, 'ERR_LTI_PLATFORM_UNKNOWN'],
];
for (const [what, form, code, at] of LOGINS) test(`login: ${what}`, () => rejects(() => begin(form), code, at));

test('a login names its deployment in either way, both, or not at all', async () => {
  await begin({ lti_deployment_id: undefined });
  await begin({ lti_deployment_id: undefined, deployment_id: '1:abc' });
  await begin({ deployment_id: '1:abc' });
  await begin({ lti_message_hint: undefined });
});

test('several platforms of an issuer need the client id', async () => {
  const platforms = [platform, { ...platform, clientId: '2' }];
  await begin({}, { platforms });
  await rejects(() => begin({ client_id: undefined }, { platforms }), 'ERR_LTI_PLATFORM_UNKNOWN');
});

test('what the options may be', async () => {
  const refused = (options, at) => rejects(() => begin({}, options), 'ERR_ARGUMENT', at);
  await refused({ secret: 'a'.repeat(31) }, 'options.secret');
  await refused({ secret: [] }, 'options.secret');
  await refused({ secret: [SECRET, 'short'] }, 'options.secret');
  await refused({ secret: undefined }, 'options.secret');
  for (const redirectUri of ['/launch', 'https://u:p@tool.test/', 'https://tool.test/#x', 'ftp://tool.test/', 'https://tööl.test/', 7, undefined]) {
    await refused({ redirectUri }, 'options.redirectUri');
  }
  for (const lifetime of [0, -1, 86401, 1.5, '60', 2 ** 53]) await refused({ lifetime }, 'options.lifetime');
  for (const now of [-1, NaN, '1']) await refused({ now }, 'options.now');
  for (const platforms of [undefined, null, 'x', 7]) await refused({ platforms }, 'options.platforms');
  await refused({ platforms: { ...platform, jwksUri: 'x' } }, 'options.platforms.jwksUri');
  await refused({ platforms: [{ ...platform, clientId: 7 }] }, 'options.platforms.clientId');
  await refused({ platforms: { ...platform, deployments: 'all' } }, 'options.platforms.deployments');
  const verifying = (options, at) => rejects(() => launch({ options }), 'ERR_ARGUMENT', at);
  await verifying({ cookie: 7 }, 'options.cookie');
  await verifying({ stored: { value: 7, origin: null } }, 'options.stored.value');
  await verifying({ stored: { value: 'x', origin: 7 } }, 'options.stored.origin');
  await verifying({ stored: 'x' }, 'options.stored');
  for (const claimNonce of [true, null, 'x']) await verifying({ claimNonce }, 'options.claimNonce');
  for (const claimNonce of [{}, { get() {}, set() {}, delete() {} }, { add: 1 }, { get add() { throw new Error(); } }]) {
    await verifying({ claimNonce }, 'options.claimNonce.add');
  }
  await verifying({ clockTolerance: -1 }, 'options.clockTolerance');
  await verifying({ secret: 'short' }, 'options.secret');
  for (const [options, at] of [
    [{}, 'options.clientId'], [{ clientId: '' }, 'options.clientId'], [{ clientId: 1, environment: 'prod' }, 'options.environment'],
    [{ clientId: 1, baseUrl: 'x' }, 'options.baseUrl'], [{ clientId: 1, environment: 'test', baseUrl: 'https://x.test' }, 'options.baseUrl'],
    [{ clientId: 1, issuer: 'https://x.test' }, 'options.issuer'],
  ]) {
    assert.throws(() => lti.canvasPlatform(options), { code: 'ERR_ARGUMENT', at });
  }
});

test('what is no text in a form is left out', async () => {
  // What parsers of queries make of `x[y]=1`, `x[]=…` and the like.
  const others = { x: { y: '1' }, y: [{ z: '1' }, ['1'], null], n: null, i: 1, b: true };
  await begin(others);
  await launch({ form: { ...others, state2: {} } });
  for (const iss of [{ x: platform.issuer }, 7, null, [], [{}]]) await rejects(() => begin({ iss }), 'ERR_LTI_LOGIN_INVALID', 'iss');
  await begin({ iss: [platform.issuer, { x: '1' }] });
  await rejects(() => begin({ iss: [platform.issuer, { x: '1' }, platform.issuer] }), 'ERR_LTI_LOGIN_INVALID', 'iss');
});

test('forms that are none', async () => {
  const options = { platforms: platform, redirectUri: 'https://tool.test/', secret: SECRET };
  const thrown = new Error('mine');
  const throws = { get iss() { throw thrown; } };
  for (const [form, at] of [
    [undefined, 'request'], [null, 'request'], [7, 'request'], [new Map(), 'request'], [['a'], 'request'],
    [throws, 'request.iss'], [{ iss: '\ud800' }, 'request.iss'],
    [{ iss: 'x'.repeat(2 ** 24 + 1) }, 'request.iss'], ['x'.repeat(2 ** 24 + 1), 'request'],
    [Object.fromEntries(Array.from({ length: 1001 }, (_, i) => [`a${i}`, ''])), 'request'],
    [new URLSearchParams('a=b&'.repeat(1001)), 'request'],
    [new Proxy({}, { ownKeys() { throw thrown; } }), 'request'],
    [{ [Symbol.toStringTag]: 'FormData', [Symbol.iterator]() { throw thrown; } }, 'request'],
    [{ [Symbol.toStringTag]: 'FormData', *[Symbol.iterator]() { for (;;) yield ['a', 'b']; } }, 'request'],
    [{ [Symbol.toStringTag]: 'FormData', *[Symbol.iterator]() { yield null; } }, 'request'],
  ]) {
    await rejects(() => lti.beginLaunch(form, options), 'ERR_ARGUMENT', at);
  }
  assert.equal((await rejects(() => lti.beginLaunch(throws, options))).cause, thrown);
  await rejects(() => lti.verifyLaunch(7, { ...options, keys }), 'ERR_ARGUMENT', 'response');
});
