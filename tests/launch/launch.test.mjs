// Launches of a tool in a frame of Canvas's page, in real browsers under their real policies for cookies: the tool is another
// site than Canvas, over TLS, and the storage is reached by postMessage, in Instructure's cloud at a third site's frame.
import assert from 'node:assert/strict';
import { after, before, suite, test } from 'node:test';
import { POLICIES, TRACKING_PREVENTION, available, open } from './engines.mjs';
import { CLIENT_ID, TOOL_PAGE, logIn, shows, startWorld, until } from './world.mjs';

const FRAME = '#tool_content';

let cloud, selfHosted;
before(async () => {
  cloud = await startWorld();
  selfHosted = await startWorld({ sso: 'canvas.localhost' });
});
after(() => Promise.all([cloud, selfHosted].map((world) => world?.close())));

/** What the tool has seen since the last time. */
const seen = ({ tool }) => tool.seen.splice(0).map(({ message, parameters, ...entry }) => entry);

/** Begins another launch as Canvas's page does, in a window that it opens. */
async function openInWindow(browser) {
  await browser.run(async () => {
    const page = new DOMParser().parseFromString(await (await fetch(location.href)).text(), 'text/html');
    const form = document.adoptNode(page.getElementById('tool_form'));
    form.target = 'another';
    form.append(Object.assign(document.createElement('button'), { innerText: 'Open in a window' }));
    form.addEventListener('submit', () => window.open('', 'another'));
    document.body.prepend(form);
  });
  // By a real click, as browsers open no window otherwise.
  await browser.click('form button');
}

for (const row of POLICIES) launches(row, 'Canvas on two hosts', () => cloud);
launches(TRACKING_PREVENTION, 'Canvas on one host', () => selfHosted);

function launches(row, where, worldOf) {
  const { cookies, policy } = row;
  const isBound = cookies.includes('__Host-lti');

  suite(`${row.browser}, ${policy}, ${where}`, available(row), () => {
    let browser, world;
    before(async () => {
      world = worldOf();
      browser = await open(row);
    });
    after(() => browser?.close());

    const launched = { stored: null, outcome: 'launched', user: 'Tom Teacher' };
    const expected = (sent = cookies) => (isBound ? [{ cookies: sent, ...launched }] : [
      { cookies: sent, stored: null, outcome: 'asked for what is stored' },
      { cookies: sent, ...launched, stored: world.tool.origin },
    ]);
    /** The names of what Canvas's page keeps for the tool. */
    const kept = async () => {
      await browser.frame(null);
      return browser.run((origin) => Object.keys(localStorage).filter((name) => name.includes(origin)), world.tool.origin);
    };

    test(`a launch is bound to the browser by ${isBound ? 'a cookie' : "the platform's storage"}`, async () => {
      await logIn(browser, world, 'Tom Teacher');
      await shows(browser, FRAME, /Welcome, Tom Teacher/);
      assert.deepEqual(seen(world), expected());
      // A page that gets its value deletes it.
      assert.equal((await kept()).length, isBound ? 1 : 0);
    });

    test(`a platform without storage: ${isBound ? 'a cookie is enough' : 'refused'}`, async () => {
      await browser.goto(`${world.canvas}${TOOL_PAGE}?storage=false`);
      await shows(browser, FRAME, isBound ? /Welcome, Tom Teacher/ : /Refused: ERR_LTI_STATE_NOT_BOUND/);
      assert.deepEqual(seen(world), isBound ? expected() : [{ cookies, stored: null, outcome: 'ERR_LTI_STATE_NOT_BOUND' }]);
    });

    test('the frame of the storage is still loading when the tool asks', async () => {
      const { emulator } = world;
      const { url, form } = await emulator.launch({ developerKeyId: CLIENT_ID, userId: 2, courseId: 1 });
      const page = `<!doctype html>
        <iframe id="tool_content" name="tool_content"></iframe>
        <form method="post" action="${url}" target="tool_content"></form>
        <script>${emulator.platformStorageScript()}</script>
        <script>
          const form = document.querySelector('form');
          for (const [name, value] of ${JSON.stringify(Object.entries(form))}) {
            form.append(Object.assign(document.createElement('input'), { type: 'hidden', name, value }));
          }
          form.submit();
        </script>`;
      const before = await kept();
      emulator.faults.decide = (request) => (request.url.includes('/post_message_forwarding') ? { latency: 500 } : undefined);
      try {
        await browser.goto(world.page(page, world.canvas));
        await shows(browser, FRAME, /Welcome, Tom Teacher/);
      } finally {
        emulator.faults.decide = undefined;
      }
      assert.deepEqual(seen(world), expected());
      assert.equal((await kept()).length, before.length + (isBound ? 1 : 0));
    });

    test('a launch that the browser posts again is refused', async () => {
      await browser.goto(world.canvas + TOOL_PAGE);
      await shows(browser, FRAME, /Welcome, Tom Teacher/);
      const { id_token, state, lti_storage_target } = world.tool.seen[0].parameters;
      seen(world);
      await browser.run((fields) => {
        const form = Object.assign(document.createElement('form'), { method: 'post', action: '/launch' });
        for (const [name, value] of Object.entries(fields)) form.append(Object.assign(document.createElement('input'), { name, value }));
        document.body.append(form);
        form.submit();
      }, { id_token, state, lti_storage_target });
      // The first launch has deleted what bound it: the cookie, or what was stored.
      const code = isBound ? 'ERR_LTI_NONCE_USED' : 'ERR_LTI_STATE_NOT_BOUND';
      await shows(browser, FRAME, new RegExp(`Refused: ${code}`));
      assert.deepEqual(seen(world).map(({ outcome }) => outcome), ['asked for what is stored', code]);
    });

    test('several launches at once, each with its own login', async () => {
      await browser.goto(world.canvas + TOOL_PAGE);
      await shows(browser, FRAME, /Welcome, Tom Teacher/);
      seen(world);
      await browser.frame(null);
      await browser.run((address) => {
        for (let i = 0; i < 3; i += 1) document.body.append(Object.assign(document.createElement('iframe'), { src: address }));
      }, world.canvas + TOOL_PAGE);
      const three = [1, 2, 3].flatMap(() => expected()).map(({ outcome }) => outcome).sort();
      await until(() => world.tool.seen.length === three.length);
      assert.deepEqual(seen(world).map(({ outcome }) => outcome).sort(), three);
    });

    test('deep linking: the items go back by the form that the browser posts', async () => {
      await browser.goto(`${world.canvas}${TOOL_PAGE}?placement=link_selection`);
      await shows(browser, null, /LtiDeepLinkingResponse/);
      assert.deepEqual(seen(world), expected());
      const { contentItems } = [...world.emulator.records.deepLinkingResponses.values()].at(-1);
      assert.deepEqual(contentItems.map(({ type, url, title, errors }) => ({ type, url, title, errors })), [
        { type: 'ltiResourceLink', url: `${world.tool.origin}/picked`, title: 'Picked', errors: undefined },
      ]);
    });

    test('in a window of its own, whose opener has the storage', async () => {
      await browser.goto(world.canvas + TOOL_PAGE);
      await shows(browser, FRAME, /Welcome, Tom Teacher/);
      seen(world);
      const before = await kept();
      await openInWindow(browser);
      await until(() => world.tool.seen.some(({ outcome }) => outcome === 'launched'));
      if (policy === "the tool's cookies blocked") {
        assert.deepEqual(seen(world), expected());
        assert.deepEqual(await kept(), before);
      } else {
        // It is no third party there.
        assert.deepEqual(seen(world), [{ cookies: ['__Host-lti', 'ordinary'], ...launched }]);
        assert.equal((await kept()).length, before.length + 1);
      }
    });

    test('in a frame again, when the browser knows the tool from a window of its own', async () => {
      await browser.goto(world.canvas + TOOL_PAGE);
      await shows(browser, FRAME, /Welcome, Tom Teacher/);
      assert.deepEqual(seen(world), expected(row.visited));
    });
  });
}

const { browser: engine, policy: prevention } = TRACKING_PREVENTION;
const title = `${engine}, ${prevention}, Canvas on two hosts: Canvas does not know its own user but in a window`;
test(title, available(TRACKING_PREVENTION), async () => {
  const browser = await open(TRACKING_PREVENTION);
  try {
    await logIn(browser, cloud, 'Tom Teacher');
    await shows(browser, FRAME, /Refused: ERR_LTI_LAUNCH_REFUSED/);
    const [{ message, parameters, ...entry }] = cloud.tool.seen.splice(0);
    assert.deepEqual(entry, { cookies: [], stored: null, outcome: 'ERR_LTI_LAUNCH_REFUSED' });
    assert.match(message, /login_required: .*its cookies are blocked inside the frame.*open the tool in a new window/);
    await browser.frame(null);
    await openInWindow(browser);
    await until(() => cloud.tool.seen.length > 0);
    assert.deepEqual(seen(cloud), [
      { cookies: ['__Host-lti', 'ordinary'], stored: null, outcome: 'launched', user: 'Tom Teacher' },
    ]);
  } finally {
    await browser.close();
  }
});
