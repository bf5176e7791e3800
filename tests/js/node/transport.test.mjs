// Timeout, abort, redirects, and what an injected fetch is given.
import assert from 'node:assert/strict';
import { getEventListeners } from 'node:events';
import { test } from 'node:test';
import vm from 'node:vm';
import { imported, rejects } from './copies.mjs';
import { answer, answers, GRANTED, listen, proxyRequest, THROTTLED } from './servers.mjs';

const { requestAccessToken } = imported;
const never = () => new Promise(() => {});

// Where nothing but the abort under test may end a call, its own timeout comes long after the limit of the test.
const LATE = 600_000;
const LIMIT = { timeout: 30_000 };

/** A signal that is none of this realm's, and what aborts it. */
function foreign() {
  const signal = vm.runInNewContext(
    'new (class ForeignSignal extends EventTarget { aborted = false; reason = undefined; })', { EventTarget });
  const abort = (reason = 'foreign') => {
    Object.assign(signal, { aborted: true, reason });
    signal.dispatchEvent(new Event('abort'));
  };
  return { signal, abort };
}
const own = () => {
  const controller = new AbortController();
  return { signal: controller.signal, abort: (reason) => controller.abort(reason) };
};
const signals = { 'a signal': own, 'a signal of another realm': foreign };

const SILENT = {
  'a server that never answers': () => {},
  'a head that never ends': (outgoing) => outgoing.socket.write('HTTP/1.1 200 OK\r\nContent-Type: appl'),
  'a body that never ends': (outgoing) => outgoing.writeHead(200, { 'content-type': 'application/json' }).write('{"access_'),
};
for (const [name, handler] of Object.entries(SILENT)) {
  test(`${name} is ERR_TIMEOUT, and is not asked again`, async (t) => {
    const server = await listen(t, handler);
    const error = await rejects(() => requestAccessToken(proxyRequest({ url: server.url, timeout: 500 })), 'ERR_TIMEOUT');
    assert.match(error.message, /\b500 ms/);
    // None, where the machine was too busy to connect.
    assert.ok(server.requests.length <= 1);
  });

  for (const [kind, make] of Object.entries(signals)) {
    test(`${name} can be left by ${kind}`, LIMIT, async (t) => {
      const { signal, abort } = make();
      const reason = new Error('enough');
      const server = await listen(t, (outgoing) => {
        handler(outgoing);
        setTimeout(() => abort(reason), 20);
      });
      const error = await rejects(() => requestAccessToken(proxyRequest({ url: server.url, signal, timeout: LATE })), 'ERR_ABORTED');
      assert.equal(error.cause, reason);
      assert.equal(server.requests.length, 1);
    });
  }
}

for (const [kind, make] of Object.entries(signals)) {
  test(`${kind} that was aborted before: nothing is sent`, async () => {
    const { signal, abort } = make();
    abort('early');
    const fetch = answers(answer(200, GRANTED));
    const error = await rejects(() => requestAccessToken(proxyRequest({ fetch, signal })), 'ERR_ABORTED');
    assert.equal(error.cause, 'early');
    assert.equal(fetch.calls.length, 0);
  });

  test(`${kind} ends the wait for the next try`, LIMIT, async () => {
    const { signal, abort } = make();
    const fetch = answers(() => {
      setTimeout(abort, 20);
      return answer(429, '', { 'retry-after': '60' });
    });
    await rejects(() => requestAccessToken(proxyRequest({ fetch, signal, timeout: LATE })), 'ERR_ABORTED');
    assert.equal(fetch.calls.length, 1);
  });

  test(`${kind} keeps no listener, and an abort afterwards does nothing`, async () => {
    const { signal, abort } = make();
    const listeners = () => getEventListeners(signal, 'abort').length;
    let during = 0;
    const fetch = answers(answer(429, '', { 'retry-after': '0' }), () => {
      during = listeners();
      return answer(200, GRANTED);
    });
    const token = await requestAccessToken(proxyRequest({ fetch, signal }));
    assert.ok(during > 0);
    assert.equal(listeners(), 0);
    for (const fails of [answers(answer(400, '{"error":"no"}')), answers(new Error('no')), never]) {
      await rejects(() => requestAccessToken(proxyRequest({ fetch: fails, signal, timeout: 20, retries: 0 })));
      assert.equal(listeners(), 0);
    }
    abort();
    assert.equal(token.accessToken, 'opaque');
  });
}

test('the fetch in use is aborted with the request', LIMIT, async () => {
  const { signal, abort } = own();
  let given;
  const fetch = (_, init) => {
    given = init.signal;
    setTimeout(abort, 20);
    return never();
  };
  await rejects(() => requestAccessToken(proxyRequest({ fetch, signal, timeout: LATE })), 'ERR_ABORTED');
  assert.ok(given instanceof AbortSignal && given.aborted);
  await rejects(() => requestAccessToken(proxyRequest({ fetch, timeout: 20 })), 'ERR_TIMEOUT');
  assert.ok(given.aborted);
  const { calls } = await passes();
  assert.equal(calls[0].init.signal.aborted, false);
});

async function passes() {
  const fetch = answers(answer(200, GRANTED));
  await requestAccessToken(proxyRequest({ fetch }));
  return fetch;
}

test('no timer is left behind', async (t) => {
  const started = t.mock.method(globalThis, 'setTimeout').mock;
  const ended = t.mock.method(globalThis, 'clearTimeout').mock;
  await passes();
  await rejects(() => requestAccessToken(proxyRequest({ fetch: answers(new Error('no')), retries: 0 })), 'ERR_FETCH');
  assert.equal(started.calls.length, 2);
  assert.deepEqual(ended.calls.map((call) => call.arguments[0]), started.calls.map((call) => call.result));
});

test('a signal that aborts while it is listened to', LIMIT, async () => {
  const signal = {
    aborted: false,
    addEventListener(_, ring) {
      this.aborted = true;
      ring();
    },
    removeEventListener() {},
  };
  await rejects(() => requestAccessToken(proxyRequest({ fetch: never, signal, timeout: LATE })), 'ERR_ABORTED');
});

test('an answer too late changes nothing', async () => {
  let late;
  const fetch = () => new Promise((give, fail) => (late = { give, fail }));
  for (const way of ['give', 'fail']) {
    await rejects(() => requestAccessToken(proxyRequest({ fetch, timeout: 20 })), 'ERR_TIMEOUT');
    late[way](new Response(GRANTED));
    await new Promise(setImmediate);
  }
});

test('what fetch is given', async () => {
  let self = 'not called';
  const fetch = answers(answer(200, GRANTED));
  const given = proxyRequest({
    fetch(...call) {
      self = this;
      return fetch(...call);
    },
  });
  await requestAccessToken(given);
  assert.equal(self, undefined);
  const [{ url, init }] = fetch.calls;
  assert.equal(url, given.url);
  const { signal, body, headers, ...rest } = init;
  assert.deepEqual(rest, { method: 'POST', redirect: 'manual' });
  assert.equal(typeof body, 'string');
  assert.deepEqual(Object.keys(headers).sort(), ['accept', 'content-type', 'user-agent']);
  assert.ok(signal instanceof AbortSignal);
});

test("the runtime's fetch is looked up when it is needed", async (t) => {
  const fetch = answers(answer(200, GRANTED));
  t.mock.method(globalThis, 'fetch', fetch);
  await requestAccessToken(proxyRequest());
  assert.equal(fetch.calls.length, 1);
});

for (const status of [300, 301, 302, 303, 307, 308]) {
  test(`a redirect (${status}) is not followed`, async (t) => {
    const second = await listen(t, (outgoing) => outgoing.end(GRANTED));
    for (const location of [`${second.url}/stolen`, '//127.0.0.1/x', '/login', undefined]) {
      const first = await listen(t, (outgoing) => outgoing.writeHead(status, location && { location }).end());
      const error = await rejects(() => requestAccessToken(proxyRequest({ url: first.url })), 'ERR_HTTP_STATUS');
      assert.equal(error.status, status);
      assert.match(error.message, /redirect/);
      assert.equal(first.requests.length, 1);
    }
    assert.equal(second.requests.length, 0);
  });
}

test('many at once do not mix', async () => {
  const subs = Array.from({ length: 50 }, (_, index) => `sub-${index}`);
  const fetch = async (_, { body }) => {
    const assertion = new URLSearchParams(body).get('assertion');
    const { sub } = JSON.parse(Buffer.from(assertion.split('.')[1], 'base64url'));
    await new Promise((done) => setTimeout(done, Math.random() * 20));
    if (sub.endsWith('7')) return new Response(THROTTLED, { status: 403, headers: { 'retry-after': '90' } });
    return new Response(JSON.stringify({ access_token: sub, expires_in: 1 }));
  };
  const got = await Promise.allSettled(subs.map((sub) => requestAccessToken(proxyRequest({ sub, fetch }))));
  const expected = subs.map((sub) => (sub.endsWith('7') ? 'ERR_THROTTLED' : sub));
  assert.deepEqual(got.map(({ value, reason }) => value?.accessToken ?? reason.code), expected);
});
