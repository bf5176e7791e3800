// Assertions for access tokens, at the emulator: in this process and over HTTP.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { jwtVerify } from 'jose';
import { defaultSecrets } from 'canvas-lms-tokens/emulator';
import { serveEmulator } from '../../../scripts/serve.mjs';
import { AUD, copies, GUID, imported, read, rejects, UUID_4 } from './copies.mjs';
import { emulate, listen, proxyRequest, REG_KEY } from './servers.mjs';

const { requestAccessToken, signAssertion } = imported;
const BEARER = 'urn:ietf:params:oauth:grant-type:jwt-bearer';
const COURSE = 'https://canvas.test/api/lti/courses/1/authorize';
const DEVELOPER_KEY = { sub: 10000000000003, secret: 'developer-key-secret', code: REG_KEY };
const HUGE = { id: 90000000000000001n, secret: 'developer-key-secret' };

const GRANTS = {
  'a tool proxy': [{}, { sub: GUID, reg_key: GUID }],
  'a secret as bytes': [{ secret: Buffer.from('secret') }, { sub: GUID }],
  'a course': [{ url: COURSE }, { sub: GUID }],
  'a developer key': [DEVELOPER_KEY, { sub: 10000000000003, reg_key: REG_KEY }],
  'a developer key as text': [{ ...DEVELOPER_KEY, sub: '10000000000003' }, { sub: 10000000000003 }],
  'a developer key beyond 2^53': [{ ...DEVELOPER_KEY, sub: HUGE.id }, { sub: HUGE.id }, { developerKeys: [HUGE] }],
  'a registration key': [{ sub: REG_KEY, secret: 'registration-password' }, { sub: REG_KEY, reg_key: REG_KEY }],
  'an assertion of the caller': [
    { sub: undefined, secret: undefined, assertion: signAssertion({ sub: GUID, aud: AUD }, 'secret') }, { sub: GUID },
  ],
};

for (const [name, [changes, claims, options]] of Object.entries(GRANTS)) {
  test(`${name} gets an access token`, async () => {
    const emulator = emulate(options);
    const request = proxyRequest({ fetch: emulator.fetch, ...changes });
    const before = Math.floor(Date.now() / 1000);
    const token = await requestAccessToken(request);
    const after = Math.floor(Date.now() / 1000);
    assert.deepEqual(Object.keys(token), ['accessToken', 'tokenType', 'expiresIn', 'expiresAt', 'claims']);
    assert.equal(token.tokenType, 'bearer');
    assert.equal(token.expiresIn, 3600);
    assert.ok(token.expiresAt >= before + 3600 && token.expiresAt <= after + 3600);
    for (const [claim, value] of Object.entries(claims)) assert.equal(token.claims[claim], value);
    await jwtVerify(token.accessToken, Buffer.from(defaultSecrets.encryptionKey));

    const [form] = emulator.forms();
    const grant = request.code ? ['grant_type', 'assertion', 'code'] : ['grant_type', 'assertion'];
    assert.deepEqual(Object.keys(form), grant);
    assert.equal(form.grant_type, request.code ? 'authorization_code' : BEARER);
    assert.equal(form.code, request.code);
    assert.equal(emulator.requests[0].method, 'POST');
    assert.match(emulator.requests[0].headers['content-type'], /^application\/x-www-form-urlencoded\b/);
    assert.match(emulator.requests[0].headers.accept, /^application\/json\b/);
  });
}

test('what it signs is what signAssertion signs', async () => {
  const emulator = emulate({ now: () => 5000 });
  await requestAccessToken(proxyRequest({ fetch: emulator.fetch, now: 5000, lifetime: 30, jti: 'one' }));
  const [{ assertion }] = emulator.forms();
  assert.equal(assertion, signAssertion({ sub: GUID, aud: AUD, jti: 'one' }, 'secret', { now: 5000, lifetime: 30 }));
  await requestAccessToken(proxyRequest({ fetch: emulator.fetch, now: 5000 }));
  const { payload } = await jwtVerify(emulator.forms()[1].assertion, Buffer.from('secret'), {
    audience: AUD, currentDate: new Date(5000_000),
  });
  assert.match(payload.jti, UUID_4);
  assert.deepEqual([payload.iat, payload.exp], [5000, 5060]);
});

const REFUSALS = {
  'a wrong secret': [{ secret: 'secret ' }, /VerificationFailed/],
  'an unknown sub': [{ sub: 'nobody' }, /not found/],
  'another host': [{ url: 'https://canvas.test:8443/api/lti/accounts/1/authorize' }, /'aud' is invalid/, AUD],
  'an assertion that has expired': [{ now: 4000 }, /has expired/],
  'an assertion of the future': [{ now: 5040 }, /must not be in the future/],
  'an assertion that is too old': [{ iat: 4600, exp: 6000 }, /less than 300 seconds old/],
  'a developer key without code': [{ ...DEVELOPER_KEY, code: undefined }, /MissingAuthorizationCode/],
  'a proxy without split secret': [{ sub: 'plain' }, /split secret/],
};
for (const [name, [changes, reason, aud]] of Object.entries(REFUSALS)) {
  test(`${name} is ERR_OAUTH`, async () => {
    const toolProxies = [{ guid: 'plain', secret: 'secret' }, { guid: GUID, secret: 'secret', capabilities: ['Security.splitSecret'] }];
    const emulator = emulate({ now: () => 5000, toolProxies });
    // The audience of what this package signs is the URL it sends to: another one takes an assertion of the caller's.
    const request = aud
      ? { url: changes.url, assertion: signAssertion({ sub: GUID, aud }, 'secret', { now: 5000 }) }
      : proxyRequest({ now: 5000, ...changes });
    const error = await rejects(() => requestAccessToken({ ...request, fetch: emulator.fetch }), 'ERR_OAUTH');
    assert.match(emulator.reason(), reason);
    assert.deepEqual(
      { oauthError: error.oauthError, status: error.status, body: error.body },
      { oauthError: 'invalid_grant', status: 400, body: { error: 'invalid_grant' } });
    assert.equal(emulator.requests.length, 1);
  });
}

test('an assertion is good for one exchange', async () => {
  const emulator = emulate();
  const assertion = signAssertion({ sub: GUID, aud: AUD }, 'secret');
  await requestAccessToken({ url: AUD, assertion, fetch: emulator.fetch });
  await rejects(() => requestAccessToken({ url: AUD, assertion, fetch: emulator.fetch }), 'ERR_OAUTH');
  assert.match(emulator.reason(), /'jti' is invalid/);
});

for (const [how, api] of Object.entries(copies)) {
  test(`${how}: over HTTP, and the token opens what it is for`, async (t) => {
    const server = await serveEmulator({ options: { requireUserAgent: true } });
    t.after(server.close);
    const url = `${server.url}/api/lti/accounts/1/authorize`;
    const token = await api.requestAccessToken({ url, sub: GUID, secret: 'secret' });
    assert.equal(token.claims.sub, GUID);
    const { version } = JSON.parse(read('pkg/package.json'));
    assert.equal(server.emulator.requests[0].headers['user-agent'], `canvas-lms-tokens/${version}`);

    const profile = await fetch(`${server.url}/api/lti/accounts/1/tool_consumer_profile`, {
      headers: { authorization: `Bearer ${token.accessToken}`, 'user-agent': 'test' },
    });
    assert.equal(profile.status, 200);

    await api.requestAccessToken({ url, sub: GUID, secret: 'secret', userAgent: 'my-tool/1.0' });
    assert.equal(server.emulator.requests.at(-1).headers['user-agent'], 'my-tool/1.0');
    await rejects(() => api.requestAccessToken({ url, sub: GUID, secret: 'wrong' }), 'ERR_OAUTH');
    const nowhere = `${server.url}/api/lti/accounts/999/authorize`;
    const error = await rejects(() => api.requestAccessToken({ url: nowhere, sub: GUID, secret: 'secret' }), 'ERR_HTTP_STATUS');
    assert.equal(error.status, 404);
    assert.match(error.message, /The specified resource does not exist\./);
  });
}

test('the URL is sent as it is given', async (t) => {
  const server = await listen(t, (outgoing) => outgoing.end('{"access_token":"x","expires_in":1}'));
  await requestAccessToken(proxyRequest({ url: `${server.url}/a%20b//c?d=e&f` }));
  assert.equal(server.requests[0].url, '/a%20b//c?d=e&f');
  assert.equal(new URLSearchParams(server.requests[0].body).get('grant_type'), BEARER);
});
