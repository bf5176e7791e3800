// Drives the demo page as a person would: by what is written on it.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  allowed, block, click, compact, emulator, exchange, firstLine, page, saying, section, sign, start, tokenIn, value, vector,
} from './harness.mjs';

start.hash = '#canvas';

test("the documentation's template signs to the documentation's token", async () => {
  const known = vector('canvas-tool-proxy-assertion');
  assert.equal(await sign("The documentation's template"), known.token);
  const header = block(section('1. Sign'), 'Header');
  assert.equal(await value(header, 'alg'), '"HS256"');
  const claims = block(section('1. Sign'), 'Claims');
  assert.deepEqual(await claims.locator('dt').allInnerTexts(), ['sub', 'aud', 'exp', 'iat', 'jti']);
  assert.equal(await value(claims, 'sub'), '"123123-ad13-ac233"');
  assert.match(await value(claims, 'exp'), /^1486393868\s+6 Feb 2017, 20:41:08 GMT\+5:30\s*2017-02-06 15:11:08 UTC$/);

  await section('1. Sign').getByRole('button', { name: 'Copy the assertion' }).click();
  await page.getByText('Copied.').waitFor();
  assert.equal(await page.evaluate(() => navigator.clipboard.readText()), known.token);

  await exchange('Refused.');
  assert.equal(await value(section('2. Exchange'), "Canvas's own reason").then(firstLine), 'the JWT has expired');
});

test('a tool proxy signs, exchanges, and reads its access token', async () => {
  await sign('Tool proxy');
  await exchange('Granted.');
  const claims = block(section('2. Exchange'), 'Claims');
  assert.equal(await value(claims, 'iss'), '"Canvas"');
  assert.equal(await value(claims, 'sub'), '"123123-ad13-ac233"');
  assert.equal(await value(section('2. Exchange'), 'Lifetime'), '3600 seconds');
  assert.match(await value(section('2. Exchange'), 'Expires'), /UTC$/);

  await exchange('Refused.');
  assert.equal(await value(section('2. Exchange'), "Canvas's own reason").then(firstLine), "the 'jti' is invalid");

  await sign();
  await exchange('Granted.');
});

test('a developer key with its registration code signs and exchanges', async () => {
  await sign('Developer key + registration code');
  assert.equal(await value(block(section('1. Sign'), 'Claims'), 'sub'), '10000000000003');
  await exchange('Granted.');
  const claims = block(section('2. Exchange'), 'Claims');
  assert.equal(await value(claims, 'sub'), '10000000000003');
  assert.equal(await value(claims, 'reg_key'), '"9359e0cd-6a69-4ca9-91b6-162cf0711a5b"');

  await sign();
  await page.getByLabel('Registration code (reg_key), optional').fill('');
  await exchange('Refused.');
  assert.equal(await value(section('2. Exchange'), "Canvas's own reason").then(firstLine), 'MissingAuthorizationCode');
});

test("a wrong secret gives invalid_grant, and Canvas's own reason", async () => {
  await click('Tool proxy');
  await page.getByLabel('Secret', { exact: true }).fill('another secret');
  assert.equal(await page.getByLabel('Secret', { exact: true }).getAttribute('type'), 'password');
  await sign();
  await exchange('Refused.');
  const alert = section('2. Exchange').getByRole('alert');
  assert.equal(await value(alert, 'Code'), 'ERR_OAUTH');
  assert.equal(await value(alert, 'OAuth error'), 'invalid_grant');
  assert.equal(await value(alert, 'HTTP status'), '400');
  assert.match(await value(alert, 'Message'), /invalid_grant/);
  assert.notEqual(await value(alert, "Canvas's own reason").then(firstLine), '');
});

test('the exchange works over HTTP, once the assertion is signed for that address', async () => {
  allowed.add(emulator.url);
  await sign('Tool proxy');
  await section('2. Exchange').getByLabel('a server at a base URL').check();
  await section('2. Exchange').getByLabel('Base URL', { exact: true }).fill(`${emulator.url}/`);
  await click('Sign again for this URL');
  assert.equal(await page.getByLabel('aud, the access token URL').inputValue(), `${emulator.url}/api/lti/accounts/1/authorize`);
  assert.equal(await page.getByRole('button', { name: 'Sign again for this URL' }).isVisible(), false);
  await exchange('Granted.');
  assert.equal(await value(block(section('2. Exchange'), 'Claims'), 'sub'), '"123123-ad13-ac233"');
  assert.equal(emulator.emulator.requests.at(-1).status, 200);
});

test('what the package refuses is said, and its field marked', async () => {
  const mistakes = [
    ['aud, the access token URL', 'school.example', 'claims.aud'],
    ['Secret', '', 'secret'],
    ['iat', 'noon', 'claims.iat'],
    ['Lifetime (s)', '-1', undefined],
  ];
  for (const [label, text, at] of mistakes) {
    await click('Tool proxy');
    await section('1. Sign').getByLabel(label, { exact: true }).fill(text);
    await click('Sign');
    await saying('1. Sign', 'Not signed.');
    const alert = section('1. Sign').getByRole('alert');
    assert.equal(await value(alert, 'Code'), 'ERR_ARGUMENT', label);
    if (!at) continue;
    assert.equal(await value(alert, 'Where'), at);
    assert.equal(await section('1. Sign').getByLabel(label, { exact: true }).getAttribute('aria-invalid'), 'true');
  }
  await click('Tool proxy');
  await page.getByLabel('sub is written as').selectOption('JSON number');
  await click('Sign');
  await section('1. Sign').getByText('a JSON number is written in digits only').waitFor();
  assert.equal(await page.locator('[aria-invalid]').count(), 1);
});

test('the whole path can be walked with the keyboard', async () => {
  await page.getByLabel('sub', { exact: true }).focus();
  await page.keyboard.press('Enter');
  await saying('1. Sign', 'Signed with HS256.');
  const exchangeButton = page.getByRole('button', { name: 'Exchange', exact: true });
  for (let presses = 0; presses < 40; presses += 1) {
    if (await exchangeButton.evaluate((button) => button === document.activeElement)) break;
    await page.keyboard.press('Tab');
  }
  await page.keyboard.press('Space');
  await saying('2. Exchange', 'Granted.');
});

test('nothing is wider than a narrow screen, and everything has a name', async () => {
  await page.setViewportSize({ width: 360, height: 740 });
  await sign();
  await exchange('Granted.');
  assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), 360);
  const nameless = await page.locator('input, select, textarea').evaluateAll((fields) =>
    fields.filter((field) => field.labels.length !== 1).map((field) => field.id));
  assert.deepEqual(nameless, []);
});

test('the exchange says what is wrong with an assertion that cannot be sent', async () => {
  const mistakes = [
    ['', 'there is no assertion: sign one above, or paste one'],
    ['abc', 'ERR_TOKEN_INVALID'],
    [compact('{"alg":"HS256"}', '{"sub":"1"}'), 'the assertion has no aud, so there is no URL to send it to'],
    [compact('{"alg":"HS256"}', '{"aud":"https://school.example/elsewhere"}'), 'no route matches'],
  ];
  for (const [token, expected] of mistakes) {
    await page.getByLabel('Assertion', { exact: true }).fill(token);
    await exchange('Refused.');
    await section('2. Exchange').getByRole('alert').getByText(expected, { exact: true }).waitFor();
  }
});
