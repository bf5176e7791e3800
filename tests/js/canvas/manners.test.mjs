// What every request carries: User-Agent, the bearer from wherever it comes, and what the options of one call change.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Canvas } from 'canvas-lms-tokens';
import { read, rejects } from '../node/copies.mjs';
import { answer } from '../node/servers.mjs';
import { CALLS, run, seed, titleOf } from './calls.mjs';
import { answering, HOST, json, open, USER_TOKEN, WAYS } from './site.mjs';

const { version } = JSON.parse(read('pkg/package.json'));

for (const way of Object.keys(WAYS)) {
  test(`${way}: Canvas's demand for a User-Agent is met by every call`, async (t) => {
    const site = await open(t, { way, requireUserAgent: true });
    seed(site.emulator);
    for (const call of CALLS.filter(({ name }) => name !== 'refreshJwt')) {
      const canvas = await site[call.token]();
      site.emulator.requests.clear();
      await run(canvas, call);
      assert.equal(site.sent().headers['user-agent'], `canvas-lms-tokens/${version}`);
    }
    const canvas = site.user({ userAgent: 'of-the-class/1 (x; y)' });
    site.emulator.requests.clear();
    await canvas.createJwt();
    await canvas.createJwt({}, { userAgent: 'of-the-call/2' });
    await canvas.createJwt({}, { userAgent: undefined });
    assert.deepEqual(
      [...site.emulator.requests].map(({ headers }) => headers['user-agent']),
      ['of-the-class/1 (x; y)', 'of-the-call/2', 'of-the-class/1 (x; y)']);
  });
}

test('a server that finds no User-Agent says what is missing', async () => {
  const { canvas } = answering(json(403, { error: 'Forbidden', message: 'You have not provided a valid user agent.' }));
  const error = await rejects(() => canvas.user(1), 'ERR_FORBIDDEN');
  assert.match(error.message, /user agent/);
});

const bearers = (calls) => calls.map(({ init }) => init.headers.authorization);
const jwt = json(200, CALLS[0].answer);
const soon = { 'retry-after': '0' };
const FUNCTIONS = {
  'a text': () => 'opaque',
  'a text with space around it': () => ' opaque\n',
  'a function': () => () => 'opaque',
  'an async function': () => async () => 'opaque',
  'a function that gives a thenable': () => () => ({ then: (give) => give('opaque') }),
};
for (const [name, make] of Object.entries(FUNCTIONS)) {
  test(`the bearer from ${name}`, async () => {
    const { fetch, calls } = answering(jwt);
    const canvas = new Canvas({ baseUrl: HOST, accessToken: make(), fetch });
    await canvas.createJwt();
    assert.deepEqual(bearers(calls), ['Bearer opaque']);
  });
}

test('no token: no Authorization', async () => {
  const { fetch, calls } = answering(jwt);
  await new Canvas({ baseUrl: HOST, fetch }).createJwt();
  await new Canvas({ baseUrl: HOST, fetch, accessToken: undefined }).createJwt();
  for (const { init } of calls) assert.deepEqual(Object.keys(init.headers).sort(), ['accept', 'user-agent']);
  assert.equal(calls.length, 2);
});

for (const call of CALLS) {
  test(`${titleOf(call)}: the function is asked once for the call, and again for each try`, async () => {
    let asked = 0;
    const accessToken = async () => `token-${(asked += 1)}`;
    const given = json(200, call.answer);
    const { fetch, calls } = answering(given, answer(429, '', soon), answer(503, '', soon), given);
    const canvas = new Canvas({ baseUrl: HOST, accessToken, fetch });
    assert.equal(asked, 0);
    await run(canvas, call);
    assert.deepEqual(bearers(calls), ['Bearer token-1']);
    await run(canvas, call);
    assert.deepEqual(bearers(calls), [1, 2, 3, 4].map((count) => `Bearer token-${count}`));
  });
}

test('the function is asked for each page', async () => {
  let asked = 0;
  const page = (next) => json(200, [{ id: next }], { link: `<${HOST}/x?page=${next}>; rel="next"` });
  const { fetch, calls } = answering(page(2), page(3), json(200, []));
  await new Canvas({ baseUrl: HOST, accessToken: () => `token-${(asked += 1)}`, fetch }).groupUsers(4);
  assert.deepEqual(bearers(calls), ['Bearer token-1', 'Bearer token-2', 'Bearer token-3']);
});

const reason = new Error('the vault is sealed');
const thenGetter = { get then() { throw reason; } };
class Odd extends Promise { then() { throw reason; } }
const FAILING = {
  'throws': () => { throw reason; },
  'rejects': async () => { throw reason; },
  'gives what cannot be awaited': () => thenGetter,
  'gives a promise of its own making': () => new Odd(() => {}),
};
for (const [name, accessToken] of Object.entries(FAILING)) {
  test(`a function that ${name}: nothing is sent, and the reason is the cause`, async () => {
    const { fetch, calls } = answering(jwt);
    const canvas = new Canvas({ baseUrl: HOST, accessToken, fetch });
    for (const call of CALLS) {
      const error = await rejects(() => run(canvas, call), 'ERR_ARGUMENT', 'options.accessToken');
      assert.equal(error.cause, reason);
      assert.match(error.message, /the function failed/);
    }
    assert.equal(calls.length, 0);
  });
}

test('a function that fails for the second try ends the call', async () => {
  let asked = 0;
  const accessToken = () => ((asked += 1) === 1 ? 'opaque' : Promise.reject(reason));
  const { fetch, calls } = answering(answer(429, '', soon), jwt);
  await rejects(() => new Canvas({ baseUrl: HOST, accessToken, fetch }).createJwt(), 'ERR_ARGUMENT');
  assert.equal(calls.length, 1);
});

test('the options of one call go before those of the class', async () => {
  const ofClass = answering(jwt);
  const ofCall = answering(jwt);
  const canvas = new Canvas({ baseUrl: HOST, fetch: ofClass.fetch, retries: 0 });
  await canvas.createJwt({}, { fetch: ofCall.fetch });
  assert.deepEqual([ofClass.calls.length, ofCall.calls.length], [0, 1]);
  const throttled = answering(answer(429, '', soon));
  for (const [retries, tries] of [[undefined, 1], [2, 3], [0, 1]]) {
    throttled.calls.length = 0;
    await rejects(() => canvas.createJwt({}, { fetch: throttled.fetch, retries }), 'ERR_THROTTLED');
    assert.equal(throttled.calls.length, tries);
  }
});

test('what is changed after the class was made changes nothing', async () => {
  const { fetch, calls } = answering(jwt);
  const options = { baseUrl: HOST, accessToken: USER_TOKEN, fetch };
  const canvas = new Canvas(options);
  Object.assign(options, { baseUrl: 'https://evil.test', accessToken: 'other', fetch: undefined });
  await canvas.createJwt();
  assert.equal(calls[0].url, `${HOST}/api/v1/jwts`);
  assert.deepEqual(bearers(calls), [`Bearer ${USER_TOKEN}`]);
  assert.deepEqual(Object.keys(canvas), []);
});

test("the runtime's fetch is looked up when it is needed", async (t) => {
  const { fetch, calls } = answering(jwt);
  const canvas = new Canvas({ baseUrl: HOST, accessToken: 'x' });
  t.mock.method(globalThis, 'fetch', fetch);
  await canvas.createJwt();
  assert.equal(calls.length, 1);
  globalThis.fetch = undefined;
  await rejects(() => canvas.createJwt(), 'ERR_ARGUMENT', 'options.fetch');
});
