import assert from 'node:assert/strict';
import { test } from 'node:test';
import { defaultSeeds } from 'canvas-lms-tokens/emulator';
import { GUID, NOT_FOUND, start, toolToken, UNAUTHENTICATED } from './canvas.mjs';

const PATH = '/api/lti/subscriptions';
const [account] = defaultSeeds.accounts;
const [proxy] = defaultSeeds.toolProxies;
const subscription = (changes = {}) => ({
  subscription: {
    ContextId: account.uuid, ContextType: 'root_account', EventTypes: ['submission_created'], Format: 'live-event',
    TransportMetadata: { Url: 'https://tool.test/hook' }, TransportType: 'https', ...changes,
  },
});

async function open(options) {
  const canvas = start(options);
  const bearer = await toolToken(canvas);
  const call = (method) => (path, json, headers) => canvas[method](path, { json, bearer, headers });
  return { canvas, post: call('post'), put: call('put'), get: call('get'), delete: call('delete') };
}

test('create, read, update, list, delete', async () => {
  const tool = await open();
  const created = await tool.post(PATH, subscription());
  assert.equal(created.status, 200);
  const { Id, ...rest } = created.body;
  assert.deepEqual(rest, subscription().subscription);
  assert.deepEqual((await tool.get(`${PATH}/${Id}`)).body, created.body);
  const updated = await tool.put(`${PATH}/${Id}`, subscription({ Format: 'caliper', Id: 'mine' }));
  assert.deepEqual([updated.status, updated.body], [200, { ...created.body, Format: 'caliper' }]);
  const list = await tool.get(PATH);
  assert.deepEqual([list.status, list.body, list.headers.get('endkey')], [200, [updated.body], null]);
  assert.equal((await tool.delete(`${PATH}/${Id}`)).status, 200);
  assert.equal((await tool.get(`${PATH}/${Id}`)).status, 404);
  assert.deepEqual((await tool.get(PATH)).body, []);
});

test('event types of a form', async () => {
  const { canvas } = await open();
  const fields = Object.entries({ ...subscription().subscription, EventTypes: undefined, TransportMetadata: undefined })
    .filter(([, value]) => value).map(([name, value]) => [`subscription[${name}]`, value]);
  fields.push(['subscription[EventTypes][]', 'a'], ['subscription[EventTypes][]', 'b']);
  fields.push(['subscription[TransportMetadata][Url]', 'u']);
  const { body } = await canvas.post(PATH, { form: fields, bearer: await toolToken(canvas) });
  assert.deepEqual([body.EventTypes, body.TransportMetadata], [['a', 'b'], { Url: 'u' }]);
});

test('pages of a hundred, from EndKey to StartKey', async () => {
  const { canvas, get } = await open();
  for (let count = 1; count <= 201; count += 1) {
    canvas.records.subscriptions.set(`s${count}`, { guid: GUID, subscription: { Id: `s${count}` } });
  }
  canvas.records.subscriptions.set('x', { guid: 'other', subscription: { Id: 'x' } });
  const pages = [];
  let headers = {};
  for (;;) {
    const page = await get(PATH, undefined, headers);
    pages.push(page.body.map(({ Id }) => Id));
    const endKey = page.headers.get('EndKey');
    if (endKey === null) break;
    headers = { StartKey: endKey };
  }
  assert.deepEqual(pages.map((page) => page.length), [100, 100, 1]);
  canvas.records.subscriptions.delete('s201');
  assert.equal((await get(PATH, undefined, { StartKey: 's100' })).headers.get('EndKey'), null);
  assert.deepEqual(pages.flat(), Array.from({ length: 201 }, (_, index) => `s${index + 1}`));
});

const INVALID = { error: 'Invalid subscription' };
const UNAUTHORIZED = { error: 'Unauthorized subscription' };
const able = (...more) => ({ toolProxies: [{ ...proxy, capabilities: ['Security.splitSecret', ...more] }] });
const forAssignment = subscription({ ContextType: 'assignment', ContextId: '25' });
for (const [name, json, status, expected, options] of [
  ['of an assignment', forAssignment, 200],
  ['course, though documented', subscription({ ContextType: 'course', ContextId: '1' }), 400, INVALID],
  ['account, though documented', subscription({ ContextType: 'account', ContextId: '1' }), 400, INVALID],
  ['unknown account', subscription({ ContextId: '1' }), 404, NOT_FOUND],
  ['unknown assignment', subscription({ ContextType: 'assignment', ContextId: '99' }), 404, NOT_FOUND],
  ['an event it may have', subscription(), 200, null, able('vnd.instructure.webhooks.assignment.submission_created')],
  ['an event it may not have', subscription({ EventTypes: ['submission_created', 'quiz_submitted'] }), 401,
    UNAUTHORIZED, able('vnd.instructure.webhooks.assignment.submission_created')],
  ['capability before context', subscription({ ContextType: 'course' }), 401, UNAUTHORIZED, able()],
  ['assignment of another tool', forAssignment, 401, UNAUTHORIZED,
    { assignments: [{ ...defaultSeeds.assignments[0], toolProxyGuid: 'other' }] }],
  ['nothing', {}, 400, { errors: [{ message: 'subscription is missing' }] }],
  ['no service', subscription(), 500, { error: 'Subscription service not configured' }, { subscriptionService: false }],
]) {
  test(`subscription: ${name}`, async () => {
    const { canvas, post } = await open(options);
    const answer = await post(PATH, json);
    assert.equal(answer.status, status, canvas.reason());
    if (expected) assert.deepEqual(answer.body, expected);
    assert.equal(canvas.records.subscriptions.size, status === 200 ? 1 : 0);
  });
}

test('the subscriptions of another tool do not exist, and a token is needed', async () => {
  const tool = await open();
  tool.canvas.records.subscriptions.set('x', { guid: 'other', subscription: { Id: 'x' } });
  assert.equal((await tool.get(`${PATH}/x`)).status, 404);
  assert.equal((await tool.delete(`${PATH}/x`)).status, 404);
  assert.equal((await tool.put(`${PATH}/x`, subscription())).status, 404);
  const { status, body } = await tool.canvas.get(PATH);
  assert.deepEqual([status, body], [401, UNAUTHENTICATED]);
});
