// Login CSRF in real browsers: an attacker's own valid launch, brought into a victim's browser from the attacker's site, so that
// the victim works in the attacker's name. The tool refuses it, whether the browser keeps cookies or not.
import assert from 'node:assert/strict';
import { after, before, suite, test } from 'node:test';
import { POLICIES, available, open } from './engines.mjs';
import { CLIENT_ID, logIn, shows, startWorld } from './world.mjs';

const FRAME = '#tool_content';
const ATTACKER = 3;

let world;
before(async () => {
  world = await startWorld();
});
after(() => world?.close());

/** What the attacker gets with a program of his own: a login, and the launch that Canvas posts after it. */
async function attackersLaunch() {
  const { url, form, cookie } = await world.emulator.launch({ developerKeyId: CLIENT_ID, userId: ATTACKER, courseId: 1 });
  const login = await world.fetch(url, { method: 'POST', body: new URLSearchParams(form) });
  const page = await login.text();
  const storage = JSON.parse(/storage = (\{.*\});/.exec(page)[1]);
  const next = JSON.parse(/location\.replace\((".*")\)/.exec(page)[1]);
  const { form: { id_token, state } } = await world.emulator.authorize(next, { cookie });
  return { fields: { id_token, state, lti_storage_target: storage.target }, storage, cookie: login.headers.get('set-cookie'), login: { url, form } };
}

/** The attacker's page: a form that posts itself. */
const posts = (action, fields, { target = '_self', more = '' } = {}) => `<!doctype html>
<meta charset="utf-8">
${more}
<form method="post" action="${action}" target="${target}"></form>
<script>
  const form = document.querySelector('form');
  for (const [name, value] of Object.entries(${JSON.stringify(fields)})) {
    form.append(Object.assign(document.createElement('input'), { type: 'hidden', name, value }));
  }
  form.submit();
</script>`;

const seen = () => world.tool.seen.splice(0).map(({ outcome, stored }) => ({ outcome, stored }));

test("the attacker's launch is good in his own browser", async () => {
  const { fields, storage, cookie } = await attackersLaunch();
  const post = (more, headers) => world.fetch(`${world.tool.origin}/launch`, {
    method: 'POST', body: new URLSearchParams({ ...fields, ...more }), headers,
  });
  assert.match(await (await post({}, { cookie: cookie.split(';')[0] })).text(), /Welcome, Sue Student/);
  const other = await attackersLaunch();
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
      const { fields } = await attackersLaunch();
      await open_(posts(launch(), fields));
      await shows(browser, null, /Refused by the page: ERR_LTI_STORAGE, the page is in no frame/);
      assert.deepEqual(seen(), [{ outcome: 'asked for what is stored', stored: null }]);
    });

    test('posted from his site, with what his own browser has stored', async () => {
      const { fields, storage } = await attackersLaunch();
      await open_(posts(launch(), { ...fields, stored: storage.value }));
      await shows(browser, null, /Refused: ERR_LTI_STATE_NOT_BOUND/);
      assert.deepEqual(seen(), [{ outcome: 'ERR_LTI_STATE_NOT_BOUND', stored: world.evil }]);
    });

    test('posted from a page of his that has no origin, with what his own browser has stored', async () => {
      const { fields, storage } = await attackersLaunch();
      const inner = posts(launch(), { ...fields, stored: storage.value });
      const src = world.page(inner);
      await open_(`<!doctype html><iframe id="inner" sandbox="allow-scripts allow-forms" src="${src}"></iframe>`);
      await shows(browser, '#inner', /Refused: ERR_LTI_STATE_NOT_BOUND/);
      assert.deepEqual(seen(), [{ outcome: 'ERR_LTI_STATE_NOT_BOUND', stored: 'null' }]);
    });

    test("in a frame of his site, beside a frame of his that plays the platform's storage", async () => {
      const { fields, storage } = await attackersLaunch();
      const answers = world.page(`<!doctype html><script>
        addEventListener('message', ({ source, data }) => {
          parent.heard = (parent.heard ?? 0) + 1;
          source.postMessage({ subject: data.subject + '.response', message_id: data.message_id, value: ${JSON.stringify(storage.value)} }, '*');
        });
      </script>`);
      await open_(posts(launch(), fields, {
        target: 'tool', more: `<iframe name="${storage.target}" src="${answers}"></iframe><iframe name="tool" id="tool"></iframe>`,
      }));
      await shows(browser, '#tool', /Refused by the page: ERR_TIMEOUT/);
      assert.deepEqual(seen(), [{ outcome: 'asked for what is stored', stored: null }]);
      await browser.frame(null);
      assert.equal(await browser.run(() => window.heard ?? 0), 0);
    });

    test("in a frame of his site, beside the platform's own frame, whose page he plays", async () => {
      const { fields, storage } = await attackersLaunch();
      const forwarder = `${world.canvas}/post_message_forwarding`;
      await open_(posts(launch(), fields, {
        target: 'tool', more: `<script>
          addEventListener('message', ({ source, data }) => {
            window.heard = (window.heard ?? 0) + 1;
            source.postMessage({ ...data, subject: data.subject + '.response', value: ${JSON.stringify(storage.value)} }, '*');
          });
        </script>
        <iframe name="${storage.target}" src="${forwarder}"></iframe><iframe name="tool" id="tool"></iframe>`,
      }));
      await shows(browser, '#tool', /Refused by the page: ERR_TIMEOUT/);
      assert.deepEqual(seen(), [{ outcome: 'asked for what is stored', stored: null }]);
      await browser.frame(null);
      assert.equal(await browser.run(() => window.heard ?? 0), 0);
    });

    test('begun by his login request, in the browser of the victim', async () => {
      const { login: { url, form } } = await attackersLaunch();
      const { form: fresh } = await world.emulator.launch({ developerKeyId: CLIENT_ID, userId: ATTACKER, courseId: 1 });
      assert.deepEqual(Object.keys(fresh), Object.keys(form));
      await open_(posts(url, fresh));
      // Canvas finds that the session is of another user than the login is.
      await shows(browser, null, /Refused: ERR_LTI_LAUNCH_REFUSED/);
      assert.deepEqual(seen(), [{ outcome: 'ERR_LTI_LAUNCH_REFUSED', stored: null }]);
    });
  });
}
