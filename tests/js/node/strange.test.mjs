// Every exported function, with every strange value in every place: a value comes back, or a TokenError.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AUD, GUID, imported as api, tokenError } from './copies.mjs';
import { isAsync, places } from './places.mjs';
import { strange } from './strange.mjs';

/** Settles with what is wrong, or with nothing. */
async function outcome(name, call, value) {
  let returned;
  try {
    returned = call(value);
  } catch (error) {
    assert.ok(!isAsync(name), 'an async function threw');
    return tokenError(error);
  }
  assert.equal(returned instanceof Promise, isAsync(name));
  return isAsync(name) ? inTime(returned).catch((error) => tokenError(error)) : returned;
}

/** Fails, where a promise that never settles would end the process of the test. */
function inTime(promise) {
  let timer;
  const late = new Promise((_, fail) => {
    timer = setTimeout(() => fail(new Error('it never settles')), 5000);
  });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}

const table = places(api);
const exported = Object.keys(api).filter((name) => typeof api[name] === 'function');

test('every exported function and method is in this table', () => {
  const methods = exported.filter((name) => api[name].prototype && String(api[name]).startsWith('class')).flatMap((name) =>
    Object.getOwnPropertyNames(api[name].prototype).map((method) => `${name}.${method}`));
  const there = [...exported, ...methods.filter((name) => !name.endsWith('.constructor'))];
  assert.deepEqual(there.sort(), Object.keys(table).sort());
});

for (const [name, calls] of Object.entries(table)) {
  test(`${name} takes anything`, async () => {
    for (const [place, call] of calls.filter(([, , meant]) => meant === undefined)) {
      const failed = await Promise.all(Object.entries(strange).map(([what, value]) =>
        outcome(name, call, value).then(() => null, (error) => `${what}: ${error.message.split('\n')[0]}`)));
      assert.deepEqual(failed.filter(Boolean), [], `${name}, ${place}`);
    }
  });
}

test('each takes nothing, and too much', async () => {
  for (const name of exported.filter((name) => name !== 'Canvas' && name !== 'LtiServices')) {
    await outcome(name, () => api[name]());
    await outcome(name, () => api[name](...Object.values(strange).slice(0, 12)));
  }
});

test('it still works afterwards', () => {
  const claims = { sub: GUID, aud: AUD, exp: 1060, iat: 1000, jti: 'one' };
  assert.equal(api.decode('eyJhbGciOiJIUzI1NiJ9.e30.AA').header.alg, 'HS256');
  assert.equal(api.signAssertion(claims, 'secret'), api.signAssertion(claims, Buffer.from('secret')));
});
