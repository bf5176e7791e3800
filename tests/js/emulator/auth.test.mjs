import assert from 'node:assert/strict';
import { test } from 'node:test';
import { defaultSeeds } from 'canvas-lms-tokens/emulator';
import { NOW, payloadOf, REALM, start, TEACHER, UNAUTHENTICATED } from './canvas.mjs';

const PATH = '/api/v1/jwts';
const [session] = defaultSeeds.sessions;
const encoded = encodeURIComponent(session.csrfToken);
const cookie = `canvas_session=${session.id}; _csrf_token=${encoded}`;

const token = (changes) => ({ accessTokens: [{ token: 't', userId: 2, developerKeyId: 10000000000004, ...changes }] });
const inactive = { ...token({}), developerKeys: [{ id: 10000000000004, active: false }] };
for (const [name, options, status, message] of [
  ['good', token({}), 200],
  ['unknown', {}, 401, 'Invalid access token.'],
  ['expires now', token({ expiresAt: NOW }), 200],
  ['expired', token({ expiresAt: NOW - 1 }), 401, 'Invalid access token.'],
  ['of nobody', token({ userId: 99 }), 401, 'Invalid access token.'],
  ['of an inactive key', inactive, 401, 'Invalid access token.'],
  ['with the scope', token({ scopes: ['url:POST|/api/v1/jwts'] }), 200],
  ['with another scope', token({ scopes: ['url:GET|/api/v1/jwts'] }), 401, 'Insufficient scopes on access token.'],
]) {
  test(`access token: ${name}`, async () => {
    const answer = await start(options).post(PATH, { bearer: 't' });
    assert.equal(answer.status, status);
    if (status === 200) return;
    assert.deepEqual(answer.body, { errors: [{ message }] });
    assert.equal(answer.headers.get('www-authenticate'), message === 'Invalid access token.' ? REALM : null);
  });
}

test('an access token as a parameter', async () => {
  for (const init of [{ form: { access_token: TEACHER } }, { json: { access_token: TEACHER } }]) {
    assert.equal((await start().post(PATH, init)).status, 200);
  }
  assert.equal((await start().post(`${PATH}?access_token=${TEACHER}`)).status, 200);
});

for (const [name, headers, status] of [
  ['with the decoded CSRF token', { cookie, 'x-csrf-token': session.csrfToken }, 200],
  ['with the CSRF token still encoded', { cookie, 'x-csrf-token': encoded }, 422],
  ['without a CSRF token', { cookie }, 422],
  ['with the header alone', { cookie: `canvas_session=${session.id}`, 'x-csrf-token': session.csrfToken }, 422],
  ['with an invented pair', { cookie: `canvas_session=${session.id}; _csrf_token=x`, 'x-csrf-token': 'x' }, 422],
  ['unknown', { cookie: 'canvas_session=other', 'x-csrf-token': session.csrfToken }, 401],
]) {
  test(`session ${name}`, async () => {
    const canvas = start();
    const answer = await canvas.post(PATH, { form: { canvas_audience: 'false' }, headers });
    assert.equal(answer.status, status);
    if (status === 401) assert.deepEqual(answer.body, UNAUTHENTICATED);
    if (status === 422) assert.deepEqual(answer.body, { errors: [{ message: 'Invalid authenticity token' }] });
    if (status === 200) {
      assert.equal(payloadOf(Buffer.from(answer.body.token, 'base64').toString()).sub, 10000000000002);
    }
  });
}

test('a page in process gives its cookies by an option', async () => {
  const canvas = start({ cookies: () => cookie });
  assert.equal((await canvas.post(PATH, { headers: { 'x-csrf-token': session.csrfToken } })).status, 200);
});

test('a bearer needs no CSRF token, and goes before the session', async () => {
  const canvas = start();
  assert.equal((await canvas.post(PATH, { bearer: TEACHER, headers: { cookie } })).status, 200);
  const both = { bearer: 'bad', headers: { cookie, 'x-csrf-token': session.csrfToken } };
  assert.equal((await canvas.post(PATH, both)).status, 401);
});

test('a User-Agent is required by option', async () => {
  const canvas = start({ requireUserAgent: true });
  const { status, body } = await canvas.post(PATH, { bearer: TEACHER });
  assert.equal(status, 403);
  assert.equal(body.error, 'Forbidden');
  assert.match(body.message, /valid user agent/);
  assert.equal((await canvas.post(PATH, { bearer: TEACHER, headers: { 'user-agent': 'test' } })).status, 200);
});

test('what no route names is not found, without CORS headers', async () => {
  for (const [method, path] of [['get', PATH], ['put', PATH], ['get', '/'], ['post', '/api/v1/jwts/other']]) {
    const { status, body, headers } = await start()[method](path, { bearer: TEACHER });
    assert.equal(status, 404);
    assert.deepEqual(body, { errors: [{ message: 'The specified resource does not exist.' }] });
    assert.deepEqual([...headers.keys()].filter((name) => name.startsWith('access-control')), []);
  }
});
