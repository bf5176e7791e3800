// The services of LTI Advantage, called with tokens of the tool's own, against the emulator and against answers made up.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { beginLaunch, canvasPlatform, generateKey, LtiServices, remoteJwks, verifyLaunch } from 'canvas-lms-tokens';
import { defaultSeeds } from 'canvas-lms-tokens/emulator';
import { refuses, rejects } from '../node/copies.mjs';
import { AGS, all, endpoint, HOST, membersUrl, noticesUrl, open, openEmulator, SCOPES } from './services.mjs';
import { KEY, PLATFORM } from './tool.mjs';

const TOKEN = 'https://sso.canvaslms.com/login/oauth2/token';
const EXTENSION = 'https://canvas.instructure.com/lti/submission';
const SCORE = { userId: 3, scoreGiven: 8, scoreMaximum: 10, activityProgress: 'Completed', gradingProgress: 'FullyGraded' };
const sue = defaultSeeds.users.find(({ id }) => id === 3);

// ── Against the emulator ─────────────────────────────────────────────────────────────────────────

test('line items: made, listed, read, changed, deleted, with one token', async () => {
  const { services, launch, asked, emulator } = await open();
  const { lineitems } = endpoint(launch);
  const made = await services.createLineItem(lineitems, { label: 'Essay', scoreMaximum: 60, tag: 't', resourceId: 'r' });
  assert.equal(made.label, 'Essay');
  const listed = await all(services.lineItems(lineitems, { tag: 't' }));
  assert.deepEqual(listed, [made]);
  assert.equal((await services.updateLineItem(made.id, { label: 'Long essay' })).label, 'Long essay');
  const { label, scoreMaximum } = await services.lineItem(made.id);
  assert.deepEqual([label, scoreMaximum], ['Long essay', 60]);
  assert.equal(await services.deleteLineItem(made.id), undefined);
  await rejects(() => services.lineItem(made.id), 'ERR_HTTP_STATUS');
  assert.equal(asked().filter((line) => line === `POST ${TOKEN}`).length, 1);
  const form = new URLSearchParams([...emulator.requests][0].body);
  assert.deepEqual(form.get('scope').split(' ').sort(), SCOPES.filter((scope) => scope.startsWith(AGS)).sort());
});

test('a score becomes a result', async () => {
  const { services, launch, emulator } = await open({ about: { assignmentId: 26 } });
  const { lineitem } = endpoint(launch);
  const { resultUrl } = await services.postScore(lineitem, { ...SCORE, comment: 'Good.' });
  assert.ok(resultUrl.startsWith(`${lineitem}/results/`), resultUrl);
  const sent = JSON.parse([...emulator.requests].at(-1).body);
  assert.equal(sent.userId, '3');
  assert.match(sent.timestamp, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
  const [result] = await all(services.results(lineitem, { userId: sue.id }));
  assert.deepEqual([result.resultScore, result.resultMaximum, result.comment], [8, 10, 'Good.']);
  assert.deepEqual(await all(services.results(lineitem, { userId: 3n, limit: 5 })), [result]);
});

test('from a login to a posted score', async () => {
  const emulator = openEmulator();
  const redirectUri = 'https://tool.example/launch';
  const options = { platforms: PLATFORM, secret: 's'.repeat(32), redirectUri };
  const opened = await emulator.launch({ developerKeyId: PLATFORM.clientId, userId: 3, assignmentId: 26, courseId: 1, baseUrl: HOST });
  const { url, cookie } = await beginLaunch(opened.form, options);
  const { form } = await emulator.authorize(url, { cookie: opened.cookie });
  const keys = remoteJwks(PLATFORM.jwksUri, { fetch: emulator.fetch });
  const launch = await verifyLaunch(form, { ...options, keys, cookie: cookie.split(';')[0] });
  const services = LtiServices.for(launch, { key: KEY.privateKey, fetch: emulator.fetch });
  const { resultUrl } = await services.postScore(launch.lineItems.lineItem, { ...SCORE, userId: launch.user.id });
  assert.ok(resultUrl.startsWith(launch.lineItems.lineItem));
});

test('a score that clears the grade is posted only when that is meant', async () => {
  const { services, launch, asked } = await open({ about: { assignmentId: 26 } });
  const { lineitem } = endpoint(launch);
  await services.postScore(lineitem, SCORE);
  const count = asked().length;
  const { scoreGiven, ...started } = { ...SCORE, activityProgress: 'Started', gradingProgress: 'NotReady' };
  await rejects(() => services.postScore(lineitem, started), 'ERR_ARGUMENT', 'score.scoreGiven');
  await rejects(() => services.postScore(lineitem, { ...SCORE, gradingProgress: 'Pending' }), 'ERR_ARGUMENT', 'score.gradingProgress');
  await rejects(() => services.postScore(lineitem, started, { clears: false }), 'ERR_ARGUMENT', 'score.scoreGiven');
  assert.equal(asked().length, count);
  await services.postScore(lineitem, { ...started, [EXTENSION]: { preserve_score: true, new_submission: false } });
  await services.postScore(lineitem, started, { clears: true });
  assert.equal(scoreGiven, 8);
});

test('two scores in the same millisecond have different times', async () => {
  const { services, launch, emulator } = await open({ about: { assignmentId: 26 } });
  const { lineitem } = endpoint(launch);
  await Promise.all(Array.from({ length: 10 }, () => services.postScore(lineitem, SCORE).catch(() => null)));
  const times = [...emulator.requests].filter(({ url }) => url.endsWith('/scores')).map(({ body }) => JSON.parse(body).timestamp);
  assert.deepEqual([times.length, new Set(times).size], [10, 10]);
});

test('the members of every page', async () => {
  const users = Array.from({ length: 120 }, (_, index) => ({
    id: 1000 + index, uuid: `u${index}`, name: `User ${index}`, ltiId: `lti-${index}`, ltiUuid: `lti-uuid-${index}`,
  }));
  const [course] = defaultSeeds.courses;
  const enrollments = users.map(({ id }) => ({ userId: id, type: 'StudentEnrollment' }));
  const { services, launch, asked } = await open({
    users: [...defaultSeeds.users, ...users],
    courses: [{ ...course, enrollments: [...course.enrollments, ...enrollments] }],
  });
  const members = await all(services.members(membersUrl(launch)));
  const pages = asked().filter((line) => line.includes('names_and_roles'));
  assert.ok(members.length >= 2, `${members.length}`);
  assert.equal(pages.length, Math.max(1, Math.ceil(members.length / 50)));
  for (const { user_id, roles } of members) assert.ok(user_id && roles.length);
  const learners = await all(services.members(membersUrl(launch), { role: 'Learner' }));
  assert.ok(learners.length > 0 && learners.every(({ roles }) => roles.some((role) => role.endsWith('#Learner'))));
  const first = [];
  for await (const member of services.members(membersUrl(launch), { limit: 1 })) {
    first.push(member);
    break;
  }
  assert.equal(first.length, 1);
});

test('notice handlers: client ids to the last digit, set and removed', async () => {
  const id = 90000000000000001n;
  const key = { id, publicJwk: KEY.publicKey };
  const platform = { ...PLATFORM, clientId: String(id) };
  const { emulator, launch } = await open({
    key, tools: [{ ...defaultSeeds.tools[0], developerKeyId: id }], about: { developerKeyId: id },
  });
  const services = LtiServices.for({ ...launch, platform }, { key: KEY.privateKey, fetch: emulator.fetch });
  const url = noticesUrl(launch);
  const handlers = await services.noticeHandlers(url);
  assert.equal(handlers.client_id, id);
  const handler = 'https://tool.example/notices';
  const type = 'LtiContextCopyNotice';
  assert.equal(await services.setNoticeHandler(url, { type, handler, maxBatchSize: 20 }), undefined);
  const found = async () => (await services.noticeHandlers(url)).notice_handlers.find(({ notice_type }) => notice_type === type);
  assert.deepEqual(await found(), { notice_type: type, handler, max_batch_size: 20 });
  await services.setNoticeHandler(url, { type, handler: null });
  assert.equal((await found()).handler, '');
  await rejects(() => services.setNoticeHandler(url, { type }), 'ERR_ARGUMENT', 'handler.handler');
  await rejects(() => services.setNoticeHandler(url, { type, handler: 'https://other.test/' }), 'ERR_HTTP_STATUS');
});

test('from a notice to an asset, and a report on it', async () => {
  const { emulator, launch, services } = await open({ filesHost: 'files.test' });
  const type = 'LtiAssetProcessorSubmissionNotice';
  await services.setNoticeHandler(noticesUrl(launch), { type, handler: 'https://tool.example/notices' });
  const [{ notices }] = await emulator.notify(type, { submissionId: 6 });
  const claims = JSON.parse(Buffer.from(notices[0].jwt.split('.')[1], 'base64url'));
  // The launch named no assets.
  const { assets: [asset] } = claims['https://purl.imsglobal.org/spec/lti/claim/assetservice'];
  await rejects(() => services.asset(asset), 'ERR_FORBIDDEN', 'options.scopes');
  const processor = LtiServices.for({ platform: PLATFORM, claims }, { key: KEY.privateKey, fetch: emulator.fetch });
  const { bytes, contentType } = await processor.asset(asset);
  assert.deepEqual([new TextDecoder().decode(bytes), contentType], ['Final.', 'text/plain']);
  const file = [...emulator.requests].at(-1);
  assert.deepEqual([new URL(file.url).host, file.headers.authorization], ['files.test', undefined]);
  const { report_url: reports } = claims['https://purl.imsglobal.org/spec/lti/claim/assetreport'];
  const report = { assetId: asset.asset_id, type: 'originality', processingProgress: 'Processed', priority: 5, result: '75/100' };
  await processor.postAssetReport(reports, report);
  await processor.postAssetReport(reports, { ...report, result: '80/100' });
  const error = await rejects(() => processor.postAssetReport(reports, { ...report, timestamp: '2020-01-01T00:00:00.000Z' }), 'ERR_HTTP_STATUS');
  assert.equal(error.status, 409);
});

test('a scope that the launch does not list is refused before anything is asked', async () => {
  const scopes = SCOPES.filter((scope) => scope.endsWith('lineitem.readonly') || scope.includes('nrps'));
  const { services, launch, asked } = await open({ key: { scopes } });
  const { lineitems } = endpoint(launch);
  await rejects(() => services.createLineItem(lineitems, { label: 'l', scoreMaximum: 1 }), 'ERR_FORBIDDEN', 'options.scopes');
  await rejects(() => services.postScore(`${lineitems}/12`, SCORE), 'ERR_FORBIDDEN', 'options.scopes');
  assert.deepEqual(asked(), []);
  assert.equal((await all(services.lineItems(lineitems))).length, 1);
  assert.ok((await all(services.members(membersUrl(launch)))).length > 0);
});

test('a key that Canvas does not know is said by the grant', async () => {
  const { privateKey } = await generateKey('RS256');
  const { services, launch } = await open({ services: { key: privateKey, userAgent: 'other' } });
  const error = await rejects(() => services.noticeHandlers(noticesUrl(launch)), 'ERR_OAUTH');
  assert.equal(error.oauthError, 'invalid_request');
});

// ── Where tokens go ──────────────────────────────────────────────────────────────────────────────

const json = (status, value, headers = {}) => new Response(JSON.stringify(value), { status, headers });
const GRANT = { access_token: 'service-token-1', token_type: 'Bearer', expires_in: 3600, scope: '' };

/** Services whose fetch answers the token endpoint itself, and the rest from a function of the URL and the init. */
function answering(handle, options = {}) {
  const calls = [];
  let granted = 0;
  const fetch = async (url, init) => {
    calls.push({ url, init });
    if (!url.endsWith('/login/oauth2/token')) return handle(url, init, calls.length);
    granted += 1;
    return json(200, { ...GRANT, access_token: `service-token-${granted}` });
  };
  // A client of its own, so that nobody's token is kept for it.
  const platform = { ...PLATFORM, clientId: `client-${Math.random()}` };
  const services = new LtiServices({ platform, key: KEY.privateKey, origins: [HOST], fetch, retries: 0, ...options });
  const sent = () => calls.filter(({ url }) => !url.endsWith('/login/oauth2/token'));
  return { services, calls, sent, granted: () => granted };
}
const bearer = ({ init }) => init.headers.authorization;

const LOCAL = 'http://localhost:3000';
const ON_THIS_MACHINE = canvasPlatform({ clientId: 'here', baseUrl: LOCAL });
const ELSEWHERE = [
  'https://evil.test/api', 'https://school.test.evil.test/', 'https://school.test:8443/', 'https://school.test@evil.test/',
  'https://user@school.test/', 'https://school.test/#fragment', 'http://localhost/', 'ftp://school.test/', '/api', '',
];
for (const url of ELSEWHERE) {
  test(`no token goes to ${url || 'nowhere'}`, async () => {
    const { services, calls } = answering(() => json(200, []));
    const calling = {
      lineItems: () => services.lineItems(url).next(),
      lineItem: () => services.lineItem(url),
      createLineItem: () => services.createLineItem(url, { label: 'l', scoreMaximum: 1 }),
      updateLineItem: () => services.updateLineItem(url, { label: 'l' }),
      deleteLineItem: () => services.deleteLineItem(url),
      postScore: () => services.postScore(url, SCORE),
      results: () => services.results(url).next(),
      members: () => services.members(url).next(),
      noticeHandlers: () => services.noticeHandlers(url),
      setNoticeHandler: () => services.setNoticeHandler(url, { type: 'x', handler: null }),
      postAssetReport: () => services.postAssetReport(url, { assetId: 'a', type: 't', processingProgress: 'Failed', priority: 0 }),
    };
    for (const [name, call] of Object.entries(calling)) {
      const error = await rejects(call, 'ERR_ARGUMENT', 'url');
      assert.ok(error.message, name);
    }
    await rejects(() => services.asset({ url }), 'ERR_ARGUMENT', 'asset.url');
    assert.deepEqual(calls, []);
  });
}

test('http is asked for by https, but on this machine', async () => {
  const { services, sent } = answering(() => json(200, []));
  await all(services.lineItems('http://school.test/items'));
  assert.deepEqual(sent().map(({ url }) => url), [`${HOST}/items`]);
  const own = answering(() => json(200, []), { origins: [LOCAL], platform: ON_THIS_MACHINE });
  await all(own.services.lineItems(`${LOCAL}/items`));
  assert.deepEqual(own.sent().map(({ url }) => url), [`${LOCAL}/items`]);
});

test('this machine is named by a platform that is on it', () => {
  const options = { key: KEY.privateKey, fetch };
  refuses(() => new LtiServices({ ...options, platform: PLATFORM, origins: [HOST, LOCAL] }), 'ERR_ARGUMENT', 'options.origins[1]');
  const claims = { 'https://purl.imsglobal.org/spec/lti-ags/claim/endpoint': { lineitems: 'http://127.0.0.1:6379/', scope: [] } };
  refuses(() => LtiServices.for({ platform: PLATFORM, claims }, options), 'ERR_ARGUMENT', 'launch.claims');
  LtiServices.for({ platform: ON_THIS_MACHINE, claims }, options);
});

test('what the options must be', () => {
  const good = { platform: PLATFORM, key: KEY.privateKey, origins: [HOST] };
  const wrong = [
    [undefined, 'options'], [{ ...good, origins: [] }, 'options.origins'], [{ ...good, origins: ['school'] }, 'options.origins[0]'],
    [{ ...good, platform: undefined }, 'options.platform'], [{ ...good, platform: { ...PLATFORM, tokenEndpoint: 'x' } }, 'options.platform.tokenEndpoint'],
    [{ ...good, scopes: 'x' }, 'options.scopes'], [{ ...good, store: {} }, 'options.store.get'], [{ ...good, timeout: 0 }, 'options.timeout'],
  ];
  for (const [options, at] of wrong) refuses(() => new LtiServices(options), 'ERR_ARGUMENT', at);
  refuses(() => LtiServices.for({ platform: PLATFORM, claims: {} }, { key: KEY.privateKey }), 'ERR_ARGUMENT', 'launch.claims');
  refuses(() => LtiServices.for({ claims: {} }, { key: KEY.privateKey }), 'ERR_ARGUMENT', 'launch.platform');
});

test('later changes of the options do not reach it', async () => {
  const origins = [HOST];
  const platform = { ...PLATFORM, clientId: 'changing' };
  const { services } = answering(() => json(200, []), { origins, platform });
  origins.push('https://evil.test');
  platform.tokenEndpoint = 'https://evil.test/token';
  await rejects(() => services.lineItem('https://evil.test/'), 'ERR_ARGUMENT', 'url');
  assert.deepEqual(await all(services.lineItems(`${HOST}/items`)), []);
});

// ── Tokens ───────────────────────────────────────────────────────────────────────────────────────

const dead = () => json(401, { errors: { type: 'unauthorized', message: 'Access token expired' } });

test('a token that the service takes for dead is asked for anew, once', async () => {
  const { services, sent, granted } = answering((url, init) =>
    (init.headers.authorization === 'Bearer service-token-1' ? dead() : json(200, { id: 1 })));
  assert.deepEqual(await services.lineItem(`${HOST}/1`), { id: 1 });
  assert.deepEqual(sent().map(bearer), ['Bearer service-token-1', 'Bearer service-token-2']);
  const never = answering(dead);
  const error = await rejects(() => never.services.postScore(`${HOST}/1`, SCORE), 'ERR_UNAUTHENTICATED');
  assert.deepEqual([error.status, never.sent().length, never.granted()], [401, 2, 2]);
  assert.equal(granted(), 2);
});

test('what may not be is not asked again', async () => {
  const refusal = { errors: { type: 'unauthorized', message: 'Insufficient permissions' } };
  const { services, sent } = answering(() => json(401, refusal));
  const error = await rejects(() => services.lineItem(`${HOST}/1`), 'ERR_FORBIDDEN');
  assert.deepEqual([error.status, sent().length], [401, 1]);
  assert.match(error.message, /Insufficient permissions/);
});

test('an error does not carry the token', async () => {
  const { services } = answering((url, init) => json(500, { message: 'no', was: init.headers.authorization }));
  const error = await rejects(() => services.lineItem(`${HOST}/1`), 'ERR_HTTP_STATUS');
  assert.doesNotMatch(JSON.stringify(error.body) + error.message, /service-token/);
});

test('without a launch, the scopes of the call are asked for', async () => {
  const { services, calls } = answering(() => json(200, { members: [] }));
  await all(services.members(`${HOST}/m`));
  assert.equal(new URLSearchParams(calls[0].init.body).get('scope'), SCOPES[4]);
});

// ── Pages ────────────────────────────────────────────────────────────────────────────────────────

const next = (url) => ({ link: `<${url}>; rel="next"` });

test('pages are followed on their own origin alone, and end', async () => {
  const two = answering((url) => (url.endsWith('/2') ? json(200, [{ id: 2 }]) : json(200, [{ id: 1 }], next('http://school.test/2'))));
  assert.deepEqual(await all(two.services.lineItems(`${HOST}/1`)), [{ id: 1 }, { id: 2 }]);
  assert.deepEqual(two.sent().map(({ url }) => url), [`${HOST}/1`, `${HOST}/2`]);
  const away = answering(() => json(200, [{ id: 1 }], next('https://evil.test/2')));
  await rejects(() => all(away.services.lineItems(`${HOST}/1`)), 'ERR_RESPONSE_INVALID');
  assert.equal(away.sent().length, 1);
  const endless = answering(() => json(200, [], next(`${HOST}/1`)));
  const error = await rejects(() => all(endless.services.results(`${HOST}/1`)), 'ERR_RESPONSE_INVALID');
  assert.match(error.message, /no end/);
  assert.equal(endless.sent().length, 1000);
});

test('the next page is asked for when the last item was taken', async () => {
  const { services, sent } = answering((url) => json(200, [{ id: url }, { id: 0 }], next(`${HOST}/more`)));
  for await (const { id } of services.lineItems(`${HOST}/1`)) if (id === 0) break;
  assert.equal(sent().length, 1);
});

test('large numbers arrive whole', async () => {
  const body = '[{"id":"x","resourceId":90000000000000001}]';
  const { services } = answering(() => new Response(body));
  assert.deepEqual(await all(services.lineItems(`${HOST}/1`)), [{ id: 'x', resourceId: 90000000000000001n }]);
});

// ── Assets ───────────────────────────────────────────────────────────────────────────────────────

const BYTES = new Uint8Array(3_000_000).map((_, index) => index * 7);
const checksum = createHash('sha256').update(BYTES).digest('base64');
const file = () => new Response(BYTES, { headers: { 'content-type': 'application/pdf' } });

test('an asset is its bytes, its checksum compared', async () => {
  const { services } = answering(file);
  for (const given of [{}, { sha256_checksum: checksum }, { sha256Checksum: checksum }]) {
    const { bytes, contentType } = await services.asset({ url: `${HOST}/a`, ...given });
    assert.ok(bytes instanceof Uint8Array && Buffer.from(bytes).equals(Buffer.from(BYTES)));
    assert.equal(contentType, 'application/pdf');
  }
  const other = createHash('sha256').update('other').digest('base64');
  await rejects(() => services.asset({ url: `${HOST}/a`, sha256_checksum: other }), 'ERR_RESPONSE_INVALID');
  await rejects(() => services.asset({ url: `${HOST}/a`, sha256_checksum: 'x' }), 'ERR_ARGUMENT', 'asset.sha256_checksum');
  const empty = answering(() => new Response(null, { status: 200 }));
  const nothing = createHash('sha256').digest('base64');
  assert.equal((await empty.services.asset({ url: `${HOST}/a`, sha256_checksum: nothing })).bytes.length, 0);
});

const redirect = (location) => new Response(null, { status: 302, headers: { location } });

test('a redirect is followed once, without the token to another origin', async () => {
  const { services, sent } = answering((url) => (url.startsWith(HOST) ? redirect('https://files.test/1?sig=x') : file()));
  const { bytes } = await services.asset({ url: `${HOST}/a`, sha256_checksum: checksum });
  assert.equal(bytes.length, BYTES.length);
  assert.deepEqual(sent().map(({ url }) => url), [`${HOST}/a`, 'https://files.test/1?sig=x']);
  assert.deepEqual(sent().map(bearer), ['Bearer service-token-1', undefined]);
  const own = answering((url) => (url.endsWith('/a') ? redirect('/b') : file()));
  await own.services.asset({ url: `${HOST}/a` });
  assert.deepEqual(own.sent().map(({ url }) => url), [`${HOST}/a`, `${HOST}/b`]);
  assert.equal(bearer(own.sent()[1]), 'Bearer service-token-1');
  for (const location of [
    'http://files.test/', 'file:///etc/passwd', 'https://[', 'http://localhost:8080/admin', 'https://127.0.0.1/', 'http://2130706433/', 'https://u@files.test/',
  ]) {
    const away = answering(() => redirect(location));
    await rejects(() => away.services.asset({ url: `${HOST}/a` }), 'ERR_HTTP_STATUS');
    assert.equal(away.sent().length, 1);
  }
  const here = answering((url) => (url.startsWith(LOCAL) ? redirect('http://127.0.0.1:8080/file') : file()), { origins: [LOCAL], platform: ON_THIS_MACHINE });
  assert.equal((await here.services.asset({ url: `${LOCAL}/a` })).bytes.length, BYTES.length);
  const twice = answering((url) => redirect(url.startsWith(HOST) ? 'https://files.test/' : 'https://more.test/'));
  await rejects(() => twice.services.asset({ url: `${HOST}/a` }), 'ERR_HTTP_STATUS');
  assert.equal(twice.sent().length, 2);
});

test('an answer without a web stream has its bytes too', async () => {
  const plain = (bytes) => ({
    status: 200, headers: new Headers(), text: async () => '', arrayBuffer: async () => bytes.slice().buffer, body: { pipe() {} },
  });
  const { services } = answering(() => plain(BYTES));
  assert.deepEqual((await services.asset({ url: `${HOST}/a`, sha256_checksum: checksum })).bytes, new Uint8Array(BYTES));
  const lost = answering(() => ({ ...plain(BYTES), arrayBuffer: undefined }));
  await rejects(() => lost.services.asset({ url: `${HOST}/a` }), 'ERR_FETCH');
});

test('what the host of a file says is not of the token', async () => {
  const { services, granted } = answering((url) => (url.startsWith(HOST) ? redirect('https://files.test/1') : dead()));
  await rejects(() => services.asset({ url: `${HOST}/a` }), 'ERR_UNAUTHENTICATED');
  assert.equal(granted(), 1);
});

test('an error about a success carries nothing of the body', async () => {
  const member = { user_id: '1', name: 'Sue Student' };
  for (const [answer, headers] of [[{ members: { member } }], [{ members: [member] }, next('https://evil.test/2')]]) {
    const { services } = answering(() => json(200, answer, headers));
    const error = await rejects(() => all(services.members(`${HOST}/m`)), 'ERR_RESPONSE_INVALID');
    assert.deepEqual([error.status, error.body], [200, undefined]);
  }
  const { services } = answering(() => json(200, { items: [member] }));
  assert.equal((await rejects(() => all(services.results(`${HOST}/m`)), 'ERR_RESPONSE_INVALID')).body, undefined);
});

test('a token that no header carries is the server\'s fault', async () => {
  const fetch = async () => json(200, { ...GRANT, access_token: 'a token' });
  const { services } = answering(() => json(200, []), { fetch });
  const error = await rejects(() => services.lineItem(`${HOST}/1`), 'ERR_RESPONSE_INVALID');
  assert.doesNotMatch(JSON.stringify(error) + error.message, /a token/);
});

test('times go on with a clock that is set back', async (t) => {
  const { services, sent } = answering(() => json(200, { resultUrl: 'https://school.test/r' }));
  const posted = async (time) => {
    t.mock.timers.setTime(Date.parse(time));
    await services.postScore(`${HOST}/1`, SCORE);
    return JSON.parse(sent().at(-1).init.body).timestamp;
  };
  t.mock.timers.enable({ apis: ['Date'] });
  assert.equal(await posted('2040-01-01T00:00:00.000Z'), '2040-01-01T00:00:00.000Z');
  assert.equal(await posted('2040-01-01T00:00:00.000Z'), '2040-01-01T00:00:00.001Z');
  assert.equal(await posted('2039-12-31T23:59:55.000Z'), '2040-01-01T00:00:00.002Z');
  assert.equal(await posted('2030-01-01T00:00:00.000Z'), '2030-01-01T00:00:00.000Z');
});

test('an asset that is refused', async () => {
  const { services } = answering(() => json(404, { errors: { type: 'not_found', message: 'not found' } }));
  const error = await rejects(() => services.asset({ url: `${HOST}/a` }), 'ERR_HTTP_STATUS');
  assert.match(error.message, /not found/);
  const expired = answering((url, init) => (bearer({ init }).endsWith('1') ? dead() : file()));
  assert.equal((await expired.services.asset({ url: `${HOST}/a` })).bytes.length, BYTES.length);
});

test('an asset longer than what is read is not read to its end', async () => {
  const chunk = new Uint8Array(1 << 26);
  let pulled = 0;
  const body = () => new ReadableStream({ pull(controller) { pulled += 1; controller.enqueue(chunk); } }, { highWaterMark: 0 });
  const { services } = answering(() => new Response(body()));
  const error = await rejects(() => services.asset({ url: `${HOST}/a` }, { timeout: 60_000 }), 'ERR_RESPONSE_INVALID');
  assert.match(error.message, /more than 268435456 bytes/);
  assert.ok(pulled <= 6, `${pulled}`);
  const nothing = () => new ReadableStream({ pull: (controller) => controller.enqueue(new Uint8Array(0)) }, { highWaterMark: 0 });
  const empty = answering(() => new Response(nothing()));
  await rejects(() => empty.services.asset({ url: `${HOST}/a` }), 'ERR_RESPONSE_INVALID');
});

test('a report is sent with a time', async () => {
  const { services, sent } = answering(() => json(201, {}));
  const report = { assetId: 'a', type: 'originality', processingProgress: 'Processed', priority: 1, result: '75/100' };
  assert.equal(await services.postAssetReport(`${HOST}/r`, report), undefined);
  const { timestamp, ...rest } = JSON.parse(sent()[0].init.body);
  assert.deepEqual(rest, report);
  assert.match(timestamp, /\.\d{3}Z$/);
});
