// Every store does what a store has to, and what it says of itself.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { createStorage } from 'unstorage';
import fsDriver from 'unstorage/drivers/fs';
import { encryptedStore } from 'canvas-lms-tokens';
import { durableObjectStore, memoryStore, redisStore, unstorageStore } from 'canvas-lms-tokens/tool';
import { startWorkerd } from '../../package/runtimes.mjs';
import { installTools } from '../../package/tools.mjs';
import { startRedis } from './redis.mjs';
import { SECRET } from './world.mjs';

const NAMES = ['lti-session/1', 'Lti-Session/1', 'lti-jwks/https%3A%2F%2Fschool.example%2Fjwks?a', 'lti-jwks/https%3A%2F%2Fschool.example%2Fjwks?b', 'é ☃ \n \0 :/\\', 'x'.repeat(500)];
const LONG = 'a long value '.repeat(8000);

/** A store in another process, as what each of its methods is asked and answers. */
const remote = (url) => Object.fromEntries(['get', 'set', 'add', 'delete'].map((method) => [method, async (...given) => {
  const response = await fetch(url, { method: 'POST', body: JSON.stringify({ method, given }) });
  const { result, error } = await response.json();
  if (error) throw new Error(error);
  return result;
}]));

/** {name: resolves to [store, what ends it]} */
const STORES = {
  memoryStore: async () => [memoryStore(), () => {}],
  async redisStore() {
    const { client, close } = await startRedis();
    return [redisStore((command) => client.call(...command)), close];
  },
  async 'redisStore, replies as bytes'() {
    const { client, close } = await startRedis();
    return [redisStore(([name, ...given]) => client.callBuffer(name, ...given)), close];
  },
  async 'durableObjectStore, in workerd'() {
    installTools();
    const out = mkdtempSync(join(tmpdir(), 'store-worker-'));
    const { url, end } = await startWorkerd(join(import.meta.dirname, 'store-worker.js'), out, { objects: ['TokensDurableObject'] });
    return [remote(url), async () => {
      await end();
      rmSync(out, { recursive: true });
    }];
  },
  'unstorageStore, in memory': async () => [unstorageStore(createStorage()), () => {}],
  async 'unstorageStore, in files'() {
    const base = mkdtempSync(join(tmpdir(), 'unstorage-'));
    return [unstorageStore(createStorage({ driver: fsDriver({ base }) })), () => rmSync(base, { recursive: true })];
  },
};

for (const [name, make] of Object.entries(STORES)) {
  suite(name, () => {
    let store, end;
    before(async () => {
      [store, end] = await make();
    });
    after(() => end?.());

    test('what is set is there, until it is deleted', async () => {
      for (const [index, entry] of NAMES.entries()) {
        assert.equal(await store.get(entry), null);
        await store.set(entry, `${index} {"a": "é\n"}`, 60);
      }
      for (const [index, entry] of NAMES.entries()) assert.equal(await store.get(entry), `${index} {"a": "é\n"}`);
      await store.set(NAMES[0], LONG, 60);
      assert.equal(await store.get(NAMES[0]), LONG);
      for (const entry of NAMES) await store.delete(entry);
      for (const entry of NAMES) assert.equal(await store.get(entry), null);
    });

    test('an entry has its end', async () => {
      await store.set('ends', 'value', 1);
      await store.set('goes on', 'value', 60);
      assert.equal(await store.get('ends'), 'value');
      await sleep(1100);
      assert.equal(await store.get('ends'), null);
      assert.equal(await store.get('goes on'), 'value');
    });

    test('as a store that encrypts', async () => {
      const sealed = encryptedStore(store, SECRET);
      await sealed.set('sealed', 'value', 60);
      assert.equal(await sealed.get('sealed'), 'value');
      assert.notEqual(await store.get('sealed'), 'value');
    });

    if (name.startsWith('unstorage')) {
      test('it cannot add, and says so', () => assert.equal(store.add, undefined));
      return;
    }

    test('of many who add, one does', async () => {
      for (let round = 0; round < 20; round += 1) {
        // All with one value: the entry says whose it is.
        const added = await Promise.all(Array.from({ length: 10 }, () => store.add(`once ${round}`, '1', 60)));
        assert.deepEqual(added.filter(Boolean), [true]);
        assert.equal(await store.get(`once ${round}`), '1');
      }
    });

    test('what was added can be added again after its end, or when it was deleted; what was set stands in the way', async () => {
      assert.equal(await store.add('again', '1', 1), true);
      assert.equal(await store.add('again', '2', 1), false);
      await sleep(1100);
      assert.equal(await store.add('again', '3', 60), true);
      await store.delete('again');
      assert.equal(await store.add('again', '4', 60), true);
      assert.equal(await store.get('again'), '4');
      await store.set('set', '1', 60);
      assert.equal(await store.add('set', '2', 60), false);
    });
  });
}

test('memoryStore: what was set goes where there is no room, what was added stays until its end', (t) => {
  t.mock.timers.enable({ apis: ['Date'], now: 0 });
  const store = memoryStore({ characters: 100 });
  assert.equal(store.add('nonce', '1', 60), true);
  for (let i = 0; i < 20; i += 1) store.set(`session ${i}`, 'x'.repeat(10), 600);
  assert.equal(store.get('session 0'), null);
  assert.equal(store.get('session 19'), 'x'.repeat(10));
  assert.equal(store.add('nonce', '1', 60), false);
  for (let i = 0; i < 15; i += 1) assert.equal(store.add(`n${i}`.padEnd(5), '1', 60), true);
  assert.throws(() => store.add('no room', '1', 60), { name: 'TokenError', code: 'ERR_STORE' });
  assert.throws(() => store.set('no room', '1', 60), { code: 'ERR_STORE' });
  assert.equal(store.add('nonce', '1', 60), false);
  t.mock.timers.tick(60_001);
  // All that has ended goes, where there is no room otherwise.
  assert.equal(store.add('no room'.padEnd(90), '1', 60), true);
  t.mock.timers.tick(60_001);
  assert.equal(store.add('nonce', '1', 60), true);
});

test('memoryStore: an entry larger than all of it is refused, and nothing is lost for it', () => {
  const store = memoryStore({ characters: 50 });
  store.add('nonce', '1', 60);
  assert.throws(() => store.add('large', 'x'.repeat(60), 60), { code: 'ERR_STORE' });
  assert.equal(store.add('nonce', '1', 60), false);
});

/** A Redis of one map, whose commands fail as `fault` says: before they act, or after it. */
function faulty(fault) {
  const entries = new Map();
  const sent = [];
  const send = async (command) => {
    sent.push(command.join(' ').replace(/[0-9a-f-]{36} /, ''));
    const said = fault(sent.length, command);
    if (said === 'before') throw new Error('lost before');
    const [name, key, value, ...how] = command;
    let reply = entries.get(key) ?? null;
    if (name === 'SET') {
      reply = how.includes('NX') && entries.has(key) ? null : 'OK';
      if (reply) entries.set(key, value);
    }
    if (said === 'after') throw new Error('lost after');
    if (said === 'twice') return send(command);
    return reply;
  };
  return { store: redisStore(send), entries, sent, send };
}

const LOST = {
  'the reply to SET': [(n) => (n === 1 ? 'after' : null), true, ['SET', 'GET']],
  'the SET itself': [(n) => (n === 1 ? 'before' : null), true, ['SET', 'GET', 'SET']],
  'the reply to SET, and that to GET': [(n) => (n <= 2 ? 'after' : null), true, ['SET', 'GET', 'SET', 'GET']],
  'nothing, but the client sent it twice': [(n) => (n === 1 ? 'twice' : null), true, ['SET', 'SET', 'GET']],
};
for (const [what, [fault, added, commands]] of Object.entries(LOST)) {
  test(`redisStore, lost: ${what}`, async () => {
    const { store, sent, entries } = faulty(fault);
    assert.equal(await store.add('nonce', '1', 60), added);
    assert.deepEqual(sent.map((command) => command.split(' ')[0]), commands);
    assert.equal(entries.size, 1);
    // Another caller is not the one.
    assert.equal(await store.add('nonce', '1', 60), false);
  });
}

test('redisStore, lost: what another has added in the meantime is not taken for its own', async () => {
  let entries;
  const { store, ...made } = faulty((n) => {
    if (n !== 1) return null;
    entries.set('canvas-lms-tokens:nonce', 'another');
    return 'before';
  });
  ({ entries } = made);
  assert.equal(await store.add('nonce', '1', 60), false);
});

test('redisStore: where nothing can be learnt it is an error, and nobody is the one', async () => {
  for (const when of ['before', 'after']) {
    const { store, sent } = faulty((n) => (n <= 6 ? when : null));
    await assert.rejects(() => store.add('nonce', '1', 60), /lost/);
    assert.ok(sent.length <= 6);
  }
});

test('redisStore: keys have a prefix, ends are whole seconds, and what it did not put there is nothing', async () => {
  const sent = [];
  const store = redisStore(async (command) => { sent.push(command); return command[0] === 'GET' ? 'foreign' : 'OK'; }, { prefix: 'p:' });
  await store.set('a', 'v', 0.2);
  assert.deepEqual([sent[0].slice(0, 2), sent[0].slice(3)], [['SET', 'p:a'], ['EX', '1']]);
  assert.match(sent[0][2], /^[0-9a-f-]{36} v$/);
  assert.equal(await store.get('a'), null);
  await assert.rejects(() => redisStore(async () => null).set('a', 'v', 1), { code: 'ERR_STORE' });
  await assert.rejects(() => redisStore(async () => 7).get('a'), { code: 'ERR_STORE' });
});

test('unstorageStore: drivers that know an end are told, and the name is one for every driver', async () => {
  const calls = [];
  const store = unstorageStore({ getItem: async () => null, removeItem: async () => {}, setItem: async (...given) => { calls.push(given); } });
  await store.set('A?x', 'v', 59.5);
  await store.set('a?x', 'v', 60);
  assert.match(calls[0][0], /^canvas-lms-tokens:[0-9a-f]{64}$/);
  assert.notEqual(calls[0][0], calls[1][0]);
  assert.deepEqual(calls[0][2], { ttl: 60 });
});

test('arguments', () => {
  for (const [make, at] of [
    [() => redisStore(), 'send'], [() => redisStore({}), 'send'], [() => redisStore(() => {}, { prefx: '' }), 'options.prefx'],
    [() => durableObjectStore(undefined), 'namespace.idFromName'], [() => durableObjectStore({ idFromName() {}, get() {} }, { shards: 0 }), 'options.shards'],
    [() => unstorageStore(new Map()), 'storage.getItem'], [() => memoryStore({ entries: 7 }), 'options.entries'], [() => memoryStore({ characters: -1 }), 'options.characters'],
  ]) {
    assert.throws(make, { name: 'TokenError', code: 'ERR_ARGUMENT', at });
  }
});
