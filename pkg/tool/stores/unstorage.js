// Any driver of unstorage's. Many know no end of an entry, and none can add: the end stands in the entry itself.
import { methods } from '../options.js';

const ENTRY = /^until (\d+) (.*)$/s;

/** unstorage makes two names of one where they differ by case, or behind a question mark. */
async function keyOf(name) {
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(name)));
  return `canvas-lms-tokens:${[...digest].map((byte) => byte.toString(16).padStart(2, '0')).join('')}`;
}

export function unstorageStore(storage) {
  methods(storage, 'storage', ['getItem', 'setItem', 'removeItem']);
  return {
    async get(name) {
      const [, until, value] = ENTRY.exec(await storage.getItem(await keyOf(name)) ?? '') ?? [];
      return Number(until) > Date.now() ? value : null;
    },
    // `ttl` is for the drivers that know an end.
    set: async (name, value, ttl) => storage.setItem(await keyOf(name), `until ${Date.now() + Math.ceil(ttl * 1000)} ${value}`, { ttl: Math.ceil(ttl) }),
    delete: async (name) => storage.removeItem(await keyOf(name)),
  };
}
