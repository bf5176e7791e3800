// Ids of any size keep every digit, and no id leaves its path segment.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { defaultSeeds } from 'canvas-lms-tokens/emulator';
import { Canvas } from 'canvas-lms-tokens';
import { rejects, refuses } from '../node/copies.mjs';
import { answer, listen } from '../node/servers.mjs';
import { CALLS, run, SUBMISSION, subscription, toolProxy } from './calls.mjs';
import { answering, HOST, open, WAYS } from './site.mjs';

const BIG = 90000000000000001n;
const HUGE = 2n ** 1000n;
const BIGS = [BIG, -BIG, 2n ** 53n, -(2n ** 53n), 2n ** 64n, 12345678901234567890123456789012345678901234567890n];

// Every place of an id in a path: [name, arguments with this id, its segment].
const PLACES = [
  ['toolConsumerProfile', (id) => [{ accountId: id }, undefined], 4, 'context.accountId'],
  ['toolConsumerProfile', (id) => [{ courseId: id }, undefined], 4, 'context.courseId'],
  ['toolConsumerProfile', (id) => [{ courseId: 1 }, id], 6, 'profileId'],
  ['registerToolProxy', (id) => [{ courseId: id }, toolProxy()], 4, 'context.courseId'],
  ['createOriginalityReport', (id) => [{ ...SUBMISSION, assignmentId: id }, {}], 4, 'path.assignmentId'],
  ['createOriginalityReport', (id) => [{ ...SUBMISSION, submissionId: id }, {}], 6, 'path.submissionId'],
  ['updateOriginalityReport', (id) => [{ assignmentId: id, submissionId: 6, reportId: 1 }, {}], 4, 'path.assignmentId'],
  ['updateOriginalityReport', (id) => [{ ...SUBMISSION, reportId: id }, {}], 8, 'path.reportId'],
  ['updateOriginalityReport', (id) => [{ assignmentId: 25, fileId: id }, {}], 6, 'path.fileId'],
  ['originalityReport', (id) => [{ assignmentId: 25, submissionId: id, reportId: 1 }], 6, 'path.submissionId'],
  ['originalityReport', (id) => [{ ...SUBMISSION, reportId: id }], 8, 'path.reportId'],
  ['originalityReport', (id) => [{ assignmentId: id, fileId: 71 }], 4, 'path.assignmentId'],
  ['updateSubscription', (id) => [id, subscription()], 4, 'id'],
  ['subscription', (id) => [id], 4, 'id'],
  ['deleteSubscription', (id) => [id], 4, 'id'],
  ['submission', (id) => [{ ...SUBMISSION, assignmentId: id }], 4, 'path.assignmentId'],
  ['submission', (id) => [{ ...SUBMISSION, submissionId: id }], 6, 'path.submissionId'],
  ['submissionHistory', (id) => [{ ...SUBMISSION, submissionId: id }], 6, 'path.submissionId'],
  ['user', (id) => [id], 4, 'id'],
  ['groupUsers', (id) => [id], 4, 'groupId'],
];
const BAD = [
  '', ' ', '\n', '.', '..', '\ud800', -1, -1n, 1.5, NaN, Infinity, 2 ** 53, -(2 ** 53), 2n ** 1025n, null, true, {}, ['x'],
];
const given = (name) => CALLS.find((call) => call.name === name);
const ODD = [
  'a/b', 'a?b', 'a#b', '%', '%2e%2e', '%2F', '..%2f..', '../..', '..\\..', 'a b', ' ', 'é', '名', '😀', 'a;b=c', 'a:b@c',
  '&=+$,', "!*'()", '"<>|^`{}[]', '~-._', '...', '..;', 'a\nb\tc\rd', '\0', '/', '//', '//evil.test', 'http://evil.test/',
  '?', '#', '%00', '1/../../admin', '.%2e',
];

for (const [name, args, segment, at] of PLACES) {
  test(`${name}: ${at} stays in its segment`, async () => {
    const call = given(name);
    const { canvas, calls } = answering(answer(200, JSON.stringify(call.answer)));
    const segments = async (id) => {
      await run(canvas, { name, args: args(id) });
      const { origin, pathname, search, hash } = new URL(calls.at(-1).url);
      assert.deepEqual([origin, hash, search], [HOST, '', name === 'groupUsers' ? '?per_page=100' : '']);
      return pathname.split('/');
    };
    const usual = await segments('x');
    assert.equal(usual[segment], 'x');
    for (const id of ODD.filter((odd) => odd.trim() !== '')) {
      const found = (await segments(id)).map(decodeURIComponent);
      assert.deepEqual(found, usual.with(segment, id));
    }
    for (const id of [0, 1, 2 ** 53 - 1, 0n, BIG, HUGE, '007', String(BIG)]) {
      assert.equal((await segments(id))[segment], String(id));
    }
    const before = calls.length;
    for (const id of BAD) {
      const error = await rejects(() => run(canvas, { name, args: args(id) }), 'ERR_ARGUMENT', at);
      assert.ok(error.message.startsWith(`${at}: `), error.message);
    }
    assert.equal(calls.length, before);
  });
}

test('over HTTP too: the path arrives as it was meant', async (t) => {
  const server = await listen(t, (outgoing) => outgoing.end('{}'));
  const canvas = new Canvas({ baseUrl: server.url, accessToken: 'x' });
  const ids = ODD.filter((odd) => odd.trim() !== '');
  for (const id of ids) await canvas.user(id);
  const paths = server.requests.map(({ url }) => url.split('/').map(decodeURIComponent));
  assert.deepEqual(paths, ids.map((id) => ['', 'api', 'lti', 'users', id]));
});

test('integers in an answer keep every digit, at every depth', async () => {
  const big = BIGS.map((id) => `{"id":${id}}`).join();
  const text = `[{"id":[${big}],"deep":{"x":{"root_account_id":${BIG}}},"__proto__":{"y":1}}]`;
  const { canvas } = answering(answer(200, text));
  const { subscriptions } = await canvas.subscriptions();
  for (const [found] of [await canvas.groupUsers(1), await canvas.submissionHistory(SUBMISSION), subscriptions]) {
    assert.deepEqual(found.id, BIGS.map((id) => ({ id })));
    assert.equal(found.deep.x.root_account_id, BIG);
    assert.deepEqual(Object.keys(found), ['id', 'deep', '__proto__']);
    assert.equal(found.y, undefined);
  }
  const one = await answering(answer(200, text.slice(1, -1))).canvas.user(1);
  assert.deepEqual(one.id, BIGS.map((id) => ({ id })));
});

test('other numbers in an answer are numbers', async () => {
  const { canvas } = answering(answer(200, `{"id":${2 ** 53 - 1},"score":25.2,"exact":1e3,"big":1e300,"zero":-0}`));
  assert.deepEqual(await canvas.user(1), { id: 2 ** 53 - 1, score: 25.2, exact: 1000, big: 1e300, zero: -0 });
});

test('ids in a body keep every digit; text stays text', async () => {
  const { canvas, calls } = answering(answer(200, '{}'));
  for (const id of [0, 71, 2 ** 53 - 1, BIG, HUGE]) {
    await canvas.createOriginalityReport(SUBMISSION, { fileId: id, originalityReportFileId: id });
    assert.equal(
      calls.at(-1).init.body, `{"originality_report":{"file_id":${id},"originality_report_file_id":${id}}}`);
  }
  await canvas.updateOriginalityReport({ ...SUBMISSION, reportId: 1 }, { fileId: String(BIG) });
  assert.equal(calls.at(-1).init.body, `{"originality_report":{"file_id":"${BIG}"}}`);
  await canvas.registerToolProxy({ accountId: 1 }, { id: BIG, deep: [{ id: -BIG }], undefined, text: String(BIG) });
  assert.equal(calls.at(-1).init.body, `{"id":${BIG},"deep":[{"id":${-BIG}}],"text":"${BIG}"}`);
  const tokens = answering(answer(200, JSON.stringify(given('createJwt').answer)));
  await tokens.canvas.createJwt({ contextType: 'User', contextId: BIG });
  assert.equal(tokens.calls[0].form.context_id, String(BIG));
});

const SHARD_9000 = { ...defaultSeeds.courses[0], userIds: [2, 3, BIG] };
for (const way of Object.keys(WAYS)) {
  test(`${way}: a user of another shard, by bigint and by text`, async (t) => {
    const groups = [{ id: BIG, courseId: 1, userIds: [2, BIG] }];
    const site = await open(t, { way, courses: [SHARD_9000], groups });
    const canvas = await site.tool();
    for (const id of [BIG, String(BIG)]) {
      assert.equal((await canvas.user(id)).id, BIG);
      assert.deepEqual((await canvas.groupUsers(id)).map((user) => user.id), [2, BIG]);
    }
  });

  test(`${way}: the claims and the root account of another shard`, async (t) => {
    const accounts = [{ id: BIG, uuid: 'u', name: 'School' }, ...defaultSeeds.accounts];
    const site = await open(t, { way, accounts });
    const jwt = await site.guest().createJwt({ canvasAudience: false });
    assert.equal(jwt.claims.sub, BIG);
    const report = await (await site.tool()).createOriginalityReport(SUBMISSION, { fileId: 71 });
    assert.equal(report.root_account_id, BIG);
    assert.equal(report.file_id, 71);
  });
}

const BASES = [
  ['https://canvas.test', 'https://canvas.test'],
  ['https://canvas.test/', 'https://canvas.test'],
  ['https://canvas.test///', 'https://canvas.test'],
  ['https://canvas.test:8443', 'https://canvas.test:8443'],
  ['https://canvas.test/lms', 'https://canvas.test/lms'],
  ['https://canvas.test/lms/', 'https://canvas.test/lms'],
  ['https://canvas.test/a%20b/c//', 'https://canvas.test/a%20b/c'],
  // A scheme is the same in any case (RFC 3986 §6.2.2.1), and is sent in lower case.
  ['HTTPS://Canvas.Test', 'https://Canvas.Test'],
  ['http://[::1]:3000/', 'http://[::1]:3000'],
];
for (const [baseUrl, start] of BASES) {
  test(`base URL ${baseUrl}`, async () => {
    const { fetch, calls } = answering(answer(200, '{}'));
    await new Canvas({ baseUrl, fetch }).user(1);
    assert.equal(calls[0].url, `${start}/api/lti/users/1`);
  });
}

for (const baseUrl of [
  'https://user:hunter2@canvas.test', 'https://user@canvas.test', 'https://:@canvas.test', 'https://a@b@canvas.test',
  'https://canvas.test?x=1', 'https://canvas.test?', 'https://canvas.test/#x', 'https://canvas.test#',
  'https://canvas.test/?a#b', 'canvas.test', '//canvas.test', '/lms', '', ' ',
  'ftp://canvas.test', 'file:///etc', 'javascript:alert(1)', 'https://', 'https:///x', 'https://canvas.test:x',
  'https://canvas.test:99999', 'https://canvas .test', ' https://canvas.test', 'https://canvas.test\n',
  'https://canvas.test\\@evil.test', 'https://canvas.test\\evil', undefined, null, 5, {}, new URL('https://canvas.test'),
]) {
  test(`base URL refused: ${JSON.stringify(baseUrl)}`, () => {
    const error = refuses(() => new Canvas({ baseUrl, accessToken: 'x' }), 'ERR_ARGUMENT', 'options.baseUrl');
    assert.ok(!error.message.includes('hunter2'));
  });
}
