// What Inspect is given, and the report on it. The package inspects in a worker; while one report is made, only the latest text
// waits for the next.
import { call, latest } from '../../package/worker-client.js';
import { keyFrom } from '../../package/keys.js';
import { nowSeconds } from '../../format/time.js';

export const NOTHING = {
  token: '', key: { kind: 'secret', text: '' }, decryptionKey: { kind: 'secret', text: '' }, endpoint: '', as: '', nonce: '', now: '',
  tolerance: '', platform: undefined,
};

// The longest time that a timer takes, in seconds.
const LONGEST = 2 ** 31 / 1000 - 1;

export class Model extends EventTarget {
  given = NOTHING;
  /** Of the text `inspected`; undefined for no text. */
  report = undefined;
  inspected = '';
  /** Why there is no full report: {message, at}, and which key it is about. */
  problem = undefined;

  #run = latest('inspect');

  set(changes) {
    this.given = { ...this.given, ...changes };
    this.inspect();
  }

  inspect() {
    clearTimeout(this.timer);
    // The line break at the end of what is pasted is the terminal's.
    const token = this.given.token.replace(/\r?\n$/, '');
    if (token.trim() === '') return this.#answer('', undefined, undefined);
    let options;
    try {
      options = optionsOf(this.given);
    } catch (problem) {
      return this.#without(token, problem);
    }
    this.#run([token, options], (error, report) => {
      if (error) this.#without(token, error);
      else this.#answer(token, report, undefined);
    });
  }

  /** Says why nothing can be inspected. */
  fail(problem) {
    this.#answer('', undefined, problem);
  }

  /** The report as it is without keys, where a key cannot be used. */
  #without(token, problem) {
    call('inspect', token, { ...optionsOf({ ...this.given, key: undefined, decryptionKey: undefined }), spans: true })
      .then((report) => this.#answer(token, report, problem), (error) => this.#answer(token, undefined, error));
  }

  #answer(token, report, problem) {
    // Cleared meanwhile.
    if (report && this.given.token.trim() === '') return;
    Object.assign(this, { inspected: token, report, problem });
    this.#inspectAgain();
    this.dispatchEvent(new Event('changed'));
  }

  /** Inspects again when a time of the token comes. */
  #inspectAgain() {
    const { report, given: { now } } = this;
    if (!report?.claims || now !== '') return;
    const times = ['exp', 'nbf', 'iat'].map((name) => Number(report.claims[name]) - nowSeconds()).filter((left) => left > 0 && left < LONGEST);
    if (times.length) this.timer = setTimeout(() => this.inspect(), Math.min(...times) * 1000 + 50);
  }
}

/** The options of inspect(); a key that cannot be read is an Error with its `at`. */
export function optionsOf({ key, decryptionKey, endpoint, as, nonce, now, tolerance, platform }) {
  return {
    spans: true,
    ...given('key', () => keyFrom(key)),
    ...given('decryptionKey', () => keyFrom(decryptionKey)),
    ...(endpoint.trim() && { endpoint: endpoint.trim() }),
    ...(as && { as }),
    ...(nonce && { nonce }),
    ...(platform && { platform }),
    now: now !== '' && Number.isFinite(Number(now)) ? Number(now) : Math.floor(nowSeconds()),
    ...(tolerance !== '' && Number(tolerance) >= 0 && { clockTolerance: Number(tolerance) }),
  };
}

function given(name, read) {
  try {
    const value = read();
    return value === undefined ? {} : { [name]: value };
  } catch (error) {
    throw Object.assign(error, { at: `options.${name}` });
  }
}
