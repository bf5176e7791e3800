// Users' tokens in real browsers: Canvas's page on which a user agrees, the cookie that binds its answer, in a window and in Canvas's
// own frame, and an answer of somebody else.
import assert from 'node:assert/strict';
import { after, before, suite, test } from 'node:test';
import axe from 'axe-core';
import { launchChromium } from '../page/chromium.mjs';
import { POLICIES, available, open } from './engines.mjs';
import { TOOL_PAGE, logIn, shows, startWorld } from './world.mjs';

const FRAME = '#tool_content';

let world;
before(async () => {
  world = await startWorld();
});
after(() => world?.close());

const click = (browser, name) => browser.run((text) => {
  [...document.querySelectorAll('button, a')].find(({ innerText }) => innerText === text).click();
}, name);

// Of each browser as it comes, and Chromium where it keeps every cookie.
const CHOSEN = POLICIES.filter(({ browser, policy }) => /as it comes|but for partitioned/.test(policy) || (browser === 'chromium' && /allowed/.test(policy)));

for (const row of CHOSEN) {
  suite(`${row.browser}, ${row.policy}`, available(row), () => {
    let browser;
    before(async () => {
      browser = await open(row);
    });
    after(() => browser?.close());

    test('in a window: log in, agree, and come back with the cookie', async () => {
      await browser.goto(`${world.tool.origin}/authorize`);
      await shows(browser, null, /Log in to Canvas/);
      await click(browser, 'Sue Student');
      await shows(browser, null, /Tool is requesting access to your account\.[^]*as Sue Student/);
      await click(browser, 'Authorize');
      await shows(browser, null, /A token of Sue Student, who goes on to \/lab/);
    });

    test('who does not agree', async () => {
      await browser.goto(`${world.tool.origin}/authorize`);
      await shows(browser, null, /as Sue Student/);
      await click(browser, 'Cancel');
      await shows(browser, null, /Refused: ERR_OAUTH access_denied/);
    });

    test('the answer of somebody else is refused', async () => {
      const begun = await world.fetch(`${world.tool.origin}/authorize`, { redirect: 'manual' });
      const callback = await world.emulator.consent(begun.headers.get('location'), { userId: 2 });
      await browser.goto(callback);
      await shows(browser, null, /Refused: ERR_OAUTH_STATE_NOT_BOUND/);
      const headers = { cookie: begun.headers.get('set-cookie').split(';')[0] };
      assert.match(await (await world.fetch(callback, { headers })).text(), /A token of Tom Teacher/);
    });

    const isBound = row.cookies.length > 0;
    test(`in the tool's frame: ${isBound ? 'the cookie comes back' : 'no cookie, so refused'}`, async () => {
      await logIn(browser, world, 'Tom Teacher');
      await shows(browser, FRAME, isBound ? /Welcome, Tom Teacher/ : /Welcome|Refused/);
      await browser.run((address) => location.assign(address), `${world.tool.origin}/authorize`);
      await shows(browser, FRAME, /as Tom Teacher/);
      await click(browser, 'Authorize');
      await shows(browser, FRAME, isBound ? /A token of Tom Teacher/ : /Refused: ERR_OAUTH_STATE_NOT_BOUND/);
    });
  });
}

test('the page on which a user agrees is accessible, runs no script, and stands in no other site', async (t) => {
  const headers = { cookie: 'canvas_session=session-of-tom' };
  const begun = await world.fetch(`${world.tool.origin}/authorize`, { redirect: 'manual' });
  const asked = await world.fetch(`${begun.headers.get('location')}&scope=url:POST|/api/v1/jwts&purpose=lab`, { headers });
  const waiting = asked.headers.get('set-cookie').split(';')[0];
  const page = await world.fetch(`${world.canvas}/login/oauth2/confirm`, { headers: { cookie: `${headers.cookie}; ${waiting}` } });
  assert.match(page.headers.get('content-security-policy'), /^default-src 'none'; .*frame-ancestors 'self'$/);
  const browser = await launchChromium();
  t.after(() => browser.close());
  const tab = await browser.newPage();
  await tab.setContent(await page.text());
  await tab.addScriptTag({ content: axe.source });
  const { violations, passes } = await tab.evaluate(() => globalThis.axe.run());
  assert.deepEqual(violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)]), []);
  assert.ok(passes.length > 5);
});
