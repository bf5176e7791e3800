import assert from 'node:assert/strict';
import { createPublicKey } from 'node:crypto';
import { test } from 'node:test';
import { compactDecrypt, exportJWK, generateKeyPair, importJWK, jwtVerify, SignJWT } from 'jose';
import { defaultSeeds } from 'canvas-lms-tokens/emulator';
import { ADMIN, NOW, payloadOf, REALM, start, TEACHER } from './canvas.mjs';

const PATH = '/api/v1/inst_access_tokens';
const [account] = defaultSeeds.accounts;
const [admin, teacher, student] = defaultSeeds.users;

async function open(canvas, token) {
  const { encryption } = (await canvas.keys()).instAccess;
  const { plaintext, protectedHeader } = await compactDecrypt(token, await importJWK(encryption, 'RSA-OAEP'));
  return { inner: new TextDecoder().decode(plaintext), header: protectedHeader };
}
const create = async (canvas, json, bearer = TEACHER) => canvas.post(PATH, { json, bearer });

test('an InstAccess token is signed without kid, and encrypted for the gateway', async () => {
  const canvas = start();
  const { status, text, body } = await create(canvas);
  assert.equal(status, 201);
  assert.equal(text, JSON.stringify({ token: body.token }));
  assert.equal(body.token.split('.').length, 5);
  assert.equal(
    Buffer.from(body.token.split('.')[0], 'base64url').toString(), '{"alg":"RSA-OAEP","enc":"A128CBC-HS256"}');
  const { inner } = await open(canvas, body.token);
  const { kty, n, e } = (await canvas.keys()).instAccess.signature;
  const { payload, protectedHeader } = await jwtVerify(inner, createPublicKey({ key: { kty, n, e }, format: 'jwk' }), {
    currentDate: new Date(NOW * 1000), algorithms: ['RS256'],
  });
  assert.deepEqual(protectedHeader, { typ: 'JWT', alg: 'RS256' });
  const { jti, ...rest } = payload;
  assert.match(jti, /^[0-9a-f-]{36}$/);
  assert.deepEqual(rest, {
    iss: 'instructure:inst_access', iat: NOW, exp: NOW + 3600, sub: teacher.uuid, acct: account.uuid,
    canvas_domain: 'canvas.test', debug_user_global_id: '10000000000002',
  });
});

test('masquerading and region are told', async () => {
  const canvas = start({ region: 'eu-west-1' });
  const { inner } = await open(canvas, (await create(canvas, { as_user_id: 3 }, ADMIN)).body.token);
  const { sub, masq_sub, masq_shard, debug_masq_global_id, region } = payloadOf(inner);
  assert.deepEqual(
    [sub, masq_sub, masq_shard, debug_masq_global_id, region],
    [student.uuid, admin.uuid, 1, '10000000000001', 'eu-west-1']);
});

const newKey = async (alg) => exportJWK((await generateKeyPair(alg, { extractable: true })).privateKey);

test('own keys can be given', async () => {
  const [signature, encryption] = await Promise.all([newKey('RS256'), newKey('RSA-OAEP')]);
  const canvas = start({ keys: { instAccess: { signature, encryption } } });
  const { inner } = await open(canvas, (await create(canvas)).body.token);
  const { kty, n, e } = signature;
  await jwtVerify(inner, await importJWK({ kty, n, e }, 'RS256'), { currentDate: new Date(NOW * 1000) });
});

const forged = (keys, changes, alg = 'RS256') =>
  importJWK(keys, alg).then((key) => {
    const claims = { iss: 'instructure:inst_access', iat: NOW, exp: NOW + 3600, sub: teacher.uuid, acct: account.uuid };
    return new SignJWT({ ...claims, ...changes }).setProtectedHeader({ alg }).sign(key);
  });
const JWT = 'authorized by a JWT';
for (const [name, changes, reason, options] of [
  ['as the gateway sends it', {}, JWT],
  ['with a usable client', { client_id: 10000000000003 }, JWT],
  ['with an unknown client', { client_id: 99 }, 'the client_id is not usable'],
  ['with an inactive client', { client_id: 5 }, 'the client_id is not usable',
    { developerKeys: [{ id: 5, active: false }] }],
  ['expired', { exp: NOW - 1 }, 'the InstAccess token has expired'],
  // The gem that Canvas reads it with refuses what is earlier than now.
  ['in its last second', { exp: NOW }, JWT],
  ['without exp', { exp: undefined }, 'the InstAccess token has expired'],
  ['of nobody', { sub: 'x' }, 'the InstAccess token names no user of ours'],
  ['of another tenant', { acct: 'x' }, JWT],
  ['of another tenant, enforced', { acct: 'x' }, 'the tenant does not match',
    { features: ['enforce_service_token_tenant_matching'] }],
]) {
  test(`decrypted: ${name}`, async () => {
    const canvas = start(options);
    const { signature } = (await canvas.keys()).instAccess;
    const answer = await create(canvas, undefined, await forged(signature, changes));
    assert.equal(canvas.reason(), reason);
    if (reason === JWT) return assert.equal(answer.status, 403);
    assert.equal(answer.status, 401);
    assert.deepEqual(answer.body, { errors: [{ message: 'Invalid access token.' }] });
    assert.equal(answer.headers.get('www-authenticate'), REALM);
  });
}

test('a masquerading token cannot change its masquerade', async () => {
  const canvas = start();
  const { signature } = (await canvas.keys()).instAccess;
  const answer = await create(canvas, { as_user_id: 3 }, await forged(signature, { masq_sub: admin.uuid }));
  assert.deepEqual([answer.status, answer.body], [401, { errors: 'Cannot change masquerade' }]);
});

test('still encrypted, or signed by another key, it is no token', async () => {
  const canvas = start();
  const { token } = (await create(canvas)).body;
  const stranger = await forged(await newKey('RS256'), {});
  for (const bearer of [token, stranger]) assert.equal((await create(canvas, undefined, bearer)).status, 401);
});
