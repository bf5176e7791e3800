// What somebody who means harm can send: none of it is taken for a launch or a session of somebody else's.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decode, encryptedStore, generateKey, signJwt, signJwtSync } from 'canvas-lms-tokens';
import { memoryStore } from 'canvas-lms-tokens/tool';
import {
  Browser, CLIENT_ID, ORIGIN, PLATFORM, SECRET, TEACHER, begin, dataOf, html, launch, loginForm, makeWorld,
  posted, refused,
} from './world.mjs';

const page = async (response) => ({ status: response.status, text: await response.text() });

test('login CSRF: the attacker’s own launch, posted in a browser that did not begin it', async () => {
  const world = makeWorld();
  const { form, data } = await begin(world, new Browser(world.tool), { userId: TEACHER });
  const victim = new Browser(world.tool);
  await begin(world, victim);
  // The page of the storage finds nothing there, or is answered by nobody: it is not of Canvas's page.
  assert.equal(dataOf((await page(await victim.ask('/lti/launch', { form }))).text).page, 'storage');
  const stored = { ...form, stored: data.storage.value };
  for (const origin of ['https://evil.example', 'null', undefined]) {
    await refused(await victim.ask('/lti/launch', { form: stored, headers: { ...(origin && { origin }) } }), 'ERR_LTI_STATE_NOT_BOUND');
  }
  const { lti_storage_target, ...rest } = form;
  await refused(await victim.ask('/lti/launch', { form: rest }), 'ERR_LTI_STATE_NOT_BOUND');
  assert.equal(world.launched.length, 0);
});

test('a launch’s token with the state of another login, which is the browser’s own', async () => {
  const world = makeWorld();
  const browser = new Browser(world.tool);
  const [one, other] = [await begin(world, browser), await begin(world, browser)];
  await refused(await browser.ask('/lti/launch', { form: { ...one.form, state: other.form.state } }), 'ERR_JWT_CLAIM_VALIDATION_FAILED');
  assert.equal(world.launched.length, 0);
});

test('a launch that is sent again', async () => {
  const world = makeWorld();
  const browser = new Browser(world.tool);
  const { form } = await begin(world, browser);
  const jar = [...browser.jar];
  assert.equal((await browser.ask('/lti/launch', { form })).status, 200);
  browser.jar = new Map(jar);
  await refused(await browser.ask('/lti/launch', { form }), 'ERR_LTI_NONCE_USED');
  assert.equal(world.launched.length, 1);
});

test('a deployment that is not the platform’s', async () => {
  const world = makeWorld({ platforms: { ...PLATFORM, deployments: ['1:another'] } });
  await refused(await launch(world), 'ERR_LTI_DEPLOYMENT_UNKNOWN');
});

test('a token of a key, an issuer or a client that are not the platform’s', async () => {
  const world = makeWorld();
  const { privateKey } = await generateKey('RS256');
  const forge = async (changes, key = privateKey) => {
    const browser = new Browser(world.tool);
    const { form } = await begin(world, browser);
    const { header, claims } = decode(form.id_token);
    const id_token = await signJwt({ ...claims, ...changes }, key, header);
    return browser.ask('/lti/launch', { form: { ...form, id_token } });
  };
  const canvasKey = (await world.canvas.keys()).lti.present;
  const good = await forge({}, canvasKey);
  assert.equal(good.status, 200, await good.text());
  await refused(await forge({}), 'ERR_JWS_SIGNATURE_VERIFICATION_FAILED');
  await refused(await forge({ iss: 'https://evil.example' }, canvasKey), 'ERR_JWT_CLAIM_VALIDATION_FAILED');
  await refused(await forge({ aud: '666', azp: '666' }, canvasKey), 'ERR_JWT_CLAIM_VALIDATION_FAILED');
  const login = { ...(await loginForm(world.canvas)), iss: 'https://evil.example' };
  await refused(await new Browser(world.tool).ask('/lti/login', { form: login }), 'ERR_LTI_PLATFORM_UNKNOWN');
  assert.equal(world.launched.length, 1);
});

/** A tool whose launches start a session; `codes` has that of each. */
function withSessions(options = {}) {
  const codes = [];
  const world = makeWorld({
    async onLaunch(given, { startSession }) {
      codes.push((await startSession()).code);
      return html('page');
    },
    ...options,
  });
  const nameOf = async (cookie, headers = {}, init = {}) =>
    (await world.tool.session(new Request(`${ORIGIN}/app`, { ...init, headers: { ...(cookie && { cookie: `__Host-lti-session=${cookie}` }), ...headers } })))?.user.name;
  return { ...world, codes, nameOf };
}
const sessionOf = (browser) => browser.jar.get('__Host-lti-session');

test('session fixation: a session that stands in the browser is never the one of a launch', async () => {
  const world = withSessions();
  const [attacker, victim] = [new Browser(world.tool), new Browser(world.tool)];
  await launch(world, { userId: TEACHER }, attacker);
  const planted = sessionOf(attacker);
  victim.jar.set('__Host-lti-session', planted);
  await launch(world, {}, victim);
  assert.notEqual(sessionOf(victim), planted);
  assert.equal(await world.nameOf(sessionOf(victim)), 'Sue Student');
  assert.equal(await world.nameOf(planted), 'Tom Teacher');
});

test('sessions that were made up, or are something else of ours', async () => {
  const world = withSessions();
  const browser = new Browser(world.tool);
  const { form } = await begin(world, browser);
  await browser.ask('/lti/launch', { form });
  const cookie = sessionOf(browser);
  assert.equal(await world.nameOf(cookie), 'Sue Student');
  const { header, claims } = decode(cookie);
  const unsigned = `${Buffer.from('{"alg":"none"}').toString('base64url')}.${cookie.split('.')[1]}.`;
  const others = {
    unsigned, 'of the secret itself': signJwtSync(claims, { secret: SECRET }, header),
    'of another secret': signJwtSync(claims, { secret: 'another secret of more than 32 bytes!' }, header),
    changed: cookie.slice(0, -2) + (cookie.endsWith('AA') ? 'BB' : 'AA'),
    'a code': world.codes[0], 'a state': form.state, 'the id token': form.id_token, nothing: '', long: 'x'.repeat(100_000),
  };
  for (const [what, token] of Object.entries(others)) assert.equal(await world.nameOf(token), undefined, what);
  for (const token of [cookie, form.state, form.id_token, 'x']) {
    assert.equal(await world.nameOf(undefined, { authorization: `Bearer ${token}` }), undefined);
  }
});

test('a session is of one origin, and has its end', async (t) => {
  const store = memoryStore();
  const world = withSessions({ store });
  const browser = new Browser(world.tool);
  await launch(world, {}, browser);
  const cookie = sessionOf(browser);
  const other = withSessions({ store, origin: 'https://other.example' });
  assert.equal(await other.nameOf(cookie), undefined);
  assert.equal(await world.nameOf(cookie), 'Sue Student');
  t.mock.timers.enable({ apis: ['Date'], now: Date.now() + 8 * 3600 * 1000 + 5000 });
  assert.equal(await world.nameOf(cookie), undefined);
});

test('another site’s page makes no request that changes something, though the browser sends the cookie', async () => {
  const world = withSessions();
  const browser = new Browser(world.tool);
  await launch(world, {}, browser);
  const cookie = sessionOf(browser);
  const post = (headers) => world.nameOf(cookie, headers, { method: 'POST', body: 'a=b' });
  assert.equal(await post({ origin: ORIGIN }), 'Sue Student');
  for (const origin of ['https://evil.example', 'null', 'http://tool.example', `${ORIGIN}:8443`, `${ORIGIN}.evil.example`]) {
    assert.equal(await post({ origin }), undefined, origin);
  }
  assert.equal(await post({ 'sec-fetch-site': 'cross-site' }), undefined);
  assert.equal(await post({ 'sec-fetch-site': 'same-site' }), undefined);
  assert.equal(await world.nameOf(cookie, { 'sec-fetch-site': 'cross-site' }), 'Sue Student');
  // A WebSocket is opened by a GET, and no policy keeps another site's page from it.
  const opened = (origin) => world.nameOf(cookie, { upgrade: 'websocket', origin });
  assert.deepEqual([await opened('https://evil.example'), await opened(ORIGIN)], [undefined, 'Sue Student']);
});

test('a cookie that only looks like the session’s, as a sibling domain may set it, is none', async () => {
  const world = withSessions();
  const [attacker, victim] = [new Browser(world.tool), new Browser(world.tool)];
  await launch(world, { userId: TEACHER }, attacker);
  await launch(world, {}, victim);
  const named = (header) => world.tool.session(new Request(`${ORIGIN}/app`, { headers: { cookie: header } }));
  const planted = `a=b; \u00a0__Host-lti-session=${sessionOf(attacker)}`;
  assert.equal((await named(`${planted}; __Host-lti-session=${sessionOf(victim)}`)).user.name, 'Sue Student');
});

test('no more cookies are looked at than a browser has of this name', async () => {
  const world = withSessions();
  const browser = new Browser(world.tool);
  await launch(world, {}, browser);
  const many = '__Host-lti-session=x; '.repeat(4);
  const named = (header) => world.tool.session(new Request(`${ORIGIN}/app`, { headers: { cookie: header } }));
  assert.equal(await named(`${many}__Host-lti-session=${sessionOf(browser)}`), null);
});

test('whoever reads the store gets no session of it, nor what is in one', async () => {
  const store = memoryStore();
  const [names, values] = [[], []];
  const seen = { ...store, set: (name, value, ttl) => { names.push(name); values.push(value); return store.set(name, value, ttl); } };
  const world = withSessions({ store: seen });
  const browser = new Browser(world.tool);
  await launch(world, {}, browser);
  const [id] = names.filter((name) => name.startsWith('lti-session/')).map((name) => name.slice('lti-session/'.length));
  assert.ok(id);
  assert.equal(await world.nameOf(id), undefined);
  for (const value of values) {
    // As it stands, and what its parts are in base64url.
    for (const text of [value, ...value.split('.').map((part) => Buffer.from(part, 'base64url').toString('latin1'))]) {
      assert.doesNotMatch(text, /Sue Student/);
    }
  }
  // And who writes to it makes none.
  assert.equal(await world.nameOf(sessionOf(browser)), 'Sue Student');
  const foreign = encryptedStore(store, 'another secret of more than 32 bytes!');
  await foreign.set(`lti-session/${id}`, '{"user":{"name":"Mallory"}}', 60);
  assert.equal(await world.nameOf(sessionOf(browser)), undefined);
});

const TARGETS = {
  [`${ORIGIN}/essay?id=7#top`]: `${ORIGIN}/essay?id=7#top`, [ORIGIN]: `${ORIGIN}/`, [`${ORIGIN}//evil.example`]: `${ORIGIN}//evil.example`,
  'https://evil.example/': null, 'https://tool.example.evil.example/': null, 'https://tool.example@evil.example/': null,
  'https://evil@tool.example/': null, 'http://tool.example/': null, 'https://tool.example:8443/': null,
  // No http URLs: the launch itself is refused.
  '//evil.example': undefined, 'https:\\\\evil.example': undefined, 'javascript:alert(1)': undefined, 'data:text/html,x': undefined,
};
for (const [uri, target] of Object.entries(TARGETS)) {
  test(`open redirect: ${uri}`, async () => {
    const world = makeWorld({ onLaunch: (given, context) => Response.redirect(context.target ?? `${ORIGIN}/`, 303) });
    const browser = new Browser(world.tool);
    const claims = { 'https://purl.imsglobal.org/spec/lti/claim/target_link_uri': uri };
    const response = await launch(world, { claims }, browser);
    assert.equal(response.headers.get('location'), target === undefined ? null : target ?? `${ORIGIN}/`);
    assert.equal(response.status, target === undefined ? 400 : 303);
  });
}

test('line breaks and tags in what is sent: no header and no element comes of them', async () => {
  const world = makeWorld();
  const evil = '</script><script>alert(1)</script>"><img src=x onerror=alert(1)>\r\nSet-Cookie: evil=1\r\n\r\n<b>';
  const { lti_storage_target, ...login } = { ...(await loginForm(world.canvas)), login_hint: evil, lti_message_hint: evil };
  const response = await new Browser(world.tool).ask('/lti/login', { form: login });
  const text = await response.text();
  assert.deepEqual(response.headers.getSetCookie().map((cookie) => cookie.split('-')[0]), ['__Host']);
  assert.equal(text.match(/<script/g).length, 2);
  assert.doesNotMatch(text, /<img|<b>/);
  assert.equal(new URLSearchParams(dataOf(text).parameters).get('login_hint'), evil);
  // Not encoded, as a form would have it.
  const raw = await world.tool.fetch(posted('/lti/login', `${new URLSearchParams(login)}&lti_storage_target=${evil}&x=${evil}`));
  const said = await raw.text();
  assert.equal(said.match(/<script/g).length, 2);
  assert.doesNotMatch(said, /<img|<b>/);
  const { form } = await begin(world, new Browser(world.tool));
  const asks = await page(await new Browser(world.tool).ask('/lti/launch', { form: { ...form, id_token: evil } }));
  assert.equal(dataOf(asks.text).page, 'storage');
  assert.equal(asks.text.match(/<script/g).length, 2);
  assert.doesNotMatch(asks.text, /<img|<b>/);
  for (const path of ['/lti/login', '/lti/launch', '/lti/login?iss=%0D%0ASet-Cookie:%20evil=1&login_hint=x&target_link_uri=x']) {
    const failed = await new Browser(world.tool).ask(path, path.includes('?') ? {} : { form: { state: evil, iss: evil, login_hint: evil, target_link_uri: evil } });
    const said = await failed.text();
    assert.ok(failed.status >= 400);
    assert.deepEqual(failed.headers.getSetCookie(), []);
    assert.equal(said.match(/<script/g).length, 2);
    assert.doesNotMatch(said, /<img|<b>/);
  }
});

test('a parameter that stands twice', async () => {
  const world = makeWorld();
  const form = [...Object.entries(await loginForm(world.canvas)), ['client_id', CLIENT_ID]];
  await refused(await world.tool.fetch(posted('/lti/login', String(new URLSearchParams(form)))), 'ERR_LTI_LOGIN_INVALID');
  const browser = new Browser(world.tool);
  const begun = await begin(world, browser);
  await refused(await browser.ask('/lti/launch', { form: [...Object.entries(begun.form), ['state', begun.form.state]] }), 'ERR_LTI_STATE_INVALID');
});
