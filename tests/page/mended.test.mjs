// From a refused exchange to its mended successor, which is accepted.
import { test } from 'node:test';
import assert from 'node:assert/strict';
import { signJwt } from '../../pkg/node.js';
import { click, page, start, verdict } from './harness.mjs';

start.hash = '#canvas';

const choose = (label, value) => page.getByLabel(label, { exact: true }).selectOption(value);
const state = (text) => page.locator('#call-state').filter({ hasText: text }).waitFor();
const reason = () => page.locator('call-result .reason').innerText();

test('a refusal leads to its mended, accepted successor in three presses', async () => {
  await choose('Who asks', 'refused');
  await page.waitForFunction(() => document.querySelector('canvas-view').given.assertion !== '');
  await click('Exchange');
  await state('Canvas refused the assertion');
  assert.match(await reason(), /Iat/);
  await page.getByText('the following assertions are missing: iat').waitFor();
  await click('Inspect it');
  await verdict('Canvas will refuse this LTI 2 assertion');
  await page.locator('token-verdict').getByRole('button', { name: /^Sign again with / }).click();
  await verdict('This LTI 2 assertion is good');
  await click('Exchange it at school.example');
  await state('Granted: an LTI 2 access token');
});

test('what a machine can mend is mended where it was refused, with one press', async () => {
  await choose('Who asks', 'refused');
  await page.waitForFunction(() => document.querySelector('canvas-view').given.assertion !== '');
  await click('Exchange');
  await state('Canvas refused the assertion');
  await page.getByRole('button', { name: /^Sign again with .*, and exchange$/ }).click();
  await state('Granted: an LTI 2 access token');
});

test('an assertion that looks like another kind of token is mended as the assertion it was sent as', async () => {
  const iat = Math.floor(Date.now() / 1000);
  const sub = await page.getByRole('textbox', { name: 'Tool proxy guid, developer key id or registration key (sub)' }).inputValue();
  await choose('Who asks', 'own');
  await page.getByRole('textbox', { name: 'Assertion', exact: true })
    .fill(await signJwt({ iss: 'Canvas', sub, iat, exp: iat + 60, jti: crypto.randomUUID() }, { secret: 'secret' }));
  await page.getByRole('textbox', { name: 'Secret, to sign it again', exact: true }).fill('secret');
  await click('Exchange');
  await state('Canvas refused the assertion');
  await click('Sign again with aud, and exchange');
  await state('Granted: an LTI 2 access token');
});
