// The page's inspector: paste anything, and read what it is and what is wrong with it.
import assert from 'node:assert/strict';
import { createPrivateKey, createPublicKey, randomBytes } from 'node:crypto';
import { test } from 'node:test';
import { encryptJwe, generateKey, signJwt } from '../../pkg/node.js';
import { claim, click, compact, inspect, inspected, page, vector, verdict } from './harness.mjs';

const aud = 'https://school.example/api/lti/accounts/1/authorize';
const field = (label) => page.getByLabel(label, { exact: true });
const group = (label) => page.getByRole('group', { name: label, exact: true });

/** Chooses the kind of a key, and enters it. */
async function key(label, kind, text) {
  await group(label).getByRole('combobox').selectOption(kind);
  if (text !== undefined) await group(label).getByRole('textbox').fill(text);
}

const checks = () => page.locator('checks-list .checks > li').evaluateAll((items) => items.map((item) => ({
  outcome: item.className, message: item.querySelector('p').textContent, fix: item.querySelector('.fix')?.textContent,
})));

/** Of no kind that Canvas knows. */
function claims() {
  const iat = Math.floor(Date.now() / 1000);
  return { iss: 'someone', aud: 'anyone', exp: iat + 3600, iat };
}

test("the documentation's sample with Iat is found out, with its fix, and its known secret", async () => {
  await click('Documented assertion');
  await verdict('Canvas will refuse this LTI 2 assertion');
  assert.equal(await inspected(), vector('canvas-developer-key-assertion').token);
  const [first] = await checks();
  assert.equal(first.outcome, 'fail');
  assert.match(first.message, /Iat/);
  assert.match(first.fix, /rename Iat to iat/i);
  await page.locator('token-verdict').getByText(/Iat/).first().waitFor();
  await page.locator('token-verdict').getByText('Signature verified').waitFor();
  assert.equal(await claim('Iat'), '1486393800');
  assert.equal(await claim('sub'), '10000000000003');
});

test('faults come first, and passed checks are folded away beside them', async () => {
  await inspect(compact('{"alg":"HS256"}', `{"sub":"1","aud":"${aud}","exp":"soon","iat":1}`));
  await verdict('will refuse');
  const order = ['fail', 'warn', 'skip', 'pass'];
  const places = (await checks()).map(({ outcome }) => order.indexOf(outcome));
  assert.deepEqual(places, places.toSorted((a, b) => a - b));
  assert.ok(places.includes(0) && places.includes(3));
  const passed = page.locator('.checks > .pass').first();
  assert.equal(await passed.isVisible(), false);
  await page.getByText(/^✓ \d+ checks? passed$/).click();
  assert.equal(await passed.isVisible(), true);
});

test('the good samples are good: an assertion, and a launch with its roles in words', async () => {
  await click('A good assertion');
  await verdict('This LTI 2 assertion is good');
  await page.getByText(/^Expires in \d+ seconds?/).waitFor();
  await click('A launch (LTI 1.3)');
  await verdict('This LTI 1.3 launch (id_token) is good');
  await page.locator('.words').getByText('Learner, in this course or account').waitFor();
});

test('secret and endpoint are compared while they are typed', async () => {
  await click('A good assertion');
  await verdict('is good');
  await group('Key').getByRole('textbox').fill('another');
  await verdict('will refuse');
  await group('Key').getByRole('textbox').fill('');
  await verdict('not verified');
  await field('Sent to').fill(aud.replace('school', 'other'));
  await verdict('will refuse');
  await field('Sent to').fill(aud);
  await verdict('not verified');
});

test('a signature is verified with a JWK, a JWK Set or PEM, which show by themselves what they are', async () => {
  const { privateKey, publicKey } = await generateKey('ES256');
  await inspect(await signJwt(claims(), privateKey));
  await verdict('not verified');
  for (const text of [publicKey, { keys: [publicKey] }].map((found) => JSON.stringify(found))) {
    await key('Key', 'jwk', text);
    await verdict('is good');
    await key('Key', 'secret', '');
    await verdict('not verified');
  }
  const pem = createPublicKey({ key: publicKey, format: 'jwk' }).export({ type: 'spki', format: 'pem' });
  await key('Key', 'secret', '');
  await page.evaluate((text) => navigator.clipboard.writeText(text), pem);
  await group('Key').getByRole('textbox').focus();
  await page.keyboard.press('Control+V');
  await verdict('is good');
  assert.equal(await group('Key').getByRole('combobox').inputValue(), 'pem');
});

test('a secret is text or base64, and the page finds out which', async () => {
  const secret = randomBytes(32);
  const signed = await signJwt(claims(), { secret });
  await inspect(signed);
  for (const encoding of ['base64', 'base64url', 'hex']) {
    await key('Key', 'secret', secret.toString(encoding));
    await verdict('will refuse');
    await click(`Use the secret decoded from ${encoding === 'hex' ? 'hexadecimal' : 'base64'}`, page.locator('token-verdict'));
    await verdict('This JWT is good');
    assert.equal(await page.getByLabel('Key is', { exact: true }).inputValue(), 'base64');
    assert.equal(await inspected(), signed);
  }
  await key('Key', 'base64', 'no base64!');
  await page.getByText('This is not base64.').waitFor();
  await verdict('not verified');
});

test('a secret with more around it is changed, in whichever form it was entered', async () => {
  const secret = 'a secret that is long enough for a JWK';
  const signed = await signJwt(claims(), { secret });
  await inspect(signed);
  const encoded = (text) => Buffer.from(text).toString('base64url');
  for (const [kind, text, change] of [
    ['base64', encoded(`${secret}\n`), 'Use the secret without the space around it'],
    ['base64', encoded(`"${secret}"`), 'Use the secret without its quotation marks'],
    ['jwk', JSON.stringify({ kty: 'oct', k: encoded(`${secret}\n`) }), 'Use the secret without the space around it'],
  ]) {
    await key('Key', kind, text);
    await verdict('will refuse');
    await click(change, page.locator('token-verdict'));
    await verdict('This JWT is good');
    assert.equal(await group('Key').getByRole('textbox').inputValue(), secret);
    assert.equal(await inspected(), signed);
  }
});

test('a key that cannot be used is said, and the token is read without it', async () => {
  await inspect(vector('canvas-tool-proxy-assertion').token);
  await verdict('will refuse');
  await key('Key', 'jwk');
  for (const [text, said] of [['{"kty":', /This is not JSON/], ['{"kty":"RSA"}', /The key cannot be used: key.n/]]) {
    await group('Key').getByRole('textbox').fill(text);
    await group('Key').getByText(said).waitFor();
    assert.equal(await group('Key').getByRole('textbox').getAttribute('aria-invalid'), 'true');
    assert.equal(await claim('sub'), '123123-ad13-ac233');
  }
  await group('Key').getByRole('textbox').fill('');
  await page.locator('[aria-invalid]').waitFor({ state: 'detached' });
});

test('an encrypted layer is opened with its key, and the layers are a path', async () => {
  const { privateKey, publicKey } = await generateKey('RSA-OAEP-256');
  const inner = await signJwt(claims(), { secret: 'inner secret' });
  await inspect(await encryptJwe(inner, publicKey, { alg: 'RSA-OAEP-256', enc: 'A256GCM', cty: 'JWT' }));
  await verdict('This JWE is encrypted');
  await key('Decryption key', 'pem', createPrivateKey({ key: privateKey, format: 'jwk' }).export({ type: 'pkcs8', format: 'pem' }));
  await page.getByRole('button', { name: 'JWS, signed' }).waitFor();
  assert.equal(await claim('aud'), 'anyone');
  await group('Key').getByRole('textbox').fill('inner secret');
  await verdict('is good');
  await click('JWE, encrypted');
  assert.equal(await claim('enc'), 'A256GCM');
});

test('the wrapped Canvas token shows its layers', async () => {
  await inspect(`${vector('canvas-wrapped-jwt').token}\n`);
  await verdict('This Canvas service JWT is encrypted');
  assert.deepEqual(await page.locator('layer-path button').allInnerTexts(), ['Base64', 'JWE, encrypted']);
  assert.equal(await claim('enc'), 'A256GCM');
});

test('every sample says what it is, and the broken one shows its payload and where it is broken', async () => {
  const expected = {
    'Documented, tool proxy': 'Canvas will refuse this LTI 2 assertion', 'Access token': 'Canvas will refuse this LTI 2 access token',
    'Canvas JWT': 'This Canvas service JWT is encrypted', 'InstAccess token': 'This InstAccess token is encrypted',
    'A broken one': 'Whoever verifies will refuse this JWS',
  };
  for (const [name, text] of Object.entries(expected)) {
    await click(name);
    await verdict(text);
  }
  assert.equal(await page.locator('json-editor .cm-content').innerText(), '{"sub":"123123-ad13-ac233","sub":"another-tool"}');
  assert.equal(await page.locator('json-editor .fault').innerText(), '"sub"');
  await click('Clear');
  await page.getByText('Paste a token, and read here what it says').waitFor();
});

test('whatever is pasted is answered', async () => {
  for (const text of ['hello', '.', 'a.b.c', '....', '{"token":"x"}', 'ey'.repeat(5000)]) {
    await inspect(text);
    await verdict(/will refuse|There is no token/);
    assert.ok((await checks())[0].fix, text.slice(0, 20));
    await inspect('');
    await page.getByText('Paste a token, and read here what it says').waitFor();
  }
});

test('an id of 17 digits stays exact', async () => {
  await inspect(compact('{"alg":"HS256"}', '{"sub":90000000000000001,"iss":"x"}'));
  await verdict('will refuse');
  assert.equal(await claim('sub'), '90000000000000001');
});

test('HTML in a token is text', async () => {
  const evil = '<img src=x onerror="document.title=1">';
  const text = JSON.stringify(evil);
  await inspect(compact(`{"alg":${text},"kid":${text}}`, `{${text}:${text},"a":[${text},"\u202e"],"iss":${text}}`));
  await verdict('will refuse');
  const names = await page.locator('claims-table').nth(1).locator('th[scope=row] code').allInnerTexts();
  assert.deepEqual(names.map((name) => name.trim()), [evil, 'a', 'iss']);
  assert.match(await claim('a'), /onerror=[^]*"\\u202e"/);
  assert.equal(await page.locator('page-frame img').count(), 1);
  assert.equal(await page.title(), 'Inspect a token · Canvas tokens');
});
