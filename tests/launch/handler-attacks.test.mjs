// What an attacker's site can do in a real browser to a tool of createTool: login CSRF, state of another browser, session fixation,
// requests in the victim's name, open redirects. The victim has sessions with Canvas and the tool, and keeps both.
import assert from 'node:assert/strict';
import { after, before, suite, test } from 'node:test';
import { attackersLaunch, playsStorage, posts } from './attacker.mjs';
import { POLICIES, available, open } from './engines.mjs';
import { startHandler } from './handler.mjs';
import { CLIENT_ID, logIn, shows, startWorld } from './world.mjs';

const FRAME = '#tool_content';
const VICTIM = 2;

let world;
before(async () => {
  world = await startWorld({ start: (given) => startHandler({ ...given, follows: true }) });
});
after(() => world?.close());

const attackersOwn = () => attackersLaunch(world, (page) => JSON.parse(/id="lti">(.*)<\/script>/.exec(page)[1]));
const seen = () => world.tool.seen.splice(0);
const NOT_BOUND = /The tool could not be opened[^]*Your browser did not bring back what the tool had given it/;

/** A session of the attacker's: its cookie, and a code that he has not used. */
async function attackersSession() {
  const { fields, cookie } = await attackersOwn();
  const response = await world.fetch(`${world.tool.origin}/launch`, {
    method: 'POST', body: new URLSearchParams(fields), headers: { cookie: cookie.split(';')[0] },
  });
  assert.match(await response.text(), /Welcome, Sue Student/);
  seen();
  return {
    code: world.tool.codes.at(-1),
    session: response.headers.getSetCookie().find((header) => header.startsWith('__Host-lti-session=')),
  };
}

// Of each browser one that keeps cookies, and one that does not.
const CHOSEN = POLICIES.filter(({ cookies }) => cookies.length !== 1).filter(({ policy }) => !policy.includes('partitioned'));

for (const row of CHOSEN) {
  suite(`${row.browser}, ${row.policy}`, available(row), () => {
    let browser, launch, me;
    before(async () => {
      browser = await open(row);
      await logIn(browser, world, 'Tom Teacher');
      await shows(browser, FRAME, /Welcome, Tom Teacher/);
      [launch, me] = ['launch', 'me'].map((name) => `${world.tool.origin}/${name}`);
      seen();
    });
    after(() => browser?.close());

    const visit = (html) => browser.goto(world.page(html));
    /** Nobody has become the attacker. */
    async function holds(refused) {
      assert.deepEqual(seen(), refused);
      await browser.goto(me);
      assert.doesNotMatch(await shows(browser, null, /You are|Nobody is here/), /Sue Student/);
    }

    test('login CSRF: a launch of his, posted from his site', async () => {
      const { fields } = await attackersOwn();
      await visit(posts(launch, fields));
      await shows(browser, null, NOT_BOUND);
      await holds([]);
    });

    test('login CSRF: the same, with what his own browser has stored', async () => {
      const { fields, storage } = await attackersOwn();
      await visit(posts(launch, { ...fields, stored: storage.value }));
      await shows(browser, null, NOT_BOUND);
      await holds([{ refused: 'ERR_LTI_STATE_NOT_BOUND' }]);
    });

    test('login CSRF: the same, from a page that has no origin', async () => {
      const { fields, storage } = await attackersOwn();
      const src = world.page(posts(launch, { ...fields, stored: storage.value }));
      await visit(`<!doctype html><iframe id="inner" sandbox="allow-scripts allow-forms" src="${src}"></iframe>`);
      await shows(browser, '#inner', NOT_BOUND);
      await holds([{ refused: 'ERR_LTI_STATE_NOT_BOUND' }]);
    });

    for (const [what, page] of [
      ["a frame of his that plays the platform's storage", (value) => ['', world.page(`<!doctype html>${playsStorage(value)}`)]],
      ["the platform's own frame, whose page he plays", (value) => [playsStorage(value), `${world.canvas}/post_message_forwarding`]],
    ]) {
      test(`login CSRF: in a frame beside ${what}`, async () => {
        const { fields, storage } = await attackersOwn();
        const [script, src] = page(storage.value);
        await visit(posts(launch, fields, {
          target: 'tool', more: `${script}<iframe name="${storage.target}" src="${src}"></iframe><iframe name="tool" id="tool"></iframe>`,
        }));
        await shows(browser, '#tool', NOT_BOUND);
        await browser.frame(null);
        assert.equal(await browser.run(() => window.heard ?? 0), 0);
        await holds([]);
      });
    }

    test('a login request of his, in the browser of the victim', async () => {
      const { login: { url } } = await attackersOwn();
      const { form } = await world.emulator.launch({ developerKeyId: CLIENT_ID, userId: 3, courseId: 1 });
      await visit(posts(url, form));
      // Canvas finds that the session is of another user than the login is; without a cookie, the tool goes no further.
      await shows(browser, null, /Canvas did not let the tool in|Your browser blocks cookies here/);
      assert.deepEqual(seen().filter(({ refused }) => refused !== 'ERR_LTI_LAUNCH_REFUSED'), []);
      await holds([]);
    });

    test('session fixation: a link and a form with a code of his', async () => {
      const { code } = await attackersSession();
      await browser.goto(`${me}?lti_code=${code}`);
      assert.doesNotMatch(await shows(browser, null, /You are|Nobody is here/), /Sue Student/);
      await visit(posts(`${me}?lti_code=${code}`, {}));
      await shows(browser, null, /Nobody is here/);
      await holds([]);
    });

    // What keeps them out is the prefix of their names.
    const prefixes = { skip: row.browser === 'webkit' && 'WebKitGTK knows no __Host- of cookies' };
    test('session fixation and login CSRF: cookies of his, from a domain below the tool’s', prefixes, async () => {
      const { session } = await attackersSession();
      const { fields, cookie } = await attackersOwn();
      const pairs = [session, cookie].map((header) => header.split(';')[0]);
      // As they are, and as what a server might take for them.
      const set = pairs.flatMap((pair) => [pair, `\u00a0${pair}`, pair.replace('__Host-', '__host-'), `=${pair}`]);
      await browser.goto(world.page(`<!doctype html><meta charset="utf-8"><h1>Set</h1><script>
        for (const pair of ${JSON.stringify(set)}) document.cookie = pair + '; Domain=tool.localhost; Path=/; Secure; SameSite=None';
      </script>`, world.sibling));
      await shows(browser, null, /Set/);
      await holds([]);
      await visit(posts(launch, fields));
      await shows(browser, null, NOT_BOUND);
      await holds([]);
    });

    test('a request in the victim’s name, from his site', async () => {
      await visit(posts(`${world.tool.origin}/point`, {}));
      await shows(browser, null, /Nobody is here/);
      await holds([]);
    });

    // Where none are kept there is no session after a redirect, wherever it leads.
    const cookies = { skip: row.cookies.length === 0 && 'no cookies' };
    test('open redirect: a launch whose target is his site', cookies, async () => {
      const { url, form } = await world.emulator.launch({
        developerKeyId: CLIENT_ID, userId: VICTIM, courseId: 1, targetLinkUri: world.page('<!doctype html><h1>Log in here</h1>'),
      });
      await browser.goto(world.page(posts(url, form, { target: 'tool', more: '<iframe name="tool" id="tool_content"></iframe>' }), world.canvas));
      await shows(browser, FRAME, /You are Tom Teacher/);
      assert.deepEqual(seen(), [{ launched: 'Tom Teacher', by: 'cookie' }]);
    });
  });
}
