// Anything that has a token in it: the token is found, and the page says where. What can be mended is signed again.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { claim, click, inspect, inspected, page, vector, verdict } from './harness.mjs';

const token = vector('canvas-developer-key-assertion').token;
const found = () => page.locator('.found p').first().innerText();
const marked = () => page.locator('token-editor .marked').evaluateAll((all) => all.map(({ textContent }) => textContent).join(''));

const har = JSON.stringify({ log: { version: '1.2', creator: { name: 'x', version: '1' }, entries: [{
  request: { method: 'POST', url: 'https://canvas.example/login', headers: [], postData: { mimeType: 'application/x-www-form-urlencoded',
    text: `assertion=${token}`, params: [{ name: 'assertion', value: token }] } }, response: { status: 200, headers: [], content: {} },
}] } });

const mendAll = () => page.locator('token-verdict').getByRole('button', { name: 'Sign again with iat and exp' }).click();

const FORMS = {
  [`https://tool.example/launch#id_token=${token}&state=x`]: /^Found in a URL: id_token\.$/,
  [`grant_type=x&assertion=${token}`]: /^Found in a form body: assertion\.$/,
  [`curl -X POST https://canvas.example/ -d "assertion=${token}"`]: /^Found in a curl command/,
  [`Authorization: Bearer ${token}`]: /^Found in HTTP headers: Authorization\.$/,
  [`{"access_token": "${token}", "expires_in": 3600}`]: /^Found in JSON: access_token\.$/,
  [har]: /^Found in a HAR file/,
};

for (const [text, said] of Object.entries(FORMS)) {
  test(`${text.slice(0, 30)}…`, async () => {
    await inspect(text);
    await verdict('Canvas will refuse this LTI 2 assertion');
    await page.locator('.found').waitFor();
    assert.match(await found(), said);
    assert.equal(await claim('Iat'), '1486393800');
    // Marked where it stands in what was pasted.
    await page.locator('claims-table tr', { has: page.getByRole('button', { name: 'Iat' }) }).hover();
    assert.equal(await marked(), 'CJJYXQiOjE0ODYzOTM4MDA');
  });
}

test('two presses from the sample to its mended successor, which keeps its place in what was pasted', async () => {
  await click('Documented assertion');
  await verdict('Canvas will refuse this LTI 2 assertion');
  await mendAll();
  await verdict('This LTI 2 assertion is good');
  await page.getByText('Signed again.').waitFor();
  const names = await page.locator('claims-table').nth(1).locator('th[scope=row] code').allInnerTexts();
  assert.deepEqual(names.map((name) => name.trim()), ['sub', 'aud', 'exp', 'iat', 'jti']);
  assert.equal(await claim('sub'), '10000000000003');
  await page.locator('token-editor .cm-content').click();
  await page.keyboard.press('Control+Z');
  await verdict('Canvas will refuse this LTI 2 assertion');
  assert.equal(await inspected(), token);

  const before = 'curl https://canvas.example/ -d assertion=';
  await inspect(before + token);
  await page.locator('.found').waitFor();
  await mendAll();
  await verdict('This LTI 2 assertion is good');
  assert.ok((await inspected()).startsWith(`${before}eyJ`));
});

test('without a key it is asked for', async () => {
  await inspect(token);
  await verdict('Canvas will refuse this LTI 2 assertion');
  await mendAll();
  await page.getByText('To sign again, give the key that signs').waitFor();
  assert.equal(await page.evaluate(() => document.activeElement.getAttribute('aria-label')), 'Key');
  await page.keyboard.type('secret');
  await mendAll();
  await verdict('This LTI 2 assertion is good');
});

test('what mends one fault leaves the others', async () => {
  await click('Documented assertion');
  await verdict('Canvas will refuse');
  await page.locator('.checks').getByRole('button', { name: 'Sign again with iat', exact: true }).first().click();
  await page.locator('claims-table').getByRole('button', { name: 'iat', exact: true }).waitFor();
  await verdict('Canvas will refuse');
  await page.getByRole('button', { name: 'Sign again with iat and exp' }).first().waitFor();
});

test('a token in pieces, as programs write it, is said to be one', async () => {
  await inspect(token.match(/.{1,60}/g).map((line) => `"${line}" +`).join('\n'));
  await verdict('will refuse');
});

test('text without a token says so', async () => {
  await inspect('hello world');
  await verdict('There is no token in this text');
});
