import assert from 'node:assert/strict';
import { test } from 'node:test';
import { HOST, NOW, sign } from './canvas.mjs';
import { authorizationUrl, CLIENT, follow, LAUNCH, LOGIN, platform, verified } from './lti13.mjs';

const MISSING = 'The following parameters are missing: ';
const SCOPE = "The 'scope' must be 'openid'";
const SESSION = 'Must have an active user session';
const UNAUTHORIZED = 'Client not authorized in requested context';
const GONE = 'The launch has either expired or already been consumed';

for (const [name, changes, code, description] of [
  ['no nonce', { nonce: undefined }, 'invalid_request_object', `${MISSING}nonce`],
  ['several parameters', { nonce: undefined, prompt: undefined, response_mode: undefined }, 'invalid_request_object',
    `${MISSING}nonce,prompt,response_mode`],
  // The later problem is told.
  ['no scope', { scope: undefined }, 'invalid_request_object', SCOPE],
  ['another scope', { scope: 'openid profile' }, 'invalid_request_object', SCOPE],
  ['another login hint', { login_hint: 'somebody else' }, 'login_required', SESSION],
  ['no login hint', { login_hint: undefined }, 'login_required', SESSION],
]) {
  test(`the authorization endpoint refuses: ${name}`, async () => {
    const canvas = platform();
    const login = await canvas.launch({ userId: 2 });
    const { url, form } = await canvas.authorize(authorizationUrl(login, changes), { cookie: login.cookie });
    assert.equal(url, LAUNCH);
    assert.deepEqual(form, { utf8: '✓', error: code, error_description: description, state: 'state-1' });
    assert.equal(canvas.reason(), description);
    // The launch is still there.
    const again = await canvas.authorize(authorizationUrl(login), { cookie: login.cookie });
    assert.ok(again.form.id_token);
  });
}

test('response type, response mode and prompt are not compared; without a state none comes back', async () => {
  const canvas = platform();
  const changes = { response_type: 'code', response_mode: 'query', prompt: 'login', state: undefined, extra: 'dropped' };
  const { form } = await follow(canvas, {}, changes);
  assert.deepEqual(Object.keys(form).sort(), ['id_token', 'lti_storage_target', 'utf8']);
});

test('nobody, and another user in the same browser', async () => {
  const canvas = platform();
  const login = await canvas.launch({ userId: 3 });
  for (const cookie of ['', 'canvas_session=unknown', 'canvas_session=session-of-tom']) {
    const { form } = await canvas.authorize(authorizationUrl(login), { cookie });
    assert.equal(form.error, 'login_required', cookie);
  }
  assert.ok((await canvas.authorize(authorizationUrl(login))).form.id_token, 'the session of the login hint by default');
});

test('with an error page, the tool hears nothing of a missing session', async () => {
  const canvas = platform({ features: ['lti_login_required_error_page'] });
  const login = await canvas.launch();
  const failure = await canvas.authorize(authorizationUrl(login), { cookie: '' }).catch((error) => error);
  assert.equal(failure.status, 401);
  assert.doesNotMatch(failure.body, /<form/);
  const another = await canvas.launch({ userId: 3 });
  const { form: told } = await canvas.authorize(authorizationUrl(another), { cookie: login.cookie });
  assert.equal(told.error, 'login_required', 'another user is no missing one');
  const { form } = await canvas.authorize(authorizationUrl(login, { scope: 'x' }));
  assert.equal(form.error, 'invalid_request_object');
});

test('a key that is inactive, or turned off in the account', async () => {
  for (const change of [{ active: false }, { enabled: false }]) {
    const canvas = platform();
    const login = await canvas.launch();
    Object.assign(canvas.records.developerKeys.get(CLIENT), change);
    const { form } = await canvas.authorize(authorizationUrl(login));
    assert.deepEqual([form.error, form.error_description], ['unauthorized_client', UNAUTHORIZED]);
  }
});

test('a launch is fetched once', async () => {
  const canvas = platform();
  const login = await canvas.launch();
  assert.ok((await canvas.authorize(authorizationUrl(login))).form.id_token);
  const { form } = await canvas.authorize(authorizationUrl(login));
  assert.deepEqual([form.error, form.error_description], ['launch_no_longer_valid', GONE]);
});

test('after five minutes the launch is gone, and then its hint', async () => {
  const canvas = platform();
  const login = await canvas.launch();
  canvas.clock.now += 300;
  const { form } = await canvas.authorize(authorizationUrl(login));
  assert.equal(form.error, 'launch_no_longer_valid');
  canvas.clock.now += 1;
  await assert.rejects(canvas.authorize(authorizationUrl(login)), { status: 400, body: /Invalid lti_message_hint/ });
  assert.equal(canvas.reason(), 'the lti_message_hint has expired');
});

test('launches that nobody fetched are forgotten', async () => {
  const canvas = platform();
  await canvas.launch();
  canvas.clock.now += 301;
  await canvas.launch();
  assert.equal(canvas.records.launches.size, 1);
});

const hintOf = (canvas, changes) =>
  sign({ verifier: 'x', canvas_domain: 'canvas.test', context_type: 'Course', context_id: 10000000000001, exp: NOW + 1, ...changes },
    canvas.secrets.encryptionKey);

test('a hint of nobody, of another, and of a launch that never was', async () => {
  const canvas = platform();
  const login = await canvas.launch();
  const [header, payload] = login.form.lti_message_hint.split('.');
  for (const hint of ['x', `${header}.${payload}.AAAA`, await sign({ canvas_domain: 'evil.test' }, 'another secret')]) {
    const refused = canvas.authorize(authorizationUrl(login, { lti_message_hint: hint }));
    await assert.rejects(refused, { status: 400, body: /"message":"Invalid lti_message_hint"/ });
  }
  const { form } = await canvas.authorize(authorizationUrl(login, { lti_message_hint: await hintOf(canvas) }));
  assert.equal(form.error, 'launch_no_longer_valid');
  await assert.rejects(canvas.authorize(authorizationUrl(login, { lti_message_hint: undefined })), { status: 400 });
  const strange = await hintOf(canvas, { context_type: 'Kernel' });
  await assert.rejects(canvas.authorize(authorizationUrl(login, { lti_message_hint: strange })), { status: 500 });
});

for (const [name, registered, requested, fits] of [
  ['exact', [LAUNCH], LAUNCH, true],
  ['any query', [LAUNCH], `${LAUNCH}?a=1&b=2`, true],
  ['another path', [LAUNCH], `${LAUNCH}/x`, false],
  ['a slash more', [LAUNCH], `${LAUNCH}/`, false],
  ['another case', [LAUNCH], 'https://tool.test/Launch', false],
  ['another scheme', [LAUNCH], 'http://tool.test/launch', false],
  ['one of several', ['https://tool.test/other', LAUNCH], LAUNCH, true],
  ['its pairs among more', [`${LAUNCH}?a=1`], `${LAUNCH}?b=2&a=1`, true],
  ['one of its pairs alone', [`${LAUNCH}?a=1&b=2`], `${LAUNCH}?a=1`, false],
  ['another value', [`${LAUNCH}?a=1`], `${LAUNCH}?a=2`, false],
  ['no query', [`${LAUNCH}?a=1`], LAUNCH, false],
  ['the target link where none is registered', undefined, LAUNCH, true],
  ['nothing registered', [], LAUNCH, false],
]) {
  test(`redirect URIs: ${name}`, async () => {
    const canvas = platform({ key: { redirectUris: registered } });
    const login = await canvas.launch();
    const url = authorizationUrl(login, { redirect_uri: requested });
    if (fits) {
      assert.equal((await canvas.authorize(url)).url, requested);
      return;
    }
    await assert.rejects(canvas.authorize(url), { status: 400, body: /Invalid redirect_uri/ });
    assert.match(canvas.reason(), /^Invalid redirect_uri: https?:.* was asked for, .* registered$/);
  });
}

test('a wrong redirect URI: JSON, in the browser of a user with a prefix', async () => {
  const canvas = platform();
  const login = await canvas.launch({ userId: 2 });
  const path = authorizationUrl(login, { redirect_uri: 'https://evil.test/' }, `${HOST}/api/lti/authorize`);
  const api = await canvas.get(path, { headers: { accept: 'application/json' } });
  assert.equal(api.status, 400);
  assert.deepEqual({ ...api.body, error_report_id: 0 }, {
    status: 'bad_request', message: 'Invalid redirect_uri', error_report_id: 0,
  });
  const browser = await canvas.get(path, { headers: { cookie: login.cookie } });
  assert.match(browser.text, /^while\(1\);\{"status":"bad_request","message":"Invalid redirect_uri"/);
  // Without a session, or for a program, there is none.
  const stranger = await canvas.get(path);
  assert.equal(stranger.body.message, 'Invalid redirect_uri');
  const program = await canvas.get(path, { headers: { cookie: login.cookie, accept: 'application/json' } });
  assert.equal(program.body.message, 'Invalid redirect_uri');
});

test('no client, and an unknown one', async () => {
  const canvas = platform();
  const login = await canvas.launch();
  for (const client_id of [undefined, '1', 'x']) {
    await assert.rejects(canvas.authorize(authorizationUrl(login, { client_id })), { status: 404 });
  }
  await assert.rejects(canvas.authorize(authorizationUrl(login, { redirect_uri: undefined })), { status: 500 });
});

test('the endpoint takes a posted form as well', async () => {
  const canvas = platform();
  const login = await canvas.launch({ userId: 2 });
  const url = new URL(authorizationUrl(login));
  const first = await canvas.fetch(url.origin + url.pathname, { method: 'POST', body: url.searchParams, redirect: 'manual' });
  assert.equal(first.status, 302);
  const location = new URL(first.headers.get('location'));
  const second = await canvas.post(location.origin + location.pathname, {
    form: location.searchParams, headers: { cookie: login.cookie },
  });
  assert.equal(second.status, 200);
  assert.match(second.text, /name="id_token"/);
});

test('on by a page’s script, where the server is set so', async () => {
  const canvas = platform({ features: ['interop_8200_session_token_redirect'], requireUserAgent: true });
  const login = await canvas.launch();
  const first = await canvas.get(authorizationUrl(login), { headers: { 'user-agent': 'test' } });
  assert.equal(first.status, 200);
  assert.ok(first.text.includes(`window.location.replace("${HOST}/api/lti/authorize?`));
  const { form } = await canvas.authorize(authorizationUrl(login, { state: '</script>"' }));
  assert.ok(form.id_token);
  assert.equal(form.state, '</script>"');
});

/** The token with one character changed, in each of its parts. */
const spoilt = (token) => token.split('.').map((part, i, parts) => {
  const at = Math.floor(part.length / 2);
  const other = part[at] === 'A' ? 'B' : 'A';
  return parts.with(i, part.slice(0, at) + other + part.slice(at + 1)).join('.');
});

test('a hint with any character changed', async () => {
  const canvas = platform();
  const login = await canvas.launch();
  for (const lti_message_hint of spoilt(login.form.lti_message_hint)) {
    await assert.rejects(canvas.authorize(authorizationUrl(login, { lti_message_hint })), { status: 400 }, lti_message_hint);
  }
  const { form } = await canvas.authorize(authorizationUrl(login));
  for (const token of spoilt(form.id_token)) await assert.rejects(verified(canvas, token), token);
});

test('what the tool sends comes back as text', async () => {
  const canvas = platform();
  const state = '"><script>alert(1)</script>&amp;\'';
  const { form } = await follow(canvas, {}, { state, redirect_uri: `${LAUNCH}?"><b>=1` });
  assert.equal(form.state, state);
});

test('a public course lets anonymous visitors in, and nobody else under their name', async () => {
  const canvas = platform();
  const anonymous = { userId: null, courseId: 1 };
  const login = await canvas.launch(anonymous);
  assert.deepEqual([login.cookie, login.form.login_hint], ['', 'https://canvas.instructure.com/public_user']);
  assert.equal((await canvas.authorize(authorizationUrl(login))).form.error, 'login_required');
  canvas.records.courses.get('1').isPublic = true;
  const { form } = await canvas.authorize(authorizationUrl(login));
  const { payload } = await verified(canvas, form.id_token);
  assert.ok(!('sub' in payload));
  const other = await canvas.launch(anonymous);
  const cookie = 'canvas_session=session-of-tom';
  assert.equal((await canvas.authorize(authorizationUrl(other), { cookie })).form.error, 'login_required');
  canvas.records.courses.get('1').workflowState = 'completed';
  assert.equal((await canvas.authorize(authorizationUrl(other))).form.error, 'login_required');
});

test('what the records lack is the test’s own mistake', async () => {
  const canvas = platform();
  for (const about of [
    { developerKeyId: 5 }, { userId: 99 }, { courseId: 99 }, { assignmentId: 99 }, { resourceLinkId: 'x' }, { toolId: 99 },
    { messageType: 'LtiStartProctoring' }, { messageType: 'LtiReportReviewRequest' },
    { messageType: 'LtiDeepLinkingRequest', placement: 'course_navigation' },
  ]) await assert.rejects(canvas.launch(about), TypeError, JSON.stringify(about));
  await assert.rejects(platform({ tools: [] }).launch(), /not installed/);
  await assert.rejects(platform({ key: { oidcInitiationUrl: undefined } }).launch(), /oidcInitiationUrl/);
  assert.equal((await canvas.launch()).url, LOGIN);
});
