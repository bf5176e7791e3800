import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createEmulator } from 'canvas-lms-tokens/emulator';
import { HOST, start, TEACHER, toolToken } from './canvas.mjs';

const PATH = '/api/v1/jwts';
const REPORT = '/api/lti/assignments/25/submissions/6/originality_report';
const json = { originality_report: { file_id: 71 } };
const lost = (error) => error instanceof TypeError && error.dropConnection === true;

test('a dropped answer is carried out, a dropped request is not', async () => {
  for (const [fault, reports, status] of [['dropAfter', 1, 201], ['dropBefore', 0, null]]) {
    const canvas = start();
    const bearer = await toolToken(canvas);
    canvas.faults[fault] = 1;
    await assert.rejects(canvas.post(REPORT, { json, bearer }), lost);
    assert.equal(canvas.records.reports.size, reports);
    assert.deepEqual([canvas.requests.at(-1).status, canvas.requests.at(-1).fault], [status, fault]);
    canvas.faults[fault] = 0;
    assert.equal((await canvas.post(REPORT, { json, bearer })).status, reports ? 200 : 201);
  }
});

test('a server error and a throttle are answered before anything is carried out', async () => {
  for (const [faults, status, type, text] of [
    [{ serverError: 1 }, 503, 'text/html', /<h1>503<\/h1>/],
    [{ serverError: 1, serverErrorStatus: 502 }, 502, 'text/html', /<h1>502<\/h1>/],
    [{ serverError: 1, serverErrorStatus: 500 }, 500, 'application/json', /"error_code":"internal_server_error"/],
    [{ throttle: 1 }, 403, 'text/plain', /^403 Forbidden \(Rate Limit Exceeded\)\n$/],
    [{ throttle: 1, throttleStatus: 429 }, 429, 'text/plain', /Rate Limit Exceeded/],
  ]) {
    const canvas = start({ faults: { ...faults, retryAfter: 2 } });
    const answer = await canvas.post(PATH, { bearer: 'unknown' });
    assert.equal(answer.status, status);
    assert.ok(answer.headers.get('content-type').startsWith(type));
    assert.match(answer.text, text);
    if (status !== 500) assert.equal(answer.headers.get('retry-after'), '2');
    assert.equal(canvas.refusals.length, 0);
    assert.equal(canvas.requests.at(-1).status, status);
  }
});

const outcomes = async (faults, count = 200) => {
  const canvas = start({ faults });
  const seen = [];
  for (let call = 0; call < count; call += 1) {
    seen.push(await canvas.post(PATH).then(({ status }) => status, (error) => (lost(error) ? 'lost' : error)));
  }
  return seen;
};

test('probabilities are of all requests, and repeatable by seed', async () => {
  const faults = { dropBefore: 0.1, dropAfter: 0.1, serverError: 0.2, throttle: 0.1 };
  const seen = await outcomes(faults);
  assert.deepEqual(await outcomes(faults), seen);
  assert.notDeepEqual(await outcomes({ ...faults, seed: 2 }), seen);
  const share = (outcome) => seen.filter((one) => one === outcome).length / seen.length;
  for (const [outcome, expected] of [['lost', 0.2], [503, 0.2], [403, 0.1], [401, 0.5]]) {
    assert.ok(Math.abs(share(outcome) - expected) < 0.1, `${outcome}: ${share(outcome)}`);
  }
});

test('a function decides for each request', async () => {
  const canvas = start();
  canvas.faults.decide = ({ method, url }) => {
    if (method === 'GET') return { answer: { status: 200, text: 'while(1);{}' } };
    return url.endsWith(PATH) ? 'dropBefore' : undefined;
  };
  const { status, text } = await canvas.get('/anything');
  assert.deepEqual([status, text], [200, 'while(1);{}']);
  await assert.rejects(canvas.post(PATH), lost);
  assert.equal((await canvas.post(`${PATH}/refresh`, { bearer: TEACHER })).status, 400);
  canvas.faults.decide = () => null;
  canvas.faults.serverError = 1;
  assert.equal((await canvas.post(PATH)).status, 401);
});

test('an abort ends a wait that would never end', async () => {
  const { fetch, requests } = createEmulator({ faults: { latency: Infinity } });
  const controller = new AbortController();
  const answer = fetch(`${HOST}${PATH}`, { method: 'POST', signal: controller.signal });
  await new Promise((resolve) => setImmediate(resolve));
  controller.abort(new Error('enough'));
  await assert.rejects(answer, /enough/);
  assert.equal(requests.at(-1).status, null);
  await assert.rejects(fetch(`${HOST}${PATH}`, { signal: AbortSignal.abort() }), { name: 'AbortError' });
  const early = new AbortController();
  const aborted = fetch(`${HOST}${PATH}`, { signal: early.signal });
  early.abort();
  await assert.rejects(aborted, { name: 'AbortError' });
  assert.equal(requests.length, 1);
});

test('latency delays, and can be of one request', async () => {
  const canvas = start({ faults: { latency: 1 } });
  assert.equal((await canvas.post(PATH)).status, 401);
  canvas.faults.decide = () => ({ latency: 1 });
  assert.equal((await canvas.post(PATH)).status, 401);
});
