// The pages that a person sees: their words, and whether everybody can read them.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { after, before, test } from 'node:test';
import { launchChromium } from '../../page/chromium.mjs';
import { read } from '../node/copies.mjs';
import { FAILURES, OTHER_FAILURE, PAGES } from '../../../pkg/tool/texts.js';
import { errorPage, loginPage, registeredPage, storagePage } from '../../../pkg/tool/pages.js';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const codes = [...read('src/wasm/types.d.ts').split('export type ErrorCode =')[1].matchAll(/'(ERR_\w+)'/g)].map(([, code]) => code);

test('every text is of a code that there is, says what happened and what to do, and stands in one file', () => {
  assert.ok(codes.length > 30);
  for (const [code, [status, what, todo]] of [...Object.entries(FAILURES), ['ERR_JWS_INVALID', OTHER_FAILURE]]) {
    assert.ok(codes.includes(code), code);
    assert.ok(status >= 400 && status < 600, code);
    for (const text of [what, todo]) assert.match(text, /^[A-Z][^<>]{15,}\.$|look after|Details/, `${code}: ${text}`);
  }
  // Every code of a launch has words of its own.
  for (const code of codes.filter((each) => /^ERR_(LTI_(?!STORAGE)|STORE)/.test(each))) assert.ok(FAILURES[code], code);
  for (const file of ['pkg/tool/page.js', 'pkg/tool/pages.js', 'pkg/tool/create.js']) {
    for (const text of Object.values(PAGES).filter((each) => each.length > 12)) assert.ok(!read(file).includes(text), `${file}: ${text}`);
  }
});

const error = (code, more) => Object.assign(new Error('what was found, where, expected'), { code, ...more });
const login = { storage: { target: 'none', origin: 'https://sso.example', key: 'k', value: 'v' }, url: 'https://sso.invalid/?state=s', cookie: 'a=b' };
const SHOWN = {
  ...Object.fromEntries([...Object.keys(FAILURES), 'ERR_JWS_INVALID'].map((code) => [code, errorPage(error(code), { action: '/lti/login' })])),
  'a refused launch, with a window to open': errorPage(error('ERR_LTI_LAUNCH_REFUSED', { oauthError: 'login_required' }), { action: '/lti/login' }),
  registered: registeredPage(),
  // Its script finds neither storage nor cookie, and offers the window.
  'a login where all is blocked': loginPage(login, { parameters: 'iss=x', action: '/lti/login' }),
  'a launch whose storage is not there': storagePage(login.storage, new URLSearchParams('id_token=a&state=b'), { action: '/lti/launch' }),
};

let browser;
before(async () => {
  browser = await launchChromium();
});
after(() => browser?.close());

for (const [name, response] of Object.entries(SHOWN)) {
  test(`axe finds nothing: ${name}`, async () => {
    // Of a frame that may keep nothing.
    const page = await browser.newPage({ bypassCSP: true });
    await page.setContent(await response.text());
    await page.waitForFunction(() => [...document.querySelectorAll('section')].some(({ id, hidden }) => id !== 'moment' && !hidden));
    const headings = await page.getByRole('heading', { level: 1 }).allTextContents();
    assert.equal(headings.length, 1, `${headings}`);
    await page.evaluate(axe);
    for (const scheme of ['light', 'dark']) {
      await page.emulateMedia({ colorScheme: scheme });
      const { violations } = await page.evaluate(() => globalThis.axe.run());
      assert.deepEqual(violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)]), []);
    }
    await page.close();
  });
}

test('the window is offered by the keyboard alone, too, and posts what the login was', async () => {
  const page = await browser.newPage();
  await page.setContent(await loginPage(login, { parameters: 'iss=x&login_hint=%C3%A9', action: 'https://tool.invalid/lti/login' }).text());
  await page.getByRole('button', { name: PAGES.newWindow }).waitFor();
  await page.keyboard.press('Tab');
  assert.equal(await page.evaluate(() => document.activeElement.textContent), PAGES.newWindow);
  const asked = page.context().waitForEvent('request', (request) => request.url().startsWith('https://tool.invalid/'));
  await page.keyboard.press('Enter');
  assert.equal((await asked).postData(), 'iss=x&login_hint=%C3%A9');
  await page.getByRole('heading', { name: PAGES.opened }).waitFor();
  await page.close();
});

test('a registration that is done closes its window, in Canvas’s words', async () => {
  const page = await browser.newPage();
  await page.setContent('<script>heard = []; addEventListener("message", ({ data }) => heard.push(data));</script><iframe id="tool"></iframe>');
  await page.evaluate((text) => { document.getElementById('tool').srcdoc = text; }, await registeredPage().text());
  await page.waitForFunction(() => globalThis.heard.length > 0);
  assert.deepEqual(await page.evaluate(() => globalThis.heard), [{ subject: 'org.imsglobal.lti.close' }]);
  await page.close();
});

test('without JavaScript there is a link, as there may still be the cookie', async () => {
  const context = await browser.newContext({ javaScriptEnabled: false });
  const page = await context.newPage();
  const { url, ...rest } = login;
  await page.setContent(await loginPage({ ...rest, url: `${url}&b="<` }, { parameters: 'iss=x', action: '/lti/login' }).text());
  assert.equal(await page.getByRole('link', { name: PAGES.goOn }).getAttribute('href'), `${url}&b="<`);
  await context.close();
});
