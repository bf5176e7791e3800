// What is made of every kind of answer: a token, or the error that fits; never a JSON parse error.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AUD, imported, rejects } from './copies.mjs';
import { answer, answers, proxyRequest, THROTTLED } from './servers.mjs';

const { requestAccessToken } = imported;
const ask = (first, changes) => requestAccessToken(proxyRequest({ fetch: answers(first), retries: 0, ...changes }));
const HTML = '<!DOCTYPE html>\n<html><body>Page not found</body></html>';
const HUGE = `{"access_token":"x","expires_in":1,"x":"${'x'.repeat(2 ** 25)}"}`;
const realm = { 'www-authenticate': 'Bearer realm="canvas-lms"' };

const GRANTED = [
  ['text', { expires_in: '3600' }, { expiresIn: 3600, tokenType: 'bearer' }],
  ['a number', { expires_in: 3600 }, { expiresIn: 3600 }],
  ['a float', '{"access_token":"opaque","expires_in":3600.0}', { expiresIn: 3600 }],
  ['zero', { expires_in: 0 }, { expiresIn: 0 }],
  ['with a type', { expires_in: 1, token_type: 'Bearer' }, { tokenType: 'Bearer' }],
  ['with more', { expires_in: 1, scope: 'x', error: null }, { accessToken: 'opaque' }],
  ['after while(1);', 'while(1);{"access_token":"opaque","expires_in":1}', { accessToken: 'opaque', claims: null }],
  ['after a blank line', '\n {"access_token":"opaque","expires_in":1}\n', { accessToken: 'opaque' }],
];
for (const [name, body, expected] of GRANTED) {
  test(`a token whose lifetime is ${name}`, async () => {
    const text = typeof body === 'string' ? body : JSON.stringify({ access_token: 'opaque', ...body });
    for (const status of [200, 201]) {
      const token = await ask(answer(status, text));
      assert.deepEqual({ ...token, ...expected }, token);
    }
  });
}

test('claims of a token, with every digit', async () => {
  const token = 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOjkwMDAwMDAwMDAwMDAwMDAxfQ.AA';
  const { claims } = await ask(answer(200, `{"access_token":"${token}","expires_in":1}`));
  assert.deepEqual(claims, { sub: 90000000000000001n });
});

const json = (value) => JSON.stringify(value);
const REFUSED = [
  // [status, body, headers, code, what else the error has]
  [400, '{"error":"invalid_grant"}', {}, 'ERR_OAUTH', { oauthError: 'invalid_grant', body: { error: 'invalid_grant' } }],
  [401, '{"error":"invalid_client","error_description":"unknown client"}', realm, 'ERR_OAUTH', { oauthError: 'invalid_client' }],
  [200, '{"error":"invalid_grant"}', {}, 'ERR_OAUTH', { oauthError: 'invalid_grant' }],
  [500, '{"error":"server_error"}', {}, 'ERR_OAUTH', { oauthError: 'server_error' }],
  [200, HTML, { 'content-type': 'text/html' }, 'ERR_RESPONSE_INVALID', { body: HTML }],
  [200, '', {}, 'ERR_RESPONSE_INVALID', { body: undefined }],
  [204, '', {}, 'ERR_RESPONSE_INVALID', {}],
  [200, '\xff\xfe\0garbage', {}, 'ERR_RESPONSE_INVALID', {}],
  [200, new Uint8Array([0xff, 0xfe, 0x7b]), {}, 'ERR_RESPONSE_INVALID', {}],
  [200, '{"access_token":"x","expires_in":1', {}, 'ERR_RESPONSE_INVALID', {}],
  [200, '{"access_token":"x","access_token":"y","expires_in":1}', {}, 'ERR_RESPONSE_INVALID', {}],
  [200, HUGE, {}, 'ERR_RESPONSE_INVALID', {}],
  [200, '['.repeat(100_000), {}, 'ERR_RESPONSE_INVALID', {}],
  ...['null', '[]', '5', '"token"', '{}', '{"access_token":5,"expires_in":1}', '{"access_token":"","expires_in":1}',
    '{"access_token":"x"}', ...['"soon"', '""', '"-1"', '"1.5"', '-1', 'null', 'true', '[1]']
      .map((expiry) => `{"access_token":"x","expires_in":${expiry}}`)]
    .map((body) => [200, body, {}, 'ERR_RESPONSE_INVALID', {}]),
  [404, HTML, {}, 'ERR_HTTP_STATUS', { body: HTML }],
  [404, '', {}, 'ERR_HTTP_STATUS', { body: undefined }],
  [404, json({ errors: [{ message: 'The specified resource does not exist.' }] }), {}, 'ERR_HTTP_STATUS', {}],
  [500, json({ errors: { base: [{ message: 'no' }] }, id: 1 }), {}, 'ERR_HTTP_STATUS', {}],
  [400, '{"errors":"text"}', {}, 'ERR_HTTP_STATUS', {}],
  [302, '', { location: 'https://other.test/login' }, 'ERR_HTTP_STATUS', {}],
  [401, '{"errors":[{"message":"Invalid access token."}]}', realm, 'ERR_UNAUTHENTICATED', {}],
  [401, '{"error":""}', realm, 'ERR_UNAUTHENTICATED', {}],
  [401, '{"errors":[]}', {}, 'ERR_FORBIDDEN', {}],
  [403, HTML, {}, 'ERR_FORBIDDEN', {}],
  [403, THROTTLED, {}, 'ERR_THROTTLED', { retryAfter: undefined }],
  [403, THROTTLED, { 'retry-after': '7' }, 'ERR_THROTTLED', { retryAfter: 7 }],
  [429, '', { 'retry-after': 'Thu, 01 Jan 1970 00:00:00 GMT' }, 'ERR_THROTTLED', { retryAfter: 0 }],
  [429, '', { 'retry-after': 'soon' }, 'ERR_THROTTLED', { retryAfter: undefined }],
];
for (const [status, body, headers, code, facts] of REFUSED) {
  test(`${status} ${String(body).slice(0, 60).replace(/[^ -~]/g, ' ')} is ${code}`, async () => {
    const error = await rejects(() => ask(answer(status, body, headers)), code);
    assert.equal(error.status, status);
    for (const [name, value] of Object.entries(facts)) assert.deepEqual(error[name], value, name);
    assert.equal(error.cause, undefined);
  });
}

test("the server's words are in the message", async () => {
  for (const [body, words] of [
    ['{"error":"invalid_client","error_description":"unknown client"}', 'invalid_client: unknown client'],
    ['{"errors":[{"message":"The specified resource does not exist."}]}', 'The specified resource does not exist.'],
    ['{"errors":{"base":[{"message":"no such thing"}]}}', 'base no such thing'],
    ['{"errors":"Invalid as_user_id"}', 'Invalid as_user_id'],
    ['{"message":"cannot"}', 'cannot'],
  ]) {
    const error = await rejects(() => ask(answer(404, body)));
    assert.ok(error.message.endsWith(words), error.message);
    assert.ok(error.message.includes('404'));
  }
});

test('no answer is ERR_FETCH, with the reason of the platform', async () => {
  const reason = new TypeError('fetch failed');
  for (const fetch of [() => Promise.reject(reason), () => { throw reason; }]) {
    const error = await rejects(() => requestAccessToken(proxyRequest({ fetch, retries: 0 })), 'ERR_FETCH');
    assert.equal(error.cause, reason);
    assert.ok(error.message.includes(new URL(AUD).host));
    assert.equal(error.status, undefined);
  }
});

test('a fetch that gives no Response is ERR_ARGUMENT', async () => {
  const text = async () => '{}';
  for (const value of [undefined, null, 5, {}, { status: 200 }, { status: '200', text }, { status: NaN, text }, { status: -1, text },
    { status: 200, text: 'x' }, { status: 200, text: async () => 5 }]) {
    for (const fetch of [() => value, async () => value]) {
      await rejects(() => requestAccessToken(proxyRequest({ fetch })), 'ERR_ARGUMENT', 'request.fetch');
    }
  }
});

test('a Response of other make will do', async () => {
  for (const then of [(give) => give(made), (give) => Promise.resolve(made).then(give)]) {
    const { accessToken } = await requestAccessToken(proxyRequest({ fetch: () => ({ then }) }));
    assert.equal(accessToken, 'x');
  }
});
const made = { status: 200, text: () => '{"access_token":"x","expires_in":1}' };
