// What is made of answers that are not what the endpoint answers, and of errors in every shape Canvas has.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { rejects, unsigned } from '../node/copies.mjs';
import { answer } from '../node/servers.mjs';
import { CALLS, run, titleOf } from './calls.mjs';
import { answering } from './site.mjs';

const HTML = '<!DOCTYPE html>\n<html><body>Log in to Canvas</body></html>';
const JWT = unsigned('{"exp":1700003600}');
const object = (text) => ['an object', text];

// [what it is in words, body]
const MALFORMED = [
  ['an HTML page', HTML],
  ['an HTML page', ` \n${HTML}`],
  ['empty', ''],
  ['text that is not JSON', 'OK'],
  ['text that is not JSON', '{"id":1'],
  ['text that is not JSON', '{"id":1}{"id":2}'],
  ['text that is not JSON', '{"id":1,"id":2}'],
  ['text that is not JSON', '['.repeat(100_000)],
  ['text that is not JSON', 'while(1);'],
  ['null', 'null'],
  ['a boolean', 'true'],
  ['a number', '5'],
  ['a string', '"id"'],
];
const BY_KIND = {
  object: [['an array', '[]'], ['an array', '[{"id":1}]']],
  objects: [object('{}'), object('{"id":1}'), ['an array', '[1]'], ['an array', '[{},null]'], ['an array', '[[{}]]']],
};
BY_KIND.page = BY_KIND.objects;
BY_KIND.token = BY_KIND.object;
const MALFORMED_TOKENS = [
  ['the answer has no token', ['{}', '{"token":""}', '{"token":5}', '{"token":null}', '{"token":["x"]}', '{"Token":"x"}']],
  ["the answer's token is none: ", ['{"token":"x"}', '{"token":"a.b"}', '{"token":"bm8gdG9rZW4="}', '{"token":" "}']],
];

for (const call of CALLS.filter(({ gives }) => gives !== 'nothing')) {
  test(`${titleOf(call)}: an answer of another kind is ERR_RESPONSE_INVALID`, async () => {
    for (const [kind, body] of [...MALFORMED, ...BY_KIND[call.gives]]) {
      for (const status of [200, 201]) {
        const { canvas, calls } = answering(answer(status, body));
        const error = await rejects(() => run(canvas, call), 'ERR_RESPONSE_INVALID');
        assert.ok(error.message.startsWith(`the answer is ${kind}, expected `), error.message);
        assert.equal(error.status, status);
        assert.equal('body' in error, body !== '');
        assert.equal(calls.length, 1);
      }
    }
    const { canvas } = answering(answer(204));
    await rejects(() => run(canvas, call), 'ERR_RESPONSE_INVALID');
  });

  test(`${titleOf(call)}: while(1); in front is no part of the answer`, async () => {
    const text = JSON.stringify(call.answer);
    const plain = await run(answering(answer(200, text)).canvas, call);
    for (const prefix of ['while(1);', '\n while(1);', 'while(1);\n']) {
      assert.deepEqual(await run(answering(answer(200, prefix + text)).canvas, call), plain);
    }
  });
}

for (const call of CALLS.filter(({ gives }) => gives === 'token')) {
  test(`${call.name}: an answer without a token is ERR_RESPONSE_INVALID`, async () => {
    for (const [message, bodies] of MALFORMED_TOKENS) {
      for (const body of bodies) {
        const error = await rejects(() => run(answering(answer(200, body)).canvas, call), 'ERR_RESPONSE_INVALID');
        assert.ok(error.message.startsWith(message), `${body}: ${error.message}`);
      }
    }
  });

  test(`${call.name}: when it expires, whatever the token says of it`, async () => {
    for (const [claims, expiresAt] of [
      ['{"exp":1700003600}', 1700003600], ['{"exp":1700003600.5}', 1700003600.5], ['{"exp":1.7e9}', 1.7e9],
      ['{}', null], ['{"exp":"soon"}', null], ['{"exp":null}', null], ['[]', null],
    ]) {
      const token = unsigned(claims);
      const result = await run(answering(answer(200, JSON.stringify({ token }))).canvas, call);
      assert.deepEqual([result.token, result.encrypted], [token, false]);
      if (expiresAt !== null) assert.equal(result.expiresAt, expiresAt);
      else assert.ok(Math.abs(result.expiresAt - (Date.now() / 1000 + 3600)) < 60);
    }
  });
}

test('what deleting answers does not matter, but for a page', async () => {
  const call = CALLS.find(({ gives }) => gives === 'nothing');
  for (const given of [answer(204), answer(200, ''), answer(200, '{}'), answer(200, 'OK'), answer(202, '[]')]) {
    assert.equal(await run(answering(given).canvas, call), undefined);
  }
  const error = await rejects(() => run(answering(answer(200, HTML)).canvas, call), 'ERR_RESPONSE_INVALID');
  assert.match(error.message, /^the answer is an HTML page, expected /);
});

const message = (text) => ({ errors: [{ message: text }] });
const RANGE = 'score must be between 0 and 100';
const SHAPES = [
  // [body, what of it is in the message]
  [message('no'), 'no'],
  [{ errors: [{ message: 'first' }, { message: 'second' }] }, 'first'],
  [{ errors: [{}, { message: 'second' }] }, 'second'],
  [{ ...message('An error occurred.'), error_report_id: 90000000000000001n }, 'An error occurred.'],
  [{ status: 'x', errors: [{ message: 'with a status' }] }, 'with a status'],
  [{ errors: { jwt: 'required' } }, 'jwt required'],
  [{ errors: { type: 'unauthorized', message: 'Missing access token' } }, 'Missing access token'],
  [{ errors: { originality_score: [{ attribute: 'originality_score', type: RANGE, message: RANGE }] } },
    `originality_score ${RANGE}`],
  [{ errors: { base: [{ message: 'no' }] } }, 'base no'],
  [{ errors: 'Invalid as_user_id' }, 'Invalid as_user_id'],
  [{ error: 'Invalid Services', invalid_services: [{ id: 'x', actions: [] }] }, 'Invalid Services'],
  [{ error: 'invalid_target', error_description: 'not permitted' }, 'invalid_target: not permitted'],
  [{ error: 'Forbidden', message: 'no valid user agent' }, 'no valid user agent'],
  [{ message: 'cannot' }, 'cannot'],
  [{ errors: [], message: 'beside nothing' }, 'beside nothing'],
  [message('two\nlines,\r\n  and more '), 'two lines, and more'],
];
const WORDLESS = [
  [{ errors: [] }, 'an object'], [{ errors: [{ message: ' ' }] }, 'an object'], [{ errors: null, error: 5 }, 'an object'],
  [{}, 'an object'], [[], 'an array'], ['text', 'a string'], [null, 'null'],
];
const TEXTS = [[HTML, 'an HTML page'], ['', 'empty'], ['Bad Gateway\n', 'text that is not JSON']];
const CODES = [
  [400, {}, 'ERR_HTTP_STATUS'], [404, {}, 'ERR_HTTP_STATUS'], [422, {}, 'ERR_HTTP_STATUS'], [500, {}, 'ERR_HTTP_STATUS'],
  [401, { 'www-authenticate': 'Bearer realm="canvas-lms"' }, 'ERR_UNAUTHENTICATED'], [401, {}, 'ERR_FORBIDDEN'],
  [403, {}, 'ERR_FORBIDDEN'], [403, { 'www-authenticate': 'Bearer realm="canvas-lms"' }, 'ERR_FORBIDDEN'],
  [429, {}, 'ERR_THROTTLED'],
];
const written = (value) => JSON.stringify(value, (_, member) => (typeof member === 'bigint' ? `big${member}` : member))
  .replace(/"big(\d+)"/g, '$1');

for (const call of CALLS) {
  test(`${titleOf(call)}: every shape of error, of every status`, async () => {
    for (const [status, headers, code] of CODES) {
      const ask = async (body) => {
        const { canvas } = answering(answer(status, body, headers));
        const error = await rejects(() => run(canvas, call, { retries: 0 }), code);
        assert.equal(error.status, status);
        return error;
      };
      for (const [body, words] of SHAPES) {
        for (const text of [written(body), `while(1);${written(body)}`]) {
          const error = await ask(text);
          assert.equal(error.message, `the server answered ${status}: ${words}`);
          assert.deepEqual(error.body, body);
        }
      }
      for (const [body, kind] of WORDLESS) {
        const error = await ask(written(body));
        assert.equal(error.message, `the server answered ${status}; the body is ${kind}`);
        assert.deepEqual(error.body, body);
      }
      for (const [body, kind] of TEXTS) {
        const error = await ask(body);
        assert.equal(error.message, `the server answered ${status}; the body is ${kind}`);
        assert.equal(error.body, body === '' ? undefined : body);
      }
    }
  });
}

test('a status that says who is asking tells the same as the header', async () => {
  for (const [status, code] of [['unauthenticated', 'ERR_UNAUTHENTICATED'], ['unauthorized', 'ERR_FORBIDDEN']]) {
    const body = JSON.stringify({ status, errors: [{ message: 'user authorization required' }] });
    await rejects(() => answering(answer(401, body)).canvas.user(1), code);
  }
});

test('a token in an answer is blanked, words about one are not', async () => {
  const kept = { errors: { jwt: 'required' }, token_type: 'bearer', user: 'Ada', id: 90000000000000001n };
  const secrets = {
    token: JWT, refresh_token: '1234567890abcdef', shared_secret: 'a-shared-secret-of-tools', echo: `got ${JWT}!`,
  };
  const { body } = await rejects(() => answering(answer(400, written({ ...kept, ...secrets }))).canvas.user(1));
  const blanked = Object.fromEntries(Object.keys(secrets).map((name) => [name, '[blanked]']));
  assert.deepEqual(body, { ...kept, ...blanked, echo: 'got [blanked]!' });
});

test('a long page is cut, and no token is cut in two', async () => {
  for (let before = 440; before <= 520; before += 1) {
    const page = `<p>${' '.repeat(before)}${JWT} and more`.padEnd(5000, '.');
    const { body } = await rejects(() => answering(answer(500, page)).canvas.user(1));
    assert.ok(body.length < 600, `${body.length} characters`);
    assert.ok(!body.includes(JWT.slice(0, 4)), body.slice(-60));
  }
});
