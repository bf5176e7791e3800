import assert from 'node:assert/strict';
import { test } from 'node:test';
import { defaultSeeds } from 'canvas-lms-tokens/emulator';
import { HOST, NOT_FOUND, start, toolToken, UNAUTHENTICATED } from './canvas.mjs';

const PATH = '/api/lti/assignments/25/submissions/6';
const [proxy] = defaultSeeds.toolProxies;
const [, teacher, student, guest] = defaultSeeds.users;
const UNAUTHORIZED = { error: 'unauthorized' };

const read = async (options, path, init) => {
  const canvas = start(options);
  return canvas.get(path, { bearer: await toolToken(canvas), ...init });
};

const attempt = (number, id, filename, submittedAt, content) => ({
  id: 6, body: null, url: null, submitted_at: submittedAt, assignment_id: 25, user_id: student.ltiId,
  submission_type: 'online_upload', workflow_state: 'submitted', attempt: number,
  attachments: [{
    id, display_name: filename, filename, 'content-type': 'text/plain', size: content.length, created_at: submittedAt,
    updated_at: submittedAt,
    url: `${HOST}/api/lti/assignments/10000000000025/submissions/10000000000006/attachment/${10000000000000 + id}`,
  }],
  course_id: 10000000000001, lti_course_id: defaultSeeds.courses[0].ltiId,
});
const first = attempt(1, 70, 'draft.txt', '2024-11-05T09:00:00Z', 'Draft.');
const last = attempt(2, 71, 'essay.txt', '2024-11-06T14:20:07Z', 'Final.');

test('a submission, and its history', async () => {
  const { status, body } = await read({}, PATH);
  assert.deepEqual([status, body], [200, last]);
  assert.deepEqual((await read({}, `${PATH}/history`)).body, [first, last]);
});

test('its files, through the address it gives', async () => {
  for (const [{ attachments: [{ url }] }, content] of [[first, 'Draft.'], [last, 'Final.']]) {
    const { status, text, headers } = await read({}, url);
    assert.deepEqual([status, text, headers.get('content-type')], [200, content, 'text/plain']);
  }
  const { status, body } = await read({}, `${PATH}/attachment/99`);
  assert.deepEqual([status, body], [401, UNAUTHORIZED]);
});

const withoutCapability = { toolProxies: [{ ...proxy, capabilities: ['Security.splitSecret'] }] };
const foreign = { assignments: [{ ...defaultSeeds.assignments[0], toolProxyGuid: 'other' }] };
const service = { service: 'vnd.Canvas.submission', actions: ['GET'] };
const onlySubmission = { toolProxies: [{ ...proxy, services: [service] }] };
const nothing = { toolProxies: [{ ...proxy, services: [] }] };
for (const [name, options, path, status, expected] of [
  ['unknown', {}, PATH.replace('/6', '/99'), 404, NOT_FOUND],
  ['no capability', withoutCapability, PATH, 401, UNAUTHORIZED],
  ['tool not associated', foreign, `${PATH}/history`, 401, UNAUTHORIZED],
  ['history by the submission service', onlySubmission, `${PATH}/history`, 200, [first, last]],
  ['no service', nothing, PATH, 401, UNAUTHENTICATED],
]) {
  test(`submission: ${name}`, async () => {
    const answer = await read(options, path);
    assert.deepEqual([answer.status, answer.body], [status, expected]);
  });
}

const user = ({ id, name, email, ltiId }, sortable) => ({
  id, name, created_at: '2024-08-19T08:00:00Z', sortable_name: sortable, short_name: name, email, lti_id: ltiId,
});
const tom = user(teacher, 'Teacher, Tom');
const sue = user(student, 'Student, Sue');

test('a user by any id', async () => {
  for (const id of [3, 10000000000003, student.ltiId]) {
    const { status, body } = await read({}, `/api/lti/users/${id}`);
    assert.deepEqual([status, body], [200, sue]);
  }
});

for (const [name, path, status, expected, options] of [
  ['unknown user', '/api/lti/users/99', 404, NOT_FOUND],
  ['user of no course of the tool', `/api/lti/users/${guest.id}`, 401, UNAUTHENTICATED],
  ['user, tool not associated', '/api/lti/users/3', 401, UNAUTHENTICATED, foreign],
  ['unknown group', '/api/lti/groups/9/users', 404, NOT_FOUND],
  ['group of no course of the tool', '/api/lti/groups/4/users', 401, UNAUTHENTICATED, foreign],
]) {
  test(`refused: ${name}`, async () => {
    const answer = await read(options, path);
    assert.deepEqual([answer.status, answer.body], [status, expected]);
  });
}

function rels(link) {
  const links = Array.from(link.matchAll(/<([^>]+)>; rel="(\w+)"/g));
  return Object.fromEntries(links.map(([, url, rel]) => [rel, new URL(url).search]));
}

test('the users of a group, page by page', async () => {
  const whole = await read({}, '/api/lti/groups/4/users');
  assert.deepEqual([whole.status, whole.body], [200, [tom, sue]]);
  assert.deepEqual(rels(whole.headers.get('link')), {
    current: '?page=1&per_page=10', first: '?page=1&per_page=10', last: '?page=1&per_page=10',
  });
  const one = await read({}, '/api/lti/groups/4/users?per_page=1');
  assert.deepEqual(one.body, [tom]);
  assert.deepEqual(rels(one.headers.get('link')), {
    current: '?page=1&per_page=1', next: '?page=2&per_page=1', first: '?page=1&per_page=1', last: '?page=2&per_page=1',
  });
  const two = await read({}, '/api/lti/groups/4/users?page=2&per_page=1');
  assert.deepEqual(two.body, [sue]);
  assert.deepEqual(Object.keys(rels(two.headers.get('link'))), ['current', 'prev', 'first', 'last']);
  assert.deepEqual((await read({}, '/api/lti/groups/4/users?page=9')).body, []);
});

test('ten users a page, a hundred at most, and no token in the links', async () => {
  const many = Array.from({ length: 120 }, (_, index) => ({ id: 100 + index, name: 'A B' }));
  const users = [...defaultSeeds.users, ...many];
  const groups = [{ id: 4, courseId: 1, userIds: users.map(({ id }) => id) }];
  for (const [query, size] of [['', 10], ['per_page=500', 100], ['per_page=0', 10], ['per_page=x&page=x', 10]]) {
    assert.equal((await read({ users, groups }, `/api/lti/groups/4/users?${query}`)).body.length, size, query);
  }
  const canvas = start();
  const { headers } = await canvas.get(`/api/lti/groups/4/users?access_token=${await toolToken(canvas)}`);
  assert.ok(!headers.get('link').includes('access_token'));
});
