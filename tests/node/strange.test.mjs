// Every exported function, with every strange value in every place: a value comes back, or a TokenError.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AUD, copies, GUID, tokenError } from './copies.mjs';
import { strange } from './strange.mjs';

const CLAIMS = { sub: GUID, aud: AUD, exp: 1060, iat: 1000, jti: 'one' };
const OPTIONS = { lifetime: 60, now: 1000 };
const answer = () => new Response('{"access_token":"opaque","expires_in":1}');
const REQUEST = { url: AUD, secret: 'secret', ...CLAIMS, ...OPTIONS, code: 'c', timeout: 50, retries: 0, userAgent: 'u' };
delete REQUEST.aud;

/** Calls with the value as each member in turn. */
const members = (object, call) =>
  Object.keys(object).map((name) => [`.${name}`, (value) => call({ ...object, [name]: value })]);

const TOKEN = 'eyJhbGciOiJIUzI1NiJ9.e30.AA';
const RESPONSE = { status: 200, headers: new Headers(), text: () => '{"access_token":"x","expires_in":1}' };
// What a fetch of one's own may do with a value.
const fetches = [
  ['fetch gives it', (value) => () => value],
  ['fetch resolves to it', (value) => async () => value],
  ['fetch throws it', (value) => () => { throw value; }],
  ['fetch rejects with it', (value) => () => Promise.reject(value)],
  ['fetch rejects with its code', (value) => () => Promise.reject({ code: value })],
  ['a promise calls it', (value) => () => Object.defineProperty(Promise.resolve(RESPONSE), 'then', { value })],
  ['a promise is made by it', (value) => () => Object.defineProperty(Promise.resolve(RESPONSE), 'constructor', { value })],
  ['.status', (value) => async () => ({ ...RESPONSE, status: value })],
  ['.headers', (value) => async () => ({ ...RESPONSE, headers: value })],
  ['.headers.get()', (value) => async () => ({ ...RESPONSE, headers: { get: () => value } })],
  ['.text', (value) => async () => ({ ...RESPONSE, text: value })],
  ['.text() gives it', (value) => async () => ({ ...RESPONSE, text: () => value })],
  ['.text() throws it', (value) => async () => ({ ...RESPONSE, text: () => { throw value; } })],
];

// {function: [[place, call]]}
const places = (api) => ({
  decode: [['token', api.decode]],
  unwrap: [['token', api.unwrap]],
  wrap: [['compact', api.wrap]],
  isTokenError: [['error', api.isTokenError], ...members({ name: 'TokenError', code: 'ERR_FETCH' }, api.isTokenError)],
  buildAssertion: [
    ['claims', api.buildAssertion],
    ['options', (value) => api.buildAssertion(CLAIMS, value)],
    ...members(CLAIMS, api.buildAssertion),
    ...members(OPTIONS, (options) => api.buildAssertion(CLAIMS, options)),
  ],
  signAssertion: [
    ['claims', (value) => api.signAssertion(value, 'secret')],
    ['secret', (value) => api.signAssertion(CLAIMS, value)],
    ['options', (value) => api.signAssertion(CLAIMS, 'secret', value)],
    ...members(CLAIMS, (claims) => api.signAssertion(claims, 'secret')),
    ...members(OPTIONS, (options) => api.signAssertion(CLAIMS, 'secret', options)),
  ],
  requestAccessToken: [
    ['request', api.requestAccessToken],
    ...members({ ...REQUEST, signal: undefined }, (request) => api.requestAccessToken({ ...request, fetch: answer })),
    ['.fetch', (value) => api.requestAccessToken({ ...REQUEST, fetch: value })],
    ['.assertion', (value) => api.requestAccessToken({ url: AUD, assertion: value, fetch: answer })],
    ...fetches.map(([place, fetch]) => [place, (value) => api.requestAccessToken({ ...REQUEST, fetch: fetch(value) })]),
  ],
});
const ASYNC = new Set(['requestAccessToken']);

async function outcome(name, call, value) {
  let returned;
  try {
    returned = call(value);
  } catch (error) {
    assert.ok(!ASYNC.has(name), 'an async function threw');
    return tokenError(error);
  }
  assert.equal(returned instanceof Promise, ASYNC.has(name));
  return Promise.resolve(returned).catch((error) => tokenError(error));
}

for (const [how, api] of Object.entries(copies)) {
  const table = places(api);

  test(`${how}: every exported function is in this table`, () => {
    const functions = Object.keys(api).filter((name) => typeof api[name] === 'function');
    assert.deepEqual(functions.sort(), Object.keys(table).sort());
  });

  for (const [name, calls] of Object.entries(table)) {
    test(`${how}: ${name} takes anything`, async () => {
      for (const [place, call] of calls) {
        for (const [what, value] of Object.entries(strange)) {
          await outcome(name, call, value).catch((error) => {
            throw new Error(`${name}, ${place}: ${what}`, { cause: error });
          });
        }
      }
    });

    test(`${how}: ${name} takes nothing, and too much`, async () => {
      await outcome(name, () => api[name]());
      await outcome(name, () => api[name](...Object.values(strange).slice(0, 12)));
    });
  }

  test(`${how}: it still works afterwards`, () => {
    assert.equal(api.decode(TOKEN).header.alg, 'HS256');
    assert.equal(api.signAssertion(CLAIMS, 'secret'), api.signAssertion(CLAIMS, Buffer.from('secret')));
  });
}
