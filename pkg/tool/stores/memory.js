// What one process remembers, in so many characters and no more.
import { failure } from '../failure.js';
import { COUNT, read } from '../options.js';

const CHARACTERS = 64 * 1024 * 1024;
// How many entries whose time has passed are dropped with each that comes.
const SWEPT = 4;

export function memoryStore(options = {}) {
  const { characters = CHARACTERS } = read(options, 'options', { characters: COUNT });
  // What was set can be made again; what was added must stay until its end, or a launch could be taken twice.
  const kept = new Map();
  const added = new Map();
  let used = 0;

  const mapOf = (name) => (added.has(name) ? added : kept);

  function drop(map, name) {
    const entry = map.get(name);
    if (!entry) return;
    map.delete(name);
    used -= name.length + entry.value.length;
  }

  function live(name) {
    const entry = mapOf(name).get(name);
    if (entry && entry.until <= Date.now()) drop(mapOf(name), name);
    return mapOf(name).get(name);
  }

  function sweep(map, most) {
    let seen = 0;
    for (const [name, { until }] of map) {
      if (seen === most) return;
      if (until <= Date.now()) drop(map, name);
      seen += 1;
    }
  }

  function put(map, name, value, ttl) {
    drop(mapOf(name), name);
    for (const each of [kept, added]) sweep(each, SWEPT);
    const size = name.length + value.length;
    for (const oldest of kept.keys()) {
      if (used + size <= characters) break;
      drop(kept, oldest);
    }
    if (used + size > characters) sweep(added, Infinity);
    if (used + size > characters) throw failure('ERR_STORE', `the memory store is full: ${characters} characters, all of entries that must stay`);
    map.set(name, { value, until: Date.now() + ttl * 1000 });
    used += size;
  }

  return {
    get: (name) => live(name)?.value ?? null,
    set: (name, value, ttl) => put(kept, name, value, ttl),
    add(name, value, ttl) {
      if (live(name)) return false;
      put(added, name, value, ttl);
      return true;
    },
    delete: (name) => drop(mapOf(name), name),
  };
}
