// Drives the demo page as a person would: by what is written on it.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, afterEach, before, beforeEach, test } from 'node:test';
import { chromium } from 'playwright-core';
import { serveDemo, serveEmulator } from '../../scripts/serve.mjs';
import { root, which } from '../../scripts/setup/shell.mjs';

const vectors = JSON.parse(readFileSync(join(root, 'tests', 'vectors', 'canvas.json'), 'utf8'));
const vector = (name) => vectors.find((found) => found.name === name);
const compact = (header, claims) =>
  [header, claims, 'signature'].map((text) => Buffer.from(text).toString('base64url')).join('.');

const BROWSER = process.env.CHROMIUM ?? which(['chromium', 'google-chrome', 'google-chrome-stable', 'chromium-browser']);
const ARGS = [
  '--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-component-update', '--disable-sync',
  '--no-first-run',
];

let demo, emulator, browser, context, page, complaints, allowed;

before(async () => {
  assert.ok(BROWSER, 'no Chromium on PATH: node scripts/setup.mjs test');
  demo = await serveDemo();
  emulator = await serveEmulator({ cors: true });
  browser = await chromium.launch({ executablePath: BROWSER, args: ARGS });
});

after(async () => {
  await browser?.close();
  await emulator?.close();
  await demo?.close();
});

beforeEach(async () => {
  complaints = [];
  allowed = new Set([demo.url]);
  context = await browser.newContext({ locale: 'en-GB', timezoneId: 'Asia/Kolkata', viewport: { width: 1280, height: 900 } });
  await context.grantPermissions(['clipboard-read', 'clipboard-write'], { origin: demo.url });
  page = await context.newPage();
  page.setDefaultTimeout(10_000);
  page.on('console', (message) => ['error', 'warning'].includes(message.type()) && complaints.push(message.text()));
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('requestfailed', (request) => complaints.push(`${request.url()} failed`));
  page.on('request', (request) => {
    if (!allowed.has(new URL(request.url()).origin)) complaints.push(`asked ${request.url()}`);
  });
  await page.goto(`${demo.url}/`);
  await page.locator('html.ready').waitFor();
});

afterEach(async () => {
  const { href, stored } = await page.evaluate(() => ({
    href: location.href,
    stored: localStorage.length + sessionStorage.length + document.cookie.length,
  }));
  await context.close();
  assert.deepEqual(complaints, []);
  assert.equal(href.split('#')[0], `${demo.url}/`);
  assert.equal(stored, 0);
});

const section = (name) => page.getByRole('region', { name });
const click = (name, within = page) => within.getByRole('button', { name, exact: true }).click();
const saying = (name, text) => section(name).getByRole('status').filter({ hasText: text }).waitFor();
/** The value beside a name in a list, below a heading where there is one. */
const value = (within, name) =>
  within.locator('dt', { hasText: new RegExp(`^${name}$`) }).locator('xpath=following-sibling::dd[1]').innerText();
const block = (within, title) =>
  within.locator('.titled', { has: page.getByRole('heading', { name: title, exact: true, level: 3 }) }).last();
const tokenIn = (name, title) => block(section(name), title).locator('.token').innerText();

async function sign(preset) {
  if (preset) await click(preset, section('1. Sign'));
  await click('Sign');
  await saying('1. Sign', 'Signed with HS256.');
  return tokenIn('1. Sign', 'Assertion');
}

async function exchange(expected) {
  await click('Exchange');
  await saying('2. Exchange', expected);
}

async function decode(token) {
  await section('Decode').getByLabel('Token').fill(token);
}

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

const firstLine = (text) => text.split('\n')[0].trim();

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
  await page.getByLabel('Secret').fill('another secret');
  assert.equal(await page.getByLabel('Secret').getAttribute('type'), 'password');
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
  await page.getByLabel('a server at a base URL').check();
  await page.getByLabel('Base URL', { exact: true }).fill(`${emulator.url}/`);
  await click('Sign again for this URL');
  assert.equal(await page.getByLabel('aud, the access token URL').inputValue(), `${emulator.url}/api/lti/accounts/1/authorize`);
  assert.equal(await page.getByRole('button', { name: 'Sign again for this URL' }).isVisible(), false);
  await exchange('Granted.');
  assert.equal(await value(block(section('2. Exchange'), 'Claims'), 'sub'), '"123123-ad13-ac233"');
  assert.equal(emulator.emulator.requests.at(-1).status, 200);
});

test('the wrapped Canvas token shows its layers and lengths', async () => {
  await decode(` Bearer ${vector('canvas-wrapped-jwt').token}\n`);
  await saying('Decode', 'Encrypted: only the header can be read.');
  const layers = section('Decode').getByRole('listitem');
  assert.deepEqual((await layers.locator('strong').allInnerTexts()), ['Base64', 'JWE, encrypted']);
  assert.equal(await tokenIn('Decode', 'Token'), vector('canvas-wrapped-jwt').compact);
  assert.equal(await value(block(section('Decode'), 'Header'), 'enc'), '"A256GCM"');
  const lengths = await block(section('Decode'), 'Lengths').locator('dd').allInnerTexts();
  assert.deepEqual(lengths, ['29 bytes', '0 bytes', '12 bytes', '283 bytes', '16 bytes']);
});

test('every sample can be read, and the broken one says where it is broken', async () => {
  const expected = {
    'LTI 2 assertion': 'Decoded. Nothing in it was verified.',
    'LTI 2 access token': 'Decoded. Nothing in it was verified.',
    'Canvas JWT, wrapped': 'Encrypted: only the header can be read.',
    'InstAccess token': 'Encrypted: only the header can be read.',
    'A broken one': 'Not a token.',
  };
  for (const [name, line] of Object.entries(expected)) {
    await click(name, section('Decode'));
    await saying('Decode', line);
  }
  const alert = section('Decode').getByRole('alert');
  assert.equal(await value(alert, 'Code'), 'ERR_TOKEN_INVALID');
  assert.match(await value(alert, 'Where'), /payload|claims/);
  await click('Clear', section('Decode'));
  await section('Decode').getByText("The token's layers, header and claims will be here.").waitFor();
});

test('an id of 17 digits stays exact', async () => {
  await click('Tool proxy');
  await page.getByLabel('sub', { exact: true }).fill('90000000000000001');
  await page.getByLabel('sub is written as').selectOption('JSON number');
  const token = await sign();
  assert.match(Buffer.from(token.split('.')[1], 'base64url').toString(), /^\{"sub":90000000000000001,/);
  assert.equal(await value(block(section('1. Sign'), 'Claims'), 'sub'), '90000000000000001');
  await decode(token);
  assert.equal(await value(block(section('Decode'), 'Claims'), 'sub'), '90000000000000001');
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

test('HTML in a token is text', async () => {
  const evil = '<img src=x onerror="document.title=1">';
  const text = JSON.stringify(evil);
  await decode(compact(`{"alg":"HS256","kid":${text}}`, `{${text}:${text},"a":[${text},"\u202e"]}`));
  await saying('Decode', 'Decoded.');
  const claims = block(section('Decode'), 'Claims');
  assert.deepEqual(await claims.locator('dt').allInnerTexts(), [evil, 'a']);
  assert.match(await value(claims, 'a'), /onerror=[^]*"\\u202e"/);
  assert.equal(await page.locator('img').count(), 0);
  assert.equal(await page.title(), 'Canvas LMS tokens');
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
  await click('InstAccess token');
  await saying('Decode', 'Encrypted');
  assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), 360);
  const nameless = await page.locator('input, select, textarea').evaluateAll((fields) =>
    fields.filter((field) => field.labels.length !== 1).map((field) => field.id));
  assert.deepEqual(nameless, []);
});

test("the page's imports are the package's public entries", async () => {
  const { exports } = JSON.parse(readFileSync(join(root, 'pkg', 'package.json'), 'utf8'));
  const entries = [exports['.'].default.default, exports['./emulator'].default];
  const source = readFileSync(join(root, 'www', 'package.js'), 'utf8');
  const imported = [...source.matchAll(/from '\.\/pkg\/([^']+)'/g)].map(([, file]) => `./${file}`);
  assert.deepEqual(imported, entries);
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
