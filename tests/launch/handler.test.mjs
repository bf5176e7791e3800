// createTool's pages in real browsers, in a frame of another site: launch, page, score, with cookies and without; where neither
// cookie nor storage is to be had, in a window of its own.
import assert from 'node:assert/strict';
import { after, before, suite, test } from 'node:test';
import { POLICIES, TRACKING_PREVENTION, available, open } from './engines.mjs';
import { startHandler } from './handler.mjs';
import { CLIENT_ID, TOOL_PAGE, logIn, shows, startWorld, until } from './world.mjs';

const FRAME = '#tool_content';
const ASSIGNMENT = '/courses/1/assignments/26';
const STUDENT = 3;
const options = { start: startHandler, developerKey: { scopes: ['https://purl.imsglobal.org/spec/lti-ags/scope/score'] } };

let cloud, selfHosted;
before(async () => {
  cloud = await startWorld(options);
  selfHosted = await startWorld({ ...options, sso: 'canvas.localhost' });
});
after(() => Promise.all([cloud, selfHosted].map((world) => world?.close())));

const seen = ({ tool }) => tool.seen.splice(0);
const BLOCKED = /Your browser blocks cookies here[^]*In a window of its own it can/;

/** Clicks what opens a window, and waits until the tool was launched in it. */
async function clickForWindow(browser, world) {
  await browser.click('#again button');
  await until(() => world.tool.seen.some(({ launched }) => launched));
  assert.deepEqual(seen(world), [{ launched: 'Sue Student', by: 'cookie' }]);
  await shows(browser, FRAME, /The tool is open in another window/);
}

for (const row of POLICIES) inFrame(row, () => cloud);
inFrame(TRACKING_PREVENTION, () => selfHosted);

function inFrame(row, worldOf) {
  const isBound = row.cookies.includes('__Host-lti');
  // Chromium, told to block this site's cookies, does so in a window, too.
  const hasWindow = row.policy !== "the tool's cookies blocked";

  suite(`${row.browser}, ${row.policy}`, available(row), () => {
    let browser, world;
    before(async () => {
      world = worldOf();
      browser = await open(row);
      await logIn(browser, world, 'Sue Student');
      await shows(browser, FRAME, /Welcome, Sue Student/);
      seen(world);
    });
    after(() => browser?.close());

    test('launch, page, score', async () => {
      world.emulator.records.results.clear();
      await browser.goto(world.canvas + ASSIGNMENT);
      await shows(browser, FRAME, /Welcome, Sue Student/);
      assert.deepEqual(seen(world), [{ launched: 'Sue Student', by: isBound ? 'cookie' : 'storage' }]);
      await browser.click('button');
      await shows(browser, FRAME, /The point is in the gradebook/);
      assert.deepEqual(seen(world), [{ point: 'Sue Student' }]);
      assert.deepEqual([...world.emulator.records.results.values()].map(({ resultScore, userId }) => [resultScore, userId]), [[1, STUDENT]]);
    });

    test('without the platform’s storage', async () => {
      await browser.goto(`${world.canvas}${TOOL_PAGE}?storage=false`);
      if (isBound) {
        await shows(browser, FRAME, /Welcome, Sue Student/);
        assert.deepEqual(seen(world), [{ launched: 'Sue Student', by: 'cookie' }]);
        return;
      }
      await shows(browser, FRAME, BLOCKED);
      assert.deepEqual(seen(world), []);
      if (hasWindow) await clickForWindow(browser, world);
    });

    test('with a storage that never answers', async () => {
      const { url, form } = await world.emulator.launch({ developerKeyId: CLIENT_ID, userId: STUDENT, courseId: 1 });
      const silent = `${world.sso}${new URL(world.page('<!doctype html>', world.sso)).pathname}`;
      await browser.goto(world.page(`<!doctype html><meta charset="utf-8">
        <iframe name="${form.lti_storage_target}" src="${silent}"></iframe><iframe name="tool" id="tool_content"></iframe>
        <form method="post" action="${url}" target="tool"></form>
        <script>
          const form = document.querySelector('form');
          for (const [name, value] of Object.entries(${JSON.stringify(form)})) {
            form.append(Object.assign(document.createElement('input'), { type: 'hidden', name, value }));
          }
          addEventListener('load', () => form.submit());
        </script>`, world.canvas));
      await shows(browser, FRAME, isBound ? /Welcome, Sue Student/ : BLOCKED);
      assert.deepEqual(seen(world), isBound ? [{ launched: 'Sue Student', by: 'cookie' }] : []);
      if (!isBound && hasWindow) await clickForWindow(browser, world);
    });

    test('a launch that fails is a page that says what to do', async () => {
      await browser.goto(world.page(`<!doctype html><meta charset="utf-8"><iframe id="tool_content" src="${world.tool.origin}/login?iss=x"></iframe>`, world.canvas));
      await shows(browser, FRAME, /The tool could not be opened[^]*Go back to Canvas and open the tool again/);
      assert.deepEqual(seen(world), [{ refused: 'ERR_LTI_LOGIN_INVALID' }]);
    });
  });
}

const { browser: engine, policy } = TRACKING_PREVENTION;
test(`${engine}, ${policy}, Canvas on two hosts: Canvas knows its own user in a window alone, which the page offers`, available(TRACKING_PREVENTION), async () => {
  const browser = await open(TRACKING_PREVENTION);
  try {
    await logIn(browser, cloud, 'Sue Student');
    await shows(browser, FRAME, /Canvas did not let the tool in[^]*Open in a new window/);
    assert.deepEqual(seen(cloud), [{ refused: 'ERR_LTI_LAUNCH_REFUSED' }]);
    await clickForWindow(browser, cloud);
  } finally {
    await browser.close();
  }
});
