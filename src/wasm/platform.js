// What the core asks of the platform: done here, and decided there.

/** What the future that was polled last asks for. */
let asked;

/** Runs a future of the core: does what it asks for and polls it with the answer, until it gives its own. */
export async function run(exports, task) {
  for (let ask = () => {}; ;) {
    let value;
    let failed = false;
    try {
      // Any promise's or thenable's own `then` counts, and may throw.
      value = await new Promise((settle) => settle(ask()));
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

/** Asks WebCrypto. */
export function subtle(method, parameters) {
  asked = () => crypto.subtle[method](...parameters);
}

/** The response headers that anything reads. */
const HEADERS = ['content-type', 'date', 'endkey', 'link', 'location', 'retry-after', 'www-authenticate'];

/** A time that ends by itself, or with the signal. What is asked within it gives the time itself when that ends first. */
export function begin(ms, signal) {
  const controller = new AbortController();
  let ring;
  const over = new Promise((resolve) => {
    ring = () => {
      resolve(time);
      controller.abort();
    };
  });
  const listen = (method) => {
    try {
      signal?.[method]('abort', ring);
    } catch {
      // Then the timer alone ends it.
    }
  };
  const within = (work) => {
    asked = () => Promise.race([work(), over]);
  };
  const timer = setTimeout(ring, ms);
  listen('addEventListener');
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
      clearTimeout(timer);
      listen('removeEventListener');
    },
  };
  return time;
}
