// What a store holds for those that can read and write it: nothing to read, nothing that a change goes unnoticed in.
import assert from 'node:assert/strict';
import { hkdfSync } from 'node:crypto';
import { test } from 'node:test';
import { compactDecrypt } from 'jose';
import { imported, refuses, rejects } from '../node/copies.mjs';
import { memoryStore } from './stores.mjs';

const { encryptedStore } = imported;
const secret = 'a secret of thirty-two characters';
const others = ['another of at least thirty-two bytes', new Uint8Array(32).fill(7)];

for (const sync of [false, true]) {
  test(`what is put is got again, of a store that ${sync ? 'answers at once' : 'promises'}`, async () => {
    const behind = memoryStore({ sync });
    const store = encryptedStore(behind, secret);
    assert.equal(await store.get('a'), null);
    assert.equal(await store.set('a', 'välue', 60), undefined);
    assert.equal(await store.get('a'), 'välue');
    assert.equal(await store.add('a', 'x', 60), false);
    assert.equal(await store.add('b', 'y', 30), true);
    assert.equal(await store.get('b'), 'y');
    assert.equal(await store.delete('a'), undefined);
    assert.equal(await store.get('a'), null);
    assert.deepEqual(behind.calls.filter(([name]) => name !== 'get').map(([name, entry, , ttl]) => [name, entry, ttl]),
      [['set', 'a', 60], ['add', 'a', 60], ['add', 'b', 30], ['delete', 'a', undefined]]);
    assert.ok(![...behind.entries.values()].join().includes('lue'));
  });
}

test('an entry is a JWE that jose opens with the derived key, its name in the header', async () => {
  const behind = memoryStore();
  await encryptedStore(behind, secret).set('lti-token/x', 'value', 60);
  const key = new Uint8Array(hkdfSync('sha256', secret, '', 'canvas-lms-tokens store', 32));
  const { plaintext, protectedHeader } = await compactDecrypt(behind.entries.get('lti-token/x'), key);
  assert.deepEqual([new TextDecoder().decode(plaintext), protectedHeader], ['value', { alg: 'dir', enc: 'A256GCM', name: 'lti-token/x' }]);
  const first = behind.entries.get('lti-token/x');
  await encryptedStore(behind, secret).set('lti-token/x', 'value', 60);
  assert.notEqual(behind.entries.get('lti-token/x'), first);
});

test('the first secret encrypts, all decrypt', async () => {
  const behind = memoryStore();
  await encryptedStore(behind, secret).set('a', 'value', 60);
  for (const secrets of [[secret], [others[0], secret], [...others, secret], Buffer.from(secret)]) {
    assert.equal(await encryptedStore(behind, secrets).get('a'), 'value');
  }
  assert.equal(await encryptedStore(behind, others).get('a'), null);
  await encryptedStore(behind, [others[0], secret]).set('b', 'value', 60);
  assert.equal(await encryptedStore(behind, secret).get('b'), null);
  assert.equal(await encryptedStore(behind, others[0]).get('b'), 'value');
});

test('what was changed, moved or put there by others is as if it were not there', async () => {
  const behind = memoryStore();
  const store = encryptedStore(behind, secret);
  await store.set('a', 'value', 60);
  const sealed = behind.entries.get('a');
  const parts = sealed.split('.');
  const changed = parts.map((part, i) => parts.with(i, part.length > 1 ? (part[0] === 'A' ? 'B' : 'A') + part.slice(1) : 'AA').join('.'));
  const header = Buffer.from('{"alg":"dir","enc":"A256GCM","name":"b"}').toString('base64url');
  for (const value of [...changed, [header, ...parts.slice(1)].join('.'), '', 'value', '{"a":1}', `${sealed} `, sealed.slice(0, -1)]) {
    behind.entries.set('a', value);
    assert.equal(await store.get('a'), null, value);
  }
  behind.entries.set('b', sealed);
  assert.equal(await store.get('b'), null);
  behind.entries.set('a', sealed);
  assert.equal(await store.get('a'), 'value');
});

test('a store without add has none', () => {
  const { add } = encryptedStore(memoryStore({ add: undefined }), secret);
  assert.equal(add, undefined);
  assert.equal(typeof encryptedStore(memoryStore(), secret).add, 'function');
});

test('a store that fails is ERR_STORE, with its cause', async () => {
  const cause = new Error('down');
  for (const failing of [() => { throw cause; }, () => Promise.reject(cause)]) {
    for (const sync of [false, true]) {
      const store = encryptedStore(memoryStore({ sync, get: failing, set: failing, add: failing, delete: failing }), secret);
      for (const [name, call] of Object.entries({
        get: () => store.get('a'), set: () => store.set('a', 'x', 1), add: () => store.add('a', 'x', 1), delete: () => store.delete('a'),
      })) {
        const error = await rejects(call, 'ERR_STORE');
        assert.deepEqual([error.message, error.cause], [`the store's ${name}: failed`, cause]);
      }
    }
  }
  for (const value of [7, {}, true, new Uint8Array(3)]) {
    const store = encryptedStore(memoryStore({ get: () => value, add: () => 'yes' }), secret);
    assert.match((await rejects(() => store.get('a'), 'ERR_STORE')).message, /get: gave .*, expected a string or null/);
    assert.match((await rejects(() => store.add('a', 'x', 1), 'ERR_STORE')).message, /add: gave a string, expected a boolean/);
  }
});

test('what is wrong with the arguments', async () => {
  for (const [store, given, at] of [
    [undefined, secret, 'store'], [{}, secret, 'store.get'], [memoryStore({ delete: undefined }), secret, 'store.delete'],
    [{ ...memoryStore(), add: 1 }, secret, 'store.add'], [memoryStore(), 'short', 'secret'], [memoryStore(), [], 'secret'],
    [memoryStore(), [secret, 'x'.repeat(31)], 'secret'], [memoryStore(), undefined, 'secret'],
  ]) {
    refuses(() => encryptedStore(store, given), 'ERR_ARGUMENT', at);
  }
  const store = encryptedStore(memoryStore(), secret);
  await rejects(() => store.get(7), 'ERR_ARGUMENT', 'name');
  await rejects(() => store.set('a', {}, 1), 'ERR_ARGUMENT', 'value');
});
