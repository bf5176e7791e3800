// A misspelt option is found, as it would be as one that was not given: replays then pass. What an option lacks is said so that
// one knows what to do.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  beginLaunch, canvasPlatform, inspect, isTokenError, LtiServices, remoteJwks, requestAccessToken, requestServiceToken, signJwt,
  verifyJws, verifyLaunch, verifyNotice,
} from 'canvas-lms-tokens';
import { endpoint, open } from './services.mjs';
import { KEY, PLATFORM } from './tool.mjs';

const platforms = canvasPlatform({ clientId: '10000000000042' });
const both = { platforms, redirectUri: 'https://tool.test/launch', secret: 'x'.repeat(32), cookie: null };
const request = { iss: platforms.issuer, client_id: '10000000000042', login_hint: 'h', target_link_uri: 'https://tool.test/' };

const says = async (call, at, fault) => {
  const error = await (async () => call())().then(() => assert.fail(`${at} was taken`), (reason) => reason);
  assert.ok(isTokenError(error), error);
  assert.deepEqual([error.code, error.at, error.message], ['ERR_ARGUMENT', at, `${at}: ${fault}`]);
};
const refused = (call, at, expected) => says(call, at, `unknown, expected perhaps ${expected}`);

test('the nearest known name is given', async () => {
  await refused(() => canvasPlatform({ clientId: '1', baseURL: 'https://canvas.test' }), 'options.baseURL', 'baseUrl');
  await refused(() => beginLaunch(request, { ...both, lifetim: 5 }), 'options.lifetim', 'lifetime');
  await refused(() => verifyLaunch('', { ...both, claimNonces: () => false }), 'options.claimNonces', 'claimNonce');
  await refused(() => verifyLaunch('', { ...both, timeOut: 1 }), 'options.timeOut', 'timeout');
  await refused(() => verifyNotice('a.b.c', { platforms, claimnonce: () => false }), 'options.claimnonce', 'claimNonce');
});

test('one object may hold the options of both, and what is long or strange is not repeated', async () => {
  const { state } = await beginLaunch(request, { ...both, clockTolerance: 1, fetch, retries: 0 });
  await assert.rejects(verifyLaunch({ state }, both), { code: 'ERR_LTI_STATE_NOT_BOUND' });
  await assert.rejects(verifyLaunch({ state }, { ...both, ['a\u0000'.repeat(1000)]: 1 }), ({ at }) => at === `options.${'a'.repeat(40)}`);
});

test('of a name like none, all that are known are told; a part of a key has its place', async () => {
  await says(() => verifyJws('a.b.c', { secret: 's' }, { issuer: 'i' }), 'options.issuer',
    'unknown, expected algorithms, signal or timeout');
  await says(() => remoteJwks('https://canvas.test', { foo: 1 }), 'options.foo',
    'unknown, expected store, fetch, signal, timeout, retries or userAgent');
  await says(() => inspect('a.b.c', { secret: 's' }), 'options.secret', 'unknown, expected key: { secret }');
  await says(() => requestServiceToken({ platform: PLATFORM, pem: 'x', scopes: ['s'] }), 'request.pem', 'unknown, expected key: { pem }');
  await says(() => new LtiServices({ platform: PLATFORM, secret: 's', origins: [] }), 'options.secret', 'unknown, expected key: { secret }');
});

test('a platform that is looked up may be a row with columns of its own, whose names are spelt right', async () => {
  const { deployments: any, ...registration } = platforms;
  assert.equal(any, 'any');
  const row = { ...registration, id: 7, school: 'Example' };
  await beginLaunch(request, { ...both, platforms: async () => row });
  await says(() => beginLaunch(request, { ...both, platforms: row }), 'options.platforms.id',
    'unknown, expected issuer, clientId, authorizationEndpoint, tokenEndpoint, jwksUri or deployments');
  await refused(() => beginLaunch(request, { ...both, platforms: () => ({ ...row, deployment: ['1:a'] }) }),
    'options.platforms.deployment', 'deployments');
});

test('what is given twice, or for nothing, is refused', async () => {
  const url = 'https://canvas.test/api/lti/accounts/1/authorize';
  await says(() => requestAccessToken({ url, assertion: 'a.b.c', lifetime: 60 }), 'request.lifetime',
    'given with assertion, which is signed as it is, expected one of them');
  const { launch } = await open();
  await says(() => LtiServices.for(launch, { key: KEY.privateKey, scopes: [] }), 'options.scopes',
    'given with a launch, which names it, expected new LtiServices for what is given');
});

test('what is lacking is said', async (t) => {
  const { launch, services } = await open();
  const key = "absent, expected the tool's private key, such as { pem } or a JWK";
  await says(() => LtiServices.for(launch, {}), 'options.key', key);
  await says(() => new LtiServices({ platform: PLATFORM, origins: ['https://school.test'] }), 'options.key', key);
  const one = 'expected the URL of one line item: the id of a LineItem, or lineItems.lineItem of a launch, where it has one';
  const score = { userId: 'u', scoreGiven: 1, scoreMaximum: 1, activityProgress: 'Completed', gradingProgress: 'FullyGraded' };
  await says(() => services.postScore(undefined, score), 'url', `absent, ${one}`);
  await says(() => services.postScore(endpoint(launch).lineitems, score), 'url', `the URL of all line items of the context, ${one}`);
  await says(() => services.lineItems(undefined).next(), 'url', 'absent, expected the lineItems.url of a launch');
  const own = globalThis.fetch;
  t.after(() => { globalThis.fetch = own; });
  globalThis.fetch = undefined;
  await says(() => requestAccessToken({ url: 'https://canvas.test/', sub: 1, secret: 's' }), 'request.fetch',
    'absent, and this runtime has none of its own, expected a function as the Fetch standard has it, such as that of undici');
});

test('claimNonce says what it must give', async () => {
  const lti = 'https://purl.imsglobal.org/spec/lti/claim/';
  const now = Math.floor(Date.now() / 1000);
  const jwt = await signJwt({
    iss: platforms.issuer, aud: platforms.clientId, iat: now, exp: now + 60, nonce: 'n', [`${lti}version`]: '1.3.0',
    [`${lti}deployment_id`]: '1:a', [`${lti}notice`]: { id: 'n', type: 'LtiHelloWorldNotice', timestamp: '2026-03-01T09:30:00Z' },
  }, KEY.privateKey);
  const expected = 'expected true for the first caller with this name, false for every other one';
  const take = (claimNonce) => verifyNotice(jwt, { platforms, keys: KEY.publicKey, claimNonce });
  await take(() => true);
  await says(() => take(async () => {}), 'options.claimNonce', `gave nothing, ${expected}`);
  await says(() => take(() => 'OK'), 'options.claimNonce', `gave a string, ${expected}`);
});
