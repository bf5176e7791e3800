// What stands where, and when: marks between the token and what it says, times that go on, long tokens.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { claim, click, compact, inspect, page, vector, verdict } from './harness.mjs';

/** With a signature of the right length. */
const unsigned = (header, claims) => `${compact(header, claims).split('.').slice(0, 2).join('.')}.${'A'.repeat(43)}`;
const marked = () => page.locator('token-editor .marked').evaluateAll((found) => found.map(({ textContent }) => textContent).join(''));
const sample = vector('canvas-developer-key-assertion').token;
const row = (name) => page.locator('claims-table tr', { has: page.locator('th code', { hasText: new RegExp(`^\\s*${name}\\s*$`) }) });

test('the pointer on a claim or a check marks its characters in the token, and on the token its claim', async () => {
  await click('Documented assertion');
  await verdict('Canvas will refuse');
  await row('aud').hover();
  assert.equal(await marked(), sample.slice(66, 143));
  await page.locator('.checks > li', { hasText: 'The claim is written Iat' }).hover();
  assert.equal(await marked(), 'CJJYXQiOjE0ODYzOTM4MDA');
  await page.getByRole('heading', { name: 'Checks' }).hover();
  assert.equal(await marked(), '');

  const { x, y } = await page.locator('token-editor').evaluate(({ view }) => {
    const { left, top, bottom } = view.coordsAtPos(45);
    return { x: left + 2, y: (top + bottom) / 2 };
  });
  await page.mouse.move(x, y);
  await page.locator('claims-table tr[data-marked]').waitFor();
  assert.equal(await page.locator('claims-table tr[data-marked] th code').innerText().then((text) => text.trim()), 'sub');
});

test('the caret in the token marks the claim that it stands in', async () => {
  await click('Documented assertion');
  await verdict('Canvas will refuse');
  await page.locator('token-editor .cm-content').focus();
  await page.keyboard.press('Control+Home');
  for (let presses = 0; presses < 5; presses += 1) await page.keyboard.press('ArrowRight');
  await page.locator('claims-table tr[data-marked]').getByText('alg', { exact: true }).waitFor();
  for (let presses = 0; presses < 40; presses += 1) await page.keyboard.press('ArrowRight');
  await page.locator('claims-table tr[data-marked]').getByText('sub', { exact: true }).waitFor();
});

test('in JSON, too; and a press selects the characters', async () => {
  await click('Documented assertion');
  await verdict('Canvas will refuse');
  await page.locator('.segmented label', { hasText: 'JSON' }).click();
  await page.locator('json-editor .cm-line', { hasText: '"jti"' }).hover();
  await page.locator('token-editor .marked').first().waitFor();
  assert.equal(await marked(), sample.slice(189, 248));
  assert.match(await page.locator('json-editor .marked').first().innerText(), /jti/);

  await page.locator('.segmented label', { hasText: 'Table' }).click();
  await page.locator('claims-table').getByRole('button', { name: 'alg' }).click();
  assert.equal(await page.evaluate(() => document.activeElement.tagName), 'TOKEN-EDITOR');
  const selected = await page.locator('token-editor').evaluate(({ view }) => view.state.sliceDoc(view.state.selection.main.from, view.state.selection.main.to));
  assert.equal(selected, sample.slice(1, 19));
});

test('a token that expires while one looks turns red, with a countdown before', async () => {
  await page.clock.install();
  await page.clock.resume();
  const now = Math.floor(Date.now() / 1000);
  await inspect(unsigned('{"alg":"HS256"}', `{"iss":"x","exp":${now + 120}}`));
  await verdict('not verified');
  await page.getByText(/^Expires in (1 minute \d+ seconds?|2 minutes)/).waitFor();
  await page.clock.fastForward(130_000);
  await verdict('will refuse');
  await page.getByText(/^Expired \d+ seconds? ago/).waitFor();
  await page.getByText('The token has just expired.').waitFor();
});

test('a time is local, UTC and a distance', async () => {
  await click('Documented assertion');
  await verdict('Canvas will refuse');
  const text = await row('exp').locator('time').innerText();
  assert.match(text, /^9 years \d+ months? ago|^1\d years/);
  assert.match(text, /6 Feb 2017, 20:41:08 GMT\+5:30 · 2017-02-06 15:11:08 UTC$/);
  assert.equal(await row('exp').locator('time').getAttribute('datetime'), '2017-02-06T15:11:08.000Z');
});

test('a token of one megabyte is answered while it is typed into', async () => {
  const long = (claims) => unsigned('{"alg":"HS256"}', JSON.stringify(claims));
  const paste = async (text) => {
    await page.evaluate((given) => navigator.clipboard.writeText(given), text);
    await page.locator('token-editor').click();
    await page.keyboard.press('Control+A');
    await page.keyboard.press('Control+V');
  };
  const one = long({ iss: 'x', data: 'y'.repeat(780_000) });
  assert.ok(one.length > 1_040_000 && one.length <= 2 ** 20);
  await paste(one);
  await verdict('not verified');
  await page.getByText('1,040,').waitFor();
  await page.getByRole('button', { name: /^Show all 780,\d+ characters/ }).waitFor();
  await page.keyboard.press('Control+End');
  await page.keyboard.type('BCDE');
  await verdict('will refuse');
  assert.equal(await page.locator('token-editor').evaluate(({ value }) => value.slice(-6)), 'AABCDE');
  // What is on the screen is a small part of it.
  assert.ok(await page.locator('token-editor').evaluate(({ shadowRoot }) => shadowRoot.textContent.length) < 100_000);

  await paste(long(Object.fromEntries(Array.from({ length: 10_000 }, (_, i) => [`claim-${i}`, i]))));
  await page.getByRole('button', { name: 'Show more: 9,800 rows are left' }).waitFor();
  assert.equal(await claim('claim-199'), '199');
});

test('text from right to left keeps to its place, and what turns directions is shown as an escape', async () => {
  await inspect(compact('{"alg":"HS256"}', '{"name":"عربي","sub":"a\u202eb","שם":"x","iss":"y"}'));
  await verdict('will refuse');
  assert.equal(await claim('name'), 'عربي');
  assert.equal(await claim('sub'), 'a\\u202eb');
  const isolated = await page.locator('claims-table :is(th, td) :is(.value, code)').evaluateAll((found) =>
    found.every((code) => code.closest('.long-name') || code.firstElementChild?.tagName === 'BDI'));
  assert.ok(isolated);
});
