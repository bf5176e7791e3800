import assert from 'node:assert/strict';
import { test } from 'node:test';
import { defaultSeeds } from 'canvas-lms-tokens/emulator';
import { ADMIN, start, TEACHER } from './canvas.mjs';

const COSTLY = '/api/v1/inst_access_tokens';
const CHEAP = '/api/v1/jwts';
const BLOCKED = { 403: '403 Forbidden (Rate Limit Exceeded)\n', 429: '429 Too Many Requests (Rate Limit Exceeded)\n' };
const rate = ({ status, headers }) =>
  [status, headers.get('x-request-cost'), headers.get('x-rate-limit-remaining')];

test('three costly calls fill the bucket, which leaks ten a second', async () => {
  const canvas = start({ throttle: { cost: 0 } });
  const call = (path = COSTLY, bearer = TEACHER) => canvas.post(path, { bearer });
  assert.deepEqual(rate(await call()), [201, '200.0', '400.0']);
  assert.deepEqual(rate(await call()), [201, '200.0', '200.0']);
  assert.deepEqual(rate(await call()), [201, '200.0', '0.0']);
  const blocked = await call();
  assert.deepEqual(rate(blocked), [403, null, '0.0']);
  assert.equal(blocked.text, BLOCKED[403]);
  assert.match(blocked.headers.get('content-type'), /^text\/plain/);
  assert.equal(canvas.reason(), 'throttled');
  assert.deepEqual(rate(await call(CHEAP, ADMIN)), [200, '0.0', '600.0']);
  canvas.clock.now += 5;
  assert.equal((await call(CHEAP)).status, 403);
  canvas.clock.now += 1;
  assert.deepEqual(rate(await call(CHEAP)), [200, '0.0', '60.0']);
  canvas.clock.now += 1000;
  assert.deepEqual(rate(await call(CHEAP)), [200, '0.0', '600.0']);
});

test('a blocked request is not carried out', async () => {
  const canvas = start({ throttle: { highWaterMark: 50 } });
  const answer = await canvas.post(CHEAP, { bearer: 'unknown' });
  assert.equal(answer.status, 403);
});

test('requests in parallel each hold a reserve', async () => {
  const canvas = start({ throttle: {} });
  const answers = await Promise.all(Array.from({ length: 20 }, () => canvas.post(CHEAP, { bearer: TEACHER })));
  assert.equal(answers.filter(({ status }) => status === 200).length, 11);
  assert.equal(answers.filter(({ status }) => status === 403).length, 9);
  assert.equal((await canvas.post(CHEAP, { bearer: TEACHER })).status, 200);
});

test('newer servers answer 429', async () => {
  const canvas = start({ throttle: { status: 429, highWaterMark: 0 } });
  const answer = await canvas.post(CHEAP, { bearer: TEACHER });
  assert.deepEqual([answer.status, answer.text], [429, BLOCKED[429]]);
});

test('one bucket for each user of a session; none for nobody, or by option', async () => {
  const canvas = start({ throttle: {} });
  const [{ id, csrfToken }] = defaultSeeds.sessions;
  const cookie = `canvas_session=${id}; _csrf_token=${encodeURIComponent(csrfToken)}`;
  const headers = { cookie, 'x-csrf-token': csrfToken };
  assert.deepEqual(rate(await canvas.post(CHEAP, { headers })), [200, '0.05', '599.95']);
  assert.deepEqual(rate(await canvas.post(CHEAP)), [401, null, null]);
  assert.deepEqual(rate(await start().post(CHEAP, { bearer: TEACHER })), [200, null, null]);
});
