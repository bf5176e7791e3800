// Calls of the package's functions in a worker: arguments and results are data (text, JSON values with bigints, JWKs).
import { texts } from '../texts.js';

const waiting = new Map();
let worker, count = 0;

/**
 * @param name of a function of canvas-lms-tokens, such as 'inspect' or 'signJwt'
 * @returns a promise of what it returns; rejects with its error, {message, code, at, …}
 */
export function call(name, ...given) {
  worker ??= start();
  const id = (count += 1);
  return new Promise((resolve, reject) => {
    waiting.set(id, { resolve, reject });
    worker.postMessage({ id, name, given });
  });
}

/** Loads the package before it is asked for. */
export const warm = () => call('parse', 'null');

function start() {
  const made = new Worker(new URL('./worker.js', import.meta.url), { type: 'module' });
  made.addEventListener('message', ({ data: { id, value, error } }) => {
    const { resolve, reject } = waiting.get(id);
    waiting.delete(id);
    if (error) reject(Object.assign(new Error(error.message), error));
    else resolve(value);
  });
  made.addEventListener('error', () => {
    for (const { reject } of waiting.values()) reject(new Error(texts.frame.noPackage));
    waiting.clear();
    worker = undefined;
  });
  return made;
}

/** A function that calls one of the package's, but leaves out all calls except the latest while one is under way. */
export function latest(name) {
  let isBusy = false, next;
  return function run(given, answered) {
    if (isBusy) {
      next = [given, answered];
      return;
    }
    isBusy = true;
    call(name, ...given).then((value) => answered(undefined, value), (error) => answered(error)).finally(() => {
      isBusy = false;
      const [later] = [next];
      next = undefined;
      if (later) run(...later);
    });
  };
}
