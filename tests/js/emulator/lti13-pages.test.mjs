import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createContext, runInContext } from 'node:vm';
import { HOST } from './canvas.mjs';
import { LOGIN, platform } from './lti13.mjs';

const SSO = 'https://sso.test';
const TOOL = 'https://tool.test';
const TARGET = 'post_message_forwarding';
const tom = { headers: { cookie: 'canvas_session=session-of-tom' } };
const goTo = async (canvas, path, init) => canvas.fetch(new URL(path, HOST), { redirect: 'manual', ...init });

test('a page with a tool: its frame, the storage’s, the login request that posts itself', async () => {
  const { text, status } = await platform().get('/courses/1/external_tools/7', tom);
  assert.equal(status, 200);
  assert.match(text, /<iframe name="tool_content"/);
  assert.ok(text.includes(`<form id="tool_form" action="${LOGIN}" method="post" target="tool_content">`));
  assert.match(text, /name="client_id" value="10000000000042"/);
  assert.match(text, /name="lti_storage_target" value="post_message_forwarding"/);
});

test('what the query asks for: placement, message type, assignment, no storage, a new window', async () => {
  const canvas = platform();
  const waiting = () => [...canvas.records.launches.values()].at(-1).body;
  await canvas.get('/courses/1/external_tools/7?message_type=LtiDeepLinkingRequest&launch_type=editor_button', tom);
  assert.equal(waiting()['https://www.instructure.com/placement'], 'editor_button');
  await canvas.get('/courses/1/assignments/26', tom);
  assert.equal(waiting()['https://purl.imsglobal.org/spec/lti/claim/resource_link'].title, 'Speech');
  await canvas.get('/courses/1/external_tools/retrieve?resource_link_lookup_uuid=b3a7c2f4-0d1e-4b5a-9c8d-7e6f5a4b3c2d', tom);
  assert.equal(waiting()['https://purl.imsglobal.org/spec/lti/claim/resource_link'].title, 'Speech');
  assert.equal((await canvas.get('/courses/1/external_tools/retrieve', tom)).status, 404);
  assert.equal((await canvas.get('/courses/1/assignments/25', tom)).status, 404);
  assert.equal((await canvas.get('/courses/1/external_tools/99', tom)).status, 404);
  const { text } = await canvas.get('/courses/1/external_tools/7?storage=false&display=new_window', tom);
  assert.doesNotMatch(text, /lti_storage_target/);
  assert.match(text, /target="_top"/);
});

test('a browser logs in, and comes back to where it was', async () => {
  const canvas = platform();
  const first = await goTo(canvas, '/courses/1/external_tools/7?placement=x');
  assert.equal(first.status, 302);
  const login = first.headers.get('location');
  assert.equal(login, '/login/canvas?return_to=%2Fcourses%2F1%2Fexternal_tools%2F7%3Fplacement%3Dx');
  assert.match(await (await goTo(canvas, login)).text(), /name="return_to" value="\/courses\/1\/external_tools\/7\?placement=x"/);
  const form = { 'pseudonym_session[unique_id]': 'sue@school.example', return_to: '/courses/1/external_tools/7?placement=x' };
  const second = await goTo(canvas, '/login/canvas', { method: 'POST', body: new URLSearchParams(form) });
  assert.deepEqual([second.status, second.headers.get('location')], [302, form.return_to]);
  const [pair, ...attributes] = second.headers.get('set-cookie').split('; ');
  assert.deepEqual(attributes, ['Path=/', 'HttpOnly', 'SameSite=None', 'Secure']);
  const session = canvas.records.sessions.get(pair.split('=')[1]);
  assert.equal(session.userId, 3);
  assert.equal((await goTo(canvas, form.return_to, { headers: { cookie: pair } })).status, 200);
  for (const return_to of ['//evil.test/', '/\\evil.test', 'https://evil.test/']) {
    const body = new URLSearchParams({ ...form, return_to });
    assert.equal((await goTo(canvas, '/login/canvas', { method: 'POST', body })).headers.get('location'), '/');
  }
  const unknown = new URLSearchParams({ 'pseudonym_session[unique_id]': 'nobody' });
  assert.equal((await goTo(canvas, '/login/canvas', { method: 'POST', body: unknown })).status, 400);
});

test('an anonymous visitor sees the tool of a public course', async () => {
  const canvas = platform();
  canvas.records.courses.get('1').isPublic = true;
  const { text } = await canvas.get('/courses/1/external_tools/7');
  assert.match(text, /name="login_hint" value="https:\/\/canvas\.instructure\.com\/public_user"/);
});

/** A window as far as the scripts need one; messages to it are kept. */
function fakeWindow(origin, script, more = {}) {
  const listeners = [];
  const stored = new Map();
  const global = {
    addEventListener: (_, listener) => listeners.push(listener),
    localStorage: {
      getItem: (key) => stored.get(key) ?? null,
      setItem: (key, value) => stored.set(key, value),
      removeItem: (key) => stored.delete(key),
    },
    document: {
      querySelector: () => null, createElement: () => ({}), body: { append: (frame) => Object.assign(global, { frame }) },
    },
    frames: {},
    innerHeight: 600,
    innerWidth: 800,
    scrollY: 0,
    Intl,
    ...more,
  };
  global.window = global;
  const context = createContext(global);
  runInContext(script, context);
  // As the script itself sees it.
  const own = runInContext('window', context);
  return { global, own, stored, origin, hear: (event) => listeners.forEach((listener) => listener(event)) };
}

/** The page, its frame and a tool, joined by postMessage. */
async function stage() {
  const canvas = platform({ authUrl: SSO });
  const redirect = await goTo(canvas, `/${TARGET}`);
  const frameResponse = await canvas.fetch(redirect.headers.get('location'));
  const frameScript = /<script>([^]*)<\/script>/.exec(await frameResponse.text())[1];
  const page = fakeWindow(HOST, canvas.platformStorageScript());
  const heard = [];
  const toPage = { postMessage: (data, target) => target === HOST && page.hear({ data, origin: SSO, source: toFrame }) };
  const frame = fakeWindow(SSO, frameScript, { parent: toPage });
  const toFrame = { postMessage: (data, target) => target === SSO && frame.hear({ data, origin: HOST, source: toPage }) };
  page.global.frames[TARGET] = toFrame;
  const toolAt = (origin) => ({ origin, postMessage: (data, target) => target === origin && heard.push(data) });
  const tool = toolAt(TOOL);
  /** Posts to the frame as a tool does; gives what came back. */
  const ask = (data, source = tool) => {
    heard.length = 0;
    frame.hear({ data, origin: source.origin, source });
    return JSON.parse(JSON.stringify(heard));
  };
  return { canvas, page, frame, ask, toolAt, tool, heard, frameResponse };
}

const put = (key, value, message_id = '1') => ({ subject: 'lti.put_data', key, value, message_id });
const get = (key, message_id = '2') => ({ subject: 'lti.get_data', key, message_id });

test('the storage frame is at the authorization endpoint, and only Canvas’s page may frame it', async () => {
  const { page, frameResponse } = await stage();
  assert.equal(frameResponse.headers.get('content-security-policy'), `frame-ancestors 'self' ${HOST}`);
  assert.deepEqual({ ...page.global.frame }, { name: TARGET, id: TARGET, title: TARGET, hidden: true, src: `/${TARGET}` });
  const forged = await platform({ authUrl: SSO }).get(`${SSO}/${TARGET}?token=x`);
  assert.equal(forged.status, 400);
});

test('put, get, delete: by the tool’s origin', async () => {
  const { ask, toolAt, page } = await stage();
  assert.deepEqual(ask(put('state', 'v')), [{ subject: 'lti.put_data.response', message_id: '1', key: 'state', value: 'v' }]);
  assert.deepEqual(ask(get('state')), [{ subject: 'lti.get_data.response', message_id: '2', key: 'state', value: 'v' }]);
  assert.deepEqual([...page.stored.keys()], [`lti|platform_storage|${TOOL}|state`]);
  assert.equal(ask(get('state'), toolAt('https://other.test'))[0].value, null);
  assert.deepEqual(ask(put('state', '')), [{ subject: 'lti.put_data.response', message_id: '1', key: 'state' }]);
  assert.equal(ask(get('state'))[0].value, null);
  assert.deepEqual(ask(JSON.stringify(get('state')))[0].value, null);
});

test('another origin finds nothing, and nobody speaks for another', async () => {
  const { ask, page } = await stage();
  ask(put('state', 'v'));
  const heard = [];
  const evil = { postMessage: (data) => heard.push(data) };
  // Straight to the page, with a forged source.
  const data = { ...get('state'), sourceToolInfo: { origin: TOOL, windowId: 0 } };
  page.hear({ data, origin: 'https://evil.test', source: evil });
  assert.equal(heard[0].value, null);
});

test('what is forwarded is what comes from the frame, at its origin', async () => {
  const { ask, page } = await stage();
  ask(put('state', 'v'));
  const data = { ...get('state'), sourceToolInfo: { origin: TOOL, windowId: 0 } };
  for (const [source, origin] of [[{}, SSO], [page.global.frames[TARGET], 'https://evil.test']]) {
    let heard;
    const given = Object.assign(source, { postMessage: (answer) => (heard = answer) });
    page.hear({ data, origin, source: given });
    assert.equal(heard.value, null, origin);
    assert.ok(!('sourceToolInfo' in heard));
  }
});

test('straight to the page: text, and what is no message', async () => {
  const { page } = await stage();
  const heard = [];
  const source = { postMessage: (answer) => heard.push(answer) };
  const tell = (data, from = source) => page.hear({ data, origin: TOOL, source: from });
  for (const data of ['no JSON', 'null', null, 5, {}]) tell(data);
  tell(get('state'), page.own);
  assert.deepEqual(heard, []);
  tell(JSON.stringify(put('state', 'v')));
  tell(get('state'));
  assert.deepEqual(heard.map(({ value }) => value), ['v', 'v']);
});

test('the frame forwards an answer of the page alone', async () => {
  const { frame, tool, heard } = await stage();
  frame.hear({ data: get('x'), origin: TOOL, source: tool });
  heard.length = 0;
  const data = { subject: 'forged.response', sourceToolInfo: { origin: TOOL, windowId: 0 } };
  frame.hear({ data, origin: HOST, source: { postMessage() {} } });
  frame.hear({ data, origin: 'https://evil.test', source: frame.global.parent });
  assert.deepEqual(heard.filter(({ subject }) => subject === 'forged.response'), []);
  for (const nothing of [null, 'null', 'no JSON', 7]) frame.hear({ data: nothing, origin: TOOL, source: tool });
});

test('a page at the authorization endpoint’s own origin has the frame at once', async () => {
  const canvas = platform();
  const response = await goTo(canvas, `/${TARGET}`);
  assert.equal(response.status, 200);
  assert.ok((await response.text()).includes(`const PARENT_ORIGIN = "${HOST}";`));
});

test('the size of the window, and the settings of the page', async () => {
  const { ask } = await stage();
  const [{ height, width, scrollY }] = ask({ subject: 'lti.fetchWindowSize', message_id: '1' });
  assert.deepEqual([height, width, scrollY], [600, 800, 0]);
  const [{ pageSettings }] = ask({ subject: 'lti.getPageSettings', message_id: '1' });
  assert.deepEqual({ ...pageSettings, time_zone: '' }, {
    locale: 'en', time_zone: '', use_high_contrast: false, active_brand_config_json_url: null,
  });
  assert.deepEqual(ask({ subject: 'lti.scrollToTop' }), [{ subject: 'lti.scrollToTop.response' }]);
});

test('limits and faults', async () => {
  const { ask } = await stage();
  const error = (message) => ask(message)[0].error;
  assert.deepEqual(error({ subject: 'lti.put_data', value: 'v', message_id: '1' }),
    { code: 'bad_request', message: "Missing required 'key' field" });
  assert.deepEqual(error({ subject: 'lti.get_data', key: 'k' }),
    { code: 'bad_request', message: "Missing required 'message_id' field" });
  assert.deepEqual(error({ subject: 'lti.unknown', message_id: '1' }), { code: 'unsupported_subject' });
  assert.deepEqual(error({ subject: 'lti.getPageContent', message_id: '1' }), { code: 'unauthorized' });
  assert.deepEqual(error(put('k', 'x'.repeat(4096))), { code: 'storage_exhaustion', message: 'Reached byte limit for tool' });
  assert.equal(error(put('k', 'x'.repeat(4095))), undefined);
  assert.equal(error(put('l', 'x')).code, 'storage_exhaustion');
  ask(put('k', null));
  for (let count = 0; count < 500; count += 1) assert.equal(error(put(`k${count}`, '1')), undefined);
  assert.deepEqual(error(put('one more', '1')), { code: 'storage_exhaustion', message: 'Reached key limit for tool' });
});

test('capabilities name the frame; what is no request has no answer', async () => {
  const { ask } = await stage();
  const [{ supported_messages }] = ask({ subject: 'lti.capabilities', message_id: '1' });
  const framed = supported_messages.filter(({ frame }) => frame === TARGET).map(({ subject }) => subject);
  assert.deepEqual(framed, ['lti.get_data', 'lti.put_data']);
  for (const data of ['no JSON', 5, null, {}, { subject: 'x.response' }]) assert.deepEqual(ask(data), []);
});
