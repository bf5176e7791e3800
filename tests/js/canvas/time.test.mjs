// Each try has its time, and an abort ends a call at any moment. The clock is the tests' own, so that nothing depends on it.
import assert from 'node:assert/strict';
import { getEventListeners } from 'node:events';
import { test } from 'node:test';
import { Canvas } from 'canvas-lms-tokens';
import { rejects } from '../node/copies.mjs';
import { answer, listen } from '../node/servers.mjs';
import { CALLS, run, titleOf } from './calls.mjs';
import { HOST, json, open } from './site.mjs';

const never = () => new Promise(() => {});
const settled = () => new Promise((done) => setImmediate(() => setImmediate(done)));
const throttled = (seconds) => answer(429, '', { 'retry-after': String(seconds) });

/** A fetch whose every answer waits to be given, in `given`. */
function waiting() {
  const given = [];
  const fetch = (url, { signal }) => new Promise((give, fail) => {
    const answer = ({ body, ...init }) => give(new Response(body, init));
    given.push({ url, signal, answer, fail });
    signal.addEventListener('abort', () => fail(signal.reason));
  });
  return { given, fetch, canvas: (more) => new Canvas({ baseUrl: HOST, accessToken: 'opaque', fetch, ...more }) };
}

/** What a promise has become, or 'pending'. */
async function state(promise) {
  await settled();
  return Promise.race([promise.then(() => 'fulfilled', ({ code }) => code), 'pending']);
}

for (const call of CALLS) {
  test(`${titleOf(call)}: each try has the whole time`, async (t) => {
    t.mock.timers.enable({ apis: ['setTimeout'] });
    const { given, canvas } = waiting();
    const promise = run(canvas(), call);
    for (let tries = 0; tries < 2; tries += 1) {
      t.mock.timers.tick(9_999);
      assert.equal(await state(promise), 'pending');
      given[tries].answer(throttled(1));
      await settled();
      assert.equal(given.length, tries + 1);
      t.mock.timers.tick(1_000);
      await settled();
      assert.equal(given.length, tries + 2);
    }
    t.mock.timers.tick(9_999);
    given[2].answer(json(200, call.answer));
    await promise;
  });

  test(`${titleOf(call)}: after its time it is ERR_TIMEOUT, and not sent again`, async (t) => {
    t.mock.timers.enable({ apis: ['setTimeout'] });
    for (const [timeout, options] of [[10_000, {}], [1, { timeout: 1 }], [2 ** 31 - 1, { timeout: 2 ** 31 - 1 }]]) {
      const { given, canvas } = waiting();
      const promise = rejects(() => run(canvas(), call, options), 'ERR_TIMEOUT');
      await settled();
      t.mock.timers.tick(timeout - 1);
      assert.equal(await state(promise), 'pending');
      assert.equal(given[0].signal.aborted, false);
      t.mock.timers.tick(1);
      assert.match((await promise).message, new RegExp(`\\b${timeout} ms$`));
      assert.equal(given[0].signal.aborted, true);
      t.mock.timers.tick(100_000);
      await settled();
      assert.equal(given.length, 1);
    }
  });
}

test('a function that never gives its token is ended by time and by abort', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const { given, canvas } = waiting();
  const late = rejects(() => canvas({ accessToken: never, timeout: 50 }).user(1), 'ERR_TIMEOUT');
  const controller = new AbortController();
  const left = rejects(() => canvas({ accessToken: never }).user(1, { signal: controller.signal }), 'ERR_ABORTED');
  await settled();
  t.mock.timers.tick(50);
  controller.abort('enough');
  await late;
  assert.equal((await left).cause, 'enough');
  assert.equal(given.length, 0);
});

const reason = new Error('enough');
const MOMENTS = {
  // What has happened before the abort; gives how many requests were sent.
  'before anything': async ({ abort, start }) => {
    abort();
    start();
    return 0;
  },
  'at once': async ({ abort, start }) => {
    start();
    abort();
    return 0;
  },
  'while it is sent': async ({ abort, start }) => {
    start();
    await settled();
    abort();
    return 1;
  },
  'while it waits for the next try': async ({ abort, start, given }) => {
    start();
    await settled();
    given[0].answer(throttled(60));
    await settled();
    abort();
    return 1;
  },
  'during the second try': async ({ abort, start, given, tick }) => {
    start();
    await settled();
    given[0].answer(throttled(60));
    await settled();
    tick(60_000);
    await settled();
    abort();
    return 2;
  },
  'while the body is read': async ({ abort, start: begin, given }) => {
    begin();
    await settled();
    const start = (stream) => stream.enqueue(new TextEncoder().encode('{'));
    given[0].answer({ status: 200, body: new ReadableStream({ start }) });
    await settled();
    abort();
    return 1;
  },
};

for (const [moment, go] of Object.entries(MOMENTS)) {
  for (const holder of ['the class', 'the call']) {
    test(`aborted ${moment}, by the signal of ${holder}`, async (t) => {
      t.mock.timers.enable({ apis: ['setTimeout'] });
      for (const call of CALLS) {
        const { given, canvas } = waiting();
        const { signal, abort } = own();
        let asked = 0;
        const accessToken = () => `token-${(asked += 1)}`;
        const ofClass = canvas({ accessToken, ...(holder === 'the class' && { signal }) });
        let promise;
        const options = holder === 'the call' ? { signal } : {};
        const start = () => (promise = rejects(() => run(ofClass, call, options), 'ERR_ABORTED'));
        const sent = await go({ abort, start, given, tick: (ms) => t.mock.timers.tick(ms) });
        assert.equal((await promise).cause, reason);
        t.mock.timers.tick(100_000);
        await settled();
        assert.equal(given.length, sent);
        if (moment === 'before anything') assert.equal(asked, 0);
        for (const { signal } of given.slice(-1)) assert.equal(signal.aborted, !moment.includes('waits'));
        assert.equal(getEventListeners(signal, 'abort').length, 0);
      }
    });
  }
}

function own() {
  const controller = new AbortController();
  return { signal: controller.signal, abort: () => controller.abort(reason) };
}

test('an abort between two pages ends the list', async () => {
  const { given, canvas } = waiting();
  const { signal, abort } = own();
  const promise = rejects(() => canvas().groupUsers(4, { signal }), 'ERR_ABORTED');
  await settled();
  given[0].answer(json(200, [], { link: `<${HOST}/2>; rel="next"` }));
  await settled();
  assert.equal(given.length, 2);
  abort();
  await promise;
  assert.equal(given.length, 2);
});

test('the signal of a call goes before that of the class', async () => {
  const { given, canvas } = waiting();
  const [one, other] = [own(), own()];
  const promise = canvas({ signal: one.signal }).user(1, { signal: other.signal });
  await settled();
  one.abort();
  assert.equal(await state(promise), 'pending');
  given[0].answer(json(200, { id: 1 }));
  assert.deepEqual(await promise, { id: 1 });
  other.abort();
});

test('over HTTP: silence ends by time or abort, and the connection is closed', { timeout: 60_000 }, async (t) => {
  let closed = 0;
  const server = await listen(t, (outgoing) => outgoing.once('close', () => (closed += 1)));
  const canvas = new Canvas({ baseUrl: server.url, accessToken: 'opaque' });
  await rejects(() => canvas.user(1, { timeout: 50 }), 'ERR_TIMEOUT');
  await rejects(() => canvas.user(1, { signal: AbortSignal.timeout(50) }), 'ERR_ABORTED');
  assert.equal(server.requests.length, 2);
  while (closed < 2) await settled();
});

test('in process: an answer that never comes is ended by time and abort', async (t) => {
  const site = await open(t, { faults: { latency: Infinity } });
  await rejects(() => site.user().createJwt({}, { timeout: 20 }), 'ERR_TIMEOUT');
  await rejects(() => site.user().createJwt({}, { signal: AbortSignal.timeout(20) }), 'ERR_ABORTED');
  assert.equal(site.emulator.requests.length, 2);
});

test('no timer and no listener is left behind', { timeout: 60_000 }, async () => {
  const timers = () => process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length;
  const before = timers();
  const { signal } = new AbortController();
  const good = json(200, { id: 1 });
  for (const [answers, code] of [[[good]], [[throttled(0), good]], [[answer(404)], 'ERR_HTTP_STATUS']]) {
    const { given, canvas } = waiting();
    const promise = canvas({ signal }).user(1);
    for (const [index, one] of answers.entries()) {
      while (given.length <= index) await settled();
      given[index].answer(one);
    }
    if (code) await rejects(() => promise, code);
    else await promise;
    assert.equal(timers(), before);
    assert.equal(getEventListeners(signal, 'abort').length, 0);
  }
});
