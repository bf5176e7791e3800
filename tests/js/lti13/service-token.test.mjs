// Client assertions and the service tokens they are exchanged for; jose reads what is signed, the emulator grants.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createLocalJWKSet, decodeJwt, decodeProtectedHeader, exportPKCS8, importJWK, jwtVerify } from 'jose';
import { imported, refuses, rejects } from '../node/copies.mjs';
import { answer, answers, emulate, listen } from '../node/servers.mjs';

const { generateKey, prepareKey, publicJwks, requestServiceToken, signClientAssertion, thumbprint } = imported;

const SCORE = 'https://purl.imsglobal.org/spec/lti-ags/scope/score';
const LINE_ITEM = 'https://purl.imsglobal.org/spec/lti-ags/scope/lineitem.readonly';
const MEMBERS = 'https://purl.imsglobal.org/spec/lti-nrps/scope/contextmembership.readonly';
const CLIENT = '10000000000042';

const platformAt = (base, changes = {}) => ({
  issuer: 'https://canvas.instructure.com', clientId: CLIENT, authorizationEndpoint: `${base}/api/lti/authorize_redirect`,
  tokenEndpoint: `${base}/login/oauth2/token`, jwksUri: `${base}/api/lti/security/jwks`, ...changes,
});
const SSO = platformAt('https://sso.canvaslms.com');

const { privateKey: named, publicKey } = await generateKey('RS256', { kid: 'tool-1' });
const { kid, ...unnamed } = named;
const print = thumbprint(unnamed);
const ec = (await generateKey('ES256')).privateKey;
const cryptoKey = await importJWK({ ...unnamed, key_ops: ['sign'] }, 'RS256', { extractable: true });
const pem = await exportPKCS8(cryptoKey);

/** A Canvas that knows the tool's public key. */
const school = (changes = {}, options = {}) => emulate({
  developerKeys: [{ id: Number(CLIENT), publicJwk: publicKey, scopes: [SCORE, LINE_ITEM], ...changes }], ...options,
});

const keys = {
  'a JWK': [named, 'tool-1'],
  'a JWK without kid': [unnamed, print],
  'a PEM': [{ pem }, print],
  'a PEM with kid': [{ pem, kid: 'x' }, 'x'],
  'a CryptoKey': [cryptoKey, undefined],
  'a prepared JWK': [await prepareKey(named), 'tool-1'],
  'a prepared JWK without kid': [await prepareKey(unnamed), print],
  'a prepared CryptoKey': [await prepareKey(cryptoKey), undefined],
};
for (const [name, [key, expected]] of Object.entries(keys)) {
  test(`${name} signs a client assertion that jose verifies, also the second time`, async () => {
    for (const _ of [1, 2]) {
      const assertion = await signClientAssertion(SSO, key);
      assert.deepEqual(decodeProtectedHeader(assertion), { alg: 'RS256', typ: 'JWT', ...(expected && { kid: expected }) });
      const { payload } = await jwtVerify(assertion, await importJWK(publicKey, 'RS256'), {
        algorithms: ['RS256'], issuer: CLIENT, subject: CLIENT, audience: SSO.tokenEndpoint, maxTokenAge: 60,
        requiredClaims: ['jti', 'exp', 'iat'],
      });
      assert.deepEqual(Object.keys(payload), ['iss', 'sub', 'aud', 'iat', 'exp', 'jti']);
      assert.equal(payload.exp - payload.iat, 300);
    }
  });
}

test('what is given goes into the assertion', async () => {
  const options = { lifetime: 60, now: 1_700_000_000, jti: 'mine' };
  assert.deepEqual(decodeJwt(await signClientAssertion(SSO, named, options)), {
    iss: CLIENT, sub: CLIENT, aud: 'https://sso.canvaslms.com/login/oauth2/token', iat: 1_700_000_000, exp: 1_700_000_060, jti: 'mine',
  });
  assert.notEqual(decodeJwt(await signClientAssertion(SSO, named)).jti, decodeJwt(await signClientAssertion(SSO, named)).jti);
});

test('what is wrong with a client assertion is said before it is signed', async () => {
  for (const [platform, key, options, code, at] of [
    [undefined, named, {}, 'ERR_ARGUMENT', 'platform'], [{ ...SSO, clientId: '' }, named, {}, 'ERR_ARGUMENT', 'platform.clientId'],
    [{ ...SSO, tokenEndpoint: '/login' }, named, {}, 'ERR_ARGUMENT', 'platform.tokenEndpoint'],
    [{ ...SSO, clientId: 10000000000042 }, named, {}, 'ERR_ARGUMENT', 'platform.clientId'],
    [SSO, undefined, {}, 'ERR_ARGUMENT', 'key'], [SSO, publicKey, {}, 'ERR_ARGUMENT', 'key'],
    [SSO, { keys: [named] }, {}, 'ERR_ARGUMENT', 'key'], [SSO, { secret: 'x' }, {}, 'ERR_JOSE_ALG_NOT_ALLOWED'],
    [SSO, ec, {}, 'ERR_JOSE_ALG_NOT_ALLOWED'], [SSO, { ...named, alg: 'PS256' }, {}, 'ERR_JOSE_ALG_NOT_ALLOWED'],
    [SSO, { ...named, use: 'enc' }, {}, 'ERR_JOSE_ALG_NOT_ALLOWED'],
    [SSO, named, { lifetime: 0 }, 'ERR_ARGUMENT', 'options.lifetime'], [SSO, named, { jti: '' }, 'ERR_ARGUMENT', 'options.jti'],
    [SSO, named, { now: 1.5 }, 'ERR_ARGUMENT', 'options.now'],
  ]) {
    await rejects(() => signClientAssertion(platform, key, options), code, at);
  }
});

test('the published set has public halves under the kids that assertions name', async () => {
  const { publicKey: okp } = await generateKey('EdDSA', { kid: 'okp' });
  const set = publicJwks([named, { ...unnamed, kid: undefined }, ec, okp, { pem, kid: 'p' }, keys['a prepared JWK'][0]].slice(0, 5));
  assert.deepEqual(set.keys.map(({ kid, kty, alg, use }) => [kid, kty, alg, use]), [
    ['tool-1', 'RSA', 'RS256', 'sig'], [print, 'RSA', 'RS256', 'sig'], [ec.kid, 'EC', 'ES256', 'sig'], ['okp', 'OKP', 'EdDSA', 'sig'],
    ['p', 'RSA', 'RS256', 'sig'],
  ]);
  assert.deepEqual(Object.keys(set.keys[0]), ['kty', 'alg', 'use', 'kid', 'e', 'n']);
  for (const key of set.keys) for (const part of ['d', 'p', 'q', 'dp', 'dq', 'qi', 'k']) assert.equal(part in key, false);
  for (const name of ['a JWK', 'a JWK without kid', 'a prepared JWK without kid']) {
    await jwtVerify(await signClientAssertion(SSO, keys[name][0]), createLocalJWKSet(set));
  }
  assert.deepEqual(publicJwks([]), { keys: [] });
  refuses(() => publicJwks([{ kty: 'oct', k: 'A'.repeat(43) }]), 'ERR_ARGUMENT', 'keys[0]');
  refuses(() => publicJwks([named, { secret: 'x' }]), 'ERR_ARGUMENT', 'keys[1]');
  refuses(() => publicJwks([named, cryptoKey]), 'ERR_ARGUMENT', 'keys[1]');
  refuses(() => publicJwks([named, named]), 'ERR_ARGUMENT', 'keys[1].kid');
  refuses(() => publicJwks(named), 'ERR_ARGUMENT', 'keys');
  refuses(() => publicJwks([set]), 'ERR_ARGUMENT', 'keys[0]');
});

test('the emulator grants what the developer key has', async () => {
  const { fetch, forms } = school();
  const before = Math.floor(Date.now() / 1000);
  const token = await requestServiceToken({ platform: SSO, key: named, scopes: [SCORE, LINE_ITEM], fetch });
  assert.deepEqual([token.tokenType, token.expiresIn, token.scopes], ['Bearer', 3600, [SCORE, LINE_ITEM]]);
  assert.ok(token.expiresAt >= before + 3600 && token.expiresAt <= before + 3630);
  assert.equal(token.claims.scopes, `${SCORE} ${LINE_ITEM}`);
  const [{ client_assertion: assertion, ...form }] = forms();
  assert.deepEqual(form, {
    grant_type: 'client_credentials', client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
    scope: `${SCORE} ${LINE_ITEM}`,
  });
  assert.equal(decodeJwt(assertion).aud, SSO.tokenEndpoint);
});

const refusal = (changes, options) => rejects(() => requestServiceToken({ platform: SSO, key: named, scopes: [SCORE], ...changes }), 'ERR_OAUTH', options);

test('a scope that the key lacks is named', async () => {
  const { fetch } = school();
  const error = await refusal({ scopes: [SCORE, MEMBERS], fetch });
  assert.deepEqual([error.oauthError, error.status], ['invalid_scope', 400]);
  assert.match(error.message, /^the server answered 400 invalid_scope: the developer key lacks https:\/\/purl\.imsglobal\.org\/spec\/lti-nrps\/scope\/contextmembership\.readonly: one that it lacks fails the whole grant/);
  assert.ok(!error.message.includes(SCORE));
  const vague = answers(answer(400, '{"error":"invalid_scope"}'));
  assert.ok((await refusal({ fetch: vague })).message.includes(`lacks one of ${SCORE}`));
});

test('what Canvas says of an assertion is explained, with a report', async () => {
  const { fetch } = school();
  const other = (await generateKey('RS256')).privateKey;
  const error = await refusal({ key: other, fetch });
  assert.match(error.message, /JWS signature invalid\.; probably, the most likely first: \(1\) .*another key.*\(2\) .*JWK URL.*\(3\) .*kid.*\(4\) .*use sig.*\(5\) .*neither.*\(6\) 10000000000042/);
  assert.deepEqual([error.report.kind, error.report.claims.iss], ['lti13-client-assertion', CLIENT]);
  assert.deepEqual(error.report.layers.map((layer) => Object.keys(layer)), [['type', 'header']]);
  assert.ok(!JSON.stringify(error).includes(Buffer.from('{"alg":"RS256"').toString('base64url').slice(0, 16)));

  const unknown = await refusal({ platform: { ...SSO, clientId: '10000000000099' }, fetch });
  assert.equal(unknown.oauthError, 'invalid_client');
  assert.match(unknown.message, /unknown client; no active developer key has the client id 10000000000099/);

  // A proxy that gives Canvas another host than the tool names.
  const elsewhere = (url, init) => fetch(String(url).replace('sso.canvaslms.com', 'school.instructure.com'), init);
  const audience = await refusal({ fetch: elsewhere });
  assert.match(audience.message, /the 'aud' is invalid; the audience of the assertion was https:\/\/sso\.canvaslms\.com\/login\/oauth2\/token: .*slash.*port.*sso\./);
});

test('a clock that is wrong is named', async () => {
  for (const [offset, expected] of [[-400, /clock is (399|400|401) s ahead of the server's/], [400, /clock is (399|400|401) s behind the server's/]]) {
    const { fetch } = school({}, { now: () => Date.now() / 1000 + offset });
    assert.match((await refusal({ fetch })).message, expected);
  }
});

test('what the report finds is said where Canvas says nothing that is known', async () => {
  const date = new Date(Date.now() + 3_600_000).toUTCString();
  const refusedLate = (body) => refusal({ fetch: answers(answer(400, JSON.stringify(body), { date })) });
  const error = await refusedLate({ error: 'invalid_request' });
  const [{ message, fix }] = error.report.checks;
  // Within another sentence, its own do not begin anew.
  const within = (text) => text[0].toLowerCase() + text.slice(1);
  assert.equal(error.message, `the server answered 400 invalid_request: ${within(message)}; ${within(fix)}`);
  assert.match(message, /^Your clock is .* behind/);
  // Canvas's own words come first, and are not explained twice.
  const known = await refusedLate({ error: 'invalid_request', error_description: 'JWT has expired' });
  assert.match(known.message, /^the server answered 400 invalid_request: JWT has expired; this machine's clock is \d+ s behind the server's: set it right$/);
});

test('every try has an assertion of its own', async () => {
  const fetch = answers(answer(503, '', { 'retry-after': '0' }), answer(429, '', { 'retry-after': '0' }),
    answer(200, '{"access_token":"t","token_type":"Bearer","expires_in":"3600"}'));
  const token = await requestServiceToken({ platform: SSO, key: named, scopes: [SCORE], fetch });
  // The text of a number, and no scope: those that were asked for.
  assert.deepEqual([token.expiresIn, token.scopes, token.claims], [3600, [SCORE], null]);
  assert.equal(new Set(fetch.calls.map(({ form }) => decodeJwt(form.client_assertion).jti)).size, 3);
});

test('a token endpoint that is none', async (t) => {
  const html = '<!DOCTYPE html><html><body>Sign in</body></html>';
  for (const [status, headers, body, code, message] of [
    [200, { 'content-type': 'text/html' }, html, 'ERR_RESPONSE_INVALID', /an HTML page, expected a JSON object with access_token/],
    [500, { 'content-type': 'text/html' }, html, 'ERR_HTTP_STATUS', /answered 500; the body is an HTML page/],
    [302, { location: 'https://evil.test/' }, '', 'ERR_HTTP_STATUS', /redirects to evil\.test; not followed/],
    [200, {}, '{"token_type":"Bearer"}', 'ERR_RESPONSE_INVALID', /no access_token/],
    [200, {}, '{"access_token":"t"}', 'ERR_RESPONSE_INVALID', /no expires_in/],
    [401, {}, '{"errors":{"type":"unauthorized","message":"x"}}', 'ERR_FORBIDDEN', /answered 401: x/],
  ]) {
    const server = await listen(t, (outgoing) => outgoing.writeHead(status, headers).end(body));
    const request = { platform: platformAt(server.url), key: named, scopes: [SCORE], retries: 0 };
    const error = await rejects(() => requestServiceToken(request), code);
    assert.match(error.message, message);
    assert.equal(error.report, undefined);
    assert.equal(server.requests.length, 1);
  }
});

test('what is wrong with a request is said before anything is sent', async () => {
  const fetch = answers(answer(200));
  for (const [changes, at, code = 'ERR_ARGUMENT'] of [
    [{ platform: undefined }, 'request.platform'], [{ platform: { ...SSO, jwksUri: 'x' } }, 'request.platform.jwksUri'],
    [{ scopes: undefined }, 'request.scopes'], [{ scopes: [] }, 'request.scopes'], [{ scopes: [''] }, 'request.scopes'],
    [{ scopes: [`${SCORE} ${LINE_ITEM}`] }, 'request.scopes'], [{ scopes: SCORE }, 'request.scopes'],
    [{ key: undefined }, 'request.key'], [{ key: ec }, undefined, 'ERR_JOSE_ALG_NOT_ALLOWED'], [{ timeout: 0 }, 'request.timeout'],
  ]) {
    await rejects(() => requestServiceToken({ platform: SSO, key: named, scopes: [SCORE], fetch, ...changes }), code, at);
  }
  assert.equal(fetch.calls.length, 0);
});
