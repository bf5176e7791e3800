// What is asked again, what is not, and that nothing is sent twice that may have been used up.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AUD, GUID, imported, rejects, UUID_4 } from './copies.mjs';
import { answer, answers, emulate, GRANTED, listen, proxyRequest, THROTTLED } from './servers.mjs';

const { requestAccessToken, signAssertion } = imported;
const assertion = signAssertion({ sub: GUID, aud: AUD }, 'secret');
const REQUESTS = {
  signing: proxyRequest(),
  // All of it given, as the clock may move between two tries.
  'a given jti': proxyRequest({ jti: 'mine', iat: 1000, exp: 1060 }),
  'a given assertion': { url: AUD, assertion },
};
const soon = { 'retry-after': '0' };
const past = { 'retry-after': 'Thu, 01 Jan 1970 00:00:00 GMT' };
const late = { 'retry-after': '61' };
const unsent = (code) => Object.assign(new TypeError('fetch failed'), { cause: Object.assign(new Error(code), { code }) });
const jtis = (calls) => calls.map(({ form }) => JSON.parse(Buffer.from(form.assertion.split('.')[1], 'base64url')).jti);

const AGAIN = ['signing', 'a given jti', 'a given assertion'];
const OUTCOMES = [
  // [first answer, which requests are sent again, code when they are not]
  [answer(429, '', soon), AGAIN, 'ERR_THROTTLED'],
  [answer(429, '', past), AGAIN, 'ERR_THROTTLED'],
  [answer(429, '', late), [], 'ERR_THROTTLED'],
  [answer(403, THROTTLED, soon), AGAIN, 'ERR_THROTTLED'],
  [answer(403, 'Forbidden', soon), [], 'ERR_FORBIDDEN'],
  [answer(502, '', soon), ['signing'], 'ERR_HTTP_STATUS'],
  [answer(503, '', soon), AGAIN, 'ERR_HTTP_STATUS'],
  [answer(503, '', late), [], 'ERR_HTTP_STATUS'],
  [answer(504, '', soon), ['signing'], 'ERR_HTTP_STATUS'],
  [answer(400, '{"error":"invalid_grant"}', soon), [], 'ERR_OAUTH'],
  [answer(401, '', soon), [], 'ERR_FORBIDDEN'],
  [answer(404, '', soon), [], 'ERR_HTTP_STATUS'],
  [answer(500, '', soon), [], 'ERR_HTTP_STATUS'],
  [answer(501, '', soon), [], 'ERR_HTTP_STATUS'],
  [answer(307, '', { ...soon, location: '/' }), [], 'ERR_HTTP_STATUS'],
  [answer(200, '', soon), [], 'ERR_RESPONSE_INVALID'],
  [new TypeError('connection reset'), ['signing'], 'ERR_FETCH'],
  [unsent('ECONNRESET'), ['signing'], 'ERR_FETCH'],
  ...['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH', 'UND_ERR_CONNECT_TIMEOUT', 'ConnectionRefused']
    .map((code) => [unsent(code), AGAIN, 'ERR_FETCH']),
  [Object.assign(new Error('refused'), { code: 'ConnectionRefused' }), AGAIN, 'ERR_FETCH'],
];
const nameOf = (first) => (first instanceof Error ? `"${first.cause?.code ?? first.code ?? first.message}"`
  : `${first.status} ${first.headers['retry-after']}`);

for (const [kind, request] of Object.entries(REQUESTS)) {
  // Side by side, as some wait half a second.
  test(`${kind}: what is sent again`, { concurrency: true }, async (t) => {
    await Promise.all(OUTCOMES.map(([first, again, code]) => t.test(`after ${nameOf(first)}`, async () => {
      const fetch = answers(first, answer(200, GRANTED));
      if (!again.includes(kind)) {
        await rejects(() => requestAccessToken({ ...request, fetch }), code);
        assert.equal(fetch.calls.length, 1);
        return;
      }
      assert.equal((await requestAccessToken({ ...request, fetch })).accessToken, 'opaque');
      assert.equal(fetch.calls.length, 2);
      const [one, two] = jtis(fetch.calls);
      if (kind === 'signing') {
        for (const jti of [one, two]) assert.match(jti, UUID_4);
        assert.notEqual(one, two);
      } else {
        assert.deepEqual(fetch.calls[0].form, fetch.calls[1].form);
      }
    })));
  });
}

test('as often as it is told', async () => {
  for (const [retries, calls] of [[undefined, 3], [0, 1], [1, 2], [5, 6]]) {
    const fetch = answers(answer(429, '', soon));
    const error = await rejects(() => requestAccessToken(proxyRequest({ fetch, retries })), 'ERR_THROTTLED');
    assert.equal(error.retryAfter, 0);
    assert.equal(fetch.calls.length, calls);
    assert.equal(new Set(jtis(fetch.calls)).size, calls);
  }
});

test('the last answer decides, whatever came before', async () => {
  const fetch = answers(answer(503, '', soon), answer(429, '', soon), answer(400, '{"error":"invalid_grant"}'));
  await rejects(() => requestAccessToken(proxyRequest({ fetch, retries: 9 })), 'ERR_OAUTH');
  assert.equal(fetch.calls.length, 3);
});

test('each try has its own time', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const clock = setInterval(() => t.mock.timers.tick(1), 1);
  t.after(() => clearInterval(clock));
  const slow = () => {
    t.mock.timers.tick(600);
    return answer(429, '', soon);
  };
  const fetch = answers(slow, slow, slow, answer(200, GRANTED));
  await requestAccessToken(proxyRequest({ fetch, retries: 3, timeout: 1000 }));
  assert.equal(fetch.calls.length, 4);
});

test('how long to wait is told when it is too long', async () => {
  const error = await rejects(
    () => requestAccessToken(proxyRequest({ fetch: answers(answer(429, '', late)) })), 'ERR_THROTTLED');
  assert.equal(error.retryAfter, 61);
});

test('a server that is not there is asked again, with the reason of the platform', async (t) => {
  const gone = await listen(t, () => {});
  await gone.close();
  let calls = 0;
  const fetch = (...call) => {
    calls += 1;
    return globalThis.fetch(...call);
  };
  const error = await rejects(() => requestAccessToken({ url: gone.url, assertion, fetch, retries: 1 }), 'ERR_FETCH');
  assert.equal(calls, 2);
  assert.equal(error.cause.cause.code, 'ECONNREFUSED');
});

test('a connection lost after Canvas used it up: signed anew, but a given assertion is not resent', async () => {
  const lossy = () => {
    let request = 0;
    return emulate({ faults: { decide: () => ((request += 1) === 1 ? 'dropAfter' : null) } });
  };
  const anew = lossy();
  assert.equal((await requestAccessToken(proxyRequest({ fetch: anew.fetch }))).claims.sub, GUID);
  assert.equal(anew.requests.length, 2);
  assert.deepEqual([...anew.requests].map(({ status }) => status), [200, 200]);

  const once = lossy();
  const given = signAssertion({ sub: GUID, aud: AUD }, 'secret');
  await rejects(() => requestAccessToken({ url: AUD, assertion: given, fetch: once.fetch }), 'ERR_FETCH');
  assert.equal(once.requests.length, 1);
});

test('Canvas under load: every request gets its token', async () => {
  const emulator = emulate({ faults: { throttle: 0.3, serverError: 0.1, retryAfter: 0, seed: 7 } });
  const tokens = await Promise.all(Array.from({ length: 20 }, () =>
    requestAccessToken(proxyRequest({ fetch: emulator.fetch, retries: 20 }))));
  assert.equal(new Set(tokens.map(({ claims }) => claims.jti)).size, 20);
  assert.ok(emulator.requests.length > 20);
  assert.equal(emulator.refusals.length, 0);
});
