// How console.log shows an error: its stack, its members, and below them the report in lines.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatWithOptions, inspect } from 'node:util';
import { AUD, copies, GUID, rejects } from './copies.mjs';

const SHOWN = Symbol.for('nodejs.util.inspect.custom');

async function refused({ requestAccessToken, signAssertion }) {
  const assertion = signAssertion({ sub: GUID, aud: `${AUD}/` }, 'secret');
  const fetch = async () => Response.json({ error: 'invalid_grant' }, { status: 400 });
  return rejects(() => requestAccessToken({ url: AUD, assertion, fetch }), 'ERR_OAUTH');
}

for (const [how, api] of Object.entries(copies)) {
  test(`${how}: an error with a report is shown with its checks as lines`, async () => {
    const error = await refused(api);
    const text = inspect(error);
    assert.match(text, /^Error \[TokenError\]: the server answered 400 invalid_grant: the claim aud has a trailing slash/);
    assert.match(text, /\n    at .*shown\.test\.mjs/);
    for (const member of ["code: 'ERR_OAUTH'", "oauthError: 'invalid_grant'", 'status: 400', "body: { error: 'invalid_grant' }"]) {
      assert.ok(text.includes(member), `${member} in ${text}`);
    }
    const [, report] = text.split('\nreport: ');
    const lines = report.split('\n');
    assert.equal(lines[0], error.report.summary);
    assert.equal(lines[1], `  fail aud: The claim aud has a trailing slash, which Canvas's own URL has not. Set aud to ${AUD}`);
    for (const { id, outcome, message } of error.report.checks) {
      const line = lines.find((line) => line.startsWith(`  ${outcome} `) && line.includes(id));
      assert.ok(line, id);
      if (outcome === 'fail' || outcome === 'warn') assert.ok(line.includes(message));
    }
    assert.ok(!text.includes('[Object]'));
  });
}

test('inside of other objects and in colours, too', async () => {
  const error = await refused(copies.import);
  const text = inspect({ a: { error } });
  assert.match(text, /\n +fail aud: The claim aud has a trailing slash/);
  assert.match(formatWithOptions({ colors: true }, '%o', error), /fail aud: /);
  assert.match(inspect(new Error('outer', { cause: error })), /\[cause\]: Error \[TokenError\]: [^]*fail aud: /);
});

test('it is no member that anything else sees, and changes nothing', async () => {
  const error = await refused(copies.import);
  const { report, message, stack } = error;
  inspect(error);
  assert.deepEqual([error.report, error.message, error.stack], [report, message, stack]);
  assert.equal(Object.getOwnPropertyDescriptor(error, SHOWN).enumerable, false);
  assert.ok(Object.keys(error).includes('report'));
  assert.equal(SHOWN in { ...error }, false);
  // The members of a caller's own are shown as well.
  error.mine = 'added';
  error.cause = new Error('beneath');
  assert.match(inspect(error), /mine: 'added'/);
  assert.match(inspect(error), /cause/);
  assert.match(error[SHOWN](), /^[^]*fail aud: /, 'without an inspect function');
});

test('a report that somebody changed, and an error without one', async () => {
  const error = await refused(copies.import);
  for (const report of [undefined, null, 5, {}, { checks: 5 }, { checks: [null, 5, {}] }]) {
    error.report = report;
    assert.match(inspect(error), /^Error \[TokenError\]: /);
  }
  const fetch = async () => new Response('', { status: 500 });
  const plain = await rejects(() => copies.import.requestAccessToken({ url: AUD, sub: GUID, secret: 'secret', fetch }), 'ERR_HTTP_STATUS');
  assert.equal(SHOWN in plain, false);
});
