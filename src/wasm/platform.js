// What the core asks of the platform: done here, and decided there.

/** What the future that was polled last asks for. */
let asked;

/** What is given, promised or thrown. Any promise's or thenable's own `then` counts, and may throw. */
const settled = (give) => new Promise((settle) => settle(give()));

/** Runs a future of the core: does what it asks for and polls it with the answer, until it gives its own. */
async function run(exports, task) {
  for (let ask = () => {}; ;) {
    let value;
    let failed = false;
    try {
      value = await ask();
    } catch (error) {
      value = error;
      failed = true;
    }
    asked = undefined;
    value = exports.resume(task, value, failed);
    // None gives an error but to throw it.
    if (value instanceof Error) throw value;
    if (!asked) return value;
    ask = asked;
  }
}

/**
 * Asks WebCrypto for one step after the other. Gives how many were not done, the last one's answer or the exception that
 * ended them, that one's method, and what each gave. Bytes are copies for it alone, and wiped.
 */
function subtle(steps) {
  asked = async () => {
    const given = [];
    let left = steps.length;
    let last;
    let method;
    // An array of a number, and perhaps a name, stands for what an earlier step gave.
    const whole = (value) => (Array.isArray(value) && value[0] >= 0 ? value.reduce((from, name) => from[name], given) : value);
    try {
      for (const [name, ...parameters] of steps) {
        method = name;
        const [first, ...rest] = parameters.map(whole);
        if (first.public) first.public = whole(first.public);
        last = await settled(() => crypto.subtle[name](first, ...rest));
        given.push(last);
        left -= 1;
      }
    } catch (cause) {
      last = cause;
    }
    // Those of steps that were not done, too. What took the bytes away has left none to wipe, and throws.
    for (const value of steps.flat()) or(() => value instanceof Uint8Array && value.fill(0));
    return [left, last, method, ...given];
  };
}

/** The response headers that anything reads. */
const HEADERS = ['content-type', 'date', 'endkey', 'link', 'location', 'retry-after', 'www-authenticate'];

/** A time that ends by itself, or with the signal. What is asked within it gives the time itself when that ends first. */
function begin(ms, signal) {
  const controller = new AbortController();
  let ring;
  const over = new Promise((resolve) => {
    ring = () => {
      resolve(time);
      or(() => controller.abort());
    };
  });
  // Where it throws, the timer alone ends it.
  const listen = (method) => or(() => signal?.[method]('abort', ring));
  const within = (work) => {
    asked = () => Promise.race([work(), over]);
  };
  let timer;
  const time = {
    /** Asks for its end. */
    wait() {
      within(() => over);
    },

    /** Asks for what a function gives or promises. */
    call(given) {
      within(async () => given());
    },

    /** Asks for an answer over HTTP: its status, its text, and in turn the names and values of its headers. */
    fetch(given, url, method, headers, body) {
      const init = { method, headers: {}, redirect: 'manual', signal: controller.signal };
      for (let i = 0; i < headers.length; i += 2) init.headers[headers[i]] = headers[i + 1];
      if (body !== undefined) init.body = body;
      within(async () => {
        const answer = await (given ? given(url, init) : fetch(url, init));
        const status = answer?.status;
        const isAnswer = typeof status === 'number' && typeof answer.text === 'function';
        const facts = [status, isAnswer ? await answer.text() : undefined];
        for (const name of isAnswer ? HEADERS : []) {
          try {
            const value = answer.headers.get(name);
            if (typeof value === 'string') facts.push(name, value);
          } catch {
            // Then it has none.
          }
        }
        return facts;
      });
    },

    /** It is no longer needed. */
    end() {
      or(() => clearTimeout(timer));
      listen('removeEventListener');
    },
  };
  // Either may ring at once.
  timer = setTimeout(ring, ms);
  listen('addEventListener');
  return time;
}

/** A true Error. Its name is not enumerable, as that of every built-in error is not. */
function fail(texts, status, retryAfter, body, cause, report) {
  const { message, ...facts } = { ...JSON.parse(texts), status, retryAfter, body, cause, report };
  const error = Object.defineProperty(new Error(message), 'name', { value: 'TokenError', configurable: true, writable: true });
  for (const fact in facts) if (facts[fact] !== undefined) error[fact] = facts[fact];
  return error;
}

/** What a function gives, or else this. */
function or(give, otherwise) {
  try {
    return give();
  } catch {
    return otherwise;
  }
}

const global = (name) => or(() => globalThis[name]);
const parse = (text) => or(() => JSON.parse(text), null);
const isArray = (value) => or(() => Array.isArray(value), false);
const isTagged = (value, tag) => or(() => Object.prototype.toString.call(value) === tag, false);
/** An object as literals and JSON.parse make it, of any realm. */
const isPlain = (value) => or(() => {
  const above = Object.getPrototypeOf(value);
  return isTagged(value, '[object Object]') && (above === null || Object.getPrototypeOf(above) === null);
}, false);
const fillRandom = (bytes) => or(() => !!crypto.getRandomValues(bytes), false);

// Members of one object: what is imported as it is, wasm-bindgen has imported past its own file.
export const platform = { run, subtle, begin, fail, global, parse, isArray, isTagged, isPlain, fillRandom };
