// The page's inspector: paste anything, and read what it is and what is wrong with it.
import assert from 'node:assert/strict';
import { createPrivateKey, createPublicKey } from 'node:crypto';
import { test } from 'node:test';
import { encryptJwe, generateKey, signJwt } from '../../pkg/node.js';
import {
  block, checksIn, click, compact, inspect, page, saying, section, sign, tokenIn, value, vector,
} from './harness.mjs';

const inspector = () => section('Inspect');
const field = (label) => inspector().getByLabel(label, { exact: true });
const checks = () => checksIn('Inspect');
const check = async (id) => (await checks()).find((found) => found.id === id);
const aud = 'https://school.example/api/lti/accounts/1/authorize';

/** Of no kind that Canvas knows. */
function claims() {
  const iat = Math.floor(Date.now() / 1000);
  return { iss: 'someone', aud: 'anyone', exp: iat + 3600, iat };
}

test("the documentation's sample with Iat is found out, with its fix", async () => {
  await click('LTI 2 assertion with Iat', inspector());
  await saying('Inspect', 'Invalid');
  assert.equal(await field('Token').inputValue(), vector('canvas-developer-key-assertion').token);
  const [first] = await checks();
  assert.equal(first.outcome, '✗ Fault');
  assert.equal(first.id, 'claim-spelling');
  assert.match(first.message, /Iat/);
  assert.equal(first.fix, 'rename Iat to iat');
  assert.match(first.source, /claims\.Iat.*RFC 7519/);
  assert.match(await inspector().getByRole('status').innerText(), /^✗ Invalid An LTI 2 assertion .* rename Iat to iat/);
  assert.equal(await value(inspector(), 'Kind'), 'lti2-assertion');
  assert.equal(await value(block(inspector(), 'Claims'), 'Iat').then((text) => text.split('\n')[0].trim()), '1486393800');

  await field('Signature secret').fill('secret');
  await inspector().locator('.pass .source', { hasText: /^signature/ }).waitFor({ state: 'attached' });
  assert.equal((await check('signature')).outcome, '✓ Passed');
  assert.equal((await checks())[0].id, 'claim-spelling');
});

test('faults come first, and passed checks are folded away beside them', async () => {
  await inspect(compact('{"alg":"HS256"}', `{"sub":"1","aud":"${aud}","exp":"soon","iat":1}`));
  await saying('Inspect', 'Invalid');
  const order = ['✗ Fault', '! Warning', '○ Not checked', '✓ Passed'];
  const places = (await checks()).map(({ outcome }) => order.indexOf(outcome));
  assert.deepEqual(places, places.toSorted((a, b) => a - b));
  assert.ok(places.includes(0) && places.includes(3));
  const passed = inspector().locator('.checks > .pass').first();
  assert.equal(await passed.isVisible(), false);
  await inspector().getByText(/^✓ \d+ checks? passed$/).click();
  assert.equal(await passed.isVisible(), true);
});

test('an assertion just signed is inspected by one click, with its secret', async () => {
  const token = await sign('Tool proxy');
  await click('Inspect', section('1. Sign'));
  await saying('Inspect', '✓ Valid');
  assert.equal(await field('Token').inputValue(), token);
  assert.equal(await field('Signature secret').inputValue(), 'secret');
  assert.equal(await page.evaluate(() => document.activeElement.id), 'inspect-title');

  await field('Signature secret').fill('"secret"');
  await saying('Inspect', /^✗ Invalid .*quot/);
  await field('Signature secret').fill('another');
  await saying('Inspect', '✗ Invalid');
  assert.equal((await checks())[0].id, 'signature');

  await field('Signature secret').fill('');
  await saying('Inspect', '○ Unverified');
  await field('URL it is sent to').fill(aud.replace('school', 'other'));
  await saying('Inspect', '✗ Invalid');
  assert.equal((await checks())[0].id, 'aud');
  await field('URL it is sent to').fill(aud);
  await saying('Inspect', '○ Unverified');
});

test('a signature is verified with a JWK, a JWK Set or PEM', async () => {
  const { privateKey, publicKey } = await generateKey('ES256');
  await inspect(await signJwt(claims(), privateKey));
  await saying('Inspect', '○ Unverified');
  await field('Signature key is').selectOption('a JWK or JWK Set');
  for (const key of [publicKey, { keys: [publicKey] }]) {
    await field('Signature key').fill(JSON.stringify(key));
    await saying('Inspect', '✓ Valid');
    await field('Signature key').fill('');
    await saying('Inspect', '○ Unverified');
  }
  await field('Signature key is').selectOption('PEM');
  const pem = createPublicKey({ key: publicKey, format: 'jwk' }).export({ type: 'spki', format: 'pem' });
  await field('Signature key').fill(pem);
  await saying('Inspect', '✓ Valid');
});

test('what cannot be inspected is decoded, and the field that is in the way is marked', async () => {
  await inspect(vector('canvas-tool-proxy-assertion').token);
  await field('Signature key is').selectOption('a JWK or JWK Set');
  const wrong = [
    ['{"kty":', 'this is no JSON, expected a JWK or a JWK Set'], ['{"kty":"RSA"}', 'ERR_JWK_INVALID'], ['{}', 'ERR_ARGUMENT'],
  ];
  for (const [text, said] of wrong) {
    await field('Signature key').fill(text);
    await saying('Inspect', 'Decoded only');
    await inspector().getByRole('alert').getByText(said, { exact: true }).waitFor();
    assert.equal(await field('Signature key').getAttribute('aria-invalid'), 'true');
    assert.equal(await page.locator('[aria-invalid]').count(), 1);
    assert.equal(await value(block(inspector(), 'Claims'), 'sub'), '"123123-ad13-ac233"');
  }
  await field('Signature key').fill('');
  await saying('Inspect', '✗ Invalid');
  assert.equal(await page.locator('[aria-invalid]').count(), 0);
});

test('an encrypted layer is opened with its key', async () => {
  const { privateKey, publicKey } = await generateKey('RSA-OAEP-256');
  const inner = await signJwt(claims(), { secret: 'inner secret' });
  await inspect(await encryptJwe(inner, publicKey, { alg: 'RSA-OAEP-256', enc: 'A256GCM', cty: 'JWT' }));
  await saying('Inspect', '○ Unverified');
  await field('Decryption key is').selectOption('PEM');
  await field('Decryption key').fill(
    createPrivateKey({ key: privateKey, format: 'jwk' }).export({ type: 'pkcs8', format: 'pem' }),
  );
  await inspector().getByText('JWS, signed').waitFor();
  assert.equal(await value(block(inspector(), 'Claims'), 'aud'), '"anyone"');
  await field('Signature secret').fill('inner secret');
  await saying('Inspect', '✓ Valid');
});

test('the wrapped Canvas token shows its layers and lengths', async () => {
  await inspect(`${vector('canvas-wrapped-jwt').token}\n`);
  await saying('Inspect', '○ Unverified A Canvas service JWT, encrypted');
  const layers = inspector().locator('.layers').getByRole('listitem');
  assert.deepEqual((await layers.locator('strong').allInnerTexts()), ['Base64', 'JWE, encrypted']);
  assert.equal(await tokenIn('Inspect', 'Token'), vector('canvas-wrapped-jwt').compact);
  assert.equal(await value(block(inspector(), 'Header'), 'enc'), '"A256GCM"');
  const lengths = await block(inspector(), 'Lengths').locator('dd').allInnerTexts();
  assert.deepEqual(lengths, ['29 bytes', '0 bytes', '12 bytes', '283 bytes', '16 bytes']);

  await inspect(`Bearer ${vector('canvas-wrapped-jwt').token}`);
  await saying('Inspect', '✗ Invalid');
  assert.equal((await checks())[0].id, 'bearer');
  assert.equal(await tokenIn('Inspect', 'Token'), vector('canvas-wrapped-jwt').compact);
});

test('every sample says what it is, and the broken one where it is broken', async () => {
  const expected = {
    'LTI 2 assertion': ['✗ Invalid', 'lti2-assertion'],
    'LTI 2 access token': ['✗ Invalid', 'lti2-access-token'],
    'Canvas JWT, wrapped': ['○ Unverified', 'canvas-jwt'],
    'InstAccess token': ['○ Unverified', 'inst-access-token'],
    'A broken one': ['✗ Invalid', 'jws'],
  };
  for (const [name, [outcome, kind]] of Object.entries(expected)) {
    await click(name, inspector());
    await inspector().locator('dd', { hasText: new RegExp(`^${kind}$`) }).waitFor();
    await saying('Inspect', outcome);
  }
  const [first] = await checks();
  assert.equal(first.id, 'duplicate-name');
  assert.match(first.source, /payload/);
  await click('Clear', inspector());
  await inspector().getByText('What is wrong with the token will be here').waitFor();
});

test('whatever is pasted is answered', async () => {
  for (const text of ['hello', '.', 'a.b.c', '....', '{"token":"x"}', '\u0000\ud800', 'ey'.repeat(5000)]) {
    await inspect(text);
    await saying('Inspect', '✗ Invalid');
    assert.ok((await checks())[0].fix, text.slice(0, 20));
    await inspect('');
    await inspector().getByText('What is wrong with the token will be here').waitFor();
  }
});

test('an id of 17 digits stays exact', async () => {
  await click('Tool proxy');
  await page.getByLabel('sub', { exact: true }).fill('90000000000000001');
  await page.getByLabel('sub is written as').selectOption('JSON number');
  const token = await sign();
  assert.match(Buffer.from(token.split('.')[1], 'base64url').toString(), /^\{"sub":90000000000000001,/);
  assert.equal(await value(block(section('1. Sign'), 'Claims'), 'sub'), '90000000000000001');
  await inspect(token);
  assert.equal(await value(block(inspector(), 'Claims'), 'sub'), '90000000000000001');
});

test('HTML in a token is text', async () => {
  const evil = '<img src=x onerror="document.title=1">';
  const text = JSON.stringify(evil);
  await inspect(compact(`{"alg":${text},"kid":${text}}`, `{${text}:${text},"a":[${text},"\u202e"],"iss":${text}}`));
  await saying('Inspect', 'Invalid');
  const found = block(inspector(), 'Claims');
  assert.deepEqual(await found.locator('dt').allInnerTexts(), [evil, 'a', 'iss']);
  assert.match(await value(found, 'a'), /onerror=[^]*"\\u202e"/);
  assert.equal(await page.locator('img').count(), 0);
  assert.equal(await page.title(), 'Canvas LMS tokens');
});
