// A misspelt option of a login, launch or notice is found: it would be as one that was not given, replays then pass.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { beginLaunch, canvasPlatform, isTokenError, verifyLaunch, verifyNotice } from 'canvas-lms-tokens';

const platforms = canvasPlatform({ clientId: '10000000000042' });
const both = { platforms, redirectUri: 'https://tool.test/launch', secret: 'x'.repeat(32), cookie: null };
const request = { iss: platforms.issuer, client_id: '10000000000042', login_hint: 'h', target_link_uri: 'https://tool.test/' };

const refused = async (call, at, expected) => {
  const error = await (async () => call())().then(() => assert.fail(`${at} was taken`), (reason) => reason);
  assert.ok(isTokenError(error), error);
  assert.deepEqual([error.code, error.at, error.message], ['ERR_ARGUMENT', at, `${at}: unknown, expected perhaps ${expected}`]);
};

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
