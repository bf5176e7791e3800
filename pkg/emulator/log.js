const LIMIT = 10_000;

/** An array, most recent last, that forgets its oldest entries; with add and clear. */
export function createLog() {
  const log = [];
  const methods = {
    add(entry) {
      log.push(entry);
      if (log.length > LIMIT) log.shift();
    },
    clear() {
      log.length = 0;
    },
  };
  for (const [name, value] of Object.entries(methods)) Object.defineProperty(log, name, { value });
  return log;
}
