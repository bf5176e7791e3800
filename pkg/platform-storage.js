// The platform's storage for the page of a tool: LTI Client Side postMessages, lti.put_data and lti.get_data. It is not in
// the core, so that a page that does nothing else loads a kilobyte and compiles no WebAssembly.

const REPEAT = 250;
const LONGEST_TIMER = 2 ** 31 - 1;

export function platformStorage(where, options) {
  // A login's `storage` has these; the last two are for what it gives.
  const { target, origin } = members(where, 'where', ['target', 'origin', 'key', 'value']);
  const { timeout = 2000 } = members(options, 'options', ['timeout']);
  check(isText(target), 'target', 'expected the name of a frame, such as the lti_storage_target of the login');
  check(isOrigin(origin), 'origin', 'expected an origin, such as https://sso.canvaslms.com, without path or slash');
  check(isTimeout(timeout), 'options.timeout', `expected more than 0 and at most ${LONGEST_TIMER} ms`);

  async function ask(subject, content) {
    check(isText(content.key), 'key', 'expected text that is not empty');
    const answer = await answered(frameNamed(target), origin, timeout, { subject, message_id: randomId(), ...content });
    if (!answer.error) return answer;
    const { code, message } = Object(answer.error);
    const named = isText(code) && /^\w{1,40}$/.test(code) ? `the error ${code}` : 'an error without a code';
    throw failure('ERR_LTI_STORAGE', `the platform answers ${subject} with ${named}`, { body: { code, message } });
  }

  return {
    async put(key, value) {
      // Canvas would delete what is to be empty.
      check(value === null || isText(value), 'value', 'expected text that is not empty, or null to delete');
      await ask('lti.put_data', { key, value });
    },
    async get(key) {
      const { value = null } = await ask('lti.get_data', { key });
      if (value === null || typeof value === 'string') return value;
      throw failure('ERR_LTI_STORAGE', `the platform answers lti.get_data with a value that is ${typeof value}, expected text`);
    },
  };
}

/** The platform's frame: beside the tool's own, or in the page that opened the tool's window. */
function frameNamed(target) {
  if (typeof window === 'undefined') throw failure('ERR_LTI_STORAGE', 'there is no window here: only a page has a platform beside it');
  const platform = window.parent === window ? window.opener : window.parent;
  if (!platform) throw failure('ERR_LTI_STORAGE', 'the page is in no frame of the platform, nor was it opened by the platform');
  if (target === '_parent') return platform;
  let frame;
  try {
    frame = platform.frames[target];
  } catch {
    // So says a window of another origin that has no frame of this name.
  }
  if (typeof frame?.postMessage === 'function') return frame;
  throw failure('ERR_LTI_STORAGE', `the platform's page has no frame of the name ${JSON.stringify(target.slice(0, 100))}`);
}

/** Posts a message to a frame until the answer comes: what is posted to a frame that is still loading is lost. */
function answered(frame, origin, timeout, message) {
  let hear, repeat, end;
  const answer = new Promise((resolve, reject) => {
    hear = ({ origin: from, source, data }) => {
      const isAnswer = from === origin && source === frame && data?.message_id === message.message_id
        && data.subject === `${message.subject}.response`;
      if (isAnswer) resolve(data);
    };
    window.addEventListener('message', hear);
    const post = () => frame.postMessage(message, origin);
    repeat = setInterval(post, REPEAT);
    end = setTimeout(() => {
      reject(failure('ERR_TIMEOUT', `no answer of the platform's storage to ${message.subject} within ${timeout} ms`));
    }, timeout);
    post();
  });
  return answer.finally(() => {
    clearInterval(repeat);
    clearTimeout(end);
    window.removeEventListener('message', hear);
  });
}

/** The members of an object of the caller's that has no others; its getters may throw. */
function members(object, at, names) {
  let found, unknown;
  try {
    unknown = Object.keys(Object(object)).find((name) => !names.includes(name));
    found = Object.fromEntries(names.map((name) => [name, Object(object)[name]]));
  } catch (cause) {
    throw failure('ERR_ARGUMENT', `${at}: it cannot be read`, { at, cause });
  }
  if (unknown === undefined) return found;
  const start = (name) => name.slice(0, 3).toLowerCase();
  const meant = names.find((name) => start(name) === start(unknown));
  check(false, `${at}.${unknown.slice(0, 40)}`, `unknown, expected ${meant ? `perhaps ${meant}` : names.join(', ')}`);
}

const isText = (value) => typeof value === 'string' && value !== '';

const isTimeout = (value) => typeof value === 'number' && value > 0 && value <= LONGEST_TIMER;

function isOrigin(value) {
  try {
    return isText(value) && /^https?:/.test(value) && new URL(value).origin === value;
  } catch {
    return false;
  }
}

/** Not randomUUID, which insecure contexts lack. */
const randomId = () => [...crypto.getRandomValues(new Uint32Array(4))].map((part) => part.toString(36)).join('-');

function check(holds, at, message) {
  if (!holds) throw failure('ERR_ARGUMENT', `${at}: ${message}`, { at });
}

function failure(code, message, more) {
  const error = Object.assign(new Error(message), { code, ...more });
  // Not enumerable, as the name of every built-in error is not.
  return Object.defineProperty(error, 'name', { value: 'TokenError', configurable: true, writable: true });
}
