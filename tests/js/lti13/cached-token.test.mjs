// A token that is kept: requested once for all who wait, shared by a store, forgotten when Canvas does not take it.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { imported, refuses, rejects } from '../node/copies.mjs';
import { answer, answers, emulate, proxyRequest } from '../node/servers.mjs';
import { memoryStore } from './stores.mjs';

const { cachedToken, Canvas, encryptedStore, requestAccessToken } = imported;
const START = 1_700_000_000;

/** A clock that stands still until it is told to go on. */
function clock(t) {
  t.mock.timers.enable({ apis: ['Date'], now: START * 1000 });
  return (seconds) => t.mock.timers.tick(seconds * 1000);
}

/** Requests tokens '1', '2', … that live an hour. */
function tokens(change = (token) => token) {
  const request = async () => {
    request.count += 1;
    const token = { accessToken: String(request.count), tokenType: 'bearer', expiresIn: 3600, expiresAt: Date.now() / 1000 + 3600, claims: null };
    return change(token, request.count);
  };
  request.count = 0;
  return request;
}

test('a token is kept until a minute before its end', async (t) => {
  const pass = clock(t);
  const token = cachedToken(tokens());
  assert.equal(await token(), '1');
  pass(3539);
  assert.equal(await token(), '1');
  pass(1);
  assert.equal(await token(), '2');
});

test('a request that never ends keeps nobody waiting for ever', async (t) => {
  t.mock.timers.enable({ apis: ['Date', 'setTimeout'], now: START * 1000 });
  const answered = tokens();
  let hangs = true;
  const token = cachedToken(() => (hangs ? new Promise(() => {}) : answered()));
  const waiting = [token(), token()];
  for (let i = 0; i < 10; i += 1) await null;
  t.mock.timers.tick(180_000);
  for (const one of waiting) await rejects(() => one, 'ERR_TIMEOUT');
  hangs = false;
  assert.equal(await token(), '1');
});

test('how early is an option', async (t) => {
  const pass = clock(t);
  const [soon, late] = [cachedToken(tokens(), { early: 600 }), cachedToken(tokens(), { early: 0 })];
  await Promise.all([soon(), late()]);
  pass(3000);
  assert.deepEqual([await soon(), await late()], ['2', '1']);
  pass(600);
  assert.equal(await late(), '2');
});

test('a token that ends too soon is given, and not kept', async () => {
  const token = cachedToken(tokens((made) => ({ ...made, expiresAt: Date.now() / 1000 + 59 })));
  assert.deepEqual([await token(), await token()], ['1', '2']);
});

test('a hundred calls at once are one request', async () => {
  const request = tokens();
  const token = cachedToken(request);
  assert.deepEqual([...new Set(await Promise.all(Array.from({ length: 100 }, () => token())))], ['1']);
  assert.equal(request.count, 1);
});

test('on workerd each call requests for itself, and what it got serves all', async (t) => {
  const before = Object.getOwnPropertyDescriptor(globalThis, 'navigator');
  Object.defineProperty(globalThis, 'navigator', { value: { userAgent: 'Cloudflare-Workers' }, configurable: true });
  t.after(() => (before ? Object.defineProperty(globalThis, 'navigator', before) : delete globalThis.navigator));
  const request = tokens();
  const token = cachedToken(request);
  await Promise.all([token(), token()]);
  assert.equal(request.count, 2);
  await token();
  assert.equal(request.count, 2);
});

test('a failure goes to all who wait, as it is, and is not remembered', async () => {
  const failure = new Error('down');
  const request = tokens((token, count) => { if (count === 1) throw failure; return token; });
  const token = cachedToken(request);
  const settled = await Promise.allSettled([token(), token()]);
  assert.deepEqual(settled.map(({ reason }) => reason), [failure, failure]);
  assert.equal(await token(), '2');
  const sync = cachedToken(() => { throw failure; });
  await assert.rejects(sync(), failure);
  const refused = cachedToken(() => requestAccessToken(proxyRequest({ fetch: answers(answer(400, '{"error":"invalid_grant"}')) })));
  assert.ok((await rejects(refused, 'ERR_OAUTH')).report);
});

test('what is no token is refused', async () => {
  for (const given of [undefined, null, 'token', {}, { accessToken: 'x' }, { accessToken: '', expiresAt: 9e9 }, { accessToken: 'x', expiresAt: NaN }]) {
    await rejects(cachedToken(async () => given), 'ERR_ARGUMENT');
  }
});

for (const sync of [false, true]) {
  test(`machines share a token by a store that ${sync ? 'answers at once' : 'promises'}`, async (t) => {
    const pass = clock(t);
    const store = memoryStore({ sync });
    const request = tokens();
    const machines = [1, 2, 3].map(() => cachedToken(request, { store, name: 'mine' }));
    for (const token of machines) assert.equal(await token(), '1');
    assert.deepEqual(store.calls.filter(([name]) => name === 'set'),
      [['set', 'mine', `{"accessToken":"1","expiresAt":${START + 3600}.0}`, 3540]]);
    pass(3540);
    for (const token of machines) assert.equal(await token(), '2');
    assert.equal(request.count, 2);
  });
}

test('through encryptedStore nobody reads it, and what was changed is requested anew', async () => {
  const behind = memoryStore();
  const request = tokens((token) => ({ ...token, accessToken: `secret-${token.accessToken}` }));
  const machine = () => cachedToken(request, { store: encryptedStore(behind, 'a secret of thirty-two characters'), name: 'mine' });
  assert.equal(await machine()(), 'secret-1');
  assert.equal(await machine()(), 'secret-1');
  assert.ok(!behind.entries.get('mine').includes('secret'));
  behind.entries.set('mine', behind.entries.get('mine').replace(/.$/, (end) => (end === 'A' ? 'Q' : 'A')));
  assert.equal(await machine()(), 'secret-2');
  assert.equal(await machine()(), 'secret-2');
});

test('a store that fails is ERR_STORE, with its cause', async () => {
  const cause = new Error('down');
  const fail = () => { throw cause; };
  const request = tokens();
  const unread = cachedToken(request, { store: memoryStore({ get: fail }), name: 'a' });
  assert.equal((await rejects(unread, 'ERR_STORE')).cause, cause);
  assert.equal(request.count, 0);
  // The token is there, and the next call gives it.
  const unput = cachedToken(request, { store: memoryStore({ set: fail }), name: 'a' });
  assert.equal((await rejects(unput, 'ERR_STORE')).cause, cause);
  assert.equal(await unput(), '1');
  const foreign = cachedToken(request, { store: memoryStore({ get: () => '{"else":1}' }), name: 'a' });
  assert.match((await rejects(foreign, 'ERR_STORE')).message, /under the name a is no token/);
});

test('forget forgets, in the store too, but no newer token of another machine', async () => {
  const store = memoryStore();
  const request = tokens();
  const [one, two] = [1, 2].map(() => cachedToken(request, { store, name: 'mine' }));
  assert.deepEqual([await one(), await two()], ['1', '1']);
  await one.forget();
  assert.equal(store.entries.size, 0);
  assert.equal(await one(), '2');
  await two.forget();
  assert.equal(store.entries.size, 1);
  assert.equal(await two(), '2');
  assert.equal(request.count, 2);
  // Where the store does not delete it, it is known to be dead.
  const kept = memoryStore({ delete: () => {} });
  const third = cachedToken(request, { store: kept, name: 'mine' });
  assert.equal(await third(), '3');
  await third.forget();
  assert.equal(await third(), '4');
  await cachedToken(request).forget();
});

const unauthenticated = answer(401, '{"errors":[{"message":"Invalid access token."}]}', { 'www-authenticate': 'Bearer realm="canvas-lms"' });
const profile = answer(200, '{"id":"x"}', { 'content-type': 'application/json' });

test('Canvas forgets a token that Canvas does not take, and asks once more', async () => {
  const request = tokens();
  const accessToken = cachedToken(request);
  const fetch = answers(unauthenticated, profile, profile, unauthenticated);
  const canvas = new Canvas({ baseUrl: 'https://canvas.test', accessToken, fetch });
  const sent = () => fetch.calls.map(({ init }) => init.headers.authorization);
  assert.deepEqual(await canvas.user(1), { id: 'x' });
  assert.deepEqual(await canvas.user(1), { id: 'x' });
  assert.deepEqual(sent(), ['Bearer 1', 'Bearer 2', 'Bearer 2']);
  await rejects(() => canvas.user(1), 'ERR_UNAUTHENTICATED');
  assert.deepEqual(sent().slice(3), ['Bearer 2', 'Bearer 3']);
  // Others are not asked again: who else makes tokens knows better.
  const plain = answers(unauthenticated);
  await rejects(() => new Canvas({ baseUrl: 'https://canvas.test', accessToken: async () => 'x', fetch: plain }).user(1), 'ERR_UNAUTHENTICATED');
  assert.equal(plain.calls.length, 1);
});

test('an LTI 2 token of the emulator serves many calls', async () => {
  const { fetch, forms } = emulate();
  const accessToken = cachedToken(() => requestAccessToken(proxyRequest({ fetch })));
  const canvas = new Canvas({ baseUrl: 'https://canvas.test', accessToken, fetch });
  await Promise.all([canvas.subscriptions(), canvas.subscriptions(), canvas.subscriptions()]);
  await canvas.subscriptions();
  assert.equal(forms().filter(({ assertion }) => assertion).length, 1);
});

test('what is wrong with the arguments', () => {
  const request = tokens();
  for (const [given, options, at] of [
    [undefined, undefined, 'request'], ['token', undefined, 'request'], [request, { store: memoryStore() }, 'options.name'],
    [request, { store: memoryStore(), name: '' }, 'options.name'], [request, { store: {}, name: 'a' }, 'options.store.get'],
    [request, { store: 'x', name: 'a' }, 'options.store'], [request, { early: -1 }, 'options.early'], [request, 7, 'options'],
  ]) {
    refuses(() => cachedToken(given, options), 'ERR_ARGUMENT', at);
  }
});
