import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compactDecrypt, CompactEncrypt, jwtVerify } from 'jose';
import { defaultSecrets } from 'canvas-lms-tokens/emulator';
import { ADMIN, bytes, NOW, payloadOf, sign, start, TEACHER } from './canvas.mjs';

const PATH = '/api/v1/jwts/refresh';
const SERVICES = 'new_quizzes_allow_service_jwt_refresh';
const base64 = (text) => Buffer.from(text).toString('base64');
const unwrap = (token) => Buffer.from(token, 'base64').toString();

async function open(token) {
  const { plaintext } = await compactDecrypt(unwrap(token), bytes(defaultSecrets.servicesEncryption));
  return new TextDecoder().decode(plaintext);
}
const seal = async (inner, key = defaultSecrets.servicesEncryption) =>
  base64(await new CompactEncrypt(bytes(inner)).setProtectedHeader({ alg: 'dir', enc: 'A256GCM' }).encrypt(bytes(key)));
const make = async (canvas, json = {}, bearer = TEACHER) =>
  (await canvas.post('/api/v1/jwts', { json, bearer })).body.token;
const refresh = (canvas, jwt, bearer = TEACHER, more = {}) => canvas.post(PATH, { json: { jwt, ...more }, bearer });
const inner = (changes = {}) => ({
  sub: 10000000000002, domain: 'canvas.test', iss: 'Canvas', aud: ['Instructure'], exp: NOW + 3600, nbf: NOW - 30,
  iat: NOW, jti: 'j', ...changes,
});
const own = async (changes, secret = defaultSecrets.servicesSigning, alg) =>
  seal(await sign(inner(changes), secret, alg));

test('a refreshed JWT keeps who and what, and is symmetric', async () => {
  const canvas = start();
  const token = await make(canvas, { workflows: ['ui', 'rich_content'], context_type: 'course', context_id: 1 });
  const before = payloadOf(await open(token));
  canvas.clock.now += 100;
  const { status, body } = await refresh(canvas, token);
  assert.equal(status, 200);
  const { payload } = await jwtVerify(await open(body.token), bytes(defaultSecrets.servicesSigning), {
    currentDate: new Date(canvas.clock.now * 1000), algorithms: ['HS256'],
  });
  assert.notEqual(payload.jti, before.jti);
  const { jti, root_account_uuid, ...kept } = before;
  const { jti: _, ...rest } = payload;
  assert.deepEqual(rest, { ...kept, iat: NOW + 100, nbf: NOW + 70, exp: NOW + 3700 });
});

test('an asymmetric JWT refreshes to a symmetric one, and that again', async () => {
  const canvas = start();
  let token = await make(canvas);
  for (let count = 0; count < 2; count += 1) token = (await refresh(canvas, token)).body.token;
  await jwtVerify(await open(token), bytes(defaultSecrets.servicesSigning), { currentDate: new Date(NOW * 1000) });
});

test('line breaks in the base64 do not matter', async () => {
  const canvas = start();
  const token = (await make(canvas)).replace(/.{60}/g, '$&\n');
  assert.equal((await refresh(canvas, token)).status, 200);
});

test('masquerading must be the same on both sides', async () => {
  const canvas = start();
  const token = await make(canvas, { as_user_id: 3 }, ADMIN);
  const answer = await refresh(canvas, token, ADMIN, { as_user_id: 3 });
  assert.equal(answer.status, 200);
  assert.equal(payloadOf(await open(answer.body.token)).masq_sub, 10000000000001);
  await refused(canvas, await refresh(canvas, token, ADMIN), 'the user does not match');
  const plain = await own({ sub: 10000000000003 });
  await refused(canvas, await refresh(canvas, plain, ADMIN, { as_user_id: 3 }), 'the masquerading user does not match');
  const masked = await own({ masq_sub: 10000000000001 });
  await refused(canvas, await refresh(canvas, masked), 'the masquerading user does not match');
});

async function refused(canvas, answer, reason) {
  assert.equal(answer.status, 400);
  assert.equal(answer.text, '{"errors":{"jwt":"invalid refresh"}}');
  assert.equal(canvas.reason(), reason);
}

test('the jwt is required', async () => {
  for (const json of [{}, { jwt: null }]) {
    const { status, text } = await start().post(PATH, { json, bearer: TEACHER });
    assert.equal(status, 400);
    assert.equal(text, '{"errors":{"jwt":"required"}}');
  }
});

const FORMAT = 'JSON::JWT::InvalidFormat: Invalid JWT Format. JWT should include 3 or 5 segments.';
const OTHER_KEY = 'an-other-encryption-secret-of-32';
for (const [name, make_, reason] of [
  ['garbage', () => 'not-a-real-jwt', 'JSON::JWT::InvalidFormat'],
  ['an empty text', () => '', FORMAT],
  ['a few letters', () => 'a.b', FORMAT],
  ['a compact token, not wrapped', async (canvas) => unwrap(await make(canvas)), 'JSON::JWT::InvalidFormat'],
  ['a token that was not encrypted', (canvas) => make(canvas, { canvas_audience: false }), FORMAT],
  ['another encryption key', async () => seal(await sign(inner(), defaultSecrets.servicesSigning), OTHER_KEY),
    'JSON::JWE::DecryptionFailed'],
  ['another signing key', () => own({}, 'wrong'), 'JSON::JWS::VerificationFailed'],
  ['HS512 inside', () => own({}, defaultSecrets.servicesSigning, 'HS512'), 'JSON::JWK::Set::KidNotFound'],
  ['no JWS inside', () => seal('text'), FORMAT],
  ['another user', () => own({ sub: 10000000000003 }), 'the user does not match'],
  ['sub as text', () => own({ sub: '10000000000002' }), 'the user does not match'],
  ['another domain', () => own({ domain: 'canvas.test:8443' }), 'the domain does not match'],
  ['not yet valid', () => own({ nbf: NOW + 1 }), 'token is not yet valid'],
  ['window exceeded', () => own({ exp: NOW - 6 * 3600 }), 'refresh window exceeded'],
  ['no exp', () => own({ exp: undefined }), 'refresh window exceeded'],
]) {
  test(`refused: ${name}`, async () => {
    const canvas = start();
    await refused(canvas, await refresh(canvas, await make_(canvas)), reason);
  });
}

test('the window ends seven hours after issue', async () => {
  const canvas = start();
  const token = await make(canvas);
  canvas.clock.now = NOW + 7 * 3600 - 1;
  assert.equal((await refresh(canvas, token)).status, 200);
  canvas.clock.now = NOW + 7 * 3600;
  await refused(canvas, await refresh(canvas, token), 'refresh window exceeded');
});

test('a previous signing secret is still read', async () => {
  const secrets = { servicesSigning: 'new', previousServicesSigning: [defaultSecrets.servicesSigning] };
  const canvas = start({ secrets });
  assert.equal((await refresh(canvas, await own({}))).status, 200);
});

test("with the feature, an internal service's administrator refreshes for others", async () => {
  const developerKeys = [{ id: 10000000000004, internalService: true }];
  const canvas = start({ features: [SERVICES], developerKeys });
  const answer = await refresh(canvas, await own({ sub: 10000000000003 }), ADMIN);
  assert.equal(answer.status, 200);
  assert.equal(payloadOf(await open(answer.body.token)).sub, 10000000000003);
  const NO = 'the caller may not refresh the token of another';
  await refused(canvas, await refresh(canvas, await own({ sub: 10000000000003 })), NO);
  const external = start({ features: [SERVICES] });
  await refused(external, await refresh(external, await own({ sub: 10000000000003 }), ADMIN), NO);
});
