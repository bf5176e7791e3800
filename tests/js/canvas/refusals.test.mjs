// Each refusal that Canvas documents: its code, its status, Canvas's own words, and its body.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { defaultSeeds } from 'canvas-lms-tokens/emulator';
import { importJWK, SignJWT } from 'jose';
import { rejects } from '../node/copies.mjs';
import { BY_FILE, BY_ID, seed, SUBMISSION, subscription, toolProxy } from './calls.mjs';
import { GUID, open, REG_KEY, WAYS } from './site.mjs';

const [assignment] = defaultSeeds.assignments;
const [submission] = defaultSeeds.submissions;
const [proxy] = defaultSeeds.toolProxies;
const [userToken] = defaultSeeds.accessTokens;
const NOT_FOUND = 'The specified resource does not exist.';
const NOBODY = 'user authorization required';
const MAY_NOT = 'user not authorized to perform that action';
const unauthenticated = [401, 'ERR_UNAUTHENTICATED', NOBODY];
const deadToken = [401, 'ERR_UNAUTHENTICATED', 'Invalid access token.'];
const notFound = [404, 'ERR_HTTP_STATUS', NOT_FOUND];
const noSubscription = [404, 'ERR_HTTP_STATUS', 'Subscription not found'];
const invalidRefresh = [400, 'ERR_HTTP_STATUS', 'jwt invalid refresh'];
const forbidden = (words) => [403, 'ERR_FORBIDDEN', words];
const badRequest = (words) => [400, 'ERR_HTTP_STATUS', words];
const noTool = (words = 'unauthorized') => [401, 'ERR_FORBIDDEN', words];

/** Canvas with what the API gateway forwards: an InstAccess token, opened. */
async function gateway(site, changes = {}) {
  const { instAccess } = await site.emulator.keys();
  const now = Math.floor(Date.now() / 1000);
  const sub = defaultSeeds.users[1].uuid;
  const claims = { iss: 'instructure:inst_access', iat: now, exp: now + 60, sub, ...changes };
  const token = new SignJWT(claims).setProtectedHeader({ typ: 'JWT', alg: 'RS256' });
  return site.canvas(await token.sign(await importJWK(instAccess.signature, 'RS256')));
}

const byJwt = 'cannot generate a JWT when authorized by a JWT';
const rich = (params) => (site) => site.user().createJwt({ workflows: ['rich_content'], ...params });
const hours = (count) => {
  let now = 1_700_000_000;
  return { options: { now: () => now }, later: () => (now += count * 3600) };
};
const window = hours(7);
const scoped = { accessTokens: [{ ...userToken, scopes: ['url:POST|/api/v1/jwts/refresh'] }] };
const expired = { accessTokens: [{ ...userToken, expiresAt: 1 }] };
const noScope = [401, 'ERR_FORBIDDEN', /Insufficient scopes on access token/];

const USER_CALLS = [
  // [name, call, [status, code, Canvas's words], options of the emulator]
  ['nobody is logged in', (site) => site.none().createJwt(), unauthenticated],
  ['an unknown token', (site) => site.canvas('1~unknown-access-token').createJwt(), deadToken],
  ['an expired token', (site) => site.user().createInstAccessToken(), deadToken, expired],
  ['a token without the scope', (site) => site.user().createJwt(), noScope, scoped],
  ['a JWT as bearer', async (site) => (await gateway(site)).createJwt(), forbidden(byJwt)],
  ['a JWT as bearer, refreshing', async (site) => (await gateway(site)).refreshJwt('x'), forbidden(byJwt)],
  ['a JWT as bearer, InstAccess', async (site) => (await gateway(site)).createInstAccessToken(), forbidden(byJwt)],
  ['an expired JWT as bearer', async (site) => (await gateway(site, { exp: 1 })).createJwt(), deadToken],
  ['no context type', rich({ contextId: 1 }), badRequest('Missing context_type parameter.')],
  ['no context', rich({ contextType: 'Course' }), badRequest('Missing context_id or context_uuid parameter.')],
  ['an unknown context', rich({ contextType: 'Course', contextId: 99 }), notFound],
  ['an unknown context of an old server', rich({ contextType: 'Course', contextId: 99 }),
    [404, 'ERR_HTTP_STATUS', 'Context not found.'], { era: 'old' }],
  ['a context of others', rich({ contextType: 'User', contextId: 1 }), forbidden(MAY_NOT)],
  ['a context of others, without the new statuses', rich({ contextType: 'User', contextId: 1 }), noTool(MAY_NOT),
    { features: [] }],
  ['refreshing what is no token', (site) => site.user().refreshJwt('not-a-real-jwt'), invalidRefresh],
  ['refreshing what looks like one', (site) => site.user().refreshJwt('a.b'), invalidRefresh],
  ['refreshing the token of another',
    async (site) => site.guest().refreshJwt((await site.user().createJwt()).token), invalidRefresh],
  ['refreshing seven hours later', async (site) => {
    const { token } = await site.user().createJwt();
    window.later();
    return site.user().refreshJwt(token);
  }, invalidRefresh, window.options],
];

const report = (path, fields) => async (site) => (await site.tool()).createOriginalityReport(path, fields);
const tool = (name, ...args) => async (site) => (await site.tool())[name](...args);
const webhook = (changes) => tool('createSubscription', subscription(changes));
const register = (changes) => async (site) =>
  (await site.registrant()).registerToolProxy({ accountId: 1 }, toolProxy(changes));
const other = { ...submission, id: 7, attachments: [{ id: 80, filename: 'x' }], history: [] };
const two = { submissions: [submission, other] };
const foreign = { assignments: [{ ...assignment, toolProxyGuid: 'other' }] };
const able = (...capabilities) => ({ toolProxies: [{ ...proxy, capabilities: ['Security.splitSecret', ...capabilities] }] });
const contract = (services) => ({ toolProxies: [{ ...proxy, services }] });
const noUsers = contract(proxy.services.filter(({ service }) => service !== 'vnd.Canvas.User'));
const readOnly = contract(proxy.services.map(({ service }) => ({ service, actions: ['GET'] })));

const TOOL_CALLS = [
  ['no token', (site) => site.none().user(3), unauthenticated],
  ['what is no LTI token', (site) => site.user().submission(SUBMISSION), unauthenticated],
  ['a token of a registration alone', async (site) => (await site.registrant()).submission(SUBMISSION), unauthenticated],
  ['a service that is not in the contract', tool('user', 3), unauthenticated, noUsers],
  ['a method that is not in the contract', report(SUBMISSION, { fileId: 71 }), unauthenticated, readOnly],
  ['a report of an unknown assignment', report({ assignmentId: 99, submissionId: 6 }, { fileId: 71 }), notFound],
  ['a report of an unknown submission', report({ assignmentId: 25, submissionId: 99 }, { fileId: 71 }), notFound],
  ['a report of an unknown file', report(SUBMISSION, { fileId: 99 }), notFound],
  ['a report of the file of another', report(SUBMISSION, { fileId: 80 }), unauthenticated, two],
  ['a report without fields', report(SUBMISSION, {}), badRequest('originality_report is missing')],
  ['a report on an assignment of another tool', report(SUBMISSION, { fileId: 71 }), unauthenticated, foreign],
  ['an unknown report', tool('originalityReport', { ...BY_ID, reportId: 9 }), notFound],
  ['an unknown report to update', tool('updateOriginalityReport', { ...BY_ID, reportId: 9 }, { attempt: 1 }), notFound],
  ['an unknown file', tool('originalityReport', { ...BY_FILE, fileId: 99 }), notFound],
  ['a subscription for a course', webhook({ ContextType: 'course' }), badRequest('Invalid subscription')],
  ['a subscription for an unknown assignment', webhook({ ContextId: '99' }), notFound],
  ['a subscription for the assignment of another', webhook(), noTool('Unauthorized subscription'), foreign],
  ['a subscription without the capability', webhook(), noTool('Unauthorized subscription'), able()],
  ['a subscription where there is no service', webhook(),
    [500, 'ERR_HTTP_STATUS', 'Subscription service not configured'], { subscriptionService: false }],
  ['an unknown subscription', tool('subscription', 'x'), noSubscription],
  ['an unknown subscription to update', tool('updateSubscription', 'x', subscription()), noSubscription],
  ['an unknown subscription to delete', tool('deleteSubscription', 'x'), noSubscription],
  ['a submission of another tool', tool('submission', SUBMISSION), noTool(), foreign],
  ['a submission without the capability', tool('submission', SUBMISSION), noTool(), able()],
  ['a history without the capability', tool('submissionHistory', SUBMISSION), noTool(), able()],
  ['an unknown submission', tool('submissionHistory', { ...SUBMISSION, submissionId: 9 }), notFound],
  ['an unknown user', tool('user', 99), notFound],
  ['a user of no course of the tool', tool('user', 1), unauthenticated],
  ['an unknown group', tool('groupUsers', 99), notFound],
  ['a group of no course of the tool', tool('groupUsers', 4), unauthenticated, foreign],
  ['the profile of an unknown account', (site) => site.none().toolConsumerProfile({ accountId: 9 }), notFound],
  ['the profile with a wrong token', (site) => site.user().toolConsumerProfile({ courseId: 1 }), unauthenticated],
  ['registering without a token', (site) => site.none().registerToolProxy({ accountId: 1 }, toolProxy()), noTool()],
  ['registering without registration', tool('registerToolProxy', { accountId: 1 }, toolProxy()), noTool()],
  ['registering in an unknown account', tool('registerToolProxy', { accountId: 9 }, toolProxy()), notFound],
  ['an unknown capability', register({ enabled_capability: ['x'] }), badRequest(/Invalid Capabilities/)],
  ['no half of the secret', register({ security_contract: {} }), badRequest('Invalid SecurityContract')],
  ['the vendor of another key', register(), badRequest('Developer key mismatch'),
    { toolProxies: [{ guid: 'x', vendorCode: 'v.test', developerKeyId: 10000000000004 }] }],
  ['an error of Canvas itself', (site) => site.none().toolConsumerProfile({ accountId: 1 }),
    [500, 'ERR_HTTP_STATUS', 'An error occurred.'], { faults: { serverError: 1, serverErrorStatus: 500 } }],
];

for (const way of Object.keys(WAYS)) {
  for (const [name, call, [status, code, words], options] of [...USER_CALLS, ...TOOL_CALLS]) {
    test(`${way}: ${name} is ${code}`, async (t) => {
      const site = await open(t, { way, ...options });
      seed(site.emulator);
      // That of another tool is none of this one's.
      site.emulator.records.subscriptions.set('x', { guid: REG_KEY, subscription: {} });
      const before = snapshot(site.emulator);
      const error = await rejects(() => call(site), code);
      assert.equal(error.status, status, site.reason());
      assert.match(error.message, typeof words === 'string' ? new RegExp(`: ${escaped(words)}$`) : words);
      assert.match(error.message, new RegExp(`^the server answered ${status}: `));
      assert.ok(JSON.stringify(error.body).includes(words.source ?? words.replace(/^jwt /, '')), JSON.stringify(error.body));
      assert.equal(error.retryAfter, undefined);
      assert.deepEqual(snapshot(site.emulator), before);
    });
  }
}

const escaped = (text) => text.replace(/[.]/g, '\\$&');
/** Nothing of it may be changed by what was refused. */
const snapshot = ({ records }) => structuredClone([records.reports, records.subscriptions, records.toolProxies]);

test('a token granted by one host is refused by another', async (t) => {
  const site = await open(t);
  const accessToken = await site.granted({ sub: GUID, secret: 'secret' });
  const elsewhere = site.canvas(accessToken, { baseUrl: 'https://other.test' });
  await rejects(() => elsewhere.submission(SUBMISSION), 'ERR_UNAUTHENTICATED');
  assert.equal(site.reason(), 'invalid aud');
});
