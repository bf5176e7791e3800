// The tokens of LtiServices: kept for a key and a fetch function, shared by a store, never by two keys.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { imported, rejects } from '../node/copies.mjs';
import { memoryStore } from './stores.mjs';

const { canvasPlatform, encryptedStore, generateKey, LtiServices, prepareKey } = imported;
const LIST = 'https://school.test/api/lti/courses/1/line_items';
const MEMBERS = 'https://school.test/api/lti/courses/1/names_and_roles';
const [one, other] = (await Promise.all([1, 2].map(() => generateKey('RS256')))).map(({ privateKey }) => privateKey);
// Of each test its own, since tokens are kept as long as the process.
let clients = 0;
const nextPlatform = () => canvasPlatform({ clientId: String(clients += 1) });

/** A platform that grants tokens '1', '2', …, and a service that takes those that `isGood` takes. */
function serving(isGood = () => true) {
  const granted = [];
  const used = [];
  async function fetch(url, { headers, body }) {
    if (String(url).endsWith('/login/oauth2/token')) {
      granted.push(new URLSearchParams(body).get('scope'));
      return Response.json({ access_token: `token-${granted.length}`, token_type: 'Bearer', expires_in: 3600 });
    }
    used.push(headers.authorization);
    if (isGood(headers.authorization)) return Response.json(String(url).includes('names') ? { members: [] } : []);
    return Response.json({ errors: { type: 'unauthorized', message: 'Access token expired' } }, { status: 401, headers: { 'www-authenticate': 'Bearer' } });
  }
  return Object.assign(fetch, { granted, used });
}

const services = (platform, key, fetch, store) => new LtiServices({ platform, key, origins: ['https://school.test'], fetch, store });
const list = (made) => collect(made.lineItems(LIST));
async function collect(iterable) {
  const found = [];
  for await (const item of iterable) found.push(item);
  return found;
}

test('a token serves all calls with its key and fetch function, whichever object makes them', async () => {
  const [platform, fetch] = [nextPlatform(), serving()];
  await Promise.all([1, 2, 3].map(() => list(services(platform, one, fetch))));
  await list(services({ ...platform }, one, fetch));
  assert.equal(fetch.granted.length, 1);
  // Other scopes are another token.
  await collect(services(platform, one, fetch).members(MEMBERS));
  assert.equal(fetch.granted.length, 2);
});

test('a key that is read anew for each request is the same key', async () => {
  const [platform, fetch] = [nextPlatform(), serving()];
  for (let i = 0; i < 3; i += 1) await list(services(platform, JSON.parse(JSON.stringify(one)), fetch));
  assert.equal(fetch.granted.length, 1);
});

test('no token is used with another key, fetch function or client', async () => {
  const [platform, fetch, elsewhere] = [nextPlatform(), serving(), serving()];
  for (const key of [one, other, { ...one, kid: 'two' }, await prepareKey(one)]) await list(services(platform, key, fetch));
  assert.deepEqual(fetch.used, [1, 2, 3, 4].map((number) => `Bearer token-${number}`));
  await list(services(platform, one, elsewhere));
  await list(services(nextPlatform(), one, elsewhere));
  assert.equal(elsewhere.granted.length, 2);
});

test('machines share a token by a store, under the name of endpoint, client and scopes', async () => {
  const [platform, fetch, behind] = [nextPlatform(), serving(), memoryStore()];
  const store = encryptedStore(behind, 'a secret of thirty-two characters');
  for (const key of [one, other]) await list(services(platform, key, fetch, store));
  assert.equal(fetch.granted.length, 1);
  const [name] = behind.entries.keys();
  assert.ok(name.startsWith(`lti-token/https%3A%2F%2Fsso.canvaslms.com%2Flogin%2Foauth2%2Ftoken/${platform.clientId}/https%3A%2F%2F`), name);
});

test('a token that a service does not take is forgotten, and one more requested', async () => {
  const [platform, fetch, store] = [nextPlatform(), serving((token) => token !== 'Bearer token-1'), memoryStore()];
  await list(services(platform, one, fetch, store));
  assert.deepEqual(fetch.used, ['Bearer token-1', 'Bearer token-2']);
  await list(services(platform, other, fetch, store));
  assert.deepEqual(fetch.used.slice(2), ['Bearer token-2']);
  const never = serving(() => false);
  await rejects(() => list(services(nextPlatform(), one, never)), 'ERR_UNAUTHENTICATED');
  assert.deepEqual(never.used, ['Bearer token-1', 'Bearer token-2']);
});

test('an abort of one call breaks no other', async () => {
  const platform = nextPlatform();
  const inner = serving();
  const fetch = async (url, init) => {
    if (String(url).endsWith('/token')) await new Promise((done) => setTimeout(done, 50));
    init.signal.throwIfAborted();
    return inner(url, init);
  };
  const controller = new AbortController();
  const aborted = collect(services(platform, one, fetch).lineItems(LIST, undefined, { signal: controller.signal }));
  const good = collect(services(platform, one, fetch).lineItems(LIST));
  setTimeout(() => controller.abort(), 10);
  const [first, second] = await Promise.allSettled([aborted, good]);
  assert.equal(first.reason.code, 'ERR_ABORTED');
  assert.equal(second.status, 'fulfilled');
  assert.equal(inner.granted.length, 1);
});

test('a store that fails is ERR_STORE', async () => {
  const store = memoryStore({ get: () => { throw new Error('down'); } });
  await rejects(() => list(services(nextPlatform(), one, serving(), store)), 'ERR_STORE');
});
