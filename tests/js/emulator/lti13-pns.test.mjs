// Notice handlers, and the notices that are sent to them.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { createLocalJWKSet, jwtVerify } from 'jose';
import { HOST, NOW } from './canvas.mjs';
import { CLIENT, COURSE, ESSAY, KEY, open, refused, SCHOOL, SCOPE, SUE, TOOL, TWO_TOOLS } from './services.mjs';

const PATH = '/api/lti/notice-handlers/7';
const HANDLER = 'https://tool.example/notices';
const [HELLO, SUBMISSION, COPY, CONTRIBUTION] = [
  'LtiHelloWorldNotice', 'LtiAssetProcessorSubmissionNotice', 'LtiContextCopyNotice', 'LtiAssetProcessorContributionNotice',
];
const claim = (name) => `https://purl.imsglobal.org/spec/lti/claim/${name}`;
const DEPLOYMENT = `7:${SCHOOL.ltiId}`;

/** A tool that is sent notices. */
function tool(status = 200) {
  const received = [];
  const fetch = async (url, { method, headers, body, signal }) => {
    assert.equal(signal.aborted, false);
    received.push({ url, method, type: headers['content-type'], ...JSON.parse(body) });
    return new Response(null, { status });
  };
  return { received, fetch };
}

async function opened({ jwt }, { canvas }) {
  const { body } = await canvas.get('/api/lti/security/jwks');
  const options = {
    issuer: 'https://canvas.instructure.com', audience: String(CLIENT), currentDate: new Date(NOW * 1000), algorithms: ['RS256'],
  };
  const { payload, protectedHeader } = await jwtVerify(jwt, createLocalJWKSet(body), options);
  const { present } = (await canvas.keys()).lti;
  assert.deepEqual(protectedHeader, { typ: 'JWT', alg: 'RS256', kid: present.kid });
  return payload;
}

test('handlers are listed, each type once; the client id is a number', async () => {
  const { get, put } = await open();
  const empty = await get(PATH);
  assert.equal(empty.status, 200);
  assert.deepEqual(empty.body, {
    client_id: CLIENT, deployment_id: DEPLOYMENT,
    notice_handlers: [HELLO, SUBMISSION, COPY, CONTRIBUTION].map((notice_type) => ({ notice_type, handler: '' })),
  });
  assert.match(empty.text, /"client_id":10000000000042,/);
  const sent = { notice_type: COPY, handler: HANDLER, max_batch_size: 10 };
  const made = await put(PATH, { json: { ...sent, extra: 1 } });
  assert.deepEqual([made.status, made.body], [200, sent]);
  const { body } = await get(PATH);
  assert.deepEqual(body.notice_handlers.map(({ notice_type }) => notice_type), [COPY, HELLO, SUBMISSION, CONTRIBUTION]);
  assert.deepEqual(body.notice_handlers[0], sent);
  const gone = await put(PATH, { json: { notice_type: COPY, handler: '' } });
  assert.deepEqual([gone.status, gone.body], [200, { notice_type: COPY, handler: '' }]);
  assert.deepEqual((await get(PATH)).body, empty.body);
});

test('a client id beyond 2^53 keeps its digits', async () => {
  const id = 90000000000000042n;
  const options = { developerKeys: [{ ...KEY, id }], tools: [{ ...TOOL, developerKeyId: id }] };
  const { get } = await open(options, { sub: String(id) });
  assert.match((await get(PATH)).text, /"client_id":90000000000000042,/);
});

for (const handler of [HANDLER, 'https://sub.tool.example/x', 'https://elsewhere.example/launch']) {
  test(`a handler at ${handler}`, async () => {
    const key = { ...KEY, domain: 'tool.example', redirectUris: ['https://elsewhere.example/launch'] };
    const { put, canvas } = await open({ developerKeys: [key] });
    assert.equal((await put(PATH, { json: { notice_type: COPY, handler } })).status, 200, canvas.reason());
  });
}

const NO_URL = 'handler must be a valid URL or an empty string';
const FOREIGN = "Validation failed: Url should match tool's domain or redirect uri";
for (const [name, changes, message] of [
  ['no handler', { handler: undefined }, NO_URL],
  ['a null', { handler: null }, NO_URL],
  ['a handler that is no URL', { handler: 'notices' }, 'Validation failed: Url is not a valid URL'],
  ["another's handler", { handler: 'https://evil.example/tool.example' }, FOREIGN],
  ['a host that ends alike', { handler: 'https://eviltool.example/' }, FOREIGN],
  ['a type that there is not', { notice_type: 'LtiGoodbyeNotice' },
    `Validation failed: Notice type unknown, must be one of [${HELLO}, ${SUBMISSION}, ${COPY}, ${CONTRIBUTION}]`],
  ['small batches', { max_batch_size: 9 }, 'Validation failed: Max batch size must be greater than or equal to 10'],
  ['batches of no number', { max_batch_size: 'x' }, 'Validation failed: Max batch size is not a number'],
  ['batches of no whole number', { max_batch_size: 10.5 }, 'Validation failed: Max batch size must be an integer'],
  ['two things', { max_batch_size: 1, handler: 'x' },
    'Validation failed: Max batch size must be greater than or equal to 10, Url is not a valid URL'],
]) {
  test(`${name} is refused`, async () => {
    const { put, canvas } = await open();
    const json = { notice_type: COPY, handler: HANDLER, ...changes };
    refused(await put(PATH, { json }), 400, 'bad_request', message);
    assert.equal(canvas.records.noticeHandlers.size, 0);
  });
}

test('a notice type is needed', async () => {
  const { status, body } = await (await open()).put(PATH, { json: { handler: HANDLER } });
  assert.deepEqual([status, body], [400, { errors: [{ message: 'notice_type is missing' }] }]);
});

for (const [name, options, path, claims, code, type, message] of [
  ['of another tool', TWO_TOOLS, '/api/lti/notice-handlers/8', {}, 403, 'forbidden', 'permission denied'],
  ['of no tool', {}, '/api/lti/notice-handlers/99', {}, 404, 'not_found', 'not found'],
  ['of a tool that is removed', { tools: [{ ...TOOL, active: false }] }, PATH, {}, 404, 'not_found', 'not found'],
  ['of a tool whose course is gone', { tools: [{ ...TOOL, courseId: 99 }] }, PATH, {}, 404, 'not_found', 'Context not found'],
  ['of a key that is off', { developerKeys: [{ ...KEY, enabled: false }] }, PATH, {}, 401, 'unauthorized',
    'Invalid Developer Key'],
  ['without the scope', {}, PATH, { scopes: SCOPE.item }, 401, 'unauthorized', 'Insufficient permissions'],
]) {
  test(`the handlers ${name} are refused`, async () => {
    const { get, put } = await open(options, claims);
    refused(await get(path), code, type, message);
    refused(await put(path, { json: { notice_type: COPY, handler: HANDLER } }), code, type, message);
  });
}

test('whoever subscribes to be greeted is greeted at once', async () => {
  const { received, fetch } = tool();
  const client = await open({ fetch });
  const { status } = await client.put(PATH, { json: { notice_type: HELLO, handler: HANDLER } });
  assert.equal(status, 200);
  assert.equal(received.length, 1);
  const { notices, ...sent } = received[0];
  assert.deepEqual(sent, { url: HANDLER, method: 'POST', type: 'application/json' });
  const { nonce, ...claims } = await opened(notices[0], client);
  const { id, ...notice } = claims[claim('notice')];
  for (const uuid of [nonce, id]) assert.match(uuid, /^[0-9a-f-]{36}$/);
  assert.deepEqual(notice, { timestamp: '2023-11-14T22:13:20Z', type: HELLO });
  delete claims[claim('notice')];
  assert.deepEqual(claims, {
    [claim('version')]: '1.3.0', aud: String(CLIENT), azp: String(CLIENT), [claim('deployment_id')]: DEPLOYMENT,
    exp: NOW + 3600, iat: NOW, iss: 'https://canvas.instructure.com',
    [claim('context')]: { id: SCHOOL.ltiId, title: SCHOOL.name, type: ['Account'] },
    'https://www.instructure.com/hello_world': {
      title: 'Hello World!',
      message: 'Congratulations! You have successfully subscribed to LtiHelloWorldNotice in Canvas.',
    },
  });
});

test('a handler that is down is not asked again, and nothing fails', async () => {
  let asked = 0;
  const fetch = async () => {
    asked += 1;
    throw new TypeError('fetch failed');
  };
  const { put, canvas } = await open({ fetch });
  assert.equal((await put(PATH, { json: { notice_type: HELLO, handler: HANDLER } })).status, 200);
  assert.equal(asked, 1);
  const [{ status, error }] = canvas.notices;
  assert.deepEqual([status, error], [null, 'fetch failed']);
});

test("the fetch is nobody's method, as a page's own must not be", async () => {
  let self = null;
  const { put } = await open({ async fetch() {
    self = this;
    return new Response();
  } });
  await put(PATH, { json: { notice_type: HELLO, handler: HANDLER } });
  assert.equal(self, undefined);
});

test('without a fetch the notices are kept', async () => {
  const client = await open();
  await client.put(PATH, { json: { notice_type: HELLO, handler: HANDLER } });
  const [{ type, toolId, url, notices, status, error }] = client.canvas.notices;
  assert.deepEqual([type, toolId, url, status, error], [HELLO, 7, HANDLER, null, null]);
  assert.equal((await opened(notices[0], client))[claim('notice')].type, HELLO);
});

test('a course that was copied', async () => {
  const { received, fetch } = tool(202);
  const courses = [COURSE, { ...COURSE, id: 2, ltiId: 'new', name: 'Rhetoric 102', courseCode: 'RHET102' }];
  const client = await open({ fetch, courses });
  await client.put(PATH, { json: { notice_type: COPY, handler: HANDLER } });
  const [delivery] = await client.canvas.notify(COPY, { courseId: 2, originCourseId: 1, copiedAt: '2025-03-19T11:24:25Z' });
  assert.deepEqual([delivery.status, received.length], [202, 1]);
  const claims = await opened(received[0].notices[0], client);
  assert.equal(claims[claim('notice')].timestamp, '2025-03-19T11:24:25Z');
  assert.deepEqual(claims[claim('context')], {
    id: 'new', label: 'RHET102', title: 'Rhetoric 102', type: ['http://purl.imsglobal.org/vocab/lis/v2/course#CourseOffering'],
  });
  assert.deepEqual(claims[claim('origin_contexts')], [COURSE.ltiId]);
  for (const absent of ['message_type', 'target_link_uri', 'roles']) assert.equal(claims[claim(absent)], undefined);
  assert.equal(claims.sub, undefined);
});

test('notices come in batches', async () => {
  const { received, fetch } = tool();
  const { canvas, put } = await open({ fetch });
  await put(PATH, { json: { notice_type: COPY, handler: HANDLER, max_batch_size: 10 } });
  const events = Array.from({ length: 25 }, () => ({ courseId: 1 }));
  assert.equal((await canvas.notify(COPY, events)).length, 3);
  assert.deepEqual(received.map(({ notices }) => notices.length), [10, 10, 5]);
});

test('only tools of the course are told', async () => {
  const tools = [TOOL, { ...TOOL, id: 8, courseId: 2 }];
  const courses = [COURSE, { ...COURSE, id: 2, ltiId: 'x' }];
  const { canvas, put } = await open({ tools, courses });
  for (const id of [7, 8]) {
    await put(`/api/lti/notice-handlers/${id}`, { json: { notice_type: COPY, handler: HANDLER } });
  }
  assert.deepEqual((await canvas.notify(COPY, { courseId: 1 })).map(({ toolId }) => toolId), [7]);
  assert.deepEqual((await canvas.notify(COPY, { courseId: 2 })).map(({ toolId }) => toolId), [7, 8]);
});

test('a submission: its assets can be fetched, and their digests are right', async () => {
  const { received, fetch } = tool();
  const client = await open({ fetch });
  await client.put(PATH, { json: { notice_type: SUBMISSION, handler: HANDLER } });
  await client.canvas.notify(SUBMISSION, { submissionId: 6, baseUrl: HOST });
  const claims = await opened(received[0].notices[0], client);
  assert.deepEqual(claims[claim('for_user')], { user_id: SUE.ltiUuid });
  assert.deepEqual(claims[claim('submission')], { id: 'c0ffee00-1d2e-4f30-8a4b-5c6d7e8f9a0b:2' });
  assert.deepEqual(claims[claim('activity')], { id: ESSAY.ltiContextId, title: 'Essay' });
  assert.deepEqual(claims[claim('assetreport')], {
    scope: [SCOPE.report], report_url: `${HOST}/api/lti/asset_processors/83/reports`,
  });
  assert.deepEqual(claims[claim('custom')], { canvas_user_id: '3', canvas_course_id: '1', depth: 'full' });
  assert.equal(claims[claim('context')].id, COURSE.ltiId);
  const { lineitems } = claims['https://purl.imsglobal.org/spec/lti-ags/claim/endpoint'];
  assert.equal(lineitems, `${HOST}/api/lti/courses/1/line_items`);
  const { scope, assets } = claims[claim('assetservice')];
  assert.deepEqual([scope, assets.length], [[SCOPE.asset], 1]);
  const [{ asset_id, url, sha256_checksum, ...asset }] = assets;
  assert.deepEqual(asset, {
    timestamp: '2024-11-06T14:20:07Z', size: 6, content_type: 'text/plain', title: 'essay.txt', filename: 'essay.txt',
  });
  assert.equal(url, `${HOST}/api/lti/asset_processors/83/assets/${asset_id}`);
  const { status, text } = await client.get(url);
  assert.equal(status, 200, client.canvas.reason());
  assert.equal(createHash('sha256').update(text).digest('base64'), sha256_checksum);
  // The same asset the next time.
  await client.canvas.notify(SUBMISSION, { submissionId: 6 });
  const again = await opened(received[1].notices[0], client);
  assert.equal(again[claim('assetservice')].assets[0].asset_id, asset_id);
});

test('a contribution to a discussion, a text without a file name', async () => {
  const { received, fetch } = tool();
  const client = await open({ fetch });
  await client.put(PATH, { json: { notice_type: CONTRIBUTION, handler: HANDLER } });
  await client.canvas.notify(CONTRIBUTION, {
    assignmentId: 25, userId: 3, id: 'entry', parent: 'topic', status: 'Draft', baseUrl: HOST,
    assets: [{ content: '<p>I say</p>' }],
  });
  const claims = await opened(received[0].notices[0], client);
  const time = '2023-11-14T22:13:20Z';
  assert.deepEqual(claims[claim('contribution')], {
    id: 'entry', parent: 'topic', created: time, updated: time, status: 'Draft',
  });
  const [asset] = claims[claim('assetservice')].assets;
  assert.deepEqual([asset.content_type, asset.filename, asset.size], ['text/html', undefined, 12]);
  assert.equal((await client.get(asset.url)).text, '<p>I say</p>');
});

test('claims can be changed, and a null takes one away', async () => {
  const client = await open();
  await client.put(PATH, { json: { notice_type: COPY, handler: HANDLER } });
  const [{ notices }] = await client.canvas.notify(COPY, { courseId: 1, claims: { azp: null, extra: 1 } });
  const claims = await opened(notices[0], client);
  assert.deepEqual([claims.azp, claims.extra], [undefined, 1]);
});

test('nobody who did not subscribe is told, and what there is not is a TypeError', async () => {
  const { canvas } = await open();
  assert.deepEqual(await canvas.notify(HELLO), []);
  for (const [type, event] of [['x', {}], [COPY, {}], [COPY, { courseId: 99 }], [SUBMISSION, { submissionId: 99 }]]) {
    await assert.rejects(canvas.notify(type, event), TypeError);
  }
});

test('notices are signed with the key of the day', async () => {
  const client = await open();
  await client.put(PATH, { json: { notice_type: HELLO, handler: HANDLER } });
  assert.equal(await client.canvas.rotate(), true);
  const [{ notices }] = await client.canvas.notify(HELLO, { toolId: 7 });
  await opened(notices[0], client);
});
