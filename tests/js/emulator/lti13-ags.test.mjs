// Assignment and Grade Services: line items, scores, results, progress.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { HOST, NOT_FOUND, NOW } from './canvas.mjs';
import {
  COURSE, LINK, linksOf, open, OTHER, refused, SCOPE, SPEECH, SUE, TOM, TOOL, TWO_TOOLS,
} from './services.mjs';

const ITEMS = '/api/lti/courses/1/line_items';
const ITEM = `${ITEMS}/12`;
const SCORES = `${ITEM}/scores`;
const RESULTS = `${ITEM}/results`;
const ITEM_TYPE = 'application/vnd.ims.lis.v2.lineitem+json';
const EXTENSION = 'https://canvas.instructure.com/lti/submission';
const TYPE = 'https://canvas.instructure.com/lti/submission_type';
const speech = { id: `${HOST}${ITEM}`, scoreMaximum: 10, label: 'Speech', resourceLinkId: LINK };
const at = (seconds, fraction = '.000') => new Date((NOW + seconds) * 1000).toISOString().replace('.000', fraction);
const LIST = [12, 13, 14].map((id) => ({
  id, assignmentId: 26, resourceLinkId: id === 12 ? LINK : undefined, label: `Item ${id}`, scoreMaximum: id, tag: 't',
  resourceId: `r${id}`, coupled: id === 12,
}));
const names = ({ body }) => body.map(({ label }) => label);

// ── Line items ───────────────────────────────────────────────────────────────────────────────────

test('the line items of a course', async () => {
  const { get } = await open();
  const answer = await get(ITEMS);
  assert.deepEqual([answer.status, answer.body], [200, [speech]]);
  assert.match(answer.headers.get('content-type'), /^application\/vnd\.ims\.lis\.v2\.lineitemcontainer\+json/);
  const first = `${HOST}${ITEMS}?page=1&per_page=10`;
  assert.deepEqual(linksOf(answer), { current: first, first, last: first });
});

test('line items page by page, by tag, resource and link', async () => {
  const { get } = await open({ lineItems: LIST });
  const page = await get(`${ITEMS}?tag=t&limit=2`);
  assert.deepEqual(names(page), ['Item 12', 'Item 13']);
  const { next } = linksOf(page);
  assert.equal(next, `${HOST}${ITEMS}?tag=t&limit=2&page=2&per_page=2`);
  const last = await get(next);
  assert.deepEqual(names(last), ['Item 14']);
  assert.deepEqual(Object.keys(linksOf(last)), ['current', 'prev', 'first', 'last']);
  assert.deepEqual(names(await get(`${ITEMS}?resource_id=r13`)), ['Item 13']);
  assert.deepEqual(names(await get(`${ITEMS}?resource_id=r13&tag=u`)), []);
  // A link finds all line items of its assignment.
  assert.deepEqual(names(await get(`${ITEMS}?resource_link_id=${LINK}`)), ['Item 12', 'Item 13', 'Item 14']);
  assert.deepEqual(names(await get(`${ITEMS}?resource_link_id=other`)), []);
  assert.equal((await get(`${ITEMS}?limit=0`)).body.length, 3);
  assert.deepEqual(names(await get(`${ITEMS}?page=9`)), []);
});

test('line items of another tool, or of a deleted assignment, are not listed', async () => {
  const { get } = await open({ ...TWO_TOOLS, lineItems: [{ ...LIST[0], developerKeyId: OTHER.id }] });
  assert.deepEqual((await get(ITEMS)).body, []);
  const gone = await open({ assignments: [{ ...SPEECH, workflowState: 'deleted' }] });
  assert.deepEqual((await gone.get(ITEMS)).body, []);
  const { status, text } = await gone.get(ITEM);
  assert.deepEqual([status, text], [404, '']);
});

test('one line item, with the launch URL on demand', async () => {
  const { get } = await open();
  const answer = await get(ITEM);
  assert.deepEqual([answer.status, answer.body], [200, speech]);
  assert.ok(answer.headers.get('content-type').startsWith(ITEM_TYPE));
  for (const query of ['include[]=launch_url', 'include=launch_url']) {
    const { body } = await get(`${ITEM}?${query}`);
    assert.equal(body['https://canvas.instructure.com/lti/launch_url'], 'https://tool.example/launch?speech=1');
  }
});

test('a line item alone makes a column of its own, and takes it away again', async () => {
  const { canvas, get, post, put, delete: remove } = await open();
  const sent = { scoreMaximum: 60, label: 'Essay', resourceId: 'r', tag: 't', unknown: 1 };
  const made = await post(ITEMS, { json: sent, headers: { 'content-type': ITEM_TYPE } });
  assert.equal(made.status, 201, canvas.reason());
  assert.ok(made.headers.get('content-type').startsWith(ITEM_TYPE));
  const { id } = made.body;
  assert.deepEqual(made.body, { id: `${HOST}${ITEMS}/13`, scoreMaximum: 60, label: 'Essay', resourceId: 'r', tag: 't' });
  const assignment = canvas.records.assignments.get('27');
  assert.deepEqual([assignment.name, assignment.pointsPossible, assignment.submissionTypes], ['Essay', 60, ['none']]);
  const changed = await put(id, { json: { label: 'Treatise', scoreMaximum: '50', tag: null } });
  assert.deepEqual([changed.status, changed.body], [
    200, { id, scoreMaximum: 50, label: 'Treatise', resourceId: 'r' },
  ]);
  assert.deepEqual([assignment.name, assignment.pointsPossible], ['Treatise', 50]);
  const gone = await remove(id);
  assert.deepEqual([gone.status, gone.text], [204, '']);
  assert.equal(assignment.workflowState, 'deleted');
  assert.deepEqual([(await get(id)).status, (await get(id)).body], [404, NOT_FOUND]);
});

test('a line item of a link that has one makes no second column', async () => {
  const { canvas, post, delete: remove } = await open();
  const { status, body } = await post(ITEMS, { json: { scoreMaximum: 5, label: 'Style', resourceLinkId: LINK } });
  assert.deepEqual([status, body.resourceLinkId], [201, LINK], canvas.reason());
  assert.equal(canvas.records.assignments.size, 2);
  assert.equal((await remove(body.id)).status, 204);
  assert.equal(canvas.records.assignments.get('26').workflowState, undefined);
});

test('a line item may say how it is submitted to', async () => {
  const { canvas, post } = await open();
  const extension = { type: 'external_tool', external_tool_url: 'https://tool.example/launch?x=1' };
  const { status, body } = await post(ITEMS, { json: { scoreMaximum: 5, label: 'X', [TYPE]: extension } });
  assert.equal(status, 201, canvas.reason());
  assert.deepEqual(body[TYPE], extension);
  const link = canvas.records.resourceLinks.get(body.resourceLinkId);
  assert.deepEqual([link.toolId, link.url], [TOOL.id, extension.external_tool_url]);
  // An address of nobody's tool has no link.
  const elsewhere = { type: 'external_tool', external_tool_url: 'https://elsewhere.example' };
  const other = await post(ITEMS, { json: { scoreMaximum: 5, label: 'X', [TYPE]: elsewhere } });
  assert.deepEqual([other.status, other.body.resourceLinkId], [201, undefined]);
  const bad = await post(ITEMS, { json: { scoreMaximum: 5, label: 'X', [TYPE]: { type: 'discussion' } } });
  assert.deepEqual([bad.status, bad.body], [400, { error: 'Invalid submission_type for new assignment: discussion' }]);
});

for (const [name, json, status, body] of [
  ['no label', { scoreMaximum: 1 }, 422, { errors: { label: [{ attribute: 'label', type: 'blank', message: 'blank' }] } }],
  ['no maximum', { label: 'X' }, 422,
    { errors: { score_maximum: [{ attribute: 'score_maximum', type: 'blank', message: 'blank' }] } }],
  ['a maximum that is no number', { label: 'X', scoreMaximum: 'x' }, 422,
    { errors: { score_maximum: [{ attribute: 'score_maximum', type: 'not_a_number', message: 'not_a_number' }] } }],
  ['a link that there is not', { label: 'X', scoreMaximum: 1, resourceLinkId: 'x' }, 404, NOT_FOUND],
]) {
  test(`no line item is made with ${name}`, async () => {
    const { canvas, post } = await open();
    const answer = await post(ITEMS, { json });
    assert.deepEqual([answer.status, answer.body], [status, body]);
    assert.deepEqual([canvas.records.lineItems.size, canvas.records.assignments.size], [1, 2]);
  });
}

test('no line item is made with a link of another tool, or one that has none', async () => {
  const json = { label: 'X', scoreMaximum: 1, resourceLinkId: LINK };
  const assignments = [{ ...SPEECH, toolId: 8 }];
  refused(await (await open({ ...TWO_TOOLS, assignments })).post(ITEMS, { json }), 422, 'unprocessable_entity',
    'Resource link id points to Tool not associated with this Context');
  const { status, text } = await (await open({ lineItems: [] })).post(ITEMS, { json });
  assert.deepEqual([status, text], [412, '']);
});

test('a line item that Canvas made cannot be deleted', async () => {
  const { canvas, delete: remove } = await open();
  const { status, text } = await remove(ITEM);
  assert.deepEqual([status, text], [401, '']);
  assert.equal(canvas.records.lineItems.size, 1);
});

test("another tool's line item is not shown, changed or deleted", async () => {
  const options = { ...TWO_TOOLS, lineItems: [{ ...LIST[0], developerKeyId: OTHER.id, coupled: false }] };
  const { get, put, delete: remove } = await open(options);
  for (const answer of [await get(ITEM), await put(ITEM, { json: { label: 'X' } }), await remove(ITEM)]) {
    refused(answer, 412, 'precondition_failed', 'Tool does not have permission to view line_item');
  }
});

test('an update with another link is refused, and so is one that is not valid', async () => {
  const { put } = await open();
  refused(await put(ITEM, { json: { resourceLinkId: 'x' } }), 412, 'precondition_failed',
    'The specified LTI link ID is not associated with the line item.');
  assert.equal((await put(ITEM, { json: { resourceLinkId: LINK } })).status, 200);
  assert.equal((await put(ITEM, { json: { label: '' } })).status, 422);
});

test('a line item of another course is not found', async () => {
  const courses = [COURSE, { ...COURSE, id: 2, ltiId: 'x' }];
  const { get } = await open({ courses });
  const { status, body } = await get('/api/lti/courses/2/line_items/12');
  assert.deepEqual([status, body], [404, NOT_FOUND]);
});

for (const [name, scopes, can, cannot] of [
  ['reads', SCOPE.itemRead, ['get'], ['post', 'put', 'delete']],
  ['writes', SCOPE.item, ['get', 'post', 'put', 'delete'], []],
  ['is about results', SCOPE.result, [], ['get', 'post', 'put', 'delete']],
]) {
  test(`a scope that ${name}`, async () => {
    const client = await open({}, { scopes });
    const ask = (method) => client[method](method === 'post' ? ITEMS : ITEM, method === 'get' ? {} : { json: {} });
    for (const method of cannot) refused(await ask(method), 401, 'unauthorized', 'Insufficient permissions');
    for (const method of can) assert.notEqual((await ask(method)).body?.errors?.message, 'Insufficient permissions');
  });
}

// ── Scores ───────────────────────────────────────────────────────────────────────────────────────

const score = (changes = {}) => ({
  userId: SUE.ltiUuid, scoreGiven: 83, scoreMaximum: 100, activityProgress: 'Completed', gradingProgress: 'FullyGraded',
  timestamp: at(0), ...changes,
});
const submissionOf = ({ records }) => [...records.submissions.values()].find(({ assignmentId }) => assignmentId === 26);

test('a score becomes a submission, a grade and a result', async () => {
  const { canvas, post, get } = await open();
  const answer = await post(SCORES, {
    json: score({ comment: 'Good.' }), headers: { 'content-type': 'application/vnd.ims.lis.v1.score+json' },
  });
  assert.equal(answer.status, 200, canvas.reason());
  assert.ok(answer.headers.get('content-type').startsWith('application/vnd.ims.lis.v1.score+json'));
  const resultUrl = `${HOST}${RESULTS}/1`;
  assert.deepEqual(answer.body, { [EXTENSION]: { content_items: [] }, resultUrl });
  const submission = submissionOf(canvas);
  assert.equal(Math.round(submission.score * 1000), 8300);
  assert.deepEqual(
    [submission.attempt, submission.submissionType, submission.graderId, submission.comments, submission.workflowState],
    [1, 'external_tool', -7, [{ comment: 'Good.' }], 'graded']);
  const result = {
    id: resultUrl, scoreOf: `${HOST}${ITEM}`, userId: SUE.ltiUuid, resultScore: 83, resultMaximum: 100, comment: 'Good.',
  };
  const one = await get(resultUrl);
  assert.deepEqual([one.status, one.body], [200, result]);
  const all = await get(RESULTS);
  assert.deepEqual(all.body, [result]);
  for (const { headers } of [one, all]) {
    assert.match(headers.get('content-type'), /^application\/vnd\.ims\.lis\.v2\.resultcontainer\+json/);
  }
});

for (const [name, userId] of [['as a number', SUE.id], ['as text', String(SUE.id)], ['of LTI', SUE.ltiUuid]]) {
  test(`a user by an id ${name}`, async () => {
    assert.equal((await (await open()).post(SCORES, { json: score({ userId }) })).status, 200);
  });
}

for (const [name, given] of [
  ['no scoreGiven', { scoreGiven: undefined, scoreMaximum: undefined }], ['a null', { scoreGiven: null }],
  ['grading that is pending', { gradingProgress: 'Pending' }], ['grading that failed', { gradingProgress: 'Failed' }],
  ['grading that is not ready', { gradingProgress: 'NotReady' }],
]) {
  test(`${name} clears the grade, unless it is to be kept`, async () => {
    const { canvas, post } = await open();
    await post(SCORES, { json: score({ scoreGiven: 50 }) });
    const kept = { ...score(given), timestamp: at(1), [EXTENSION]: { preserve_score: true } };
    assert.equal((await post(SCORES, { json: kept })).status, 200);
    assert.equal(submissionOf(canvas).score, 5);
    assert.equal((await post(SCORES, { json: { ...score(given), timestamp: at(2) } })).status, 200, canvas.reason());
    assert.equal(submissionOf(canvas).score, null);
  });
}

test('a score that somebody has to look at is taken', async () => {
  const { canvas, post } = await open();
  await post(SCORES, { json: score({ gradingProgress: 'PendingManual', scoreGiven: 100 }) });
  assert.deepEqual([submissionOf(canvas).score, submissionOf(canvas).workflowState], [10, 'pending_review']);
});

test("a grade that is not the tool's is kept on demand", async () => {
  const { canvas, post } = await open();
  const json = score({ scoreGiven: 20, [EXTENSION]: { prioritize_non_tool_grade: true } });
  await post(SCORES, { json });
  assert.equal(submissionOf(canvas).score, 2);
  submissionOf(canvas).score = 9;
  await post(SCORES, { json: { ...json, timestamp: at(1), scoreGiven: 30 } });
  assert.equal(submissionOf(canvas).score, 9);
});

test('a grade by a person is told in the points of the tool', async () => {
  const { canvas, post, get } = await open();
  const { body } = await post(SCORES, { json: score() });
  Object.assign(submissionOf(canvas), { score: 6, graderId: TOM.id });
  assert.equal((await get(body.resultUrl)).body.resultScore, 60);
});

test('pass or fail', async () => {
  const { canvas, post } = await open({ assignments: [{ ...SPEECH, gradingType: 'pass_fail' }] });
  await post(SCORES, { json: score({ scoreGiven: 1 }) });
  assert.deepEqual([submissionOf(canvas).score, submissionOf(canvas).grade], [10, 'complete']);
  await post(SCORES, { json: score({ scoreGiven: 0, timestamp: at(1) }) });
  assert.deepEqual([submissionOf(canvas).score, submissionOf(canvas).grade], [0, 'incomplete']);
});

for (const [name, extension, expected] of [
  ['no new submission', { new_submission: false }, { attempt: undefined }],
  ['no submission', { submission_type: 'none' }, { attempt: undefined }],
  ['a URL', { submission_type: 'online_url', submission_data: 'https://x.test' },
    { attempt: 1, submissionType: 'online_url', url: 'https://x.test' }],
  ['a launch', { submission_type: 'basic_lti_launch', submission_data: 'https://x.test' },
    { attempt: 1, submissionType: 'basic_lti_launch', url: 'https://x.test' }],
  ['a text', { submission_type: 'online_text_entry', submission_data: '<p>x</p>' },
    { attempt: 1, submissionType: 'online_text_entry', body: '<p>x</p>' }],
  ['a time', { submitted_at: at(-60) }, { attempt: 1, submittedAt: at(-60, '') }],
  ['another type', { submission_type: 'x' }, { attempt: 1, submissionType: undefined }],
]) {
  test(`the submission extension: ${name}`, async () => {
    const { canvas, post, get } = await open();
    const { status } = await post(SCORES, { json: score({ [EXTENSION]: extension }) });
    assert.equal(status, 200, canvas.reason());
    const submission = submissionOf(canvas);
    for (const [member, value] of Object.entries(expected)) assert.deepEqual(submission[member], value, member);
    assert.deepEqual((await get(RESULTS)).body[0][EXTENSION], extension);
  });
}

test('attempts follow one another', async () => {
  const { canvas, post } = await open();
  for (const seconds of [0, 1, 2]) {
    await post(SCORES, { json: score({ timestamp: at(seconds), submission: { submittedAt: at(seconds - 10) } }) });
  }
  const { attempt, history, submittedAt } = submissionOf(canvas);
  assert.deepEqual([attempt, submittedAt, history.map((past) => past.attempt)], [3, at(-8, ''), [1, 2]]);
  assert.equal(canvas.records.results.size, 1);
});

test('files are fetched, and their progress can be read', async () => {
  const asked = [];
  const fetch = async (url) => (asked.push(url), new Response('words'));
  const { canvas, post, get } = await open({ fetch });
  const item = { type: 'file', url: 'https://tool.example/essay.txt', title: 'Essay', media_type: 'text/plain' };
  const { status, body } = await post(SCORES, { json: score({ [EXTENSION]: { content_items: [item, { type: 'x' }] } }) });
  assert.equal(status, 200, canvas.reason());
  assert.deepEqual(asked, [item.url]);
  const [{ progress, ...echo }] = body[EXTENSION].content_items;
  assert.deepEqual(echo, { type: 'file', url: item.url, title: 'Essay' });
  assert.equal(progress, `${HOST}/api/lti/courses/1/progress/1`);
  const { submissionType, attachments } = submissionOf(canvas);
  assert.deepEqual([submissionType, attachments[0].content], ['online_upload', 'words']);
  const answer = await get(progress);
  assert.equal(answer.status, 200, canvas.reason());
  assert.deepEqual(answer.body, {
    id: 1, context_id: 26, context_type: 'Assignment', user_id: 3, tag: 'upload_via_url', completion: 100,
    workflow_state: 'completed', created_at: at(0, ''), updated_at: at(0, ''), message: null,
    results: { id: attachments[0].id }, url: progress,
  });
  Object.assign(canvas.records.progresses.get('1'), { workflowState: 'running', completion: 40 });
  assert.equal((await get(progress)).body.results, undefined);
});

for (const [name, fetch, code, type, message] of [
  ['nobody answers', () => Promise.reject(new TypeError('fetch failed')), 504, 'gateway_timeout',
    'failed to communicate with file service'],
  ['a gateway answers', async () => new Response('', { status: 502 }), 504, 'gateway_timeout', 'file url timed out'],
  ['400 is answered', async () => new Response('no', { status: 400 }), 400, 'bad_request',
    'uploading to file service failed with 400: no'],
  ['500 is answered', async () => new Response('no', { status: 500 }), 500, 'internal_server_error',
    'uploading to file service failed with 500: no'],
]) {
  test(`a file for which ${name}`, async () => {
    const { canvas, post } = await open({ fetch });
    const json = score({ [EXTENSION]: { content_items: [{ type: 'file', url: 'https://x.test/a' }] } });
    refused(await post(SCORES, { json }), code, type, message);
    assert.deepEqual([canvas.records.results.size, submissionOf(canvas)], [0, undefined]);
  });
}

const NOT_STUDENT = [422, 'unprocessable_entity', 'User not found in course or is not a student'];
const zero = [422, 'unprocessable_entity', "cannot be zero if line item's maximum is not zero"];
for (const [name, changes, [code, type, message], options] of [
  ['of a teacher', { userId: TOM.ltiUuid }, NOT_STUDENT],
  ['of nobody', { userId: 'x' }, NOT_STUDENT],
  ['without a user', { userId: undefined }, NOT_STUDENT],
  ['of a course that is not published', {}, NOT_STUDENT, { courses: [{ ...COURSE, workflowState: 'claimed' }] }],
  ['at no time', { timestamp: 'soon' }, [400, 'bad_request', 'Provided timestamp of soon not a valid timestamp']],
  ['without a maximum', { scoreMaximum: undefined },
    [422, 'unprocessable_entity', 'ScoreMaximum not supplied when ScoreGiven present.']],
  ['with a maximum of zero', { scoreMaximum: 0 }, zero],
  ['with a maximum below zero', { scoreMaximum: -1 },
    [422, 'unprocessable_entity', 'ScoreMaximum must be greater than or equal to 0']],
  ['below zero', { scoreGiven: -1 }, [422, 'unprocessable_entity', 'ScoreGiven must be greater than or equal to 0']],
  ['submitted at no time', { submission: { submittedAt: 'x' } },
    [400, 'bad_request', 'Provided submitted_at timestamp of x not a valid timestamp']],
  ['submitted in the future', { submission: { submittedAt: at(61) } },
    [400, 'bad_request', `Provided submitted_at timestamp of ${at(61)} in the future`]],
  ['with an upload of nothing', { [EXTENSION]: { submission_type: 'online_upload' } },
    [422, 'unprocessable_entity', "Content items must be provided with submission type 'online_upload'"]],
  ['of an attempt too many', {},
    [422, 'unprocessable_entity', 'The maximum number of allowed attempts has been reached for this submission'],
    { assignments: [{ ...SPEECH, allowedAttempts: 0 }] }],
]) {
  test(`a score ${name} is refused`, async () => {
    const { canvas, post } = await open(options);
    refused(await post(SCORES, { json: score(changes) }), code, type, message);
    assert.deepEqual([canvas.records.results.size, submissionOf(canvas)], [0, undefined]);
  });
}

for (const name of ['activityProgress', 'gradingProgress', 'timestamp']) {
  test(`a score without ${name} is refused`, async () => {
    const { status, body } = await (await open()).post(SCORES, { json: score({ [name]: undefined }) });
    assert.deepEqual([status, body], [400, { errors: [{ message: `${name} is missing` }] }]);
  });
}

for (const [attribute, changes, type] of [
  ['activity_progress', { activityProgress: 'Done' }, 'inclusion'],
  ['grading_progress', { gradingProgress: 'Done' }, 'inclusion'],
  ['result_score', { scoreGiven: '5x' }, 'not_a_number'],
]) {
  test(`a score whose ${attribute} is not valid is refused`, async () => {
    const { canvas, post } = await open();
    const { status, body } = await post(SCORES, { json: score(changes) });
    assert.deepEqual([status, body], [422, { errors: { [attribute]: [{ attribute, type, message: type }] } }]);
    assert.equal(canvas.records.results.size, 0);
  });
}

test('a score has to be as new as the last, to the microsecond', async () => {
  const { post } = await open();
  const last = at(0, '.123456');
  for (const [timestamp, status] of [[last, 200], [last, 200], [at(0, '.123457'), 200], [last, 400]]) {
    assert.equal((await post(SCORES, { json: score({ timestamp }) })).status, status, timestamp);
  }
  const older = at(-1);
  refused(await post(SCORES, { json: score({ timestamp: older }) }), 400, 'bad_request',
    `Provided timestamp of ${older} before last updated timestamp of ${at(0, '.123')}`);
  // Time that is no ISO 8601 is read as well as it can be.
  assert.equal((await post(SCORES, { json: score({ timestamp: 'Nov 14, 2023 23:00 UTC' }) })).status, 200);
});

test('attempts are counted', async () => {
  const { post } = await open({ assignments: [{ ...SPEECH, allowedAttempts: 1 }] });
  assert.equal((await post(SCORES, { json: score() })).status, 200);
  assert.equal((await post(SCORES, { json: score({ timestamp: at(1) }) })).status, 422);
  const old = score({ timestamp: at(1), [EXTENSION]: { new_submission: false } });
  assert.equal((await post(SCORES, { json: old })).status, 200);
});

test('the student of the student view has scores', async () => {
  const courses = [{ ...COURSE, enrollments: [{ userId: SUE.id, type: 'StudentViewEnrollment' }] }];
  assert.equal((await (await open({ courses })).post(SCORES, { json: score() })).status, 200);
});

test('a line item that is no column has results, and no grades', async () => {
  const { canvas, post, get } = await open({ lineItems: LIST });
  const { status } = await post(`${ITEMS}/13/scores`, { json: score() });
  assert.equal(status, 200);
  assert.equal(submissionOf(canvas), undefined);
  assert.equal((await get(`${ITEMS}/13/results`)).body.length, 1);
  assert.deepEqual((await get(RESULTS)).body, []);
});

test('a score needs its scope', async () => {
  const { post } = await open({}, { scopes: SCOPE.item });
  refused(await post(SCORES, { json: score() }), 401, 'unauthorized', 'Insufficient permissions');
});

// ── Results ──────────────────────────────────────────────────────────────────────────────────────

const CLASS = Array.from({ length: 5 }, (_, index) => ({
  id: 100 + index, uuid: `u${index}`, ltiUuid: `lti${index}`, name: `Student ${index}`,
}));
const classOptions = {
  users: [TOM, ...CLASS],
  courses: [{
    ...COURSE,
    enrollments: [TOM, ...CLASS].map(({ id }) => ({ userId: id, type: id === TOM.id ? 'TeacherEnrollment' : 'StudentEnrollment' })),
  }],
};

test('results page by page, and of one user', async () => {
  const { get, post } = await open(classOptions);
  for (const { ltiUuid } of CLASS) await post(SCORES, { json: score({ userId: ltiUuid }) });
  const page = await get(`${RESULTS}?limit=2`);
  assert.deepEqual(page.body.map(({ userId }) => userId), ['lti0', 'lti1']);
  const { next } = linksOf(page);
  assert.equal(next, `${HOST}${RESULTS}?limit=2&page=2&per_page=2`);
  assert.deepEqual((await get(next)).body.map(({ userId }) => userId), ['lti2', 'lti3']);
  for (const id of ['lti4', '104']) {
    assert.deepEqual((await get(`${RESULTS}?user_id=${id}`)).body.map(({ userId }) => userId), ['lti4']);
  }
  for (const id of [TOM.ltiUuid, 'x', '999']) assert.deepEqual((await get(`${RESULTS}?user_id=${id}`)).body, [], id);
});

test('a result that there is not, or of another line item, is not found', async () => {
  const { get, post } = await open({ lineItems: LIST });
  await post(SCORES, { json: score() });
  for (const path of [`${RESULTS}/9`, `${ITEMS}/13/results/1`, `${ITEMS}/99/results`, `${ITEMS}/99/scores`]) {
    const { status, body } = await (path.endsWith('scores') ? post(path, { json: score() }) : get(path));
    assert.deepEqual([status, body], [404, NOT_FOUND], path);
  }
});

test('results need their scope', async () => {
  const { get } = await open({}, { scopes: SCOPE.item });
  for (const path of [RESULTS, `${RESULTS}/1`]) {
    refused(await get(path), 401, 'unauthorized', 'Insufficient permissions');
  }
});

test('progress is told to the tool of its assignment alone', async () => {
  const { canvas, get } = await open(TWO_TOOLS);
  const path = '/api/lti/courses/1/progress/1';
  assert.deepEqual((await get(path)).body, NOT_FOUND);
  canvas.records.progresses.set('1', { id: 1, userId: 3, workflowState: 'queued' });
  refused(await get(path), 403, 'forbidden',
    'Tool does not have permission to view a Progress not associated with an Assignment');
  canvas.records.progresses.get('1').assignmentId = 26;
  canvas.records.assignments.get('26').toolId = 8;
  refused(await get(path), 422, 'unprocessable_entity', "Progress associated with Assignment that isn't linked to this Tool");
});
