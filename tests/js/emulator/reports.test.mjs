import assert from 'node:assert/strict';
import { test } from 'node:test';
import { defaultSeeds } from 'canvas-lms-tokens/emulator';
import { NOT_FOUND, NOW, REALM, start, toolToken, UNAUTHENTICATED } from './canvas.mjs';

const BASE = '/api/lti/assignments/25/submissions/6/originality_report';
const BY_FILE = '/api/lti/assignments/25/files/71/originality_report';
const DATE = new Date(NOW * 1000).toISOString().replace('.000', '');
const [assignment] = defaultSeeds.assignments;
const [submission] = defaultSeeds.submissions;
const report = (fields) => ({ originality_report: fields });

async function open(options) {
  const canvas = start(options);
  const bearer = await toolToken(canvas);
  const call = (method) => (path, json) => canvas[method](path, { json, bearer });
  return { canvas, bearer, post: call('post'), put: call('put'), get: call('get') };
}

test('create, update, read: an upsert', async () => {
  const { canvas, post, put, get } = await open();
  const sent = { file_id: 71, originality_score: 25.2, originality_report_url: 'http://r.test/1' };
  const first = await post(BASE, report(sent));
  assert.equal(first.status, 201);
  assert.deepEqual(first.body, {
    id: first.body.id, file_id: 71, originality_score: 25.2, originality_report_file_id: null,
    originality_report_url: 'http://r.test/1', submission_id: 6, submission_time: submission.submittedAt,
    workflow_state: 'scored', error_message: null, root_account_id: 1, created_at: DATE, updated_at: DATE,
  });
  canvas.clock.now += 10;
  const again = await post(BASE, report({ file_id: 71, originality_score: 30 }));
  assert.equal(again.status, 200);
  assert.deepEqual(again.body, { ...first.body, originality_score: 30, updated_at: DATE.replace(':20Z', ':30Z') });
  const path = `${BASE}/${first.body.id}`;
  const setting = { originality_report_file_id: '17', tool_setting: { resource_type_code: 'c' } };
  const changed = await put(path, report(setting));
  assert.equal(changed.status, 200);
  assert.equal(changed.body.originality_report_file_id, 17);
  assert.deepEqual(changed.body.tool_setting, { resource_type_code: 'c' });
  for (const read of [path, BY_FILE]) assert.deepEqual((await get(read)).body, changed.body);
  assert.ok(!('tool_setting' in (await put(BY_FILE, report({ tool_setting: null }))).body));
  assert.equal(canvas.records.reports.size, 1);
});

test('fields of a form', async () => {
  const { canvas, bearer } = await open();
  const form = { 'originality_report[file_id]': '71', 'originality_report[originality_score]': '25.2' };
  const { status, body } = await canvas.post(BASE, { form, bearer });
  assert.equal(status, 201);
  assert.equal(body.originality_score, 25.2);
});

for (const [name, fields, expected] of [
  ['nothing', {}, 'pending'],
  ['a score', { originality_score: 0 }, 'scored'],
  ['a score as text', { originality_score: '100' }, 'scored'],
  ['pending with a score', { workflow_state: 'pending', originality_score: 5 }, 'scored'],
  ['scored without a score', { workflow_state: 'scored' }, 'pending'],
  ['an unknown state', { workflow_state: 'nonsense' }, 'pending'],
  ['error', { workflow_state: 'error', originality_score: 5 }, 'error'],
  ['an error message', { error_message: 'broken', originality_score: 5 }, 'error'],
]) {
  test(`workflow_state of ${name}`, async () => {
    const { post } = await open();
    const { status, body } = await post(BASE, report({ file_id: 71, ...fields }));
    assert.equal(status, 201);
    assert.equal(body.workflow_state, expected);
  });
}

test('an update clears the error message, not the state', async () => {
  const { post, put } = await open();
  await post(BASE, report({ file_id: 71, error_message: 'broken' }));
  const { body } = await put(BY_FILE, report({ originality_score: 5 }));
  assert.deepEqual([body.error_message, body.workflow_state], [null, 'error']);
  const scored = await put(BY_FILE, report({ workflow_state: 'scored' }));
  assert.equal(scored.body.workflow_state, 'scored');
});

const RANGE = 'score must be between 0 and 100';
const OUT_OF_RANGE = {
  errors: { originality_score: [{ attribute: 'originality_score', type: RANGE, message: RANGE }] },
};
test('a score out of range changes nothing', async () => {
  const { canvas, post, put, get } = await open();
  for (const originality_score of [101, -0.1, 100.01]) {
    const { status, body } = await post(BASE, report({ file_id: 71, originality_score }));
    assert.equal(status, 400);
    assert.deepEqual(body, OUT_OF_RANGE);
  }
  assert.equal(canvas.records.reports.size, 0);
  await post(BASE, report({ file_id: 71, originality_score: 1 }));
  assert.equal((await put(BY_FILE, report({ originality_score: 101, originality_report_url: 'u' }))).status, 400);
  assert.equal((await get(BY_FILE)).body.originality_report_url, null);
});

test('without a file: by attempt, or the latest', async () => {
  const { canvas, post, put } = await open();
  const first = await post(BASE, report({ attempt: 1, originality_score: 1 }));
  assert.equal(first.status, 201);
  assert.deepEqual([first.body.file_id, first.body.submission_time], [null, submission.history[0].submittedAt]);
  const second = await post(BASE, report({ attempt: 2, originality_score: 2 }));
  assert.equal(second.status, 201);
  assert.equal((await post(BASE, report({ attempt: '2', originality_score: 3 }))).body.id, second.body.id);
  assert.equal((await post(BASE, report({ file_id: 71 }))).status, 201);
  assert.equal(canvas.records.reports.size, 3);
  const bogus = await put(`${BASE}/999`, report({ originality_score: 4 }));
  assert.deepEqual([bogus.status, bogus.body.id], [200, first.body.id]);
  assert.equal((await post(BASE, report({ attempt: 9 }))).status, 404);
});

test('a report is copied to the group', async () => {
  const empty = { ...submission, history: [], attachments: [] };
  const submissions = [{ ...submission, groupId: 4 }, { ...empty, id: 7, groupId: 4 }, { ...empty, id: 8 }];
  const { canvas, post } = await open({ submissions });
  await post(BASE, report({ file_id: 71, originality_score: 1 }));
  assert.deepEqual([...canvas.records.reports.values()].map(({ submissionId }) => submissionId), [6, 7]);
});

const other = { ...submission, id: 7, attachments: [{ id: 80, filename: 'x' }], history: [] };
const two = { submissions: [submission, other] };
const uploadOnly = { assignments: [{ ...assignment, submissionTypes: ['online_upload'] }] };
const foreign = { assignments: [{ ...assignment, toolProxyGuid: 'other' }] };
const elsewhere = { assignments: [assignment, { ...assignment, id: 26 }] };
const withFile = report({ file_id: 71 });
for (const [name, method, path, json, status, options] of [
  ['no originality_report', 'post', BASE, {}, 400],
  ['unknown assignment', 'post', BASE.replace('25', '99'), withFile, 404],
  ['unknown submission', 'post', BASE.replace('/6/', '/99/'), withFile, 404],
  ['unknown file', 'post', BASE, report({ file_id: 99 }), 404],
  ['file of another submission', 'post', BASE, report({ file_id: 80 }), 401, two],
  ['no file where one is needed', 'post', BASE, report({ originality_score: 1 }), 404, uploadOnly],
  ['submission of another assignment', 'post', BASE.replace('25', '26'), withFile, 401, elsewhere],
  ['tool not associated', 'post', BASE, withFile, 401, foreign],
  ['no such report', 'get', `${BASE}/1`, undefined, 404],
  ['no such report to update', 'put', `${BASE}/1`, report({ originality_score: 1 }), 404],
  ['no report of the file', 'get', BY_FILE, undefined, 404],
  ['unknown file in the path', 'get', BY_FILE.replace('71', '99'), undefined, 404],
]) {
  test(`refused: ${name}`, async () => {
    const { canvas, bearer } = await open(options);
    const answer = await canvas[method](path, { json, bearer });
    assert.equal(answer.status, status, canvas.reason());
    const expected = {
      400: { errors: [{ message: 'originality_report is missing' }] }, 401: UNAUTHENTICATED, 404: NOT_FOUND,
    };
    assert.deepEqual(answer.body, expected[status]);
    assert.equal(canvas.records.reports.size, 0);
  });
}

test('the report of one submission is not read through another', async () => {
  const { post, get } = await open(two);
  const { body } = await post(BASE, withFile);
  assert.equal((await get(`${BASE.replace('/6/', '/7/')}/${body.id}`)).status, 401);
});

test('a token is needed, of a tool proxy', async () => {
  const canvas = start();
  const { regKey: sub, password: secret } = defaultSeeds.registrations[0];
  const regKey = await toolToken(canvas, { sub }, { secret });
  for (const bearer of [undefined, 'x', regKey]) {
    const { status, body, headers } = await canvas.post(BASE, { json: withFile, bearer });
    assert.equal(status, 401);
    assert.deepEqual(body, UNAUTHENTICATED);
    assert.equal(headers.get('www-authenticate'), REALM);
  }
});

test('ids as text on demand', async () => {
  const accounts = [{ id: 90000000000000001n, uuid: 'u', name: 'School' }, ...defaultSeeds.accounts];
  const { canvas, bearer } = await open({ accounts });
  const exact = await canvas.post(BASE, { json: withFile, bearer });
  assert.match(exact.text, /"root_account_id":90000000000000001,/);
  const headers = { accept: 'application/json+canvas-string-ids' };
  const { body } = await canvas.get(BY_FILE, { bearer, headers });
  assert.deepEqual(
    [body.id, body.file_id, body.submission_id, body.root_account_id],
    [String(exact.body.id), '71', '6', '90000000000000001']);
  assert.equal(body.originality_score, null);
});
