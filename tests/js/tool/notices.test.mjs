// Notices, as Canvas posts them to the tool's handler.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ORIGIN, html, launch, makeWorld } from './world.mjs';

const HANDLER = `${ORIGIN}/lti/notices`;
const subscribe = async (launched, { services }) => {
  await services.setNoticeHandler(launched.notices.url, { type: 'LtiHelloWorldNotice', handler: HANDLER });
  return html('subscribed');
};

/** A tool that has subscribed: {world, taken, body (of Canvas's greeting), post(body)}. */
async function subscribed(options = {}) {
  const taken = [];
  const world = makeWorld({
    onLaunch: subscribe,
    onNotice: (notice, context) => { taken.push({ notice, context }); },
    ...options,
  });
  assert.equal((await launch(world)).status, 200);
  const sent = world.canvas.notices.at(-1);
  const post = async (body) => {
    const response = await world.tool.fetch(new Request(HANDLER, { method: 'POST', body: typeof body === 'string' ? body : JSON.stringify(body) }));
    return { status: response.status, body: await response.json() };
  };
  return { world, taken, sent, body: { notices: sent.notices }, post };
}

test('Canvas greets a handler, and the notice is taken', async () => {
  const { taken, sent } = await subscribed();
  assert.equal(sent.status, 200);
  const [{ notice, context }] = taken;
  assert.equal(notice.type, 'LtiHelloWorldNotice');
  assert.equal(context.request.url, HANDLER);
  assert.equal(taken.length, 1);
});

test('a notice is taken once', async () => {
  const { taken, body, post } = await subscribed();
  const { status, body: { errors } } = await post(body);
  assert.deepEqual([status, errors.map(({ index, code }) => ({ index, code })), taken.length], [403, [{ index: 0, code: 'ERR_LTI_NONCE_USED' }], 1]);
});

test('of several, those that are good are taken, and the others told', async () => {
  const heard = [];
  const { world, taken, post } = await subscribed({ claimNonce: false, onError: ({ code }) => { heard.push(code); } });
  const [{ jwt }] = world.canvas.notices.at(-1).notices;
  const [header, payload, signature] = jwt.split('.');
  const forged = [header, Buffer.from(payload, 'base64url').toString().replace('HelloWorld', 'ContextCopy'), signature];
  forged[1] = Buffer.from(forged[1]).toString('base64url');
  const { status, body: { errors } } = await post({ notices: [{ jwt: 'nonsense' }, { jwt }, { jwt: forged.join('.') }] });
  assert.deepEqual(errors.map(({ index, code }) => [index, code]), [[0, 'ERR_JWS_INVALID'], [2, 'ERR_JWS_SIGNATURE_VERIFICATION_FAILED']]);
  assert.equal(status, 403);
  assert.equal(taken.length, 2);
  assert.deepEqual(heard, ['ERR_JWS_INVALID', 'ERR_JWS_SIGNATURE_VERIFICATION_FAILED']);
});

test('what is no notice is told in JSON', async () => {
  const { taken, post } = await subscribed();
  for (const body of ['', '{', '[]', '{"notices":{}}', '{"notices":[7]}', '{"notices":[{"jwt":7}]}', 'null']) {
    const { status, body: { errors: [{ code }] } } = await post(body);
    assert.deepEqual([status, code], [400, 'ERR_LTI_MESSAGE_INVALID'], body);
  }
  assert.equal((await post({ notices: [] })).status, 200);
  assert.equal(taken.length, 1);
});

test('an error of the tool’s own handler is its own', async () => {
  const { world, body } = await subscribed({ claimNonce: false });
  const failing = makeWorld({ onNotice: () => { throw new RangeError('mine'); }, fetch: world.canvas.fetch });
  await assert.rejects(() => failing.tool.fetch(new Request(HANDLER, { method: 'POST', body: JSON.stringify(body) })), RangeError);
});

test('what fails is heard of, and no notice is lost to another’s failure', async () => {
  const { world, body: { notices: [notice] } } = await subscribed({ claimNonce: false });
  const [given, heard] = [[], []];
  const thrown = [
    () => { throw new RangeError('mine'); },
    () => { throw Object.assign(new Error('a secret of the tool'), { name: 'TokenError', code: 'ERR_FETCH' }); },
    () => undefined,
  ];
  const failing = makeWorld({
    claimNonce: false, fetch: world.canvas.fetch,
    onNotice: (one) => { given.push(one); thrown[given.length - 1](); },
    onError: (error) => { heard.push(error.code); },
  });
  const post = (notices) => failing.tool.fetch(new Request(HANDLER, { method: 'POST', body: JSON.stringify({ notices }) }));
  await assert.rejects(() => post([notice, notice, { jwt: 'nonsense' }, notice]), RangeError);
  assert.deepEqual([given.length, heard], [3, ['ERR_FETCH', 'ERR_JWS_INVALID']]);
  given.length = 1;
  const answer = await post([notice]);
  assert.deepEqual([answer.status, await answer.json()], [502, { errors: [{ index: 0, code: 'ERR_FETCH', status: 502 }] }]);
});

test('more notices than Canvas sends at once are refused before any is looked at', async () => {
  const { taken, body: { notices: [notice] }, post } = await subscribed({ claimNonce: false });
  const { status, body: { errors: [{ code, message }] } } = await post({ notices: Array(101).fill(notice) });
  assert.deepEqual([status, code, taken.length], [413, 'ERR_LTI_MESSAGE_INVALID', 1]);
  assert.match(message, /101 notices, expected at most 100/);
  assert.equal((await post({ notices: Array(100).fill({ jwt: '' }) })).body.errors.length, 100);
});

test('a tool without onNotice has no such path', async () => {
  assert.equal(await makeWorld().tool.handle(new Request(HANDLER, { method: 'POST', body: '{}' })), null);
});
