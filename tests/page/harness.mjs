// A browser on the demo page for each test of a file, and the words in which a test says what a person does there.
// Every test also fails for a complaint on the console, a request to another origin, or anything stored.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, afterEach, before, beforeEach } from 'node:test';
import { serveDemo, serveEmulator } from '../../scripts/serve.mjs';
import { root } from '../../scripts/setup/shell.mjs';
import { launchChromium } from './chromium.mjs';

const vectors = JSON.parse(readFileSync(join(root, 'tests', 'vectors', 'canvas.json'), 'utf8'));
export const vector = (name) => vectors.find((found) => found.name === name);
export const compact = (header, claims) =>
  [header, claims, 'signature'].map((text) => Buffer.from(text).toString('base64url')).join('.');

/** The page, the emulator behind HTTP, and the origins that the page may ask. */
export let page, emulator, allowed;
let demo, browser, context;

/** What the console said; a test that provokes a complaint takes it out. */
export let complaints;

/** The address that each test of a file begins at. */
export const start = { hash: '' };

before(async () => {
  demo = await serveDemo();
  emulator = await serveEmulator({ cors: true });
  browser = await launchChromium();
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
  await page.goto(`${demo.url}/${start.hash}`);
  await page.locator('html.ready').waitFor();
});

afterEach(async () => {
  const { href, stored } = await page.evaluate(async () => ({
    href: location.href,
    stored: localStorage.length + sessionStorage.length + document.cookie.length + (await indexedDB.databases()).length,
  }));
  // What is still loaded when the page is closed is no complaint.
  const found = [...complaints];
  await context.close();
  assert.deepEqual(found, []);
  assert.equal(href.split('#')[0], `${demo.url}/`);
  assert.equal(stored, 0);
});

export const click = (name, within = page) => within.getByRole('button', { name, exact: true }).click();

/** The token that Inspect shows. */
export const inspected = () => page.locator('inspect-view token-editor .cm-content').innerText();

/** Types over the token of Inspect. */
export async function inspect(token) {
  await page.getByRole('textbox', { name: 'Token', exact: true }).fill(token);
}

/** Waits for Inspect's verdict. */
export const verdict = (text) => page.locator('#verdict-title').filter({ hasText: text }).waitFor();

/** The value beside a claim's name in Inspect, without what it means. */
export const claim = (name) =>
  page.locator('claims-table tr', { has: page.locator('th code', { hasText: new RegExp(`^${name}$`) }) }).locator('.value').innerText();
