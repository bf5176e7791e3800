import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compactDecrypt, createLocalJWKSet, jwtVerify } from 'jose';
import { defaultSecrets, defaultSeeds } from 'canvas-lms-tokens/emulator';
import {
  ADMIN, bytes, GUEST, headerOf, NOT_FOUND, NOW, payloadOf, payloadText, REALM, sign, start, TEACHER,
  UNAUTHENTICATED,
} from './canvas.mjs';

const PATH = '/api/v1/jwts';
const WRAPPED = /^[A-Za-z0-9+/]+={0,2}$/;
const course = defaultSeeds.courses[0];
const teacher = defaultSeeds.users[1];
const currentDate = new Date(NOW * 1000);
const JOURNEY = 'https://journey.example';

const unwrap = (token) => Buffer.from(token, 'base64').toString();
async function open(token) {
  const { plaintext, protectedHeader } = await compactDecrypt(unwrap(token), bytes(defaultSecrets.servicesEncryption));
  return { inner: new TextDecoder().decode(plaintext), header: protectedHeader };
}
const create = (canvas, json, bearer = TEACHER) => canvas.post(PATH, { json, bearer });

const RICH = ['rich_content'];
const richState = { usage_rights_required: false, can_upload_files: true, can_create_pages: true };
const ofCourse = { context_type: 'Course', context_id: '1', workflow_state: richState };
const byId = { context_type: 'Course', context_id: 1 };

test('a JWT is signed, encrypted and wrapped', async () => {
  const canvas = start();
  const { status, text, body } = await canvas.post(PATH, { bearer: TEACHER });
  assert.equal(status, 200);
  assert.equal(text, JSON.stringify({ token: body.token }));
  assert.match(body.token, WRAPPED);
  assert.equal(body.token.length % 4, 0);
  const compact = unwrap(body.token);
  const [header, key, iv, , tag] = compact.split('.').map((segment) => Buffer.from(segment, 'base64url'));
  assert.equal(header.toString(), '{"alg":"dir","enc":"A256GCM"}');
  assert.deepEqual([key.length, iv.length, tag.length], [0, 12, 16]);

  const { inner } = await open(body.token);
  const { keys } = (await canvas.get('/internal/services/jwks')).body;
  const { payload, protectedHeader } = await jwtVerify(inner, createLocalJWKSet({ keys }), {
    currentDate, algorithms: ['RS256'],
  });
  assert.deepEqual(protectedHeader, { typ: 'JWT', alg: 'RS256', kid: keys[1].kid });
  const { jti, ...rest } = payload;
  assert.match(jti, /^[0-9a-f-]{36}$/);
  assert.deepEqual(rest, {
    sub: 10000000000002, domain: 'canvas.test', iss: 'Canvas', aud: ['Instructure'], exp: NOW + 3600, nbf: NOW - 30,
    iat: NOW, root_account_uuid: defaultSeeds.accounts[0].uuid, user_uuid: teacher.uuid,
  });
  assert.deepEqual(Object.keys(payload), [
    'sub', 'domain', 'iss', 'aud', 'exp', 'nbf', 'iat', 'jti', 'root_account_uuid', 'user_uuid',
  ]);
});

test('every JWT is another one', async () => {
  const canvas = start();
  const tokens = await Promise.all(Array.from({ length: 5 }, () => create(canvas)));
  assert.equal(new Set(tokens.map(({ body }) => body.token)).size, 5);
});

test('the public keys are past, present and future, cached for ten days', async () => {
  const { status, headers, body } = await start().get('/internal/services/jwks');
  assert.equal(status, 200);
  assert.equal(headers.get('cache-control'), 'max-age=864000');
  assert.equal(new Set(body.keys.map(({ kid }) => kid)).size, 3);
  for (const key of body.keys) {
    assert.deepEqual(Object.keys(key).sort(), ['alg', 'e', 'kid', 'kty', 'n', 'use']);
    assert.deepEqual([key.kty, key.alg, key.use], ['RSA', 'RS256', 'sig']);
  }
});

test('a sub beyond 2^53 keeps all digits, and the domain its port', async () => {
  const canvas = start();
  const url = `http://localhost:3000${PATH}?canvas_audience=false`;
  const { token } = (await canvas.post(url, { bearer: GUEST })).body;
  assert.match(payloadText(unwrap(token)), /^\{"sub":90000000000000001,"domain":"localhost:3000",/);
});

for (const [value, segments] of [
  ['false', 3], ['0', 3], ['nonsense', 3], ['true', 5], ['1', 5], ['on', 5], [false, 3], [true, 5],
]) {
  test(`canvas_audience ${JSON.stringify(value)} gives ${segments} segments`, async () => {
    const canvas = start();
    const { status, body } = await create(canvas, { canvas_audience: value });
    assert.equal(status, 200);
    assert.match(body.token, WRAPPED);
    assert.equal(unwrap(body.token).split('.').length, segments);
    if (segments === 3) assert.equal(headerOf(unwrap(body.token)).alg, 'RS256');
  });
}

test('a token that is not encrypted is RS256, whatever the workflow', async () => {
  const { body } = await create(start(), { workflows: RICH, ...byId, canvas_audience: false });
  assert.equal(headerOf(unwrap(body.token)).alg, 'RS256');
});

test('region and environment stand in the JWE header', async () => {
  const canvas = start({ region: 'eu-west-1', environment: 'beta' });
  const { header } = await open((await create(canvas)).body.token);
  assert.deepEqual(header, { alg: 'dir', enc: 'A256GCM', region: 'eu-west-1', environment: 'beta' });
});

for (const [name, params, expected] of [
  ['rich content by id', { workflows: RICH, ...byId }, ofCourse],
  ['rich content by global id', { workflows: RICH, context_type: 'course', context_id: '10000000000001' }, ofCourse],
  ['rich content by uuid', { workflows: RICH, context_type: 'COURSE', context_uuid: course.uuid }, ofCourse],
  ['rich content of oneself', { workflows: RICH, context_type: 'User', context_id: 2 },
    { context_type: 'User', context_id: '2', workflow_state: richState }],
  ['user interface', { workflows: ['ui'] }, { workflow_state: { use_high_contrast: false } }],
  ['two', { workflows: ['ui', 'rich_content'], ...byId },
    { context_type: 'Course', context_id: '1', workflow_state: { use_high_contrast: false, ...richState } }],
  ['unknown', { workflows: ['other'] }, {}],
]) {
  test(`workflows: ${name}`, async () => {
    const { status, body } = await create(start(), params);
    assert.equal(status, 200);
    const { inner } = await open(body.token);
    const claims = payloadOf(inner);
    assert.deepEqual(claims.workflows, params.workflows);
    for (const field of ['workflow_state', 'context_type', 'context_id']) {
      assert.deepEqual(claims[field], expected[field]);
    }
    const isSymmetric = params.workflows.includes('rich_content');
    assert.equal(headerOf(inner).alg, isSymmetric ? 'HS256' : 'RS256');
    if (isSymmetric) await jwtVerify(inner, bytes(defaultSecrets.servicesSigning), { currentDate });
  });
}

test('workflows[] in a form', async () => {
  const form = new URLSearchParams([['workflows[]', 'ui'], ['workflows[]', 'other']]);
  const { body } = await start().post(PATH, { form, bearer: TEACHER });
  assert.deepEqual(payloadOf((await open(body.token)).inner).workflows, ['ui', 'other']);
});

test('without a workflow that needs one, a context is ignored', async () => {
  const params = { context_type: 'Planet', context_id: 1, context_uuid: 'x', canvas_audience: false, workflows: [] };
  const { status, body } = await create(start(), params);
  assert.equal(status, 200);
  const claims = payloadOf(unwrap(body.token));
  for (const name of ['workflows', 'workflow_state', 'context_type', 'context_id']) assert.ok(!(name in claims), name);
});

const MISSING_ID = { error: 'Missing context_id or context_uuid parameter.' };
const FORBIDDEN = { status: 'unauthorized', errors: [{ message: 'user not authorized to perform that action' }] };
const TARGET = {
  error: 'invalid_target', error_description: 'The requested audience is not permitted for this client',
};
const rich = (changes) => ({ workflows: RICH, ...changes });
for (const [name, params, status, expected, options, bearer] of [
  ['no context_type', rich({}), 400, { error: 'Missing context_type parameter.' }],
  ['blank context_type', rich({ context_type: ' ' }), 400, { error: 'Missing context_type parameter.' }],
  ['no context id', rich({ context_type: 'Course' }), 400, MISSING_ID],
  ['invalid type, no id', rich({ context_type: 'Planet' }), 400, MISSING_ID],
  ['both ids', rich({ ...byId, context_uuid: 'x' }), 400,
    { error: 'Should provide context_id or context_uuid parameters, but not both.' }],
  ['invalid type', rich({ context_type: 'Planet', context_id: 1 }), 400, { error: 'Invalid context_type parameter.' }],
  ['unknown course', rich({ context_type: 'Course', context_id: 99 }), 404, NOT_FOUND],
  ['unknown uuid', rich({ context_type: 'Course', context_uuid: 'x' }), 404, NOT_FOUND],
  ['unknown course, older server', rich({ context_type: 'Course', context_id: 99 }), 404,
    { error: 'Context not found.' }, { era: 'old' }],
  ['account of a teacher', rich({ context_type: 'Account', context_id: 1 }), 403, FORBIDDEN],
  ['course of a stranger', rich(byId), 403, FORBIDDEN, {}, GUEST],
  ['another user', rich({ context_type: 'User', context_id: 3 }), 403, FORBIDDEN],
  ['without the feature', rich(byId), 401, FORBIDDEN, { features: [] }, GUEST],
  ['audience not allowed', { audience: 'https://other.example' }, 400, TARGET],
  ['audience partly allowed', { audience: `${JOURNEY} https://other.example` }, 400, TARGET],
  ['audience before context', rich({ audience: 'https://other.example' }), 400, TARGET],
]) {
  test(`refused: ${name}`, async () => {
    const canvas = start(options);
    const answer = await create(canvas, params, bearer);
    assert.equal(answer.status, status);
    assert.deepEqual(answer.body, expected);
    assert.equal(answer.headers.get('www-authenticate'), null);
    assert.equal(canvas.refusals.length, 1);
  });
}

test('workflows as a text is an error of the server', async () => {
  const { status, body } = await create(start(), { workflows: 'ui' });
  assert.equal(status, 500);
  assert.deepEqual(body.errors, [{ message: 'An error occurred.', error_code: 'internal_server_error' }]);
  assert.equal(typeof body.error_report_id, 'number');
});

test('an allowed audience gives a signed token for it', async () => {
  const { status, body } = await create(start(), { audience: JOURNEY });
  assert.equal(status, 200);
  assert.deepEqual(payloadOf(unwrap(body.token)).aud, [JOURNEY]);
});

test('an audience needs an access token', async () => {
  const canvas = start();
  const [{ id, csrfToken }] = defaultSeeds.sessions;
  const cookie = `canvas_session=${id}; _csrf_token=${encodeURIComponent(csrfToken)}`;
  const headers = { cookie, 'x-csrf-token': csrfToken };
  const { status, body } = await canvas.post(PATH, { form: { audience: JOURNEY }, headers });
  assert.equal(status, 401);
  assert.deepEqual(body, { errors: { jwt: 'unauthorized' } });
});

test('the older server has no unencrypted tokens and no uuids', async () => {
  const { body } = await create(start({ era: 'old' }), { canvas_audience: false, audience: 'x' });
  const { inner } = await open(body.token);
  assert.deepEqual(Object.keys(payloadOf(inner)), ['sub', 'domain', 'iss', 'aud', 'exp', 'nbf', 'iat', 'jti']);
});

test('nobody logged in', async () => {
  for (const path of [PATH, `${PATH}/refresh`, '/api/v1/inst_access_tokens']) {
    const { status, body, headers } = await start().post(path);
    assert.equal(status, 401);
    assert.deepEqual(body, UNAUTHENTICATED);
    assert.equal(headers.get('www-authenticate'), REALM);
  }
});

test('a user may not masquerade, an administrator may', async () => {
  const denied = await create(start(), { as_user_id: 3 });
  assert.deepEqual([denied.status, denied.body], [401, { errors: 'Invalid as_user_id' }]);
  const unknown = await create(start(), { as_user_id: 99 }, ADMIN);
  assert.deepEqual([unknown.status, unknown.body], [401, { errors: 'Invalid as_user_id' }]);
  const { body } = await create(start(), { as_user_id: 3, canvas_audience: false }, ADMIN);
  const { sub, masq_sub } = payloadOf(unwrap(body.token));
  assert.deepEqual([sub, masq_sub], [10000000000003, 10000000000001]);
});

test('a JWT opens the API only when another service wraps it, and then makes no JWT', async () => {
  const canvas = start();
  const { token } = (await create(canvas)).body;
  const wrapper = (secret) => sign({ user_token: unwrap(token), iss: 'other-service', exp: NOW + 60 }, secret);
  const wrapped = Buffer.from(await wrapper(defaultSecrets.servicesSigning)).toString('base64');
  for (const path of [PATH, `${PATH}/refresh`, '/api/v1/inst_access_tokens']) {
    const { status, body, headers } = await canvas.post(path, { bearer: wrapped });
    assert.equal(status, 403);
    assert.deepEqual(body, { error: 'cannot generate a JWT when authorized by a JWT' });
    assert.equal(headers.get('www-authenticate'), null);
  }
  canvas.clock.now = NOW + 61;
  const useless = [token, unwrap(token), wrapped, Buffer.from(await wrapper('wrong')).toString('base64')];
  for (const bearer of useless) {
    const { status, body, headers } = await canvas.post(PATH, { bearer });
    assert.equal(status, 401);
    assert.deepEqual(body, { errors: [{ message: 'Invalid access token.' }] });
    assert.equal(headers.get('www-authenticate'), REALM);
  }
});
