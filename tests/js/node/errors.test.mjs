// What an error is in JavaScript, and what is in none of them: secrets and tokens.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inspect, types } from 'node:util';
import vm from 'node:vm';
import { AUD, copies, GUID, imported, refuses, rejects, required, unsigned } from './copies.mjs';
import { answer, answers, proxyRequest } from './servers.mjs';

const { decode, isTokenError, requestAccessToken, signAssertion } = imported;

for (const [how, api] of Object.entries(copies)) {
  test(`${how}: an error is a true Error`, () => {
    const error = refuses(() => api.signAssertion({ sub: GUID, aud: 'x' }, 'secret'), 'ERR_ARGUMENT', 'claims.aud');
    assert.ok(types.isNativeError(error));
    assert.equal(Object.getPrototypeOf(error), Error.prototype);
    assert.equal(error.name, 'TokenError');
    assert.deepEqual(Object.getOwnPropertyDescriptor(error, 'name'), {
      value: 'TokenError', enumerable: false, configurable: true, writable: true,
    });
    assert.deepEqual(Object.keys(error), ['code', 'at']);
    assert.equal(String(error), `TokenError: ${error.message}`);
    assert.ok(error.stack.includes('errors.test.mjs'));
    assert.equal('cause' in error, false);
  });

  test(`${how}: what is read and throws is the cause`, () => {
    const reason = new RangeError('no');
    const claims = { get sub() { throw reason; }, aud: AUD };
    assert.equal(refuses(() => api.buildAssertion(claims), 'ERR_ARGUMENT', 'claims.sub').cause, reason);
  });
}

test('isTokenError knows those of every copy and realm, and no other', () => {
  assert.notEqual(imported.decode, required.decode);
  const own = refuses(() => imported.decode(''));
  const other = refuses(() => required.decode(''));
  const foreign = vm.runInNewContext(
    'Object.assign(new Error("x"), { code: "ERR_FETCH" }, Object.defineProperty({}, "name", { value: 1 }))');
  Object.defineProperty(foreign, 'name', { value: 'TokenError' });
  assert.equal(foreign instanceof Error, false);
  for (const api of Object.values(copies)) {
    for (const error of [own, other, foreign]) assert.equal(api.isTokenError(error), true);
    for (const error of [
      undefined, null, 'ERR_FETCH', new Error('x'), Object.assign(new Error('x'), { code: 'ERR_FETCH' }),
      Object.assign(new Error('x'), { name: 'TokenError' }), Object.assign(new Error('x'), { name: 'TokenError', code: 'ENOENT' }),
      Object.assign(new Error('x'), { name: 'TokenError', code: 'err_fetch' }), () => {}, [own],
    ]) assert.equal(api.isTokenError(error), false);
  }
});

test("the server's answer keeps its digits", async () => {
  const fetch = answers(answer(404, '{"id":90000000000000001,"__proto__":{"x":1}}'));
  const { body } = await rejects(() => requestAccessToken(proxyRequest({ fetch })));
  assert.equal(body.id, 90000000000000001n);
  assert.deepEqual(Object.keys(body), ['id', '__proto__']);
});

const SECRET = 'hunter2-and-some-more-to-be-sure-of-it';
const CLAIM = 'Ada-Lovelace';
const request = (changes) => ({ url: AUD, sub: GUID, secret: SECRET, retries: 0, ...changes });
const PLACES = {
  'the OAuth error': (token) => [400, { error: token }],
  'its description': (token) => [400, { error: 'invalid_grant', error_description: `bad assertion ${token}.` }],
  'a message': (token) => [401, { message: `JWT ${token}, expired` }],
  'a list of errors': (token) => [404, { errors: [{ message: token }, { jwt: token }] }],
  'errors as an object': (token) => [422, { errors: { assertion: [{ message: `is ${token}` }] } }],
  'errors as text': (token) => [401, { errors: token }],
  'deep inside': (token) => [500, { request: { params: [{ assertion: token, x: { y: `"${token}"` } }] } }],
  'a name': (token) => [500, { [token]: 1, errors: { [token]: 'bad' } }],
  'an HTML page': (token) => [500, `<html><body>assertion=${token}&amp;grant_type=x</body></html>`],
  'the form as it was sent': (token) => [500, `grant_type=x&assertion=${token}`],
  'a token that is no token': (token) => [200, { access_token: { token }, expires_in: 1 }],
  'a token without lifetime': (token) => [200, { access_token: token }],
  'a header': (token) => [302, '', { location: `https://other.test/?assertion=${token}` }],
  'the realm': (token) => [401, '{}', { 'www-authenticate': `Bearer error="${token}"` }],
};

/** Everything an error shows or hides. */
const all = (error) => inspect(error, { depth: 20, showHidden: true, maxStringLength: null, maxArrayLength: null });

function free(error, token) {
  assert.ok(isTokenError(error));
  const text = all(error);
  for (const part of [SECRET, CLAIM, ...token.split('.').filter((part) => part.length > 8)]) {
    assert.ok(!text.includes(part), `${part} is in ${text}`);
  }
}

for (const [name, make] of Object.entries(PLACES)) {
  test(`no error repeats the assertion that came back in ${name}`, async () => {
    let sent;
    const fetch = answers((_, init) => {
      sent = new URLSearchParams(init.body).get('assertion');
      const [status, body, headers = {}] = make(sent);
      return answer(status, typeof body === 'string' ? body : JSON.stringify(body), headers);
    });
    const error = await rejects(() => requestAccessToken(request({ fetch })));
    assert.equal(sent.split('.').length, 3);
    free(error, sent);
  });
}

test('no error repeats a secret, a token or a claim it was given', async () => {
  const token = signAssertion({ sub: CLAIM, aud: AUD }, SECRET);
  const [header, , signature] = token.split('.');
  const broken = unsigned(`{"name":"${CLAIM}","x":}`);
  const runs = [
    () => signAssertion({ sub: GUID, aud: AUD, exp: 'x' }, SECRET),
    () => signAssertion({ sub: CLAIM, aud: CLAIM }, SECRET),
    () => signAssertion({ sub: GUID, aud: AUD, jti: { CLAIM } }, SECRET),
    () => signAssertion({ sub: GUID, aud: AUD }, { secret: SECRET }),
    () => signAssertion({ sub: GUID, aud: AUD }, `-----BEGIN PRIVATE KEY-----\n${SECRET}`),
    () => signAssertion({ sub: GUID, aud: AUD }, `${SECRET}\ud800`),
    () => decode(`${token}=`),
    () => decode(`${token}.${token}`),
    () => decode(`${header}.${signature}`),
    () => decode(`x${token}`),
    () => decode(broken),
    () => decode(unsigned(`{"a":"${CLAIM}","a":"${CLAIM}"}`)),
    () => decode(unsigned('{}', `{"kid":"${CLAIM}`)),
  ];
  for (const run of runs) free(refuses(run), `${token}.${broken}`);
  const requests = [
    { url: `${AUD}#${token}` }, { url: `https://user:${SECRET}@canvas.test/` }, { assertion: token }, { code: {} },
    { url: token }, { fetch: () => 1 }, { fetch: () => Promise.reject(new Error('no')) }, { sub: -1 }, { exp: 1 },
    { fetch: () => new Promise(() => {}), timeout: 10 }, { signal: AbortSignal.abort() },
  ];
  for (const changes of requests) free(await rejects(() => requestAccessToken(request(changes))), token);
});

test('messages are one line each, as messages are written here', async () => {
  const errors = [
    refuses(() => signAssertion()), refuses(() => decode('')), refuses(() => decode('a.b.c')), refuses(() => decode(5)),
    await rejects(() => requestAccessToken({})),
    await rejects(() => requestAccessToken(request({ fetch: answers(answer(500)) }))),
    await rejects(() => requestAccessToken(request({ signal: AbortSignal.abort() }))),
  ];
  for (const { message } of errors) assert.match(message, /^[a-z0-9].*[^.\s]$/);
});
