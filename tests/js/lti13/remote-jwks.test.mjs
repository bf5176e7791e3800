// The keys of a platform at a URL: fetched when a token needs them, kept, replaced; of hostile servers too.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createEmulator } from 'canvas-lms-tokens/emulator';
import { imported, refuses, rejects } from '../node/copies.mjs';
import { listen } from '../node/servers.mjs';
import { memoryStore } from './stores.mjs';

const { beginLaunch, canvasPlatform, decryptJwe, generateKey, inspect, prepareKey, remoteJwks, signJwt, signJws, verifyJws, verifyJwt, verifyJwtSync } = imported;

const [one, two, other] = await Promise.all(['1', '2', '1'].map((kid) => generateKey('RS256', { kid })));
const claims = { iss: 'https://canvas.instructure.com' };
const tokenOf = (key, header = {}) => signJwt(claims, key.privateKey, { typ: 'JWT', ...header });
const setOf = (...keys) => JSON.stringify({ keys: keys.map(({ publicKey }) => publicKey) });
const tokens = { one: await tokenOf(one), two: await tokenOf(two), other: await tokenOf(other) };

/** A server of one set, which a test may change: `serve.body`, `serve.status`, `serve.headers`. */
async function platform(t, body = setOf(one)) {
  const serve = { body, status: 200, headers: { 'content-type': 'application/json' } };
  const server = await listen(t, (outgoing, incoming) => {
    if (serve.answer) return serve.answer(outgoing, incoming);
    return outgoing.writeHead(serve.status, serve.headers).end(serve.body);
  });
  const jwks = (options) => remoteJwks(`${server.url}/jwks`, { retries: 0, ...options });
  return { server, serve, jwks, count: () => server.requests.length };
}

/** A clock that stands still until it is told to go on. */
function clock(t) {
  t.mock.timers.enable({ apis: ['Date'], now: 1_700_000_000_000 });
  return (seconds) => t.mock.timers.tick(seconds * 1000);
}

test('keys at a URL verify, and are fetched once', async (t) => {
  const { jwks, server, count } = await platform(t, setOf(one, two));
  const key = jwks();
  assert.equal(count(), 0);
  for (const token of [tokens.one, tokens.two, tokens.one]) assert.deepEqual((await verifyJwt(token, key)).claims, claims);
  assert.deepEqual((await verifyJws(await signJws('text', one.privateKey), key)).payload, new TextEncoder().encode('text'));
  assert.equal(count(), 1);
  assert.equal(server.requests[0].headers.accept, 'application/jwk-set+json, application/json');
  assert.match(server.requests[0].headers['user-agent'], /^canvas-lms-tokens\//);
  await rejects(() => verifyJwt(tokens.other, key), 'ERR_JWS_SIGNATURE_VERIFICATION_FAILED');
  await rejects(() => verifyJwt(tokens.one, key, { audience: 'x' }), 'ERR_JWT_CLAIM_VALIDATION_FAILED');
  assert.equal(count(), 1);
});

test('a hundred calls at once are one fetch', async (t) => {
  const { jwks, serve, count } = await platform(t);
  serve.answer = (outgoing) => setTimeout(() => outgoing.end(serve.body), 50);
  const key = jwks();
  await Promise.all(Array.from({ length: 100 }, () => verifyJwt(tokens.one, key)));
  assert.equal(count(), 1);
});

test('on workerd without navigator each call fetches for itself, too', async (t) => {
  const { jwks, count } = await platform(t);
  globalThis.WebSocketPair = class WebSocketPair {};
  t.after(() => delete globalThis.WebSocketPair);
  const key = jwks();
  await Promise.all([verifyJwt(tokens.one, key), verifyJwt(tokens.one, key)]);
  assert.equal(count(), 2);
});

test('on workerd each call fetches for itself, and what it got serves all', async (t) => {
  const { jwks, count } = await platform(t);
  const before = Object.getOwnPropertyDescriptor(globalThis, 'navigator');
  Object.defineProperty(globalThis, 'navigator', { value: { userAgent: 'Cloudflare-Workers' }, configurable: true });
  t.after(() => (before ? Object.defineProperty(globalThis, 'navigator', before) : delete globalThis.navigator));
  const key = jwks();
  await Promise.all([verifyJwt(tokens.one, key), verifyJwt(tokens.one, key)]);
  assert.equal(count(), 2);
  await verifyJwt(tokens.one, key);
  assert.equal(count(), 2);
});

test('Cache-Control says how long a set is kept', async (t) => {
  for (const [headers, seconds] of [
    [{}, 600], [{ 'cache-control': 'max-age=864000' }, 864_000], [{ 'cache-control': 'no-store' }, 600],
    [{ 'cache-control': 'max-age=3600', age: '600' }, 3000], [{ 'cache-control': 'max-age=0' }, 60],
  ]) {
    await t.test(JSON.stringify(headers), async (t) => {
      const { jwks, serve, count } = await platform(t);
      Object.assign(serve.headers, headers);
      const [key, pass] = [jwks(), clock(t)];
      await verifyJwt(tokens.one, key);
      pass(seconds - 1);
      await verifyJwt(tokens.one, key);
      assert.equal(count(), 1);
      pass(1);
      await verifyJwt(tokens.one, key);
      assert.equal(count(), 2);
    });
  }
});

test('an unknown kid asks again, at most once a minute', async (t) => {
  const { jwks, serve, count } = await platform(t);
  const [key, pass] = [jwks(), clock(t)];
  const refused = () => rejects(() => verifyJwt(tokens.two, key), 'ERR_JWKS_NO_MATCHING_KEY');
  await refused();
  await refused();
  pass(59);
  await refused();
  assert.equal(count(), 1);
  serve.body = setOf(one, two);
  pass(1);
  await Promise.all([1, 2, 3].map(() => verifyJwt(tokens.two, key)));
  assert.equal(count(), 2);
});

test('a set replaces the one before: withdrawn keys are gone, and another key under the same kid counts', async (t) => {
  const { jwks, serve } = await platform(t, setOf(one, two));
  const [key, pass] = [jwks(), clock(t)];
  await verifyJwt(tokens.one, key);
  serve.body = setOf(other);
  pass(600);
  await verifyJwt(tokens.other, key);
  await rejects(() => verifyJwt(tokens.one, key), 'ERR_JWS_SIGNATURE_VERIFICATION_FAILED');
  await rejects(() => verifyJwt(tokens.two, key), 'ERR_JWKS_NO_MATCHING_KEY');
});

test('while the server fails, old keys serve for a day, and it is left in peace for ten seconds', async (t) => {
  const { jwks, serve, count } = await platform(t);
  const [key, pass] = [jwks(), clock(t)];
  await verifyJwt(tokens.one, key);
  Object.assign(serve, { status: 500, body: 'down' });
  pass(600);
  await verifyJwt(tokens.one, key);
  pass(9);
  await verifyJwt(tokens.one, key);
  assert.equal(count(), 2);
  pass(86_400 - 9 - 1);
  await verifyJwt(tokens.one, key);
  assert.equal(count(), 3);
  pass(1);
  const error = await rejects(() => verifyJwt(tokens.one, key), 'ERR_HTTP_STATUS');
  assert.match(error.message, /^the keys at http:\/\/127\.0\.0\.1:\d+\/jwks: the server answered 500/);
  assert.deepEqual([error.status, error.at], [500, 'key']);
  assert.equal(count(), 3);
  Object.assign(serve, { status: 200, body: setOf(one) });
  pass(10);
  await verifyJwt(tokens.one, key);
});

test('without keys a failure is remembered for ten seconds, with its cause', async (t) => {
  const { server, jwks, count } = await platform(t);
  const [key, pass] = [jwks(), clock(t)];
  await server.close();
  const first = await rejects(() => verifyJwt(tokens.one, key), 'ERR_FETCH');
  const second = await rejects(() => verifyJwt(tokens.one, key), 'ERR_FETCH');
  assert.ok(first.cause instanceof Error);
  assert.equal(second.cause, first.cause);
  assert.equal(count(), 0);
  let calls = 0;
  const failing = remoteJwks(server.url, { retries: 0, fetch: async () => { calls += 1; throw new Error('x'); } });
  for (const seconds of [0, 9, 1]) {
    pass(seconds);
    await rejects(() => verifyJwt(tokens.one, failing), 'ERR_FETCH');
  }
  assert.equal(calls, 2);
});

test('a hostile server', async (t) => {
  const endless = (outgoing) => {
    outgoing.writeHead(200, { 'content-type': 'application/json' });
    outgoing.write('{"keys":[');
    const more = () => { while (!outgoing.destroyed && outgoing.write('0,'.repeat(10_000))); };
    outgoing.on('drain', more);
    more();
  };
  const cases = {
    'an endless set': [{ answer: endless }, 'ERR_RESPONSE_INVALID', /an answer of more than 262144 bytes, not read to its end$/],
    'a set of 300 kB': [{ body: JSON.stringify({ keys: [one.publicKey], x: 'x'.repeat(300_000) }) }, 'ERR_RESPONSE_INVALID', /262144/],
    'too many keys': [{ body: JSON.stringify({ keys: Array(101).fill(one.publicKey) }) }, 'ERR_RESPONSE_INVALID', /101 keys/],
    'a redirect': [{ status: 302, headers: { location: 'http://169.254.169.254/' } }, 'ERR_HTTP_STATUS', /redirects to 169\.254\.169\.254; not followed/],
    'an HTML page': [{ body: '<!DOCTYPE html><html></html>' }, 'ERR_RESPONSE_INVALID', /an HTML page, expected a JWK Set/],
    'JSON that is no set': [{ body: '{"keys":{}}' }, 'ERR_RESPONSE_INVALID', /no array of keys/],
    'a slow one': [{ answer: (outgoing) => outgoing.write('{"keys":') }, 'ERR_TIMEOUT', /within 300 ms/],
    'a status of 404': [{ status: 404, body: '' }, 'ERR_HTTP_STATUS', /answered 404/],
  };
  for (const [name, [changes, code, message]] of Object.entries(cases)) {
    await t.test(name, async (t) => {
      const { jwks, serve, count } = await platform(t);
      Object.assign(serve, changes);
      const key = jwks({ timeout: code === 'ERR_TIMEOUT' ? 300 : 30_000 });
      const error = await rejects(() => verifyJwt(tokens.one, key), code);
      assert.match(error.message, message);
      assert.equal(count(), 1);
    });
  }
});

test('what is unusable in a set spoils nothing else', async (t) => {
  const bad = [
    { kty: 'PQC', kid: 'a' }, { kty: 'oct', k: 'AAAA', kid: 'b' }, { ...two.privateKey, kid: 'c' }, null, 7,
    { kty: 'RSA', n: 'AQAB', e: 'AQAB', kid: 'd' }, { kty: 'EC', crv: 'secp256k1', kid: 'e' },
  ];
  const { jwks } = await platform(t, JSON.stringify({ keys: [...bad, one.publicKey] }));
  const key = jwks();
  await verifyJwt(tokens.one, key);
  // The only one that fits.
  const { kid, ...unnamed } = one.privateKey;
  await verifyJwt(await signJwt(claims, unnamed), key);
  await rejects(async () => verifyJwt(await tokenOf(two, { kid: 'c' }), key), 'ERR_JWK_INVALID');
  assert.equal(kid, '1');
});

test('the example key of Canvas is refused by name', async (t) => {
  const n = 'uX1MpfEMQCBUMcj0sBYI-iFaG5Nodp3C6OlN8uY60fa5zSBd83-iIL3n_qzZ8VCluuTLfB7rrV_tiX727XIEqQ';
  const kids = ['2018-05-18T22:33:20Z', '2018-06-18T22:33:20Z', '2018-07-18T22:33:20Z'];
  const { jwks } = await platform(t, JSON.stringify({ keys: kids.map((kid) => ({ kty: 'RSA', e: 'AQAB', n, kid })) }));
  const key = jwks();
  for (const header of [{ kid: kids[1] }, {}]) {
    const { kid, ...unnamed } = one.privateKey;
    const token = await signJwt(claims, unnamed, header);
    const error = await rejects(() => verifyJwt(token, key), 'ERR_JWK_INVALID');
    assert.match(error.message, /example key of 512 bits.*anyone can forge launches.*its operator must/);
    assert.equal(kid, '1');
  }
});

test('nothing is fetched for what no published key verifies', async (t) => {
  const { jwks, count } = await platform(t);
  const key = jwks();
  await rejects(() => verifyJwt('text', key), 'ERR_JWS_INVALID');
  await rejects(async () => verifyJwt(await signJwt(claims, { secret: 'x' }), key), 'ERR_JOSE_ALG_NOT_ALLOWED');
  await rejects(() => verifyJwt(tokens.one, key, { algorithms: ['ES256'] }), 'ERR_JOSE_ALG_NOT_ALLOWED');
  for (const call of [() => signJwt(claims, key), () => decryptJwe('a.b.c.d.e', key), () => prepareKey(key), () => verifyJwtSync(tokens.one, key)]) {
    await rejects(async () => call(), 'ERR_KEY_NEEDS_ASYNC');
  }
  assert.equal(count(), 0);
});

test('inspect reports, whether there are keys or not', async (t) => {
  const { jwks, serve } = await platform(t);
  const [key, pass] = [jwks(), clock(t)];
  const signature = (report) => report.checks.find(({ id }) => id === 'signature');
  assert.equal(signature(await inspect(tokens.one, { key })).outcome, 'pass');
  assert.equal(signature(await inspect(tokens.other, { key })).outcome, 'fail');
  Object.assign(serve, { status: 500 });
  pass(600 + 86_400);
  const report = await inspect(tokens.one, { key });
  assert.equal(signature(report).outcome, 'skip');
  assert.match(signature(report).message, /^The signature was not verified: the keys at .* the server answered 500/);
  assert.equal(report.outcome, 'unverified');
  assert.ok((await inspect('text', { key })).checks.length > 0);
});

test('what is wrong with the arguments', async (t) => {
  for (const [url, options, at] of [
    ['a.test', undefined, 'url'], [undefined, undefined, 'url'], ['https://u:p@a.test/', undefined, 'url'],
    ['https://a.test/#x', undefined, 'url'], ['ftp://a.test/', undefined, 'url'],
    ['https://a.test/', { fetch: 1 }, 'options.fetch'], ['https://a.test/', { timeout: -1 }, 'options.timeout'],
  ]) {
    assert.equal((await rejects(async () => remoteJwks(url, options), 'ERR_ARGUMENT')).at, at);
  }
  const { jwks } = await platform(t);
  const key = jwks();
  key.free();
  await rejects(() => verifyJwt(tokens.one, key), 'ERR_ARGUMENT');
});

test('a signal of the options ends the waiting', async (t) => {
  const { jwks, serve } = await platform(t);
  serve.answer = () => {};
  const controller = new AbortController();
  const key = jwks({ signal: controller.signal });
  setTimeout(() => controller.abort(new Error('enough')), 20);
  const error = await rejects(() => verifyJwt(tokens.one, key), 'ERR_ABORTED');
  assert.equal(error.cause.message, 'enough');
});

test('machines share a set by a store', async (t) => {
  const { jwks, serve, count } = await platform(t, setOf(one));
  const pass = clock(t);
  const store = memoryStore();
  const machines = [1, 2, 3].map(() => jwks({ store }));
  for (const key of machines) await verifyJwt(tokens.one, key);
  assert.equal(count(), 1);
  const [[, name, value, ttl]] = store.calls.filter(([method]) => method === 'set');
  assert.match(name, /^lti-jwks\/http%3A%2F%2F127\.0\.0\.1%3A\d+%2Fjwks$/);
  assert.deepEqual([JSON.parse(value).set, ttl], [JSON.parse(setOf(one)), 600 + 86_400]);
  // An unknown kid asks the server once a minute, whichever machine asks.
  await rejects(() => verifyJwt(tokens.two, machines[0]), 'ERR_JWKS_NO_MATCHING_KEY');
  serve.body = setOf(one, two);
  pass(60);
  for (const key of machines) await verifyJwt(tokens.two, key);
  assert.equal(count(), 2);
});

test('a set of another machine ends what failed here', async (t) => {
  const { jwks, serve } = await platform(t, setOf(one));
  const pass = clock(t);
  const store = memoryStore();
  const [failed, other] = [jwks({ store }), jwks({ store })];
  Object.assign(serve, { status: 500 });
  await rejects(() => verifyJwt(tokens.one, failed), 'ERR_HTTP_STATUS');
  pass(10);
  Object.assign(serve, { status: 200 });
  await verifyJwt(tokens.one, other);
  await rejects(() => verifyJwt(tokens.two, failed), 'ERR_JWKS_NO_MATCHING_KEY');
});

test('a store that fails or has something else keeps nobody from the server', async (t) => {
  const { jwks, count } = await platform(t, setOf(one));
  const fail = () => { throw new Error('down'); };
  const values = ['', 'x', '{}', '{"set":{"keys":[]},"fetchedAt":9e99,"freshUntil":9e99}', `{"set":${setOf(other)},"fetchedAt":0,"freshUntil":1}`];
  const stores = [memoryStore({ get: fail, set: fail }), memoryStore({ sync: true, get: fail, set: fail }), ...values.map((value) => memoryStore({ get: () => value }))];
  for (const store of stores) await verifyJwt(tokens.one, jwks({ store }));
  assert.equal(count(), stores.length);
  for (const store of [{}, 7, { get() {}, set() {} }]) refuses(() => jwks({ store }), 'ERR_ARGUMENT');
});

test('whenever the emulator rotates its keys, its launches verify', async (t) => {
  const pass = clock(t);
  const emulator = createEmulator({ now: () => Date.now() / 1000, throttle: false });
  const platforms = canvasPlatform({ clientId: '10000000000042' });
  const key = remoteJwks(platforms.jwksUri, { fetch: emulator.fetch });
  const options = { platforms, redirectUri: 'https://tool.example/launch', secret: 'a secret of thirty-two characters' };
  const launch = async () => {
    const { form, cookie } = await emulator.launch({ developerKeyId: platforms.clientId, userId: 2, courseId: 1 });
    const { url } = await beginLaunch(form, options);
    return (await emulator.authorize(url, { cookie })).form.id_token;
  };
  const kids = new Set();
  for (const _ of [1, 2, 3, 4, 5]) {
    const expected = { issuer: platforms.issuer, audience: platforms.clientId, algorithms: ['RS256'] };
    kids.add((await verifyJwt(await launch(), key, expected)).header.kid);
    pass(3601);
    assert.ok(await emulator.rotate());
  }
  assert.equal(kids.size, 5);
  // The set is good for ten days, and has the key of the next rotation: of the others it hears by their kids.
  const fetched = [...emulator.requests].filter(({ url }) => url.endsWith('/api/lti/security/jwks')).length;
  assert.ok(fetched > 1 && fetched < 5, `${fetched} fetches`);
});
