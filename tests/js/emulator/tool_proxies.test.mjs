import assert from 'node:assert/strict';
import { test } from 'node:test';
import { defaultSeeds } from 'canvas-lms-tokens/emulator';
import { GUID, NOT_FOUND, NOW, sign, start, toolToken } from './canvas.mjs';

const PATH = '/api/lti/accounts/1/tool_proxy';
const REG_KEY = '9359e0cd-6a69-4ca9-91b6-162cf0711a5b';
const DEV_KEY = 10000000000003;
const HALF = 'ab'.repeat(64);
const UNAUTHORIZED = { error: 'unauthorized' };

const service = (name, ...action) => ({ service: `https://canvas.test/x#${name}`, action });
const proxy = (changes = {}, contract = {}) => ({
  '@type': 'ToolProxy', lti_version: 'LTI-2p0', enabled_capability: ['Security.splitSecret'],
  security_contract: { tp_half_shared_secret: HALF, tool_service: [service('vnd.Canvas.User', 'GET')], ...contract },
  tool_profile: { product_instance: { product_info: { product_family: { code: 'c', vendor: { code: 'v.test' } } } } },
  ...changes,
});
const headers = { 'content-type': 'application/vnd.ims.lti.v2.toolproxy+json' };
const register = (canvas, bearer, json = proxy(), more = {}) =>
  canvas.post(PATH, { json, bearer, headers: { ...headers, ...more } });
const devToken = (canvas) => toolToken(canvas, { sub: DEV_KEY }, { secret: 'developer-key-secret', code: REG_KEY });
const regToken = (canvas) => toolToken(canvas, { sub: REG_KEY }, { secret: 'registration-password' });

test('a registered proxy works as sub with the joined secret', async () => {
  const canvas = start();
  const { status, body, headers: sent } = await register(canvas, await devToken(canvas));
  assert.equal(status, 201);
  assert.match(sent.get('content-type'), /^application\/vnd\.ims\.lti\.v2\.toolproxy\.id\+json(;|$)/);
  const { tc_half_shared_secret: half, ...rest } = body;
  assert.match(half, /^[0-9a-f]{128}$/);
  assert.deepEqual(rest, {
    '@context': 'http://purl.imsglobal.org/ctx/lti/v2/ToolProxyId', '@type': 'ToolProxy', '@id': null,
    tool_proxy_guid: REG_KEY,
  });
  assert.ok(await toolToken(canvas, { sub: REG_KEY }, { secret: half + HALF }));
  await assert.rejects(toolToken(canvas, { sub: REG_KEY }, { secret: HALF + half }), /VerificationFailed/);
  assert.equal(canvas.records.toolProxies.get(REG_KEY).developerKeyId, DEV_KEY);
});

test('the registration key alone registers too, without the restricted services', async () => {
  const canvas = start();
  const bearer = await regToken(canvas);
  assert.equal((await register(canvas, bearer)).status, 400);
  assert.equal((await register(canvas, bearer, proxy({}, { tool_service: [] }))).status, 201);
});

test('without a split secret there is no half', async () => {
  const canvas = start();
  const sent = proxy({ enabled_capability: [] }, { shared_secret: 's' });
  const { status, body } = await register(canvas, await devToken(canvas), sent);
  assert.equal(status, 201);
  assert.ok(!('tc_half_shared_secret' in body));
  await assert.rejects(toolToken(canvas, { sub: REG_KEY }, { secret: 's' }), /split secret/);
});

const handler = { tool_profile: { resource_handler: [{ message: [{ enabled_capability: ['Message.nonsense'] }] }] } };
const SERVICE = { id: 'https://canvas.test/x#vnd.Canvas.User', actions: ['POST'] };
for (const [name, json, expected] of [
  ['no JSON', 'nonsense', { error: 'Invalid request' }],
  ['a list', [], { error: 'Invalid request' }],
  ['a capability', proxy({ enabled_capability: ['Security.splitSecret', 'x'] }),
    { invalid_capabilities: ['x'], error: 'Invalid Capabilities' }],
  ['a capability of a message', proxy(handler),
    { invalid_capabilities: ['Message.nonsense'], error: 'Invalid Capabilities' }],
  ['a service', proxy({}, { tool_service: [service('vnd.Canvas.User', 'GET', 'POST')] }),
    { invalid_services: [SERVICE], error: 'Invalid Services' }],
  ['no half of the secret', proxy({}, { tp_half_shared_secret: '' }),
    { invalid_security_contract: ['tp_half_shared_secret'], error: 'Invalid SecurityContract' }],
  ['no secret', proxy({ enabled_capability: [] }),
    { invalid_security_contract: ['shared_secret'], error: 'Invalid SecurityContract' }],
  ['two things',
    proxy({ enabled_capability: ['OAuth.splitSecret'] }, { tool_service: [service('vnd.Canvas.User', 'POST')] }),
    { invalid_services: [SERVICE], invalid_capabilities: ['OAuth.splitSecret'],
      error: 'Invalid Services and Invalid Capabilities' }],
]) {
  test(`invalid: ${name}`, async () => {
    const canvas = start();
    const { status, body } = await register(canvas, await devToken(canvas), json);
    assert.equal(status, 400);
    assert.deepEqual(body, expected);
    assert.equal(canvas.records.toolProxies.has(REG_KEY), false);
  });
}

test('a vendor belongs to one developer key', async () => {
  const canvas = start({ toolProxies: [{ guid: 'x', vendorCode: 'v.test', developerKeyId: 10000000000004 }] });
  const { status, body } = await register(canvas, await devToken(canvas));
  assert.deepEqual([status, body], [400, { error: 'Developer key mismatch' }]);
});

test('refused without a token, or a live registration for this context', async () => {
  const canvas = start();
  const expired = await sign({ iss: 'Canvas', sub: REG_KEY, exp: NOW - 1 }, canvas.secrets.encryptionKey);
  const bearers = [undefined, 'x', expired, await toolToken(canvas, {}, { code: 'other' })];
  for (const bearer of bearers) {
    const { status, body } = await register(canvas, bearer);
    assert.deepEqual([status, body], [401, UNAUTHORIZED]);
  }
  const aud = 'https://canvas.test/api/lti/courses/1/authorize';
  const course = await toolToken(canvas, { aud, sub: DEV_KEY }, { secret: 'developer-key-secret', code: REG_KEY });
  const inCourse = await canvas.post('/api/lti/courses/1/tool_proxy', { json: proxy(), bearer: course, headers });
  assert.equal(inCourse.status, 401);
  assert.deepEqual((await canvas.post('/api/lti/accounts/9/tool_proxy', { json: proxy() })).body, NOT_FOUND);
  const bearer = await devToken(canvas);
  canvas.clock.now += 3599;
  assert.equal((await register(canvas, bearer)).status, 201);
  canvas.clock.now += 1;
  assert.equal((await register(canvas, bearer)).status, 401);
});

test('re-registration answers at once and waits for confirmation', async () => {
  const canvas = start();
  const confirm = { 'vnd-ims-confirm-url': 'https://tool.test/confirm' };
  const { status, body } = await register(canvas, await toolToken(canvas), proxy(), confirm);
  assert.equal(status, 201);
  assert.deepEqual([body.tool_proxy_guid, body['@id']], [GUID, null]);
  assert.match(body.tc_half_shared_secret, /^[0-9a-f]{128}$/);
  assert.ok(await toolToken(canvas));
  assert.equal((await register(canvas, await regToken(canvas), proxy(), confirm)).status, 401);
});

test('reading a proxy needs OAuth 1', async () => {
  const canvas = start();
  const { status, body } = await canvas.get(`/api/lti/tool_proxy/${GUID}`, { bearer: await toolToken(canvas) });
  assert.deepEqual([status, body], [401, UNAUTHORIZED]);
});

test('records are copies that may be changed', async () => {
  const canvas = start();
  const proxies = canvas.records.toolProxies;
  proxies.get(GUID).capabilities.push('x');
  proxies.set('new', { guid: 'new', secret: 's', capabilities: ['Security.splitSecret'] });
  assert.ok(await toolToken(canvas, { sub: 'new' }, { secret: 's' }));
  assert.ok(!start().records.toolProxies.get(GUID).capabilities.includes('x'));
});

test('the seeded proxy may use every service it is offered', async () => {
  const [seed] = defaultSeeds.toolProxies;
  assert.deepEqual(
    defaultSeeds.developerKeys[0].toolConsumerProfile.services.filter(
      (name) => !seed.services.some((listed) => listed.service === name)), []);
});
