// What else fails: the store, the platform's keys, answers on their way. No launch is taken twice, and nobody is kept out.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createTool, memoryStore, redisStore } from 'canvas-lms-tokens/tool';
import { each, makePlatform, seeded } from './platform.mjs';
import { Browser, KEY, ORIGIN, PLATFORM, SECRET, begin, codeOf, dataOf, html, launch, makeWorld } from './world.mjs';

/** A memory store whose calls fail as `fault(method, name)` says: 'before' it acts, 'after' it, or a promise that it waits for. */
function faultyStore(fault) {
  const store = memoryStore();
  return Object.fromEntries(Object.keys(store).map((method) => [method, async (...given) => {
    const said = fault(method, given[0]);
    if (said === 'before') throw new Error('the store is down');
    await (said instanceof Promise ? said : undefined);
    const answer = store[method](...given);
    if (said === 'after') throw new Error('the answer is lost');
    return answer;
  }]));
}

const posted = async (browser, form) => {
  const response = await browser.ask('/lti/launch', { form });
  return { status: response.status, text: await response.text() };
};

test('the store is down: nobody is let in, the page says so, and the same launch is good once the store is back', async () => {
  let isDown = true;
  const world = makeWorld({ store: faultyStore(() => (isDown ? 'before' : null)) });
  const browser = new Browser(world.tool);
  const { form } = await begin(world, browser);
  const { status, text } = await posted(browser, form);
  assert.deepEqual([status, codeOf(text), world.launched.length], [503, 'ERR_STORE', 0]);
  assert.match(text, /The tool cannot reach what it remembers by\.<\/p>\n<p>Wait a minute, go back to Canvas and open the tool again/);
  isDown = false;
  assert.equal((await posted(browser, form)).status, 200);
});

test('the store answers after it has acted, and cannot say so: the launch is taken by nobody, and not twice', async () => {
  let isLost = true;
  const world = makeWorld({ store: faultyStore((method) => (isLost && method === 'add' ? 'after' : null)) });
  const browser = new Browser(world.tool);
  const { form } = await begin(world, browser);
  assert.equal((await posted(browser, form)).status, 503);
  isLost = false;
  assert.equal(codeOf((await posted(browser, form)).text), 'ERR_LTI_NONCE_USED');
  assert.equal(world.launched.length, 0);
  // Another login is another launch.
  assert.equal((await launch(world)).status, 200);
});

test('the store is slow: it is waited for as long as the tool says', async () => {
  let release;
  const slow = new Promise((done) => { release = done; });
  const world = makeWorld({ timeout: 100, store: faultyStore((method) => (method === 'add' ? slow : null)) });
  const browser = new Browser(world.tool);
  const { form } = await begin(world, browser);
  const { status, text } = await posted(browser, form);
  assert.ok([503, 504].includes(status) && ['ERR_STORE', 'ERR_TIMEOUT'].includes(codeOf(text)), text);
  release();
  await new Promise((done) => { setTimeout(done, 10); });
  assert.equal(codeOf((await posted(browser, form)).text), 'ERR_LTI_NONCE_USED');
  assert.equal(world.launched.length, 0);
});

test('a store that never answers: a session is waited for as long as the tool says', async () => {
  let silent = [];
  const never = new Promise(() => {});
  const store = faultyStore((method, name) => (silent.includes(method) && /^lti-(session|code)/.test(name) ? never : null));
  let code;
  const world = makeWorld({
    store, timeout: 100,
    async onLaunch(given, { startSession }) {
      ({ code } = await startSession());
      return html('Welcome');
    },
  });
  silent = ['set'];
  const response = await launch(world);
  assert.deepEqual([response.status, codeOf(await response.text())], [503, 'ERR_STORE']);
  silent = [];
  const browser = new Browser(world.tool);
  await launch(world, {}, browser);
  const cookie = `__Host-lti-session=${browser.jar.get('__Host-lti-session')}`;
  const byCookie = () => world.tool.session(new Request(`${ORIGIN}/app`, { headers: { cookie } }));
  const byCode = () => world.tool.session(new Request(`${ORIGIN}/app`, { headers: { authorization: `Bearer ${code}` } }));
  silent = ['get'];
  await assert.rejects(byCookie(), { code: 'ERR_STORE', message: "the store's get: no answer within 100 ms" });
  silent = ['add'];
  await assert.rejects(byCode(), { code: 'ERR_STORE', message: 'the claim of a code: no answer within 100 ms' });
  assert.equal((await byCookie()).user.name, 'Sue Student');
});

test('a session that the store does not take is an error of the launch', async () => {
  const onLaunch = async (given, { startSession }) => {
    await startSession();
    return html('page');
  };
  const store = faultyStore((method, name) => (method === 'set' && name.startsWith('lti-session/') ? 'before' : null));
  const response = await launch(makeWorld({ onLaunch, store }));
  assert.deepEqual([response.status, codeOf(await response.text())], [503, 'ERR_STORE']);
  // A handler that tries again gets a session that is there.
  let isDown = true;
  const once = faultyStore((method, name) => (isDown && method === 'set' && name.startsWith('lti-session/') ? 'before' : null));
  const world = makeWorld({
    store: once,
    async onLaunch(given, { startSession }) {
      await startSession().catch(() => { isDown = false; });
      await startSession();
      return html('page');
    },
  });
  const browser = new Browser(world.tool);
  await launch(world, {}, browser);
  const cookie = `__Host-lti-session=${browser.jar.get('__Host-lti-session')}`;
  assert.equal((await world.tool.session(new Request(`${ORIGIN}/app`, { headers: { cookie } }))).user.name, 'Sue Student');
});

test('a store that holds nothing but nonsense keeps nobody out', async () => {
  const { add, ...store } = memoryStore();
  const world = makeWorld({ store: { ...store, add, get: () => 'nonsense' } });
  assert.equal((await launch(world)).status, 200);
});

test('the platform’s keys cannot be had: the page says so; once they were, they serve while the platform is down', async (t) => {
  let isDown = true;
  const canvas = makeWorld().canvas;
  const fetch = async (...given) => {
    if (isDown && String(given[0]?.url ?? given[0]) === PLATFORM.jwksUri) return new Response('', { status: 500 });
    return canvas.fetch(...given);
  };
  const world = { ...makeWorld({ fetch }), canvas };
  const first = await launch(world);
  assert.deepEqual([first.status, codeOf(await first.text())], [502, 'ERR_HTTP_STATUS']);
  isDown = false;
  t.mock.timers.enable({ apis: ['Date'], now: Date.now() });
  t.mock.timers.tick(11_000);
  assert.equal((await launch(world)).status, 200);
  isDown = true;
  t.mock.timers.tick(3600_000);
  assert.equal((await launch(world)).status, 200);
});

test('a machine that starts while the platform is down has the keys of the others', async () => {
  const store = memoryStore();
  const world = makeWorld({ store });
  assert.equal((await launch(world)).status, 200);
  const fetch = async () => { throw new TypeError('down'); };
  const late = { canvas: world.canvas, ...makeWorld({ store, fetch }) };
  assert.equal((await launch({ ...late, canvas: world.canvas })).status, 200);
});

const LAUNCHES = 10_000;
const RATE = 0.05;

test(`${LAUNCHES} launches with 5 % of every fault: nobody is kept out, and no launch is taken twice`, async (t) => {
  const random = seeded(16);
  const happens = () => random() < RATE;
  const seen = {};
  const count = (what) => { seen[what] = (seen[what] ?? 0) + 1; };
  const soon = () => new Promise((done) => { setImmediate(done); });
  const { platform, jwks, login, launch: launchOf } = await makePlatform();

  // One Redis, as commands reach it and replies come back.
  const entries = new Map();
  async function send(command) {
    const [name, key, value, ...how] = command;
    if (happens()) { count('command lost'); throw new Error('lost'); }
    if (happens()) { count('slow'); await soon(); }
    // Each machine that starts asks for the keys itself.
    if (key.includes('lti-jwks')) return null;
    let reply = entries.get(key) ?? null;
    if (name === 'SET') {
      reply = how.includes('NX') && entries.has(key) ? null : 'OK';
      if (reply) entries.set(key, value);
    }
    if (happens()) { count('sent twice'); return send(command); }
    if (happens()) { count('reply lost'); throw new Error('lost'); }
    return reply;
  }
  async function fetch() {
    if (happens()) { count('keys down'); return new Response('', { status: 500 }); }
    return Response.json(jwks);
  }
  const taken = new Map();
  const start = () => createTool({
    platforms: platform, keys: [KEY.privateKey], secret: SECRET, store: redisStore(send), fetch,
    async onLaunch({ claims }, { startSession }) {
      taken.set(claims.nonce, (taken.get(claims.nonce) ?? 0) + 1);
      if (happens()) await startSession();
      return html('Welcome');
    },
  });
  const machines = [start(), start()];

  /** A request on its way: it, or its answer, may be lost. */
  async function ask(path, body, cookie = '') {
    if (happens()) { count('request lost'); return undefined; }
    const request = new Request(ORIGIN + path, { method: 'POST', body, headers: { cookie, 'content-type': 'application/x-www-form-urlencoded' } });
    const which = random() < 0.5 ? 0 : 1;
    const response = await machines[which].fetch(request);
    const text = await response.text();
    // It would ask for the keys again in ten seconds; and machines start anew now and then.
    if (codeOf(text) === 'ERR_HTTP_STATUS' || random() < 0.01) machines[which] = start();
    if (happens()) { count('answer lost'); return undefined; }
    return { text, cookie: response.headers.getSetCookie()[0]?.split(';')[0] };
  }

  const form = String(new URLSearchParams(login));
  async function open() {
    const page = await ask('/lti/login', form);
    if (!page) return false;
    const body = String(new URLSearchParams(launchOf(dataOf(page.text).url)));
    // A double click, or a browser that sends it again.
    const answers = await Promise.all([1, 2].map(() => ask('/lti/launch', body, page.cookie)));
    const welcomed = answers.filter((answer) => answer && /Welcome/.test(answer.text));
    assert.ok(welcomed.length < 2, 'both were welcomed');
    for (const answer of answers) if (answer && codeOf(answer.text)) count(codeOf(answer.text));
    return welcomed.length === 1;
  }
  let welcomed = 0;
  await each(Array.from({ length: LAUNCHES }), 20, async () => {
    for (let tries = 1; !(await open()); tries += 1) assert.ok(tries < 20, 'kept out');
    welcomed += 1;
  });
  assert.equal(welcomed, LAUNCHES);
  assert.deepEqual([...taken.values()].filter((times) => times !== 1), []);
  assert.ok(taken.size >= LAUNCHES);
  for (const what of ['keys down', 'command lost', 'slow', 'sent twice', 'reply lost', 'request lost', 'answer lost', 'ERR_LTI_NONCE_USED', 'ERR_STORE']) {
    assert.ok(seen[what] > 5, `${what}: ${seen[what]}`);
  }
  t.diagnostic(`${taken.size} launches taken, each once; ${JSON.stringify(seen)}`);
});
