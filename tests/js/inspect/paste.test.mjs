// Whatever a token was copied with: the report is about the token, and says where it was found.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decode, inspect, signAssertion, signJwt, wrap } from 'canvas-lms-tokens';
import { ENDPOINT } from './generator.mjs';

const now = 1_700_000_000;
const key = { secret: 'secret' };
const token = signAssertion({ sub: '123123-ad13-ac233', aud: ENDPOINT, iat: now, exp: now + 60, jti: 'unique-for-ever' }, 'secret');
const options = { key, endpoint: ENDPOINT, now };

// As curl, browsers and their developer tools write it.
const FORMS = {
  'a URL': [`https://tool.test/launch?state=5&assertion=${token}#x`, 'url', 'assertion'],
  'a fragment': [`https://tool.test/#access_token=${token}&token_type=bearer`, 'url', 'access_token'],
  'a form': [new URLSearchParams({ grant_type: 'x y', assertion: token }).toString(), 'form', 'assertion'],
  'a curl command': [`curl -X POST ${ENDPOINT} \\\n  -d 'grant_type=x' \\\n  -d "assertion=${token}"`, 'curl', 'assertion'],
  'a header of curl': [`curl ${ENDPOINT} -H 'Authorization: Bearer ${token}'`, 'curl', 'Authorization'],
  'a header': [`Authorization: Bearer ${token}`, 'header', 'Authorization'],
  'several headers': [`Host: canvas.test\r\nauthorization: Bearer ${token}\r\nAccept: */*\r\n`, 'header', 'authorization'],
  JSON: [JSON.stringify({ data: { access_token: token, expires_in: '3600' } }, null, 2), 'json', 'data.access_token'],
  'a HAR entry': [JSON.stringify({
    request: { method: 'POST', url: ENDPOINT, httpVersion: 'HTTP/1.1', headers: [], postData: { mimeType: 'application/x-www-form-urlencoded', text: `code=1&assertion=${token}` } },
    response: { status: 400 },
  }), 'har', 'assertion'],
  'a log': [`[info] 200 OK, sent ${token}; done`, 'text', undefined],
};
for (const [what, [text, form, name]] of Object.entries(FORMS)) {
  test(`${what}: found, judged as the token is, and marked where it stands`, async () => {
    const report = await inspect(text, { ...options, spans: true });
    const { kind, found, others, outcome, checks, parts } = report;
    assert.deepEqual([kind, outcome, others], ['lti2-assertion', 'valid', []]);
    assert.deepEqual(found, { token, kind, form, ...(name && { name }), span: { start: text.indexOf(token), end: text.indexOf(token) + token.length } });
    assert.ok(checks.some(({ id, outcome: passed, message }) => id === 'found' && passed === 'pass' && (!name || message.includes(name))));
    for (const [place, { span }] of parts.entries()) assert.equal(text.slice(span.start, span.end), token.split('.')[place]);
    for (const { at, span } of checks.filter(({ at: place }) => place === 'claims.aud')) {
      assert.ok(span.start > found.span.start && span.end < found.span.end, at);
    }
    assert.equal(decode(found.token).claims.sub, '123123-ad13-ac233');
  });
}

test('of several tokens the one that tells most is taken, the others are listed and can be inspected', async () => {
  const platform = { 'https://purl.imsglobal.org/spec/lti/claim/deployment_id': '1' };
  const launch = await signJwt({ ...platform, exp: now + 60 }, key);
  const hint = await signJwt({ verifier: 'v', canvas_domain: 'canvas.test', exp: now + 60 }, key);
  const { found, others } = await inspect(`lti_message_hint=${hint}&id_token=${launch}`, { now });
  assert.deepEqual([found.name, found.kind, found.token], ['id_token', 'lti13-id-token', launch]);
  assert.deepEqual(others.map(({ name, kind, token: text }) => [name, kind, text]), [['lti_message_hint', 'lti13-message-hint', hint]]);
  assert.equal((await inspect(others[0].token, { now })).found, undefined);
});

test('a token that Canvas wrapped is found wrapped', async () => {
  const wrapped = wrap(token);
  const { found, layers } = await inspect(JSON.stringify({ token: wrapped }), { now });
  assert.deepEqual([found.token, layers.map(({ type }) => type)], [wrapped, ['base64', 'jws']]);
});

test('nothing between dots, and forms without a token', async () => {
  for (const text of ['..', 'id_token=..', 'https://canvas.test/login?id=5', 'curl https://canvas.test', '{"iss":"x"}']) {
    const { outcome, checks: [check], header, claims, layers } = await inspect(text, { now });
    assert.deepEqual([outcome, check.id, check.code, header, claims, layers], ['invalid', 'no-token', 'ERR_TOKEN_INVALID', {}, null, []], text);
  }
});

test('a token by itself has no place', async () => {
  for (const text of [token, ` ${token}\n`]) {
    const report = await inspect(text, options);
    assert.ok(!('found' in report) && !('others' in report));
  }
});

test('a change that a program can make', async () => {
  const misspelt = await signJwt({ sub: '1', aud: 'https://other.test/', Exp: now + 60, iat: now, jti: 'unique-for-ever' }, key);
  const { checks } = await inspect(misspelt, { ...options, as: 'lti2-assertion' });
  const repairs = Object.fromEntries(checks.filter((check) => check.repairs).map(({ id, repairs: changes }) => [id, changes]));
  assert.deepEqual(repairs['claim-spelling'], [{ change: 'rename-claim', claim: 'Exp', to: 'exp' }]);
  assert.deepEqual(repairs.aud, [{ change: 'set-claim', claim: 'aud', value: ENDPOINT }]);
});
