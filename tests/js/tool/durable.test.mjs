// The Durable Object and the store that asks it, with a platform that is an imitation; stores.test.mjs has workerd's.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { TokensDurableObject, durableObjectStore } from 'canvas-lms-tokens/tool';

/** Storage as the platform gives it, in a map. */
function storageOf(entries = new Map()) {
  const copy = (value) => value && structuredClone(value);
  const storage = {
    entries, alarm: null,
    get: async (name) => copy(entries.get(name)),
    put: async (name, value) => { entries.set(name, copy(value)); },
    async delete(names) {
      const list = [names].flat();
      assert.ok(list.length <= 128, 'the platform takes no more at once');
      return list.filter((name) => entries.delete(name)).length;
    },
    async list({ startAfter = '', limit }) {
      const names = [...entries.keys()].sort().filter((name) => name > startAfter).slice(0, limit);
      return new Map(names.map((name) => [name, copy(entries.get(name))]));
    },
    transaction: async (work) => work(storage),
    getAlarm: async () => storage.alarm,
    setAlarm: async (time) => { storage.alarm = time; },
  };
  return storage;
}

/** Objects by name; `fault(n)` says what becomes of the nth request. */
function namespaceOf(fault = () => null) {
  const objects = new Map();
  let asked = 0;
  return {
    objects,
    get asked() { return asked; },
    idFromName: (name) => ({ name }),
    get({ name }) {
      if (!objects.has(name)) {
        const storage = storageOf();
        objects.set(name, { storage, object: new TokensDurableObject({ storage }) });
      }
      return {
        async fetch(url, init) {
          asked += 1;
          const said = fault(asked);
          if (said instanceof Error) throw said;
          if (said instanceof Response) return said;
          const response = await objects.get(name).object.fetch(new Request(url, init));
          if (said === 'after') throw new Error('lost after');
          return response;
        },
      };
    },
  };
}

test('where an answer is lost, the object knows its asker again', async () => {
  const namespace = namespaceOf((n) => (n === 1 ? 'after' : null));
  const store = durableObjectStore(namespace);
  assert.equal(await store.add('nonce', '1', 60), true);
  assert.equal(namespace.asked, 2);
  assert.equal(await store.add('nonce', '1', 60), false);
});

test('what fails goes on failing, three times; one that has too much to do is not asked again', async () => {
  const failing = namespaceOf(() => new Error('broken'));
  await assert.rejects(() => durableObjectStore(failing).add('nonce', '1', 60), /broken/);
  assert.equal(failing.asked, 3);
  const overloaded = namespaceOf(() => Object.assign(new Error('overloaded'), { overloaded: true }));
  await assert.rejects(() => durableObjectStore(overloaded).get('nonce'), /overloaded/);
  assert.equal(overloaded.asked, 1);
  await assert.rejects(() => durableObjectStore(namespaceOf(() => new Response('', { status: 500 }))).get('nonce'), { code: 'ERR_STORE' });
});

test('entries are shared out among the objects, each by its name', async () => {
  const namespace = namespaceOf();
  const store = durableObjectStore(namespace, { shards: 8 });
  for (let i = 0; i < 400; i += 1) await store.set(`nonce/${i}`, String(i), 60);
  const sizes = [...namespace.objects.values()].map(({ storage }) => storage.entries.size);
  assert.equal(sizes.length, 8);
  assert.ok(Math.min(...sizes) > 20, `${sizes}`);
  assert.equal(await store.get('nonce/7'), '7');
});

test('the alarm drops what has ended, and comes again while something is left', async (t) => {
  t.mock.timers.enable({ apis: ['Date'], now: 1_000_000 });
  const namespace = namespaceOf();
  const store = durableObjectStore(namespace, { shards: 1 });
  for (let i = 0; i < 1200; i += 1) await store.set(`old ${i}`, 'x', 60);
  await store.add('new', 'x', 7200);
  const [{ storage, object }] = namespace.objects.values();
  assert.equal(storage.alarm, 1_000_000 + 3_600_000);
  t.mock.timers.tick(3_600_000);
  storage.alarm = null;
  await object.alarm();
  assert.deepEqual([...storage.entries.keys()], ['new']);
  assert.equal(storage.alarm, 1_000_000 + 7_200_000);
  t.mock.timers.tick(3_600_001);
  storage.alarm = null;
  await object.alarm();
  assert.deepEqual([storage.entries.size, storage.alarm], [0, null]);
  await store.set('later', 'x', 60);
  assert.notEqual(storage.alarm, null);
});
