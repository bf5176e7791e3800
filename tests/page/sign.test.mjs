// Sign, live: header, claims and key to a token, which other libraries verify and decrypt.
import assert from 'node:assert/strict';
import { createPrivateKey, createPublicKey } from 'node:crypto';
import { test } from 'node:test';
import { compactDecrypt, compactVerify, importJWK } from 'jose';
import { claim, click, inspected, page, start, vector, verdict } from './harness.mjs';

start.hash = '#sign';

const editor = (name) => page.getByRole('textbox', { name, exact: true });
const group = (name) => page.getByRole('group', { name, exact: true });
const choose = (label, value) => page.getByLabel(label, { exact: true }).selectOption(value);
const state = (text) => page.locator('#made-state').filter({ hasText: text }).waitFor();
const pressed = (name) => page.getByRole('radio', { name, exact: true }).check();
const token = () => page.locator('made-pane token-editor .cm-content').innerText();
const enteredKey = async (name) => JSON.parse(await group(name).getByRole('textbox').inputValue());
const decoder = new TextDecoder();

/** Waits for another token than this one. */
async function tokenAfter(before) {
  await page.waitForFunction((old) => {
    const { made } = document.querySelector('made-pane');
    return made && made.token !== old;
  }, before);
  return token();
}

/** Writes over header or claims, and waits for the token that comes of it. */
async function edit(name, value) {
  const before = await token();
  await editor(name).fill(typeof value === 'string' ? value : JSON.stringify(value));
  return tokenAfter(before);
}

test("the documentation's template is the documentation's token, which Canvas refuses as expired", async () => {
  await choose('Begin with', 'documented');
  await page.getByText('Signed with HS256').first().waitFor();
  await page.locator('.verdict').getByText(/expired/i).first().waitFor();
  assert.equal(await token(), vector('canvas-tool-proxy-assertion').token);
  await click('Copy the token');
  await page.getByText('Copied.').waitFor();
  assert.equal(await page.evaluate(() => navigator.clipboard.readText()), vector('canvas-tool-proxy-assertion').token);
});

test('the token signs itself anew with each change of claims, header and key', async () => {
  await state('Signed with HS256');
  const signed = await edit('Claims', '{"sub":90000000000000001,"iss":"me"}');
  const { payload } = await compactVerify(signed, Buffer.from('secret'));
  assert.equal(decoder.decode(payload), '{"sub":90000000000000001,"iss":"me"}');
  const { protectedHeader } = await compactVerify(await edit('Header', { alg: 'HS256', x: 1 }), Buffer.from('secret'));
  assert.deepEqual(protectedHeader, { alg: 'HS256', x: 1 });
  const before = await token();
  await group('Signing key').getByRole('textbox').fill('another secret');
  await compactVerify(await tokenAfter(before), Buffer.from('another secret'));
});

test('of what is typed in a hurry, the last is what is signed', async () => {
  await state('Signed with HS256');
  await editor('Claims').fill('{"sub":""}');
  await page.keyboard.press('ArrowLeft');
  await page.keyboard.press('ArrowLeft');
  await page.keyboard.type('typed in a hurry', { delay: 15 });
  await page.waitForFunction(() => document.querySelector('made-pane').made?.text.claims === '{"sub":"typed in a hurry"}');
  const { payload } = await compactVerify(await token(), Buffer.from('secret'));
  assert.equal(decoder.decode(payload), '{"sub":"typed in a hurry"}');
});

test('every signature algorithm of the package signs with a key that the page generates', async () => {
  await state('Signed with HS256');
  const algorithms = await page.getByLabel('Algorithm', { exact: true }).locator('option').allInnerTexts();
  assert.equal(algorithms.length, 13);
  for (const alg of algorithms.slice(1)) {
    await choose('Algorithm', alg);
    await state(`Signed with ${alg}`);
    await page.locator(".facts-line").getByText(alg, { exact: true }).waitFor();
    const key = alg.startsWith('HS') ? Buffer.from(await group('Signing key').getByRole('textbox').inputValue())
      : createPublicKey({ key: await enteredKey('Signing key'), format: 'jwk' });
    const { protectedHeader } = await compactVerify(await token(), key);
    assert.equal(protectedHeader.alg, alg);
  }
});

test('a token is encrypted for a key that the page generates, signed inside or not', async () => {
  await state('Signed with HS256');
  await pressed('Signed, then encrypted');
  await state('Not signed');
  for (const alg of ['RSA-OAEP-256', 'ECDH-ES+A256KW', 'A128GCMKW', 'dir']) {
    await choose('Key management', alg);
    await page.getByRole('button', { name: /^Generate a key for .*: recipient's key$/ }).click();
    await state('Signed with HS256, and encrypted');
    await page.waitForFunction((name) => document.querySelector('made-pane').made?.jwe.alg === name, alg);
    const { plaintext, protectedHeader } = await compactDecrypt(await token(), await importJWK(await enteredKey("Recipient's key"), alg));
    assert.equal(protectedHeader.alg, alg);
    await compactVerify(plaintext, Buffer.from('secret'));
  }
  await pressed('Encrypted');
  await state(/^Encrypted$/);
  const { plaintext } = await compactDecrypt(await token(), await importJWK(await enteredKey("Recipient's key"), 'dir'));
  assert.equal(JSON.parse(decoder.decode(plaintext)).sub, '123123-ad13-ac233');
});

test('what is wrong is said where it is: JSON, header, key', async () => {
  await state('Signed with HS256');
  await editor('Claims').fill('{"sub":"a","sub":"b"}');
  await page.locator('edit-pane').getByText(/The name "sub" stands twice/).waitFor();
  assert.equal(await page.locator('.edit-claims .fault').innerText(), '"sub"');
  await state('Not signed');
  await editor('Claims').fill('');
  await page.locator('edit-pane').getByText(/The JSON ends too early/).waitFor();
  await editor('Claims').fill('{"sub":"a"}');
  await state('Signed with HS256');
  await editor('Header').fill('{"alg":"none"}');
  await page.locator('edit-pane').getByText(/Alg "none" is refused/).waitFor();
  await editor('Header').fill('{"alg":"HS256"}');
  await group('Signing key').getByRole('textbox').fill('');
  await group('Signing key').getByText(/No key yet/).waitFor();
  await group('Signing key').getByRole('textbox').fill('x');
  await state('Signed with HS256');
});

test('a key of the person stays, whatever the algorithm, until another is generated', async () => {
  await state('Signed with HS256');
  await group('Signing key').getByRole('textbox').fill('my own secret');
  await choose('Algorithm', 'ES256');
  await group('Signing key').getByText(/shared secret, which ES256 does not use/).waitFor();
  await page.getByRole('button', { name: 'Generate a key for ES256: signing key' }).click();
  await state('Signed with ES256');
});

test('a token that is pasted is taken apart, and signed again', async () => {
  await state('Signed with HS256');
  const { token: known } = vector('canvas-developer-key-assertion');
  await editor('Token').fill(known);
  await page.waitForFunction(() => document.querySelector('edit-pane').given.claims.includes('Iat'));
  assert.equal(await tokenAfter(''), known);
  await editor('Token').fill('hello');
  await page.getByText(/This text is no token whose claims can be edited/).waitFor();
  await editor('Token').fill(vector('canvas-wrapped-jwt').token);
  await page.getByText('The claims in this token are encrypted.').waitFor();
});

test('Inspect it takes key and endpoint along, through an encrypted layer too', async () => {
  await state('Signed with HS256');
  const signed = await token();
  await click('Inspect it');
  await verdict('This LTI 2 assertion is good');
  assert.equal(await inspected(), signed);
  await page.getByRole('link', { name: 'Sign' }).click();
  await choose('Begin with', 'canvasJwt');
  await state('Signed with HS256, and encrypted');
  await click('Inspect it');
  await verdict('This Canvas service JWT is good');
  assert.equal(await claim('domain'), 'school.example');
  await page.getByRole('link', { name: 'Sign' }).click();
  for (const [name, kind] of Object.entries({
    clientAssertion: 'LTI 1.3 client assertion', idToken: 'LTI 1.3 launch (id_token)', deepLinking: 'LTI 1.3 deep linking response',
    developerKey: 'LTI 2 assertion',
  })) {
    await choose('Begin with', name);
    await page.locator('.verdict .facts-line').getByText(kind, { exact: true }).waitFor();
    await page.locator('.verdict').getByText('Nothing in it is wrong.').first().waitFor();
  }
});

test('a token goes from Inspect to Sign and back, with its key', async () => {
  await page.getByRole('link', { name: 'Inspect' }).click();
  await click('A good assertion');
  await verdict('This LTI 2 assertion is good');
  const good = await inspected();
  await click('Edit and sign');
  await page.waitForFunction((given) => document.querySelector('made-pane').made?.token === given, good);
  await state('Signed with HS256');
  const claims = JSON.parse(await page.evaluate(() => document.querySelector('edit-pane').given.claims));
  await edit('Claims', { ...claims, aud: 'https://other.example/' });
  await page.locator('.verdict').getByText(/aud/).first().waitFor();
  await click('Inspect it');
  await verdict('Canvas will refuse this LTI 2 assertion');
});

test('a generated key is saved as JWK and PEM, private and public', async () => {
  await choose('Begin with', 'clientAssertion');
  await state('Signed with RS256');
  await page.getByText('Copy or save the key').click();
  const shown = (name) => page.locator('code-block', { has: page.getByRole('heading', { name, exact: true }) }).locator('pre').innerText();
  await page.getByRole('heading', { name: 'Public key as PEM' }).waitFor();
  const jwk = JSON.parse(await shown('Private key as JWK'));
  const thumb = (key) => createPublicKey(key).export({ format: 'jwk' }).n;
  assert.equal(thumb({ key: await shown('Public key as PEM') }), jwk.n);
  assert.equal(createPrivateKey(await shown('Private key as PEM')).export({ format: 'jwk' }).d, jwk.d);
  const [publicJwk] = JSON.parse(await shown('Public key as JWK Set')).keys;
  assert.deepEqual(Object.keys(publicJwk).sort(), ['alg', 'e', 'kid', 'kty', 'n', 'use']);
  const downloading = page.waitForEvent('download');
  await click('Save Private key as PEM as a file');
  assert.equal((await downloading).suggestedFilename(), 'private.pem');
});

test('times run from now on, and a jti is used once', async () => {
  await choose('Begin with', 'documented');
  await page.locator('.verdict').getByText(/expired/i).first().waitFor();
  await click('Set the times to now');
  await page.locator('.verdict').getByText('Nothing in it is wrong.').first().waitFor();
  const claims = JSON.parse(await page.evaluate(() => document.querySelector('edit-pane').given.claims));
  assert.equal(claims.exp - claims.iat, 68);
  assert.notEqual(claims.jti, '688700c2-4bc1-40b7-83e5-7cbf54f93305');
});

test('by the keyboard alone, on a narrow screen', async () => {
  await page.setViewportSize({ width: 320, height: 700 });
  await state('Signed with HS256');
  await page.getByLabel('Begin with', { exact: true }).focus();
  const reached = [];
  for (let presses = 0; presses < 30; presses += 1) {
    await page.keyboard.press('Tab');
    const name = await page.evaluate(() => {
      let element = document.activeElement;
      while (element.shadowRoot) element = element.shadowRoot.activeElement;
      return element.getAttribute('aria-label') ?? element.innerText ?? element.type;
    });
    // An editor takes Tab for itself only after Escape was not pressed.
    if (['Header', 'Claims', 'Token'].includes(name)) await page.keyboard.press('Escape');
    reached.push(name);
    if (name === 'Inspect it') break;
  }
  assert.ok(reached.indexOf('Header') < reached.indexOf('Claims') && reached.includes('Inspect it'), reached.join(', '));
  assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), 320);
  await page.keyboard.press('Enter');
  await verdict('This LTI 2 assertion is good');
});
