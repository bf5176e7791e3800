// A store as a test needs it: what machines share, held in a map, with all that was asked of it.

/** A store with its calls; `changes` replace methods. `sync`: it answers at once. */
export function memoryStore({ sync = false, ...changes } = {}) {
  const entries = new Map();
  const calls = [];
  const methods = {
    get: (name) => entries.get(name) ?? null,
    set: (name, value) => { entries.set(name, value); },
    add: (name, value) => !entries.has(name) && Boolean(entries.set(name, value)),
    delete: (name) => { entries.delete(name); },
    ...changes,
  };
  const store = { entries, calls };
  for (const [name, method] of Object.entries(methods)) {
    if (method === undefined) continue;
    store[name] = (...given) => {
      calls.push([name, ...given]);
      return sync ? method(...given) : Promise.resolve().then(() => method(...given));
    };
  }
  return store;
}
