// Where tokens and keys come from, and where they go: clipboard, files, links, a key set at a URL; nothing leaves without a press.
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { once } from 'node:events';
import { after, before, test } from 'node:test';
import { generateKey, signJwt } from '../../pkg/node.js';
import { allowed, claim, click, compact, complaints, inspect, inspected, page, vector, verdict } from './harness.mjs';

const group = (label) => page.getByRole('group', { name: label, exact: true });
const sample = vector('canvas-developer-key-assertion').token;

/** What comes with a file that is dropped. */
const droppedFile = () => page.evaluateHandle((text) => {
  const data = new DataTransfer();
  data.items.add(new File([text], 'token.txt'));
  return data;
}, sample);

let keys, server, asked = [];
before(async () => {
  keys = await generateKey('RS256');
  server = createServer((request, response) => {
    asked.push({ url: request.url, headers: request.headers });
    const cors = request.url === '/blocked' ? {} : { 'Access-Control-Allow-Origin': '*' };
    response.writeHead(request.url === '/none' ? 404 : 200, { 'Content-Type': 'application/json', ...cors });
    response.end(JSON.stringify({ keys: [keys.publicKey] }));
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
});
after(() => server.close());

test('the clipboard', async () => {
  await page.evaluate((text) => navigator.clipboard.writeText(text), sample);
  await click('From the clipboard');
  await verdict('Canvas will refuse this LTI 2 assertion');
  assert.equal(await inspected(), sample);
});

test('a file, chosen or dropped', async () => {
  await page.locator('.token-pane input[type=file]').first().setInputFiles({ name: 'token.txt', mimeType: 'text/plain', buffer: Buffer.from(`${sample}\n`) });
  await verdict('Canvas will refuse this LTI 2 assertion');
  assert.equal(await inspected(), sample);

  await click('Clear');
  const dataTransfer = await droppedFile();
  await page.dispatchEvent('.token-pane', 'dragover', { dataTransfer });
  await page.getByText('Drop the file to read the token in it').waitFor();
  await page.dispatchEvent('.token-pane', 'drop', { dataTransfer });
  await verdict('Canvas will refuse this LTI 2 assertion');
});

test('a file that is dropped on the token is what is inspected, whatever stood there', async () => {
  await inspect('hello');
  await verdict('There is no token');
  await page.locator('token-editor .cm-line').dispatchEvent('drop', { dataTransfer: await droppedFile() });
  await verdict('Canvas will refuse this LTI 2 assertion');
  await page.waitForLoadState('networkidle');
  assert.equal(await inspected(), sample);
});

test('what is pasted anywhere but into a field is the token; in a field it stays there', async () => {
  await page.evaluate((text) => navigator.clipboard.writeText(text), sample);
  await page.getByRole('heading', { name: 'Paste a token' }).click();
  await page.keyboard.press('Control+V');
  await verdict('Canvas will refuse this LTI 2 assertion');
  assert.equal(await inspected(), sample);
  await page.evaluate(() => navigator.clipboard.writeText('secret'));
  await group('Key').getByRole('textbox').focus();
  await page.keyboard.press('Control+V');
  await page.getByText('Signature verified').waitFor();
  assert.equal(await inspected(), sample);
});

test('what is pasted on an open dialog does not replace the token behind it', async () => {
  await inspect('hello');
  await verdict('There is no token');
  await page.evaluate((text) => navigator.clipboard.writeText(text), sample);
  await click('Share');
  await page.getByRole('button', { name: 'Close', exact: true }).focus();
  await page.keyboard.press('Control+V');
  await click('Close');
  assert.equal(await inspected(), 'hello');
});

test('text is dropped into a field, and a link nowhere else', async () => {
  const word = await page.getByRole('heading', { name: 'Paste a token' }).boundingBox();
  const field = await page.getByLabel('Sent to', { exact: true }).boundingBox();
  const [x, y] = [word.x + 15, word.y + word.height / 2];
  await page.mouse.dblclick(x, y);
  await page.mouse.move(x, y);
  await page.mouse.down();
  await page.mouse.move(field.x + 20, field.y + field.height / 2, { steps: 5 });
  await page.mouse.up();
  await page.waitForFunction(() => document.querySelector('#inspect-endpoint').value.trim() === 'Paste');

  const isPrevented = (selector) => page.locator(selector).evaluate((target) => {
    const dataTransfer = new DataTransfer();
    dataTransfer.setData('text/uri-list', 'https://school.example/');
    return !target.dispatchEvent(new DragEvent('drop', { bubbles: true, cancelable: true, dataTransfer }));
  });
  assert.deepEqual([await isPrevented('#inspect-endpoint'), await isPrevented('#main')], [false, true]);
});

test('the key of a sample goes with it, that of a person stays', async () => {
  await click('Documented assertion');
  await verdict('Canvas will refuse');
  await page.evaluate((text) => navigator.clipboard.writeText(text), vector('canvas-tool-proxy-assertion').token);
  await page.locator('token-editor').click();
  await page.keyboard.press('Control+A');
  await page.keyboard.press('Control+V');
  await page.getByText('Signature not verified: give the key').waitFor();
  assert.equal(await page.getByLabel('Sent to', { exact: true }).inputValue(), '');

  await group('Key').getByRole('textbox').fill('secret');
  await page.getByText('Signature verified').waitFor();
  await page.evaluate((text) => navigator.clipboard.writeText(text), sample);
  await click('From the clipboard');
  await claim('Iat');
  await page.getByText('Signature verified').waitFor();
  assert.equal(await group('Key').getByRole('textbox').inputValue(), 'secret');
});

test('keys at a URL are asked for on a press, with neither token nor referrer', async () => {
  const iat = Math.floor(Date.now() / 1000);
  const { origin } = new URL(`http://127.0.0.1:${server.address().port}`);
  allowed.add(origin);
  await inspect(await signJwt({ iss: 'someone', iat, exp: iat + 600 }, keys.privateKey));
  await verdict('not verified');
  await group('Key').getByRole('combobox').selectOption('url');
  await group('Key').getByRole('textbox').fill(`${origin}/jwks`);
  await group('Key').getByText(`The page will ask ${origin}/jwks with a plain GET. The token and other keys are not sent.`).waitFor();
  assert.deepEqual(asked, []);
  await click('Fetch the keys');
  await verdict('This JWT is good');
  await group('Key').getByText('1 key from 127.0.0.1').waitFor();
  assert.deepEqual(asked.map(({ url }) => url), ['/jwks']);
  const { referer, authorization, cookie } = asked[0].headers;
  assert.deepEqual([referer, authorization, cookie], [undefined, undefined, undefined]);

  await group('Key').getByRole('textbox').fill('keys.example');
  await click('Fetch the keys');
  await group('Key').getByText('Enter the whole address').waitFor();
  assert.equal(asked.length, 1);
});

test('a link holds the token, its signature only when asked for, and no key; opened, it leaves the address', async () => {
  await click('Documented assertion');
  await verdict('Canvas will refuse');
  await click('Share');
  await click('Make a link');
  const link = () => page.locator('share-dialog code-block pre').innerText();
  const [header, payload] = sample.split('.');
  assert.match(await link(), new RegExp(`#inspect\\?token=${header}\\.${payload}\\.$`));
  await page.getByLabel('Leave the signature out').uncheck();
  await click('Make a link');
  const whole = await link();
  assert.ok(whole.endsWith(`#inspect?token=${sample}`));
  assert.ok(!whole.includes('secret'));
  assert.equal(new URL(page.url()).hash, '');
  await click('Close');

  await click('Clear');
  await page.evaluate((url) => void (location.href = url), whole);
  await verdict('Canvas will refuse this LTI 2 assertion');
  await page.getByText('The token came with the link.').waitFor();
  assert.equal(await inspected(), sample);
  assert.equal(new URL(page.url()).hash, '#inspect');
});

test('the report as Markdown and JSON, without the token', async () => {
  await click('Documented assertion');
  await verdict('Canvas will refuse');
  await click('Share');
  await click('Copy the report as Markdown');
  await page.getByText('Copied.').waitFor();
  const markdown = await page.evaluate(() => navigator.clipboard.readText());
  assert.match(markdown, /^# Canvas will refuse this LTI 2 assertion\n[^]*- ✗ The claim is written Iat[^]*"sub": 10000000000003/);
  await click('Copy the report as JSON');
  await page.waitForFunction(async () => (await navigator.clipboard.readText()).startsWith('{'));
  const report = JSON.parse(await page.evaluate(() => navigator.clipboard.readText()));
  assert.equal(report.kind, 'lti2-assertion');
  assert.ok(report.checks.some(({ id }) => id === 'claim-spelling'));
  for (const text of [markdown, JSON.stringify(report)]) assert.ok(!text.includes(sample.split('.')[1]) && !text.includes(sample.split('.')[2]));
});

test("the emulator's keys open and verify what it made", async () => {
  await click('A launch (LTI 1.3)');
  await verdict('is good');
  await group('Key').getByRole('combobox').selectOption('secret');
  await verdict('not verified');
  await group('Key').getByRole('combobox').selectOption('emulator');
  await verdict('is good');
  assert.match(await claim('given_name'), /Sue/);
  await inspect(compact('{"alg":"HS256"}', '{"sub":"1"}'));
  await verdict('will refuse');
});

test('a host that serves .wasm as something else: the package comes another way', async () => {
  const served = [];
  await page.route('**/core_bg.wasm', async (route) => {
    served.push(route.request().url());
    await route.fulfill({ response: await route.fetch(), headers: { 'Content-Type': 'text/plain' } });
  });
  await page.waitForLoadState('networkidle');
  await page.reload();
  await click('Documented assertion');
  await verdict('Canvas will refuse this LTI 2 assertion');
  assert.ok(served.length > 0);
});

test('where the package cannot be loaded, the page says so', async () => {
  await page.route('**/worker.js', (route) => route.fulfill({ status: 404, body: '' }));
  await page.waitForLoadState('networkidle');
  await page.reload();
  await page.getByRole('alert').getByText('The part of the page that reads tokens could not be loaded').waitFor();
  assert.ok(complaints.length > 0);
  complaints.length = 0;
});
