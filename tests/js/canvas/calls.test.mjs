// Every call succeeds, in process and over HTTP, with the request that Canvas documents.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compactDecrypt, compactVerify, createLocalJWKSet } from 'jose';
import { CALLS, run, seed, SUBMISSION, subscription, titleOf } from './calls.mjs';
import { GUID, open, REG_KEY, WAYS } from './site.mjs';

const FACTS = {
  createJwt: (result) => tokenOf(result),
  refreshJwt: (result) => tokenOf(result),
  createInstAccessToken: (result) => encrypted(result),
  toolConsumerProfile: (profile) => assert.equal(profile['@type'], 'ToolConsumerProfile'),
  registerToolProxy: (made) => assert.match(made.tc_half_shared_secret, /^[0-9a-f]{128}$/),
  createOriginalityReport: (report) => assert.equal(report.originality_score, 25.2),
  updateOriginalityReport: (report) => assert.deepEqual([report.id, report.originality_score], [1, 25.2]),
  originalityReport: (report) => assert.deepEqual([report.id, report.originality_score], [1, 5]),
  createSubscription: (found) => assert.deepEqual(found, { ...subscription(), Id: found.Id.slice(0, 36) }),
  updateSubscription: (found) => assert.deepEqual(found, { ...subscription(), Id: 's1' }),
  subscription: (found) => assert.deepEqual(found, { Id: 's1', ...subscription() }),
  subscriptions: (page) => assert.deepEqual(page, { subscriptions: [{ Id: 's1', ...subscription() }], endKey: null }),
  deleteSubscription: (nothing, { records }) => assert.deepEqual([nothing, records.subscriptions.size], [undefined, 0]),
  submission: (found) => assert.deepEqual([found.id, found.attempt], [6, 2]),
  submissionHistory: (found) => assert.deepEqual(found.map(({ attempt }) => attempt), [1, 2]),
  user: ({ name }) => assert.equal(name, 'Sue Student'),
  groupUsers: (users) => assert.deepEqual(users.map(({ id }) => id), [2, 3]),
};
const STATUS = { createInstAccessToken: 201, registerToolProxy: 201 };

function encrypted({ token, claims, expiresAt, encrypted, ...rest }) {
  assert.deepEqual(rest, {});
  assert.equal(token.split('.').length, 5);
  assert.deepEqual([encrypted, claims], [true, null]);
  const left = expiresAt - Date.now() / 1000;
  assert.ok(left > 3500 && left <= 3600, `${left} s`);
}

function tokenOf({ token, compact, ...rest }) {
  assert.equal(token, Buffer.from(compact).toString('base64'));
  encrypted({ token: compact, ...rest });
}

const parsed = (type, body) => (type?.includes('form') ? Object.fromEntries(new URLSearchParams(body)) : JSON.parse(body));

for (const way of Object.keys(WAYS)) {
  for (const call of CALLS) {
    test(`${way}: ${titleOf(call)}`, async (t) => {
      const site = await open(t, { way });
      seed(site.emulator);
      const canvas = await site[call.token]();
      const args = call.name === 'refreshJwt' ? [(await canvas.createJwt()).token] : call.args;
      site.emulator.requests.clear();
      const result = await run(canvas, { ...call, args });
      FACTS[call.name](result, site.emulator);
      const { method, url, headers, body, status } = site.sent();
      assert.deepEqual([method, url], [call.method, site.baseUrl + call.path]);
      assert.deepEqual([headers.accept, headers['content-type']], [call.accept, call.type]);
      assert.match(headers.authorization, /^Bearer \S+$/);
      assert.equal(status, STATUS[call.name] ?? 200, site.reason());
      if (call.body) assert.deepEqual(parsed(call.type, body), call.name === 'refreshJwt' ? { jwt: args[0] } : call.body);
      else assert.equal(body, '');
    });
  }

  test(`${way}: a new report is created, a known one updated`, async (t) => {
    const site = await open(t, { way });
    const canvas = await site.tool();
    const first = await canvas.createOriginalityReport(SUBMISSION, { fileId: 71, originalityScore: 0 });
    const again = await canvas.createOriginalityReport(SUBMISSION, { fileId: 71, originalityScore: 100 });
    assert.deepEqual([...site.emulator.requests].map(({ status }) => status), [201, 200]);
    assert.deepEqual([first.originality_score, again.originality_score], [0, 100]);
    assert.equal(again.id, first.id);
  });

  test(`${way}: all that a JWT can be asked for`, async (t) => {
    const site = await open(t, { way });
    const workflows = ['rich_content', 'ui', 'a&b=ç'];
    const { compact } = await site.user().createJwt({ workflows, contextType: 'course', contextId: 1 });
    assert.deepEqual([...new URLSearchParams(site.sent().body)], [
      ...workflows.map((workflow) => ['workflows[]', workflow]), ['context_type', 'course'], ['context_id', '1'],
    ]);
    const { servicesEncryption, servicesSigning } = site.emulator.secrets;
    const { plaintext } = await compactDecrypt(compact, Buffer.from(servicesEncryption));
    const { payload } = await compactVerify(plaintext, Buffer.from(servicesSigning));
    const claims = JSON.parse(Buffer.from(payload));
    assert.deepEqual([claims.workflows, claims.context_type, claims.context_id], [workflows, 'Course', '1']);
  });

  test(`${way}: a JWT that is not for Canvas can be read, and its signature verified`, async (t) => {
    const site = await open(t, { way });
    const contextUuid = site.emulator.records.courses.get('1').uuid;
    const params = { workflows: ['rich_content'], contextType: 'Course', contextUuid, canvasAudience: false };
    const jwt = await site.user().createJwt(params);
    assert.equal(new URLSearchParams(site.sent().body).get('context_uuid'), contextUuid);
    assert.equal(jwt.encrypted, false);
    assert.equal(jwt.claims.context_id, '1');
    assert.equal(jwt.expiresAt, jwt.claims.exp);
    const plain = await site.user().createJwt({ canvasAudience: false });
    const { keys } = await (await site.fetch(`${site.baseUrl}/internal/services/jwks`)).json();
    const { payload } = await compactVerify(plain.compact, createLocalJWKSet({ keys }));
    assert.deepEqual(JSON.parse(Buffer.from(payload)), plain.claims);
    assert.equal((await site.user().createJwt({ canvasAudience: true })).encrypted, true);
  });

  test(`${way}: refreshing takes the token with and without its wrapping`, async (t) => {
    const site = await open(t, { way });
    const { token, compact } = await site.user().createJwt({ workflows: ['ui'] });
    for (const jwt of [token, compact, ` ${compact}\n`]) {
      const fresh = await site.user().refreshJwt(jwt);
      assert.equal(fresh.encrypted, true);
      assert.notEqual(fresh.token, token);
    }
  });

  test(`${way}: subscriptions, page by page`, async (t) => {
    const site = await open(t, { way });
    for (let count = 1; count <= 201; count += 1) {
      site.emulator.records.subscriptions.set(`s${count}`, { guid: GUID, subscription: { Id: `s${count}` } });
    }
    const canvas = await site.tool();
    const first = await canvas.subscriptions();
    const second = await canvas.subscriptions({ startKey: first.endKey });
    const third = await canvas.subscriptions({ startKey: second.endKey });
    const ids = [first, second, third].map(({ subscriptions }) => subscriptions.map(({ Id }) => Id));
    assert.deepEqual(ids.map((page) => page.length), [100, 100, 1]);
    assert.equal(new Set(ids.flat()).size, 201);
    assert.equal(third.endKey, null);
  });

  test(`${way}: the profile of all is given without a token, the developer key's own with one`, async (t) => {
    const site = await open(t, { way });
    const common = await site.none().toolConsumerProfile({ accountId: 1 });
    assert.equal(site.sent().headers.authorization, undefined);
    const own = await (await site.registrant()).toolConsumerProfile({ accountId: 1 });
    assert.notEqual(own.guid, common.guid);
    assert.ok(own.service_offered.length > common.service_offered.length);
  });

  test(`${way}: the two halves of the secret are the secret of the tool's assertions`, async (t) => {
    const site = await open(t, { way });
    const call = CALLS.find(({ name }) => name === 'registerToolProxy');
    const half = (await run(await site.registrant(), call)).tc_half_shared_secret;
    const [, proxy] = call.args;
    const secret = half + proxy.security_contract.tp_half_shared_secret;
    assert.ok(await site.granted({ sub: REG_KEY, secret }));
  });
}
