// The stack of an error tells who called: the caller's own function, and nothing of WebAssembly.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Canvas, canvasPlatform, decode, isTokenError, LtiServices, requestAccessToken, signAssertion, verifyJwt } from 'canvas-lms-tokens';

const url = 'https://school.example/api/lti/accounts/1/authorize';
const down = async () => { throw new TypeError('fetch failed'); };
const canvas = new Canvas({ baseUrl: 'https://school.example', fetch: down, retries: 0 });
const services = new LtiServices({
  platform: canvasPlatform({ clientId: 1 }), key: { secret: 'x' }, scopes: [], origins: ['https://school.example'], fetch: down,
});

/** {the caller's name: [the caller, what is thrown]} */
const CALLERS = [
  [function atOnce() { decode('no token'); }, 'ERR_TOKEN_INVALID'],
  [function withOptions() { signAssertion({ sub: 1, aud: url, foo: 1 }, 'x'); }, 'ERR_ARGUMENT'],
  [function made() { return new Canvas({}); }, 'ERR_ARGUMENT'],
  [function named() { return LtiServices.for({}, { key: {} }); }, 'ERR_ARGUMENT'],
  [async function awaited() { await verifyJwt('a.b.c', { secret: 'x' }); }, 'ERR_JWS_INVALID'],
  [async function sent() { await requestAccessToken({ url, sub: 1, secret: 'x', fetch: down, retries: 0 }); }, 'ERR_FETCH'],
  [async function method() { await canvas.user(3); }, 'ERR_FETCH'],
  [async function listed() { for await (const item of services.lineItems('https://school.example/items')) assert.fail(item); }, 'ERR_FORBIDDEN'],
];
for (const [caller, code] of CALLERS) {
  test(`the caller ${caller.name} is in the stack`, async () => {
    const error = await Promise.resolve().then(caller).catch((thrown) => thrown);
    assert.equal(error.code, code, error);
    assert.match(error.stack, new RegExp(`^TokenError: [^]*\\bat .*${caller.name} \\(.*stack\\.test\\.mjs`));
    assert.ok(error.stack.startsWith(`TokenError: ${error.message}\n`));
    assert.doesNotMatch(error.stack, /wasm/);
    assert.ok(!Object.keys(error).includes('stack'));
  });
}

test('what a function of the options throws keeps its own stack', async () => {
  const own = new RangeError('mine');
  const { stack } = own;
  await assert.rejects(canvas.user(3, { fetch: () => { throw own; } }), (error) => error.cause === own && own.stack === stack);
  let first;
  const asked = new Canvas({
    baseUrl: 'https://school.example', fetch: down,
    async accessToken() {
      try {
        return decode('no token');
      } catch (error) {
        first = error.stack;
        throw error;
      }
    },
  });
  await assert.rejects(asked.user(3), (error) => isTokenError(error) && error.stack === first);
  const foreign = Object.freeze(Object.assign(new Error('theirs'), { name: 'TokenError', code: 'ERR_OAUTH' }));
  const refused = new Canvas({ baseUrl: 'https://school.example', fetch: down, accessToken() { throw foreign; } });
  await assert.rejects(refused.user(3), (error) => error.code === 'ERR_OAUTH' && error.stack === foreign.stack);
});

test('an engine that tells nothing keeps the stack there is', async (t) => {
  const capture = Error.captureStackTrace;
  t.after(() => { Error.captureStackTrace = capture; });
  for (const other of [undefined, (error) => { error.stack = ''; }]) {
    Error.captureStackTrace = other;
    assert.throws(() => decode('no token'), ({ stack }) => /\bat /.test(stack));
  }
});
