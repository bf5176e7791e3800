// What is sent again, and what never is: a request that may have been carried out, unless twice does no harm.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Canvas, decode, requestAccessToken } from 'canvas-lms-tokens';
import { rejects } from '../node/copies.mjs';
import { answer, listen, THROTTLED } from '../node/servers.mjs';
import { CALLS, run, seed, SUBMISSION, titleOf } from './calls.mjs';
import { answering, GUID, HOST, json, open, WAYS } from './site.mjs';

const soon = { 'retry-after': '0' };
const past = { 'retry-after': 'Thu, 01 Jan 1970 00:00:00 GMT' };
const HTML = '<html><body>503</body></html>';
const failed = (code, place = 'cause') => {
  const inner = Object.assign(new Error('connect'), { code });
  return place === 'cause' ? Object.assign(new TypeError('fetch failed'), { cause: inner }) : inner;
};
const [ALL, REPEATABLE, NONE] = ['all', 'repeatable', 'none'];

const NEXT = [
  // [first answer, which calls are sent again, code when they are not]
  [answer(429, '', soon), ALL, 'ERR_THROTTLED'],
  [answer(429, THROTTLED, past), ALL, 'ERR_THROTTLED'],
  [answer(403, THROTTLED, soon), ALL, 'ERR_THROTTLED'],
  [answer(403, 'Forbidden', soon), NONE, 'ERR_FORBIDDEN'],
  [json(403, { errors: [{ message: 'user not authorized' }] }, soon), NONE, 'ERR_FORBIDDEN'],
  [answer(503, HTML, soon), ALL, 'ERR_HTTP_STATUS'],
  [answer(502, HTML, soon), REPEATABLE, 'ERR_HTTP_STATUS'],
  [answer(504, '', soon), REPEATABLE, 'ERR_HTTP_STATUS'],
  [answer(500, '', soon), NONE, 'ERR_HTTP_STATUS'],
  [answer(501, '', soon), NONE, 'ERR_HTTP_STATUS'],
  [answer(400, '', soon), NONE, 'ERR_HTTP_STATUS'],
  [answer(401, '', { ...soon, 'www-authenticate': 'Bearer' }), NONE, 'ERR_UNAUTHENTICATED'],
  [answer(404, '', soon), NONE, 'ERR_HTTP_STATUS'],
  [answer(408, '', soon), NONE, 'ERR_HTTP_STATUS'],
  [answer(425, '', soon), NONE, 'ERR_HTTP_STATUS'],
  [answer(302, '', { ...soon, location: '/login' }), NONE, 'ERR_HTTP_STATUS'],
  [answer(200, HTML, soon), NONE, 'ERR_RESPONSE_INVALID'],
  [answer(429, '', { 'retry-after': '61' }), NONE, 'ERR_THROTTLED'],
  [answer(503, '', { 'retry-after': '99999999999' }), NONE, 'ERR_HTTP_STATUS'],
  [answer(429, '', { 'retry-after': new Date(Date.now() + 3600_000).toUTCString() }), NONE, 'ERR_THROTTLED'],
  [new TypeError('terminated'), REPEATABLE, 'ERR_FETCH'],
  [failed('ECONNRESET'), REPEATABLE, 'ERR_FETCH'],
  [failed('UND_ERR_SOCKET'), REPEATABLE, 'ERR_FETCH'],
  [failed('UND_ERR_HEADERS_TIMEOUT'), REPEATABLE, 'ERR_FETCH'],
  ...['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH', 'UND_ERR_CONNECT_TIMEOUT']
    .map((code) => [failed(code), ALL, 'ERR_FETCH']),
  [failed('ConnectionRefused', 'itself'), ALL, 'ERR_FETCH'],
];
const nameOf = (first) => (first instanceof Error ? first.cause?.code ?? first.code ?? first.message
  : `${first.status} ${first.body ?? ''}`.replace(/[\n<>{}"]/g, ' ').slice(0, 30));

const isAgain = (which, call) => which === ALL || (which === REPEATABLE && call.repeatable);
/** Waits of half a second are over at once. */
const hurry = (t) => t.mock.timers.enable({ apis: ['setTimeout'] });

async function hurried(t, promise) {
  let isOver = false;
  const over = () => (isOver = true);
  promise.then(over, over);
  while (!isOver) {
    await new Promise(setImmediate);
    if (!isOver) t.mock.timers.tick(500);
  }
  return promise;
}

for (const call of CALLS) {
  test(`${titleOf(call)}: what is sent again`, { timeout: 60_000 }, async (t) => {
    hurry(t);
    for (const [first, which, code] of NEXT) {
      const { canvas, calls } = answering(first, json(200, call.answer));
      const promise = run(canvas, call);
      const tries = isAgain(which, call) ? 2 : 1;
      if (tries === 2) await hurried(t, promise);
      else await rejects(() => hurried(t, promise), code);
      assert.equal(calls.length, tries, nameOf(first));
      for (const { url, init } of calls) {
        assert.equal(url, HOST + call.path);
        assert.deepEqual([init.method, init.body], [call.method, calls[0].init.body]);
        assert.deepEqual(init.headers, calls[0].init.headers);
      }
    }
  });
}

test('which calls may be sent again when they may have been carried out', () => {
  const names = [...new Set(CALLS.filter(({ repeatable }) => !repeatable).map(({ name }) => name))];
  assert.deepEqual(names, [
    'registerToolProxy', 'createOriginalityReport', 'updateOriginalityReport', 'createSubscription', 'updateSubscription',
    'deleteSubscription',
  ]);
});

test('as often as it is told, and twice by default', async () => {
  for (const [retries, tries] of [[undefined, 3], [0, 1], [1, 2], [7, 8]]) {
    for (const call of CALLS) {
      const { canvas, calls } = answering(answer(429, '', soon));
      const error = await rejects(() => run(canvas, call, { retries }), 'ERR_THROTTLED');
      assert.deepEqual([calls.length, error.retryAfter], [tries, 0]);
    }
  }
});

test('the last answer decides', async () => {
  const { canvas, calls } = answering(answer(503, '', soon), answer(429, '', soon), json(404, { message: 'gone' }));
  const error = await rejects(() => canvas.user(1), 'ERR_HTTP_STATUS');
  assert.deepEqual([error.status, calls.length], [404, 3]);
  assert.match(error.message, /gone/);
});

test('how long it waits: longer and longer, unless it is told', async (t) => {
  const waits = [];
  t.mock.method(globalThis, 'setTimeout', (callback, ms) => {
    waits.push(ms);
    return waits.length % 2 === 0 ? setImmediate(callback) : undefined;
  });
  t.mock.method(globalThis, 'clearTimeout', () => {});
  for (const [headers, retries] of [[{}, 5], [{ 'retry-after': '7' }, 2], [{ 'retry-after': 'soon' }, 1]]) {
    waits.length = 0;
    await rejects(() => answering(answer(429, '', headers)).canvas.user(1, { retries }), 'ERR_THROTTLED');
    // Every other timer is that of a try.
    const between = waits.filter((_, index) => index % 2 === 1);
    assert.deepEqual(waits.filter((_, index) => index % 2 === 0), Array(retries + 1).fill(10_000));
    assert.equal(between.length, retries);
    for (const [index, wait] of between.entries()) {
      const most = 500 * 2 ** index;
      if (headers['retry-after'] === '7') assert.equal(wait, 7000);
      else assert.ok(wait >= most / 2 && wait <= most, `wait ${index + 1} is ${wait} ms`);
    }
  }
});

for (const way of Object.keys(WAYS)) {
  test(`${way}: a report whose answer is lost is in the log once`, async (t) => {
    const site = await open(t, { way });
    const canvas = await site.tool({ retries: 5 });
    site.emulator.faults.dropAfter = 1;
    await rejects(() => canvas.createOriginalityReport(SUBMISSION, { fileId: 71 }), 'ERR_FETCH');
    assert.equal(site.sent().status, 201);
    assert.equal(site.emulator.records.reports.size, 1);
  });

  test(`${way}: an answer lost to each call`, async (t) => {
    for (const call of CALLS) {
      const site = await open(t, { way });
      seed(site.emulator);
      const canvas = await site[call.token]();
      const args = call.name === 'refreshJwt' ? [(await canvas.createJwt()).token] : call.args;
      site.emulator.requests.clear();
      const lose = (which) => {
        let count = 0;
        site.emulator.faults.decide = () => ((count += 1) === 1 ? which : null);
      };
      lose('dropAfter');
      const promise = run(canvas, { ...call, args });
      if (call.repeatable) await promise;
      else await rejects(() => promise, 'ERR_FETCH');
      const statuses = [...site.emulator.requests].map(({ status }) => status);
      assert.deepEqual(statuses, Array(call.repeatable ? 2 : 1).fill(statuses[0]), titleOf(call));
      assert.ok(statuses[0] >= 200 && statuses[0] < 300);
    }
  });
}

for (const way of Object.keys(WAYS)) {
  test(`${way}: an assertion whose answer is lost is signed anew`, async (t) => {
    const site = await open(t, { way });
    site.emulator.faults.decide = () => (site.emulator.requests.length === 1 ? 'dropAfter' : null);
    const url = `${site.baseUrl}/api/lti/accounts/1/authorize`;
    await requestAccessToken({ url, sub: GUID, secret: 'secret', fetch: site.fetch });
    const sent = [...site.emulator.requests];
    assert.deepEqual(sent.map(({ status }) => status), [200, 200]);
    const jtis = sent.map(({ body }) => decode(new URLSearchParams(body).get('assertion')).claims.jti);
    assert.equal(new Set(jtis).size, 2);
  });
}

test('a server that is not there is tried again, since nothing was sent', async (t) => {
  const gone = await listen(t, () => {});
  await gone.close();
  let calls = 0;
  const fetch = (...call) => {
    calls += 1;
    return globalThis.fetch(...call);
  };
  const canvas = new Canvas({ baseUrl: gone.url, accessToken: 'opaque', fetch, retries: 1 });
  const error = await rejects(() => canvas.createOriginalityReport(SUBMISSION, { fileId: 71 }), 'ERR_FETCH');
  assert.equal(calls, 2);
  assert.equal(error.cause.cause.code, 'ECONNREFUSED');
});
