// Login CSRF in real browsers: an attacker's own valid launch, brought into a victim's browser from the attacker's site, so that
// the victim works in the attacker's name. The tool refuses it, whether the browser keeps cookies or not.
import assert from 'node:assert/strict';
import { after, before, suite, test } from 'node:test';
import { ATTACKER, attackersLaunch, playsStorage, posts } from './attacker.mjs';
import { POLICIES, available, open } from './engines.mjs';
import { CLIENT_ID, logIn, shows, startWorld } from './world.mjs';

const FRAME = '#tool_content';

let world;
before(async () => {
  world = await startWorld();
});
after(() => world?.close());

const attackersOwn = () => attackersLaunch(world, (page) => ({
  storage: JSON.parse(/storage = (\{.*\});/.exec(page)[1]), url: JSON.parse(/location\.replace\((".*")\)/.exec(page)[1]),
}));

const seen = () => world.tool.seen.splice(0).map(({ outcome, stored }) => ({ outcome, stored }));

test("the attacker's launch is good in his own browser", async () => {
  const { fields, storage, cookie } = await attackersOwn();
  const post = (more, headers) => world.fetch(`${world.tool.origin}/launch`, {
    method: 'POST', body: new URLSearchParams({ ...fields, ...more }), headers,
  });
  assert.match(await (await post({}, { cookie: cookie.split(';')[0] })).text(), /Welcome, Sue Student/);
  const other = await attackersOwn();
  Object.assign(fields, other.fields);
  assert.match(await (await post({ stored: other.storage.value }, { origin: world.tool.origin })).text(), /Welcome, Sue Student/);
  assert.notEqual(storage.value, other.storage.value);
  seen();
});

// Of each browser one that keeps cookies, and one that does not.
const CHOSEN = POLICIES.filter(({ cookies }) => cookies.length !== 1).filter(({ policy }) => !policy.includes('partitioned'));

for (const row of CHOSEN) {
  suite(`${row.browser}, ${row.policy}`, available(row), () => {
    let browser;
    before(async () => {
      browser = await open(row);
      // The victim has a session with Canvas and with the tool.
      await logIn(browser, world, 'Tom Teacher');
      await shows(browser, FRAME, /Welcome, Tom Teacher/);
      seen();
    });
    after(() => browser?.close());

    const open_ = async (html) => browser.goto(world.page(html));
    const launch = () => `${world.tool.origin}/launch`;

    test('posted from his site', async () => {
      const { fields } = await attackersOwn();
      await open_(posts(launch(), fields));
      await shows(browser, null, /Refused by the page: ERR_LTI_STORAGE, the page is in no frame/);
      assert.deepEqual(seen(), [{ outcome: 'asked for what is stored', stored: null }]);
    });

    test('posted from his site, with what his own browser has stored', async () => {
      const { fields, storage } = await attackersOwn();
      await open_(posts(launch(), { ...fields, stored: storage.value }));
      await shows(browser, null, /Refused: ERR_LTI_STATE_NOT_BOUND/);
      assert.deepEqual(seen(), [{ outcome: 'ERR_LTI_STATE_NOT_BOUND', stored: world.evil }]);
    });

    test('posted from a page of his that has no origin, with what his own browser has stored', async () => {
      const { fields, storage } = await attackersOwn();
      const inner = posts(launch(), { ...fields, stored: storage.value });
      const src = world.page(inner);
      await open_(`<!doctype html><iframe id="inner" sandbox="allow-scripts allow-forms" src="${src}"></iframe>`);
      await shows(browser, '#inner', /Refused: ERR_LTI_STATE_NOT_BOUND/);
      assert.deepEqual(seen(), [{ outcome: 'ERR_LTI_STATE_NOT_BOUND', stored: 'null' }]);
    });

    test("in a frame of his site, beside a frame of his that plays the platform's storage", async () => {
      const { fields, storage } = await attackersOwn();
      const answers = world.page(`<!doctype html>${playsStorage(storage.value)}`);
      await open_(posts(launch(), fields, {
        target: 'tool', more: `<iframe name="${storage.target}" src="${answers}"></iframe><iframe name="tool" id="tool"></iframe>`,
      }));
      await shows(browser, '#tool', /Refused by the page: ERR_TIMEOUT/);
      assert.deepEqual(seen(), [{ outcome: 'asked for what is stored', stored: null }]);
      await browser.frame(null);
      assert.equal(await browser.run(() => window.heard ?? 0), 0);
    });

    test("in a frame of his site, beside the platform's own frame, whose page he plays", async () => {
      const { fields, storage } = await attackersOwn();
      const forwarder = `${world.canvas}/post_message_forwarding`;
      await open_(posts(launch(), fields, {
        target: 'tool', more: `${playsStorage(storage.value)}
        <iframe name="${storage.target}" src="${forwarder}"></iframe><iframe name="tool" id="tool"></iframe>`,
      }));
      await shows(browser, '#tool', /Refused by the page: ERR_TIMEOUT/);
      assert.deepEqual(seen(), [{ outcome: 'asked for what is stored', stored: null }]);
      await browser.frame(null);
      assert.equal(await browser.run(() => window.heard ?? 0), 0);
    });

    test('begun by his login request, in the browser of the victim', async () => {
      const { login: { url, form } } = await attackersOwn();
      const { form: fresh } = await world.emulator.launch({ developerKeyId: CLIENT_ID, userId: ATTACKER, courseId: 1 });
      assert.deepEqual(Object.keys(fresh), Object.keys(form));
      await open_(posts(url, fresh));
      // Canvas finds that the session is of another user than the login is.
      await shows(browser, null, /Refused: ERR_LTI_LAUNCH_REFUSED/);
      assert.deepEqual(seen(), [{ outcome: 'ERR_LTI_LAUNCH_REFUSED', stored: null }]);
    });
  });
}
