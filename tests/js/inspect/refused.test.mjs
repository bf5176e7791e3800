// The report of a refused exchange is made to be logged: it has every check, and no part of the assertion.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inspect as shown } from 'node:util';
import { prepareSecret, requestAccessToken, signAssertion } from 'canvas-lms-tokens';
import { GUID, rejects } from '../node/copies.mjs';
import { ENDPOINT } from './generator.mjs';

// By the clock of the Canvas that refuses, more than three years ago.
const iat = 1_600_000_000;
const claims = { sub: GUID, iat, exp: iat + 60, jti: 'a-jti-of-the-assertion' };
const assertion = signAssertion({ ...claims, aud: ENDPOINT }, 'secret');
const REQUESTS = {
  'a secret': { ...claims, secret: 'secret' },
  'a prepared secret': { ...claims, secret: prepareSecret('secret') },
  'an assertion': { assertion },
  'an assertion that is wrapped': { assertion: Buffer.from(assertion).toString('base64') },
  'an assertion of another kind': { assertion: signAssertion({ ...claims, aud: `${ENDPOINT}/` }, 'another') },
};

for (const [what, request] of Object.entries(REQUESTS)) {
  test(`refused with ${what}`, async () => {
    let sent;
    const fetch = async (_, { body }) => {
      sent = new URLSearchParams(String(body)).get('assertion');
      return Response.json({ error: 'invalid_grant' }, { status: 400, headers: { date: 'Tue, 14 Nov 2023 22:13:20 GMT' } });
    };
    const error = await rejects(() => requestAccessToken({ url: ENDPOINT, ...request, fetch }), 'ERR_OAUTH');
    assert.equal(error.oauthError, 'invalid_grant');
    const { report } = error;
    assert.equal(report.kind, 'lti2-assertion');
    assert.equal(report.outcome, 'invalid');
    assert.ok(report.checks.some(({ id, outcome }) => id === 'exp' && outcome === 'fail'));
    assert.ok(report.summary.length > 0);
    const [{ message, fix }] = report.checks;
    const continued = (text) => text[0].toLowerCase() + text.slice(1);
    assert.equal(error.message, `the server answered 400 invalid_grant: ${continued(message)}; ${continued(fix)}`);
    assert.ok(!('parts' in report) && report.checks.every((check) => !('span' in check)));
    for (const { type, header, ...rest } of report.layers) assert.deepEqual(rest, {}, type);

    const [plain] = [sent, Buffer.from(sent, 'base64').toString()].filter((text) => text.split('.').length === 3);
    const log = shown(error, { depth: 20, showHidden: true, maxStringLength: null, maxArrayLength: null });
    for (const part of [sent, ...plain.split('.')]) {
      assert.ok(part.length > 20);
      for (let at = 0; at + 16 <= part.length; at += 4) assert.ok(!log.includes(part.slice(at, at + 16)), part);
    }
  });
}

const refusedWith = (body, changes = {}) => {
  const fetch = async () => Response.json(body, { status: 400 });
  const now = Math.floor(Date.now() / 1000);
  return rejects(() => requestAccessToken({ url: ENDPOINT, sub: GUID, secret: 'secret', now, fetch, ...changes }), 'ERR_OAUTH');
};

test('the reason is in the message, after what the server says', async () => {
  const slash = signAssertion({ sub: GUID, aud: `${ENDPOINT}/` }, 'secret');
  const given = { assertion: slash, sub: undefined, secret: undefined, now: undefined };
  const reason = `the claim aud has a trailing slash, which Canvas's own URL has not; set aud to ${ENDPOINT}`;
  assert.equal((await refusedWith({ error: 'invalid_grant' }, given)).message, `the server answered 400 invalid_grant: ${reason}`);
  const said = { error: 'invalid_grant', error_description: 'no way' };
  assert.equal((await refusedWith(said, given)).message, `the server answered 400 invalid_grant: no way; ${reason}`);
});

test('where no check failed, the message says what cannot be seen in it', async () => {
  const error = await refusedWith({ error: 'invalid_grant' });
  assert.match(error.message, /^the server answered 400 invalid_grant: nothing in it shows why; what it cannot show: a jti that was used before, .+; send a new jti; check sub and secret in Canvas/);
  assert.notEqual(error.report.outcome, 'invalid');
});
