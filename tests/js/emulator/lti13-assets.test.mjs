// Asset processors: assets, reports, EULAs; and what else a tool does with its token.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { HOST, NOT_FOUND } from './canvas.mjs';
import { COURSE, KEY, open, OTHER, refused, SCHOOL, SCOPE, serviceToken, SUE, TOOL, TWO_TOOLS } from './services.mjs';

const BASE = '/api/lti/asset_processors/83';
const REPORTS = `${BASE}/reports`;
const NOTICE = 'LtiAssetProcessorSubmissionNotice';
const PROCESSOR = { id: 83, toolId: 7, assignmentId: 25 };

/** A client, and the asset of the seeded submission. */
async function withAsset(options, claims) {
  const client = await open(options, claims);
  await client.canvas.notify(NOTICE, { submissionId: 6 });
  const asset = client.canvas.records.assets.values().next().value;
  return { ...client, asset, path: `${BASE}/assets/${asset?.id}` };
}

// ── Assets ───────────────────────────────────────────────────────────────────────────────────────

test('the bytes of an asset', async () => {
  const { get, path } = await withAsset();
  const { status, text, headers } = await get(path);
  assert.deepEqual([status, text, headers.get('content-type')], [200, 'Final.', 'text/plain']);
});

test('an asset on another host is redirected to, and needs no token there', async () => {
  const { canvas, get, path } = await withAsset({ filesHost: 'files.test' });
  const { status, headers, text } = await get(path);
  assert.deepEqual([status, text], [302, '']);
  const location = headers.get('location');
  assert.match(location, /^https:\/\/files\.test\/files\/[0-9a-f-]+\/download\?download_frd=1&sf_verifier=[0-9a-f-]+$/);
  const file = await canvas.get(location);
  assert.deepEqual([file.status, file.text], [200, 'Final.']);
  const other = await canvas.get(location.replace(/verifier=.*/, 'verifier=x'));
  assert.deepEqual([other.status, other.body], [404, NOT_FOUND]);
});

test('a text is an asset', async () => {
  const submissions = [{ id: 6, uuid: 'u', assignmentId: 25, userId: 3, body: '<p>x</p>', submittedAt: '2024-11-06T14:20:07Z' }];
  const { get, path } = await withAsset({ submissions, filesHost: 'files.test' });
  const { status, text, headers } = await get(path);
  assert.deepEqual([status, text, headers.get('content-type')], [200, '<p>x</p>', 'text/html']);
});

test('an asset that there is not, or of another assignment, is refused', async () => {
  const { get, canvas, asset } = await withAsset({ assetProcessors: [PROCESSOR, { ...PROCESSOR, id: 84, assignmentId: 26 }] });
  refused(await get(`${BASE}/assets/x`), 404, 'not_found', 'not found');
  refused(await get(`/api/lti/asset_processors/84/assets/${asset.id}`), 400, 'bad_request', 'Invalid asset');
  const { status, body } = await get(`/api/lti/asset_processors/99/assets/${asset.id}`);
  assert.deepEqual([status, body], [404, NOT_FOUND], canvas.reason());
});

// ── Reports ──────────────────────────────────────────────────────────────────────────────────────

const report = (asset, changes = {}) => ({
  assetId: asset.id, type: 'originality', timestamp: '2025-01-24T17:56:53.221+00:00', title: 'Originality', result: '75/100',
  indicationColor: '#EC0000', indicationAlt: 'High.', priority: 5, processingProgress: 'Processed', ...changes,
});

test('a report is answered as it was stored', async () => {
  const { canvas, post, asset } = await withAsset();
  const extension = { 'https://example.com/x': { y: [1] } };
  const json = report(asset, { visibleToOwner: true, ...extension, unknown: 1, comment: ['x'] });
  const { status, body, headers } = await post(REPORTS, { json });
  assert.equal(status, 201, canvas.reason());
  assert.match(headers.get('content-type'), /^application\/json/);
  const { unknown, comment, ...kept } = json;
  assert.deepEqual(body, { ...kept, timestamp: '2025-01-24T17:56:53Z' });
  const [stored] = canvas.records.assetReports.values();
  assert.deepEqual([stored.processorId, stored.submissionId, stored.type], [83, 6, 'originality']);
});

test('a report review can be launched', async () => {
  const { canvas, post, asset } = await withAsset();
  await post(REPORTS, { json: report(asset) });
  const [stored] = canvas.records.assetReports.values();
  const { form } = await canvas.launch({ developerKeyId: KEY.id, messageType: 'LtiReportReviewRequest', report: stored });
  assert.equal(form.client_id, String(KEY.id));
});

test('the newest report of a type counts, to the microsecond', async () => {
  const { canvas, post, asset } = await withAsset({ assetProcessors: [PROCESSOR] });
  const at = (fraction) => `2025-01-24T17:56:53.${fraction}Z`;
  for (const [fraction, type, status] of [
    ['100000', 'a', 201], ['100000', 'a', 201], ['100001', 'a', 201], ['100000', 'b', 201],
  ]) {
    assert.equal((await post(REPORTS, { json: report(asset, { type, timestamp: at(fraction) }) })).status, status);
  }
  refused(await post(REPORTS, { json: report(asset, { type: 'a', timestamp: at('100000') }) }), 409, 'conflict',
    'An existing report has a newer timestamp');
  assert.equal(canvas.records.assetReports.size, 2);
});

for (const [name, changes, code, type, message, options] of [
  ['of a type that the processor does not make', { type: 'other' }, 422, 'unprocessable_entity',
    'Invalid report type, must be one of: ["originality"]'],
  ['to a processor whose types are broken', {}, 400, 'bad_request',
    "Invalid supportedTypes on asset processor's 'report' object; this processor is broken and cannot accept reports",
    { assetProcessors: [{ ...PROCESSOR, report: { supportedTypes: 'x' } }] }],
  ['of a type that is no text', { type: 5 }, 400, 'bad_request', 'type must be a non-empty string'],
  ['at no time', { timestamp: 'soon' }, 400, 'bad_request', 'A valid ISO8601 timestamp must be provided'],
  ['of an asset that there is not', { assetId: 'x' }, 400, 'bad_request', 'Invalid asset'],
]) {
  test(`a report ${name} is refused`, async () => {
    const { canvas, post, asset } = await withAsset(options);
    refused(await post(REPORTS, { json: report(asset, changes) }), code, type, message);
    assert.equal(canvas.records.assetReports.size, 0);
  });
}

for (const name of ['assetId', 'type', 'timestamp']) {
  test(`a report without ${name} is refused`, async () => {
    const { post, asset } = await withAsset();
    const { status, body } = await post(REPORTS, { json: report(asset, { [name]: undefined }) });
    assert.deepEqual([status, body], [400, { errors: [{ message: `${name} is missing` }] }]);
  });
}

const COLOR = 'Indication color must be a valid hex code';
for (const [attribute, changes, type] of [
  ['indication_color', { indicationColor: 'red' }, COLOR],
  ['indication_color', { indicationColor: '#EC00001' }, COLOR],
  ['priority', { priority: 6 }, 'inclusion'],
  ['priority', { priority: undefined }, 'inclusion'],
  ['processing_progress', { processingProgress: undefined }, 'blank'],
  ['title', { title: 'x'.repeat(1025) }, 'too_long'],
  ['title', { title: '' }, 'too_short'],
  ['result', { result: 'x'.repeat(256) }, 'too_long'],
  ['error_code', { errorCode: '' }, 'too_short'],
  ['visible_to_owner', { visibleToOwner: 'yes' }, 'inclusion'],
]) {
  test(`a report whose ${attribute} is not valid is refused: ${JSON.stringify(changes).slice(0, 50)}`, async () => {
    const { canvas, post, asset } = await withAsset();
    const { status, body } = await post(REPORTS, { json: report(asset, changes) });
    assert.deepEqual([status, body], [422, { errors: { [attribute]: [{ attribute, type, message: type }] } }]);
    assert.equal(canvas.records.assetReports.size, 0);
  });
}

test('a progress that nobody knows is taken', async () => {
  const { post, asset } = await withAsset();
  assert.equal((await post(REPORTS, { json: report(asset, { processingProgress: 'Thinking' }) })).status, 201);
});

for (const [name, options, claims, code, type, message] of [
  ["another's", { ...TWO_TOOLS, assetProcessors: [{ ...PROCESSOR, toolId: 8 }] }, {}, 403, 'forbidden',
    'Asset processor not owned by this developer key'],
  ['where the feature is off', { features: [] }, {}, 404, 'not_found', 'not found'],
  ['of a course that is gone', { courses: [{ ...COURSE, id: 2 }], groups: [], resourceLinks: [], lineItems: [] }, {}, 404,
    'not_found', 'Context not found'],
  ['where no tool is installed', { tools: [{ ...TOOL, id: 8, active: false }, { ...TOOL, developerKeyId: 1 }] }, {}, 401,
    'unauthorized', 'Access Token not linked to a Tool associated with this Context'],
  ['without the scope', {}, { scopes: SCOPE.item }, 401, 'unauthorized', 'Insufficient permissions'],
]) {
  test(`an asset processor ${name} is refused`, async () => {
    const { get, post } = await open(options, claims);
    refused(await get(`${BASE}/assets/x`), code, type, message);
    refused(await post(REPORTS, { json: {} }), code, type, message);
  });
}

// ── EULAs ────────────────────────────────────────────────────────────────────────────────────────

const EULA = '/api/lti/asset_processor_eulas/7';
const acceptance = (changes = {}) => ({ userId: SUE.ltiUuid, accepted: true, timestamp: '2022-04-16T18:54:36.736+00:00', ...changes });

test('a user accepts, declines, and has to accept again', async () => {
  const { canvas, post, delete: remove } = await open();
  const made = await post(`${EULA}/user`, { json: acceptance() });
  assert.deepEqual([made.status, made.body], [201, { timestamp: '2022-04-16T18:54:36Z', accepted: true, userId: SUE.ltiUuid }]);
  const same = await post(`${EULA}/user`, { json: acceptance({ accepted: false }) });
  assert.deepEqual([same.status, same.body], [409, { error: 'timestamp older than latest' }]);
  const later = await post(`${EULA}/user`, { json: acceptance({ accepted: false, timestamp: '2023-01-01T00:00:00Z' }) });
  assert.deepEqual([later.status, later.body.accepted], [201, false]);
  assert.equal(canvas.records.eulaAcceptances.size, 1);
  const gone = await remove(`${EULA}/user`);
  assert.deepEqual([gone.status, gone.text, canvas.records.eulaAcceptances.size], [204, '', 0]);
  assert.equal((await remove(`${EULA}/user`)).status, 204);
});

test('a deployment asks for a EULA, or not', async () => {
  const { canvas, put } = await open();
  for (const eulaRequired of [true, false]) {
    const { status, body } = await put(`${EULA}/deployment`, { json: { eulaRequired } });
    assert.deepEqual([status, body], [200, { eulaRequired }]);
    assert.equal(canvas.records.tools.get('7').eulaRequired, eulaRequired);
  }
  const { status, body } = await put(`${EULA}/deployment`, { json: { eulaRequired: null } });
  assert.deepEqual([status, body], [400, { errors: [{ message: 'eulaRequired is missing' }] }]);
});

for (const [name, changes, code, type, message] of [
  ['of nobody', { userId: 'x' }, 404, 'not_found', 'not found'],
  ['at no time', { timestamp: 'soon' }, 400, 'bad_request', 'A valid ISO8601 timestamp must be provided'],
]) {
  test(`an acceptance ${name} is refused`, async () => {
    refused(await (await open()).post(`${EULA}/user`, { json: acceptance(changes) }), code, type, message);
  });
}

for (const name of ['userId', 'timestamp', 'accepted']) {
  test(`an acceptance without ${name} is refused`, async () => {
    const { status, body } = await (await open()).post(`${EULA}/user`, { json: acceptance({ [name]: undefined }) });
    assert.deepEqual([status, body], [400, { errors: [{ message: `${name} is missing` }] }]);
  });
}

test('the tool of a EULA comes before its token', async () => {
  const { canvas } = await open(TWO_TOOLS);
  const none = '/api/lti/asset_processor_eulas/99/user';
  refused(await canvas.delete(none), 404, 'not_found', 'not found');
  refused(await canvas.delete(`${EULA}/user`), 401, 'unauthorized', 'Missing access token');
  const off = await open({ features: [] });
  refused(await off.delete(`${EULA}/user`), 404, 'not_found', 'not found');
  refused(await canvas.delete('/api/lti/asset_processor_eulas/8/user', { bearer: await serviceToken(canvas) }), 400,
    'bad_request', 'bad request');
});

test('a EULA has a scope for users and one for deployments', async () => {
  const user = await open({}, { scopes: SCOPE.eulaUser });
  const deployment = await open({}, { scopes: SCOPE.eulaDeployment });
  assert.equal((await user.post(`${EULA}/user`, { json: acceptance() })).status, 201);
  assert.equal((await deployment.put(`${EULA}/deployment`, { json: { eulaRequired: true } })).status, 200);
  for (const answer of [
    await user.put(`${EULA}/deployment`, { json: { eulaRequired: true } }), await deployment.delete(`${EULA}/user`),
    await deployment.post(`${EULA}/user`, { json: acceptance() }),
  ]) refused(answer, 401, 'unauthorized', 'Insufficient permissions');
});

// ── The tool's key, and accounts ─────────────────────────────────────────────────────────────────

const JWK_PATH = '/api/lti/developer_key/update_public_jwk';
const JWK = { kty: 'RSA', alg: 'RS256', e: 'AQAB', n: 'x', kid: 'k', use: 'sig' };

test('a tool replaces its key, and gets its record', async () => {
  const { canvas, put } = await open({ developerKeys: [{ ...KEY, secret: 'api-key' }, OTHER] });
  const { status, body, headers } = await put(JWK_PATH, { json: { developer_key: { public_jwk: JWK } } });
  assert.equal(status, 200, canvas.reason());
  assert.match(headers.get('content-type'), /^application\/vnd\.ims\.lis\.v2\.publicjwk\+json/);
  assert.deepEqual([body.id, body.public_jwk, body.api_key], [KEY.id, JWK, 'api-key']);
  assert.deepEqual(canvas.records.developerKeys.get(String(KEY.id)).publicJwk, JWK);
});

for (const [name, jwk, status, expected] of [
  ['no JWK', undefined, 400, { errors: [{ message: 'developer_key is missing' }] }],
  ['an empty one', {}, 400, { errors: [{ message: 'developer_key is missing' }] }],
  ['one that lacks members', { hello: 'world' }, 422,
    /object at root is missing required properties: kty, e, n, kid, alg, use/],
  ['one of another algorithm', { ...JWK, alg: 'RS512' }, 422,
    /RS512 \/alg\. Schema: \{\\"type\\" => \\"string\\", \\"const\\" => \\"RS256\\"\}/],
]) {
  test(`a key is not replaced by ${name}`, async () => {
    const { canvas, put } = await open();
    const answer = await put(JWK_PATH, { json: { developer_key: { public_jwk: jwk } } });
    assert.equal(answer.status, status);
    if (expected instanceof RegExp) assert.match(answer.text, expected);
    else assert.deepEqual(answer.body, expected);
    assert.equal(canvas.records.developerKeys.get(String(KEY.id)).publicJwk, undefined);
  });
}

test('replacing a key needs its scope, and no tool', async () => {
  refused(await (await open({}, { scopes: SCOPE.item })).put(JWK_PATH, { json: {} }), 401, 'unauthorized',
    'Insufficient permissions');
  const { put } = await open({ tools: [] });
  assert.equal((await put(JWK_PATH, { json: { developer_key: { public_jwk: JWK } } })).status, 200);
});

test('an account, by local and global id', async () => {
  const accounts = [SCHOOL, { id: 2, uuid: 'v', name: 'Faculty', parentId: 1 }];
  const { get } = await open({ accounts, tools: [] });
  const { status, body, headers } = await get('/api/lti/accounts/10000000000001');
  assert.match(headers.get('content-type'), /^application\/vnd\.canvas\.accountlookup\+json/);
  assert.deepEqual([status, body], [200, {
    id: 1, name: SCHOOL.name, workflow_state: 'active', parent_account_id: null, root_account_id: null, uuid: SCHOOL.uuid,
    default_time_zone: 'America/Denver',
  }]);
  const faculty = (await get('/api/lti/accounts/2')).body;
  assert.deepEqual([faculty.parent_account_id, faculty.root_account_id], [1, 1]);
  const none = await get('/api/lti/accounts/99');
  assert.deepEqual([none.status, none.body], [404, NOT_FOUND]);
  refused(await (await open({}, { scopes: SCOPE.item })).get(`${HOST}/api/lti/accounts/1`), 401, 'unauthorized',
    'Insufficient permissions');
});
