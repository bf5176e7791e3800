// Cloudflare's Durable Objects: each has a share of the entries, and does one thing at a time.
import { failure } from '../failure.js';
import { COUNT, methods, read } from '../options.js';
import { again } from './again.js';

const SHARDS = 64;
const SWEEP = 3_600_000;
// How many entries a call of the platform's lists, and deletes.
const [LISTED, DELETED] = [1000, 128];

export class TokensDurableObject {
  #storage;
  #isSweepDue = false;

  constructor(state) {
    this.#storage = state.storage;
  }

  async fetch(request) {
    const { ask, name, ...entry } = await request.json();
    return Response.json({ result: await this.#carryOut(ask, name, entry) });
  }

  async #carryOut(ask, name, entry) {
    if (ask === 'delete') return this.#storage.delete(name);
    if (ask === 'get') return (await this.#live(this.#storage, name))?.value ?? null;
    await this.#plan();
    if (ask === 'set') return this.#storage.put(name, entry).then(() => true);
    return this.#storage.transaction(async (transaction) => {
      const stands = await this.#live(transaction, name);
      // Its own, where the answer was lost and it was asked again.
      if (stands) return stands.own === entry.own;
      await transaction.put(name, entry);
      return true;
    });
  }

  async #live(storage, name) {
    const entry = await storage.get(name);
    return entry && entry.until > Date.now() ? entry : undefined;
  }

  /** Has the platform call `alarm` later, if it will not anyway. */
  async #plan() {
    if (this.#isSweepDue) return;
    if (await this.#storage.getAlarm() === null) await this.#storage.setAlarm(Date.now() + SWEEP);
    this.#isSweepDue = true;
  }

  /** Drops the entries whose time has passed. */
  async alarm() {
    this.#isSweepDue = false;
    let [last, kept] = ['', 0];
    for (;;) {
      const listed = [...await this.#storage.list({ ...(last && { startAfter: last }), limit: LISTED })];
      const old = listed.filter(([, { until }]) => until <= Date.now()).map(([name]) => name);
      kept += listed.length - old.length;
      for (let i = 0; i < old.length; i += DELETED) await this.#storage.delete(old.slice(i, i + DELETED));
      if (listed.length < LISTED) break;
      [last] = listed.at(-1);
    }
    if (kept > 0) await this.#plan();
  }
}

export function durableObjectStore(namespace, options = {}) {
  methods(namespace, 'namespace', ['idFromName', 'get']);
  const { shards = SHARDS } = read(options, 'options', { shards: COUNT });

  async function send(ask, name, entry) {
    const body = JSON.stringify({ ask, name, ...entry });
    const id = namespace.idFromName(`canvas-lms-tokens-${hashOf(name) % shards}`);
    // Each asks the same, so that it may be asked again; with a new stub, as one that has failed stays so.
    return again(async () => {
      const response = await namespace.get(id).fetch('https://store.invalid/', { method: 'POST', body });
      if (!response.ok) throw failure('ERR_STORE', `the durable object answered ${response.status}`);
      return (await response.json()).result;
    });
  }

  const entryOf = (value, ttl) => ({ value, until: Date.now() + ttl * 1000, own: crypto.randomUUID() });
  return {
    get: (name) => send('get', name),
    set: (name, value, ttl) => send('set', name, entryOf(value, ttl)),
    add: (name, value, ttl) => send('add', name, entryOf(value, ttl)),
    delete: (name) => send('delete', name),
  };
}

/** FNV-1a, to share out the entries. */
function hashOf(name) {
  let hash = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(name)) hash = Math.imul(hash ^ byte, 0x01000193);
  return hash >>> 0;
}
