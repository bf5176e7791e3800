// A string is never rejected, whatever is in it; a wrong type of anything else always is, as a TokenError.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inspect, isTokenError, signAssertion, wrap } from 'canvas-lms-tokens';
import { ENDPOINT, generator } from './generator.mjs';

const KINDS = [
  'lti2-assertion', 'lti2-access-token', 'canvas-jwt', 'inst-access-token', 'lti13-id-token', 'lti13-client-assertion',
  'lti13-deep-linking-response', 'lti13-access-token', 'lti13-notice', 'lti13-registration-token',
  'lti13-message-hint', 'lti13-login-state', 'oauth-state', 'jwt', 'jws', 'jwe',
];
const OUTCOMES = ['fail', 'warn', 'pass', 'skip'];
const token = signAssertion({ sub: '123123-ad13-ac233', aud: ENDPOINT, jti: 'unique-for-ever' }, 'secret', { now: 5000 });

/** What a report always is. */
function assertReport(report) {
  const found = 'found' in report ? ['found', 'others'] : [];
  assert.deepEqual(Object.keys(report), ['kind', 'outcome', 'summary', 'checks', ...found, 'layers', 'header', 'claims']);
  assert.ok(KINDS.includes(report.kind), report.kind);
  assert.ok(/^[A-Z][^\n]*[^.\n]$/u.test(report.summary), report.summary);
  const ranks = report.checks.map(({ outcome }) => OUTCOMES.indexOf(outcome));
  assert.deepEqual(ranks, ranks.toSorted((a, b) => a - b));
  assert.equal(report.outcome === 'invalid', report.checks[0].outcome === 'fail');
  for (const { id, outcome, message, repairs, ...facts } of report.checks) {
    assert.ok(repairs === undefined || repairs.every(({ change }) => typeof change === 'string'), id);
    for (const text of [id, message, ...Object.values(facts)]) assert.ok(typeof text === 'string' && text !== '', id);
    assert.equal(outcome === 'fail', 'code' in facts, `${id}: ${message}`);
  }
}

const ODD = {
  'a lone surrogate': '\ud800', 'a lone surrogate inside': token.replace('.', '.\udc00'), 'half of a pair behind': `${token}\ud83d`,
  nothing: '', 'white space': ' \n\t', NUL: '\0', 'a byte order mark': `\ufeff${token}`, 'only dots': '.....', 'two dots': '..',
  'four dots': '....', 'zero width': `${token.slice(0, 9)}\u200b${token.slice(9)}`, 'right to left': `\u202e${token}`,
  'full width': token.replace(/[a-z]/g, (c) => String.fromCharCode(c.charCodeAt(0) + 0xfee0)), emoji: '👩‍🏫.👩‍🎓.🏫',
  'a long word': 'A'.repeat(1 << 20), 'too long': 'A'.repeat((1 << 20) + 1), 'far too long': 'é'.repeat(1 << 24),
  'many dots': '.'.repeat(1 << 20), 'many quotation marks': '"'.repeat(1 << 20), 'many brackets': `${'['.repeat(1 << 19)}`,
  'many per cents': '%2E'.repeat(1 << 18), 'nested wrapping': wrap(wrap(wrap(token))), 'a number': '1e999', 'JSON': '{"a":{"token":1}}',
  'a prototype': `${token.split('.')[0]}.${Buffer.from('{"__proto__":{"x":1},"constructor":1}').toString('base64url')}.AA`,
};
for (const [name, text] of Object.entries(ODD)) {
  test(`${name} gets a report`, async () => {
    for (const options of [undefined, { key: { secret: 'secret' }, as: 'lti2-assertion', endpoint: ENDPOINT, now: 5000 }]) {
      const report = await inspect(text, options);
      assertReport(report);
      assert.equal(Object.getPrototypeOf({}).x, undefined);
    }
  });
}

test('a thousand strings drawn at random, and a thousand tokens spoilt', async () => {
  const { below, one } = generator(5);
  const unit = () => String.fromCharCode(one([below(128), below(256), below(65536), 0xd800 + below(2048)]));
  const telling = ['.', '=', '"', ' ', '%2E', '{', '[', 'eyJ', '\n', '\0', '+', '\ud800', 'Bearer '];
  for (let count = 0; count < 1000; count += 1) {
    const text = Array.from({ length: below(60) }, unit).join('');
    const at = below(token.length);
    const spoilt = token.slice(0, at) + one([unit(), one(telling), '']) + token.slice(at + below(4));
    for (const odd of [text, spoilt]) assertReport(await inspect(odd, { as: one([undefined, ...KINDS]), now: 5000 }));
  }
});

const throws = () => {
  throw new Error('from a getter');
};
const revoked = () => {
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  return proxy;
};
const NO_TEXT = [undefined, null, 0, 5n, true, Symbol('x'), [], {}, () => 'x', new String('x'), new Uint8Array(3), revoked()];
const NO_TIME = ['5', -1, NaN, Infinity, -Infinity, null, 5n, [], {}, true, new Date()];
const NO_KEY = [
  'secret', null, 5, true, [], {}, { secret: '' }, { secret: 5 }, { secret: null }, { secret: '-----BEGIN PUBLIC KEY-----' },
  { secret: '{"kty":"RSA"}' }, { pem: 5 }, { pem: 'x' }, { kty: 'RSA' }, { kty: 'oct' }, { keys: 5 }, { keys: [5] }, { secret: 's', alg: 5 },
  new Uint8Array(32), revoked(), Object.defineProperty({}, 'secret', { get: throws }),
];
const WRONG = [
  ...NO_TEXT.map((text) => [`token ${String(typeof text)}`, [text], /^token$/]),
  ...[null, 5, 'x', true, [], () => {}, Symbol('x')].map((options) => ['options', [token, options], /^options/]),
  ...NO_TEXT.slice(1).map((text) => ['endpoint', [token, { endpoint: text }], /^options\.endpoint$/]),
  ...[...NO_TEXT.slice(1), '', 'JWT', 'lti', 'LTI2-ASSERTION', '__proto__'].map((kind) => ['as', [token, { as: kind }], /^options\.as$/]),
  ...NO_TIME.map((time) => ['now', [token, { now: time }], /^options\.now$/]),
  ...NO_TIME.map((time) => ['clockTolerance', [token, { clockTolerance: time }], /^options\.clockTolerance$/]),
  ...NO_KEY.map((key) => ['key', [token, { key }], /./]),
  ...NO_KEY.map((key) => ['decryptionKey', [token, { decryptionKey: key }], /./]),
  ...['key', 'as', 'now', 'endpoint'].map((name) => ['getter', [token, Object.defineProperty({}, name, { get: throws })], /^options/]),
  ['a revoked proxy', [token, revoked()], /^options/],
];
test(`${WRONG.length} wrong options are refused`, async () => {
  for (const [name, args, at] of WRONG) {
    const error = await inspect(...args).then(() => assert.fail(`${name} was taken`), (thrown) => thrown);
    assert.ok(isTokenError(error), `${name}: ${error}`);
    assert.ok(/^ERR_(ARGUMENT|JWK_INVALID)$/.test(error.code), `${name}: ${error.code}`);
    assert.match(error.at ?? '-', at, name);
    assert.doesNotMatch(error.message, /eyJ|from a getter/);
  }
});
