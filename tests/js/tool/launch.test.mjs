// A tool as one handler, launched by the emulator: login, launch, keys, sessions, services.
import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { test } from 'node:test';
import { decode, generateKey } from 'canvas-lms-tokens';
import * as entry from 'canvas-lms-tokens/tool';
import {
  Browser, KEY, ORIGIN, PLATFORM, SECRET, begin, codeOf, dataOf, html, launch, loginForm, makeWorld,
} from './world.mjs';

const { createTool, memoryStore } = entry;

test('a login answers with a page that goes on to Canvas, and a launch with what the handler makes', async () => {
  const world = makeWorld();
  const browser = new Browser(world.tool);
  const { page, data, form } = await begin(world, browser);
  assert.equal(new URL(data.url).origin, 'https://sso.canvaslms.com');
  assert.equal(new URL(data.url).searchParams.get('redirect_uri'), `${ORIGIN}/lti/launch`);
  assert.equal(data.storage.target, 'post_message_forwarding');
  assert.match(page, /<html lang="en">/);
  assert.equal(browser.jar.size, 1);
  const response = await browser.ask('/lti/launch', { form });
  assert.equal(await response.text(), '<!doctype html><h1>Welcome, Sue Student</h1>');
  const [{ launch: found, context }] = world.launched;
  assert.deepEqual([found.messageType, found.isLearner, found.context.title], ['LtiResourceLinkRequest', true, 'Rhetoric 101']);
  assert.equal(context.target, `${ORIGIN}/lti/launch`);
  // The login's cookie has served.
  assert.equal(browser.jar.size, 0);
});

test('a login by GET is one, too', async () => {
  const world = makeWorld();
  const form = await loginForm(world.canvas);
  const page = await (await new Browser(world.tool).ask(`/lti/login?${new URLSearchParams(form)}`)).text();
  assert.equal(new URL(dataOf(page).url).searchParams.get('login_hint'), form.login_hint);
});

test('pages have scripts of their own nonce alone, and are never kept', async () => {
  const world = makeWorld();
  const [one, other] = await Promise.all([1, 2].map(async () => {
    const response = await new Browser(world.tool).ask('/lti/login', { form: await loginForm(world.canvas) });
    return { text: await response.text(), headers: response.headers };
  }));
  for (const { text, headers } of [one, other]) {
    const policy = headers.get('content-security-policy');
    const [, nonce] = /script-src 'nonce-([\w+/]{22}==)'/.exec(policy);
    assert.deepEqual([...text.matchAll(/<(?:script|style)(?: nonce="([^"]*)")?/g)].map(([, each]) => each), [nonce, undefined, nonce]);
    assert.match(policy, /^default-src 'none'; /);
    assert.equal(headers.get('cache-control'), 'no-store');
    assert.equal(headers.get('referrer-policy'), 'same-origin');
  }
  assert.notEqual(one.headers.get('content-security-policy'), other.headers.get('content-security-policy'));
});

test('where cookies are blocked, the page asks the storage and posts the launch again with what it got', async () => {
  const world = makeWorld();
  const browser = new Browser(world.tool, { cookies: false });
  const { data: { storage: put }, form } = await begin(world, browser);
  const asks = await (await browser.ask('/lti/launch', { form })).text();
  const { page, storage } = dataOf(asks);
  const { value, ...where } = put;
  assert.deepEqual([page, storage], ['storage', where]);
  const fields = Object.fromEntries([...asks.matchAll(/<input type="hidden" name="(\w+)" value="([^"]*)">/g)].map(([, name, given]) => [name, given]));
  assert.deepEqual(fields, { id_token: form.id_token, state: form.state });
  const post = (more, headers) => browser.ask('/lti/launch', { form: { ...fields, ...more }, headers });
  // Asked for once: the browser is not sent in circles.
  assert.equal(codeOf(await (await post({ stored: '' }, { origin: ORIGIN })).text()), 'ERR_LTI_STATE_NOT_BOUND');
  assert.equal(codeOf(await (await post({ stored: value }, { origin: 'https://evil.example' })).text()), 'ERR_LTI_STATE_NOT_BOUND');
  assert.match(await (await post({ stored: value }, { origin: ORIGIN })).text(), /Welcome, Sue Student/);
});

test('the public keys are published, no private ones', async () => {
  const second = await generateKey('RS256');
  const { tool } = makeWorld({ keys: [KEY.privateKey, second.privateKey] });
  const response = await tool.fetch(new Request(`${ORIGIN}/lti/jwks`));
  assert.match(response.headers.get('cache-control'), /^public, max-age=\d+$/);
  assert.deepEqual((await response.json()).keys.map(({ kid, d }) => ({ kid, d })), [KEY, second].map(({ publicKey }) => ({ kid: publicKey.kid, d: undefined })));
});

test('services: a score comes into the gradebook with a token that Canvas granted by the published keys', async () => {
  let scored;
  const world = makeWorld({
    async onLaunch(launch, { services }) {
      const item = await services.createLineItem(launch.lineItems.url, { label: 'Essay', scoreMaximum: 10 });
      scored = await services.postScore(item.id, {
        userId: launch.user.id, scoreGiven: 9, scoreMaximum: 10, activityProgress: 'Completed', gradingProgress: 'FullyGraded',
      });
      return html('scored');
    },
  });
  assert.match(await (await launch(world)).text(), /scored/);
  assert.match(scored.resultUrl, /^https:/);
  assert.deepEqual([...world.canvas.records.results.values()].map(({ resultScore }) => resultScore), [9]);
});

test('a session is found again by its cookie, for the tool’s own routes', async () => {
  const world = makeWorld({
    async onLaunch(given, { startSession }) {
      await startSession();
      return Response.redirect(`${ORIGIN}/app`, 303);
    },
  });
  const browser = new Browser(world.tool);
  const response = await launch(world, {}, browser);
  assert.deepEqual([response.status, response.headers.get('location')], [303, `${ORIGIN}/app`]);
  const cookie = response.headers.getSetCookie().find((header) => header.startsWith('__Host-lti-session='));
  assert.deepEqual(cookie.split('; ').slice(1), ['Path=/', 'Max-Age=28800', 'SameSite=None', 'Secure', 'HttpOnly', 'Partitioned']);
  const own = (headers, init) => new Request(`${ORIGIN}/app`, { headers, ...init });
  const pair = `a=b; __Host-lti-session=${browser.jar.get('__Host-lti-session')}`;
  const found = await world.tool.session(own({ cookie: pair }));
  assert.equal(found.user.name, 'Sue Student');
  assert.equal(found.claims.iss, PLATFORM.issuer);
  assert.equal(await world.tool.session(own({})), null);
  // The services of a launch that was kept.
  const items = [];
  for await (const item of world.tool.services(found).lineItems(found.lineItems.url)) items.push(item);
  assert.deepEqual(items.map(({ label }) => label), ['Speech']);
});

test('a one-time code serves where cookies are blocked, once', async () => {
  let code;
  const world = makeWorld({
    async onLaunch(given, { startSession }) {
      ({ code } = await startSession());
      return html('page');
    },
  });
  await launch(world);
  const ask = (given, headers, method = 'POST') => world.tool.session(new Request(`${ORIGIN}/app${given}`, { headers, method }));
  const own = { 'sec-fetch-site': 'same-origin' };
  // A link of another site's page, with a code of the attacker's own, makes nobody the attacker.
  assert.equal(await ask(`?lti_code=${code}`, { 'sec-fetch-site': 'cross-site' }), null);
  assert.equal(await ask(`?lti_code=${code}`, {}), null);
  assert.equal(await ask(`?lti_code=${code}`, { referer: 'https://evil.example/' }), null);
  // Nor does a link of the tool's own page, which one of its users may have written.
  assert.equal(await ask(`?lti_code=${code}`, own, 'GET'), null);
  const found = await ask(`?lti_code=${code}`, own);
  assert.equal(found.user.name, 'Sue Student');
  assert.equal(await ask(`?lti_code=${code}`, own), null);
  // The next one, for the same session.
  const next = await world.tool.startSession(found);
  assert.equal(decode(next.code).claims.sub, decode(code).claims.sub);
  assert.equal((await ask('', { authorization: `Bearer ${next.code}` })).user.name, 'Sue Student');
  assert.equal(await ask('', { authorization: `Bearer ${next.code}` }), null);
  await assert.rejects(() => world.tool.startSession(found, { livetime: 60 }), { code: 'ERR_ARGUMENT', at: 'options.livetime' });
  await assert.rejects(() => world.tool.startSession({ ...found }), { code: 'ERR_ARGUMENT', at: 'launch' });
});

test('several machines with one secret and one store are one tool', async () => {
  const store = memoryStore();
  const world = makeWorld({ store });
  const other = makeWorld({ store, fetch: world.canvas.fetch });
  const browser = new Browser(world.tool);
  const { form } = await begin(world, browser);
  const jar = [...browser.jar];
  browser.tool = other.tool;
  assert.match(await (await browser.ask('/lti/launch', { form })).text(), /Welcome, Sue Student/);
  // The other has taken it.
  browser.tool = world.tool;
  browser.jar = new Map(jar);
  const again = await browser.ask('/lti/launch', { form });
  assert.deepEqual([again.status, codeOf(await again.text())], [403, 'ERR_LTI_NONCE_USED']);
  // The keys of Canvas were fetched by one machine for both.
  assert.equal(world.canvas.requests.filter(({ url }) => url === PLATFORM.jwksUri).length, 1);
});

test('several machines ask for one token', async () => {
  const store = memoryStore();
  const onLaunch = async ({ lineItems }, { services }) => {
    for await (const item of services.lineItems(lineItems.url)) return html(item.label);
  };
  const { canvas, ...world } = makeWorld({ store, onLaunch });
  // Another fetch: another machine, as far as what a process keeps.
  const other = makeWorld({ store, onLaunch, fetch: (...given) => canvas.fetch(...given) });
  for (const { tool } of [world, other]) assert.match(await (await launch({ canvas, tool })).text(), /Speech/);
  assert.equal(canvas.requests.filter(({ url }) => url === PLATFORM.tokenEndpoint).length, 1);
});

test('a secret is replaced while logins and sessions are open', async () => {
  const store = memoryStore();
  const fresh = 'another secret of the tool, longer than 32 bytes';
  const onLaunch = async (given, { startSession }) => {
    await startSession();
    return html('page');
  };
  const before = makeWorld({ store, onLaunch });
  const after = makeWorld({ store, onLaunch, secret: [fresh, SECRET], fetch: before.canvas.fetch });
  const browser = new Browser(before.tool);
  const { form } = await begin(before, browser);
  browser.tool = after.tool;
  assert.match(await (await browser.ask('/lti/launch', { form })).text(), /page/);
  const asked = () => new Request(`${ORIGIN}/app`, { headers: { cookie: `__Host-lti-session=${browser.jar.get('__Host-lti-session')}` } });
  assert.equal((await after.tool.session(asked())).user.name, 'Sue Student');
  const first = new Browser(before.tool);
  await launch(before, {}, first);
  browser.jar = first.jar;
  assert.equal((await after.tool.session(asked())).user.name, 'Sue Student');
  const gone = makeWorld({ store, secret: fresh });
  assert.equal(await gone.tool.session(asked()), null);
});

test('other paths are somebody else’s; wrong methods are told', async () => {
  const { tool } = makeWorld({ paths: { launch: '/other/launch' } });
  assert.equal(await tool.handle(new Request(`${ORIGIN}/`)), null);
  assert.equal(await tool.handle(new Request(`${ORIGIN}/lti/launch`)), null);
  assert.equal((await tool.fetch(new Request(`${ORIGIN}/`))).status, 404);
  const { status, headers } = await tool.fetch(new Request(`${ORIGIN}/other/launch`));
  assert.deepEqual([status, headers.get('content-type'), headers.get('allow')], [405, 'text/html; charset=utf-8', 'POST']);
  assert.equal((await tool.fetch(new Request(`${ORIGIN}/lti/jwks`, { method: 'POST' }))).status, 405);
});

test('an error of the package is a page, or what onError makes; another is the caller’s', async () => {
  const seen = [];
  const { tool } = makeWorld({ onError: (error) => { seen.push(error.code); } });
  const post = (one, form) => one.fetch(new Request(`${ORIGIN}/lti/login`, { method: 'POST', body: new URLSearchParams(form) }));
  const response = await post(tool, { iss: 'https://<b>.example', login_hint: 'x', target_link_uri: ORIGIN, client_id: '1' });
  const page = await response.text();
  assert.deepEqual([response.status, codeOf(page), seen], [403, 'ERR_LTI_PLATFORM_UNKNOWN', ['ERR_LTI_PLATFORM_UNKNOWN']]);
  assert.match(page, /<h1>The tool could not be opened<\/h1>\n<p>The tool does not know the Canvas that it was opened from.<\/p>/);
  assert.ok(!page.includes('<b>'));
  const own = makeWorld({ onError: (error, request) => new Response(`${error.code} ${request.method}`, { status: 418 }) });
  assert.deepEqual(await (await post(own.tool, {})).text(), 'ERR_LTI_LOGIN_INVALID POST');
  const failing = makeWorld({ onLaunch: () => { throw new RangeError('mine'); } });
  await assert.rejects(() => launch(failing), RangeError);
});

test('a handler that gives no response is told', async () => {
  const response = await launch(makeWorld({ onLaunch: async () => {} }));
  assert.equal(response.status, 500);
  assert.match(await response.text(), /ERR_ARGUMENT: onLaunch\(\): undefined, expected a Response/);
});

test('where Canvas refuses for want of a login, the page knows which login it was', async () => {
  const { tool } = makeWorld();
  const browser = new Browser(tool);
  const { data } = await begin({ tool, canvas: makeWorld().canvas }, browser);
  const state = new URL(data.url).searchParams.get('state');
  const told = async (error) => dataOf(await (await browser.ask('/lti/launch', { form: { error, state } })).text());
  assert.deepEqual(await told('login_required'), { page: 'error', state });
  assert.deepEqual(await told('launch_no_longer_valid'), { page: 'error', state: null });
});

test('behind a proxy the tool has the origin that it is told', async () => {
  const world = makeWorld({ origin: ORIGIN });
  const form = await loginForm(world.canvas);
  const login = (tool, url) => tool.fetch(new Request(url, { method: 'POST', body: new URLSearchParams(form) }));
  const page = await (await login(world.tool, 'http://10.0.0.7:8080/lti/login')).text();
  assert.equal(new URL(dataOf(page).url).searchParams.get('redirect_uri'), `${ORIGIN}/lti/launch`);
  const untold = await login(makeWorld().tool, 'http://10.0.0.7:8080/lti/login');
  assert.equal(untold.status, 500);
  assert.match(await untold.text(), /ERR_ARGUMENT: options.origin: absent, and the request came by http to 10.0.0.7; behind a proxy/);
  assert.equal((await login(makeWorld().tool, 'http://localhost:3000/lti/login')).status, 200);
});

const required = { platforms: PLATFORM, keys: [KEY.privateKey], secret: SECRET, store: memoryStore(), onLaunch: () => html('') };
const wrong = [
  [{ store: undefined }, 'options.store', /absent, expected an object/],
  [{ onlaunch: () => {} }, 'options.onlaunch', /unknown, expected perhaps onLaunch/],
  [{ onLaunch: 'x' }, 'options.onLaunch', /string, expected a function/],
  [{ keys: [] }, 'options.keys', /expected an array of private keys/],
  [{ keys: [{ secret: SECRET }] }, 'keys[0]', /./],
  [{ keys: [KEY.privateKey, KEY.publicKey] }, 'options.keys[1]', /a public key, expected a private one/],
  [{ secret: 'short' }, 'secret', /at least 32/],
  [{ paths: { lunch: '/x' } }, 'options.paths.lunch', /unknown, expected perhaps launch/],
  [{ paths: { launch: 'x' } }, 'options.paths.launch', /a path that begins with/],
  [{ paths: { launch: '//evil.example/x' } }, 'options.paths.launch', /a path that begins with/],
  [{ paths: { launch: '/a/../b' } }, 'options.paths.launch', /as a URL has it/],
  [{ origin: `${ORIGIN}/` }, 'options.origin', /without path or slash/],
  [{ timeout: 2 ** 31 }, 'options.timeout', /at most 2147483647/],
  [{ store: { ...memoryStore(), add: undefined } }, 'options.store', /has no add/],
  [{ registration: { tool: {}, aprove: () => true } }, 'options.registration.aprove', /expected perhaps approve/],
  [{ registration: { tool: {}, registered() {} } }, 'options.registration.approve', /absent/],
  [{ registration: { tool: {}, registered() {}, approve() {}, hosts: ['https://canvas.example'] } }, 'options.registration.hosts', /expected a host/],
];
for (const [change, at, message] of wrong) {
  test(`refused: ${JSON.stringify(change)} ${at}`, () => {
    assert.throws(() => createTool({ ...required, ...change }), (error) => {
      assert.deepEqual([error.name, error.code, error.at], ['TokenError', 'ERR_ARGUMENT', at]);
      assert.match(error.message, message);
      return true;
    });
  });
}

test('options that are none', () => {
  for (const options of [undefined, null, 7, 'x', () => {}]) {
    assert.throws(() => createTool(options), { name: 'TokenError', code: 'ERR_ARGUMENT', at: 'options' });
  }
});

test('a getter that throws is named', () => {
  const cause = new Error('no');
  assert.throws(() => createTool({ ...required, get fetch() { throw cause; } }), { cause });
  assert.throws(() => createTool(Object.defineProperty({ ...required }, 'fetch', { enumerable: true, get() { throw cause; } })), { code: 'ERR_ARGUMENT', cause });
});

test('require has the same exports, and the core that its user requires', async () => {
  const required_ = createRequire(import.meta.url)('canvas-lms-tokens/tool');
  assert.deepEqual(Object.keys(required_).sort(), Object.keys(entry).sort());
  const world = makeWorld();
  const tool = required_.createTool({ ...required, fetch: world.canvas.fetch });
  world.canvas.connect(tool);
  assert.equal((await launch({ ...world, tool })).status, 200);
});
