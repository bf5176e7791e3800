import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decodeProtectedHeader } from 'jose';
import { follow, platform, verified } from './lti13.mjs';

const keySet = async (canvas) => {
  const { headers, body } = await canvas.get('https://sso.canvaslms.com/api/lti/security/jwks');
  return { headers, keys: body.keys, kids: body.keys.map(({ kid }) => kid) };
};

test('three public keys, for ten days', async () => {
  const { headers, keys } = await keySet(platform());
  assert.equal(headers.get('cache-control'), 'max-age=864000');
  assert.equal(keys.length, 3);
  for (const key of keys) {
    assert.deepEqual(Object.keys(key).sort(), ['alg', 'e', 'kid', 'kty', 'n', 'use']);
    assert.deepEqual([key.kty, key.alg, key.use], ['RSA', 'RS256', 'sig']);
  }
});

test('rotation: future signs, past leaves, and an hour passes before the next', async () => {
  const canvas = platform();
  const [first, second, third] = (await keySet(canvas)).kids;
  const before = (await follow(canvas)).form.id_token;
  assert.equal(decodeProtectedHeader(before).kid, second);
  assert.equal(await canvas.rotate(), true);
  const { kids } = await keySet(canvas);
  assert.deepEqual(kids.slice(0, 2), [second, third]);
  assert.ok(![first, second, third].includes(kids[2]));
  await verified(canvas, before);
  const after = (await follow(canvas)).form.id_token;
  assert.equal(decodeProtectedHeader(after).kid, third);
  await verified(canvas, after);
  canvas.clock.now += 3599;
  assert.equal(await canvas.rotate(), false);
  assert.deepEqual((await keySet(canvas)).kids, kids);
  canvas.clock.now += 1;
  assert.equal(await canvas.rotate(), true);
  await assert.rejects(verified(canvas, before), { code: 'ERR_JWKS_NO_MATCHING_KEY' });
});

test('one emulator’s rotation is its own', async () => {
  const [one, other] = [platform(), platform()];
  const { kids } = await keySet(other);
  await one.rotate();
  assert.deepEqual((await keySet(other)).kids, kids);
  assert.notDeepEqual((await keySet(one)).kids, kids);
});

test('keys of one’s own', async () => {
  const { lti } = await platform().keys();
  const swapped = { past: lti.future, present: lti.past, future: lti.present };
  const canvas = platform({ keys: { lti: swapped } });
  assert.equal(decodeProtectedHeader((await follow(canvas)).form.id_token).kid, lti.past.kid);
});
