// The platform's storage with windows that are imitations; tests/launch has real ones, in browsers.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { afterEach, test } from 'node:test';
import { build } from 'esbuild';
import { isTokenError, platformStorage } from 'canvas-lms-tokens';
import * as entry from 'canvas-lms-tokens/platform-storage';

const ORIGIN = 'https://sso.canvaslms.com';
const TARGET = 'post_message_forwarding';
const where = { target: TARGET, origin: ORIGIN };

/** Answers as Canvas's frame does. */
function canvas(stored = {}) {
  return ({ subject, message_id, key, value }) => {
    if (subject === 'lti.put_data' && value) stored[key] = value;
    else if (subject === 'lti.put_data') delete stored[key];
    return [{ data: { subject: `${subject}.response`, message_id, key, value: stored[key] ?? null } }];
  };
}

/**
 * A page in a frame of a platform whose own frame, of `origin`, answers with the events of `answer`. Gives what was posted
 * to it, and who listens.
 */
function open({ answer = canvas(), origin = ORIGIN, name = TARGET, from = 'parent', deaf = 0 } = {}) {
  const posted = [];
  const listeners = new Set();
  const frame = {
    postMessage(message, targetOrigin) {
      posted.push({ message: structuredClone(message), targetOrigin });
      if (targetOrigin !== origin || posted.length <= deaf) return;
      for (const event of answer(message)) {
        setTimeout(() => {
          for (const hear of listeners) hear({ origin, source: frame, ...event });
        });
      }
    },
  };
  // A window of another origin throws for every name that it has no frame of.
  const frames = new Proxy({}, {
    get(_, wanted) {
      if (wanted === name) return frame;
      throw new DOMException('Blocked a frame from accessing a cross-origin frame.', 'SecurityError');
    },
  });
  const platform = name === '_parent' ? frame : { frames };
  const window = {
    addEventListener: (_, hear) => listeners.add(hear),
    removeEventListener: (_, hear) => listeners.delete(hear),
  };
  globalThis.window = Object.assign(window, { parent: window, opener: null }, { [from]: platform });
  return { posted, listeners, frame };
}
afterEach(() => {
  delete globalThis.window;
});

const refused = (code, message) => (error) => {
  assert.ok(error instanceof Error);
  assert.ok(isTokenError(error));
  assert.equal(error.code, code);
  assert.match(error.message, message);
  assert.ok(!Object.keys(error).includes('name'));
  return true;
};

test('the entry of its own is the function, for import and require', () => {
  assert.deepEqual(Object.keys(entry), ['platformStorage']);
  assert.equal(entry.platformStorage, platformStorage);
  const required = createRequire(import.meta.url)('canvas-lms-tokens/platform-storage');
  assert.deepEqual(Object.keys(required), ['platformStorage']);
});

test('a page that imports the entry alone gets nothing else', async () => {
  const { outputFiles: [{ text }] } = await build({
    stdin: { contents: "export * from 'canvas-lms-tokens/platform-storage'", resolveDir: import.meta.dirname },
    bundle: true, format: 'esm', write: false,
  });
  assert.ok(text.length <= readFileSync(new URL('../../../pkg/platform-storage.js', import.meta.url)).length + 200);
  assert.doesNotMatch(text, /WebAssembly\.|__wbg/);
});

for (const from of ['parent', 'opener']) {
  test(`puts, gets, deletes: the frame is in the ${from}`, async () => {
    const { posted, listeners } = open({ from });
    const storage = platformStorage(where);
    assert.equal(await storage.get('lti-1'), null);
    assert.equal(await storage.put('lti-1', 'binding'), undefined);
    assert.equal(await storage.get('lti-1'), 'binding');
    assert.equal(await storage.put('lti-1', null), undefined);
    assert.equal(await storage.get('lti-1'), null);
    const ids = posted.map(({ message }) => message.message_id);
    assert.equal(new Set(ids).size, 5);
    assert.ok(ids.every((id) => id.length > 16));
    assert.deepEqual(posted.map(({ message: { message_id, ...rest } }) => rest), [
      { subject: 'lti.get_data', key: 'lti-1' },
      { subject: 'lti.put_data', key: 'lti-1', value: 'binding' },
      { subject: 'lti.get_data', key: 'lti-1' },
      { subject: 'lti.put_data', key: 'lti-1', value: null },
      { subject: 'lti.get_data', key: 'lti-1' },
    ]);
    assert.ok(posted.every(({ targetOrigin }) => targetOrigin === ORIGIN));
    assert.equal(listeners.size, 0);
  });
}

test('_parent is the platform itself', async () => {
  open({ name: '_parent' });
  const storage = platformStorage({ ...where, target: '_parent' });
  await storage.put('a', 'b');
  assert.equal(await storage.get('a'), 'b');
});

test('several at once, answered in another order', async () => {
  const waiting = [];
  const { posted, listeners, frame } = open({ answer: (message) => (waiting.push(message), []) });
  const storage = platformStorage(where);
  const values = Promise.all(['a', 'b', 'c'].map((key) => storage.get(key)));
  assert.equal(listeners.size, 3);
  for (const { message_id, key } of waiting.reverse()) {
    for (const hear of listeners) {
      hear({ origin: ORIGIN, source: frame, data: { subject: 'lti.get_data.response', message_id, value: `of ${key}` } });
    }
  }
  assert.deepEqual(await values, ['of a', 'of b', 'of c']);
  assert.equal(posted.length, 3);
  assert.equal(listeners.size, 0);
});

test('what is posted to a frame that is still loading is posted again', async () => {
  const { posted } = open({ deaf: 1 });
  await platformStorage(where).put('a', 'b');
  assert.equal(posted.length, 2);
  assert.deepEqual(posted[0], posted[1]);
});

// {what is heard before the answer: the event that is none}
const NO_ANSWERS = {
  'another origin': (data) => ({ data, origin: 'https://evil.example' }),
  'an origin of the same beginning': (data) => ({ data, origin: `${ORIGIN}.evil.example` }),
  'another window': (data) => ({ data, source: {} }),
  'no window': (data) => ({ data, source: null }),
  'another message': (data) => ({ data: { ...data, message_id: `${data.message_id}0` } }),
  'no message id': ({ message_id, ...data }) => ({ data }),
  'another subject': (data) => ({ data: { ...data, subject: 'lti.put_data.response' } }),
  'the request itself': (data) => ({ data: { ...data, subject: 'lti.get_data' } }),
  text: (data) => ({ data: JSON.stringify(data) }),
  null: () => ({ data: null }),
};
for (const [what, other] of Object.entries(NO_ANSWERS)) {
  test(`is no answer: ${what}`, async () => {
    const wrong = ({ data }) => other({ ...data, value: 'of an attacker' });
    open({ answer: (message) => [...canvas()(message).map(wrong), ...canvas({ key: 'right' })(message)] });
    assert.equal(await platformStorage(where).get('key'), 'right');
    const { listeners } = open({ answer: (message) => canvas()(message).map(wrong) });
    await assert.rejects(platformStorage(where, { timeout: 20 }).get('key'), refused('ERR_TIMEOUT', /lti\.get_data within 20 ms/));
    assert.equal(listeners.size, 0);
  });
}

test('a frame of another origin gets nothing', async () => {
  open({ origin: 'https://evil.example' });
  await assert.rejects(platformStorage(where, { timeout: 20 }).put('key', 'binding'), refused('ERR_TIMEOUT', /lti\.put_data/));
});

test('an error of the platform', async () => {
  const error = { code: 'storage_exhaustion', message: 'Reached max number of allowed bytes.' };
  const { listeners } = open({
    answer: ({ subject, message_id }) => [{ data: { subject: `${subject}.response`, message_id, error } }],
  });
  await assert.rejects(platformStorage(where).put('key', 'value'), (thrown) => {
    assert.deepEqual(thrown.body, error);
    return refused('ERR_LTI_STORAGE', /^the platform answers lti\.put_data with the error storage_exhaustion$/)(thrown);
  });
  assert.equal(listeners.size, 0);
});

for (const error of [true, 'text', {}, { code: 5 }, { code: 'a code with a token in it' }]) {
  test(`an error of the platform without a code: ${JSON.stringify(error)}`, async () => {
    open({ answer: ({ subject, message_id }) => [{ data: { subject: `${subject}.response`, message_id, error } }] });
    await assert.rejects(platformStorage(where).get('key'), refused('ERR_LTI_STORAGE', /an error without a code$/));
  });
}

test('a value that is no text', async () => {
  open({ answer: ({ subject, message_id }) => [{ data: { subject: `${subject}.response`, message_id, value: {} } }] });
  await assert.rejects(platformStorage(where).get('key'), refused('ERR_LTI_STORAGE', /a value that is object, expected text/));
});

test('there is no such frame', async () => {
  const { listeners } = open({ name: 'another' });
  const storage = platformStorage(where);
  await assert.rejects(storage.get('key'), refused('ERR_LTI_STORAGE', /no frame of the name "post_message_forwarding"/));
  assert.equal(listeners.size, 0);
  Object.assign(window, { parent: { frames: { [TARGET]: 'no window' } } });
  await assert.rejects(storage.get('key'), refused('ERR_LTI_STORAGE', /no frame of the name/));
  Object.assign(window, { parent: window, opener: null });
  await assert.rejects(storage.get('key'), refused('ERR_LTI_STORAGE', /in no frame of the platform/));
  delete globalThis.window;
  await assert.rejects(storage.get('key'), refused('ERR_LTI_STORAGE', /no window here/));
});

// [arguments, where the fault is]
const WRONG = [
  [[], 'target'], [[null], 'target'], [[{ origin: ORIGIN }], 'target'], [[{ target: '', origin: ORIGIN }], 'target'],
  ...['*', '', '/', 'sso.canvaslms.com', `${ORIGIN}/`, `${ORIGIN}:443`, 'HTTPS://sso.canvaslms.com', 'file://', 'null',
    'data:text/html,', `blob:${ORIGIN}`, undefined, null, new URL(ORIGIN)].map((origin) => [[{ target: TARGET, origin }], 'origin']),
  ...[0, -1, NaN, Infinity, 2 ** 31, '5', null].map((timeout) => [[where, { timeout }], 'options.timeout']),
];
for (const [given, at] of WRONG) {
  test(`wrong: ${at}, ${JSON.stringify(given)}`, () => {
    assert.throws(() => platformStorage(...given), (error) => error.at === at && refused('ERR_ARGUMENT', new RegExp(`^${at}: `))(error));
  });
}

test('wrong: key and value', async () => {
  const { posted } = open();
  const storage = platformStorage(where);
  for (const key of [undefined, null, '', 5]) {
    await assert.rejects(storage.get(key), refused('ERR_ARGUMENT', /^key: /));
    await assert.rejects(storage.put(key, 'value'), refused('ERR_ARGUMENT', /^key: /));
  }
  for (const value of [undefined, '', 5, {}]) await assert.rejects(storage.put('key', value), refused('ERR_ARGUMENT', /^value: /));
  assert.deepEqual(posted, []);
});
