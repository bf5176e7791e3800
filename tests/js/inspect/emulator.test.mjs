// What the emulator refuses the report explains; what it accepts the report finds nothing against.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inspect, requestAccessToken, verifyJwt } from 'canvas-lms-tokens';
import { createEmulator } from 'canvas-lms-tokens/emulator';
import { assertionOf, generator } from './generator.mjs';

const CASES = 3000;
const START = 1_700_000_000_000;

/** The emulator's reason, and the checks of which one must have failed for it. */
const REASONS = [
  [/^the following assertions are missing/, []],
  [/^the 'aud' is invalid$/, ['aud']],
  [/^the 'exp' must be a number$/, ['claim-type claims.exp']],
  [/^the 'iat' must be a number$/, ['claim-type claims.iat']],
  [/^the JWT has expired$/, ['exp']],
  [/^the 'iat' must be less than 300 seconds old$/, ['iat-age']],
  [/^the 'iat' must not be in the future$/, ['iat-future', 'time-unit claims.iat']],
  [/^the 'jti' is invalid$/, ['exp']],
  [/^MissingAuthorizationCode$/, ['code']],
  [/UnexpectedAlgorithm/, ['alg']],
  [/VerificationFailed/, ['signature', 'cut-short']],
  [/InvalidFormat/, [
    'json', 'payload', 'parts', 'cut-short', 'character', 'space', 'bearer', 'quotes', 'line-break', 'twice', 'url-encoding',
    'json-serialization', 'wrapping', 'encrypted',
  ]],
];
const UNKNOWN = 'either the tool proxy or developer key were not found';

function alternatives(reason) {
  const missing = /^the following assertions are missing: (.*)$/.exec(reason);
  if (missing) return missing[1].split(',').map((name) => [`claim-missing claims.${name}`]);
  const row = REASONS.find(([pattern]) => pattern.test(reason));
  assert.ok(row, reason);
  return [row[1]];
}

const failed = (report) => report.checks.filter(({ outcome }) => outcome === 'fail');
const hasFailed = (report, wanted) => failed(report).some(({ id, at }) => id === wanted || `${id} ${at}` === wanted);

/** What a report says of a sub that nobody has: whether it is there, and whether it can be anybody's id. */
function faultOfSub(payload) {
  const { sub } = JSON.parse(payload);
  if (sub === undefined) return 'claim-missing claims.sub';
  const isId = typeof sub === 'string' ? sub !== '' && sub.trim() === sub : typeof sub === 'number' && !(sub < 0) && sub % 1 === 0;
  return isId ? null : 'sub';
}

// Of these verifying asks what RFC 7519 does, and Canvas does not.
const STRICTER = ['iss', 'nbf', 'jti', 'sub', 'aud'];

/**
 * Verifying and the emulator, which shares no code with it: what is accepted there verifies, what has expired there has
 * expired, and a signature that is wrong there is wrong.
 */
async function assertVerified(reason, { assertion, secret, payload }, now, shown) {
  const thrown = await verifyJwt(assertion, { secret }, { now }).then(() => null, (error) => error);
  const is = (...codes) => assert.ok(codes.includes(thrown?.code), `${reason}, but ${thrown}: ${shown()}`);
  if (thrown !== null && STRICTER.includes(thrown.claim)) {
    is('ERR_JWT_CLAIM_VALIDATION_FAILED', 'ERR_JWT_NOT_YET_VALID');
  } else if (reason === 'accepted') {
    assert.equal(thrown, null, `${thrown}: ${shown()}`);
  } else if (reason === 'the JWT has expired' || reason === "the 'jti' is invalid") {
    // A jti is remembered until exp, so that one of this very second is not.
    // Canvas drops the fraction.
    if (!(JSON.parse(payload).exp > now)) is('ERR_JWT_EXPIRED');
  } else if (reason === 'JSON::JWS::VerificationFailed') {
    is('ERR_JWS_SIGNATURE_VERIFICATION_FAILED', 'ERR_JWS_INVALID');
  } else if (/^the '(exp|iat)' must be a number$/.test(reason)) {
    is('ERR_JWT_CLAIM_VALIDATION_FAILED');
  } else if (/UnexpectedAlgorithm/.test(reason)) {
    is('ERR_JOSE_ALG_NOT_ALLOWED', 'ERR_JOSE_NOT_SUPPORTED', 'ERR_JWS_INVALID');
  } else if (/InvalidFormat/.test(reason)) {
    // Perhaps for what is wrong with it besides.
    assert.notEqual(thrown, null, `${reason}: ${shown()}`);
  }
}

/** Which of the reports says why: only one of them knows the secret, only the other whether a code was sent. */
function assertExplained(reason, reports, shown) {
  for (const part of reason.split(' | ')) {
    for (const ids of alternatives(part)) {
      assert.ok(reports.some((report) => ids.some((id) => hasFailed(report, id))), `${part}: ${shown()}`);
    }
  }
}

test(`${CASES} assertions at the emulator and in the inspector`, async (t) => {
  let clock = START;
  t.mock.method(Date, 'now', () => clock);
  const emulator = createEmulator({ throttle: false });
  const draw = generator(20260101);
  const seen = new Map();
  const seenSubs = new Set();
  for (let serial = 0; serial < CASES; serial += 1) {
    clock = START + draw.below(60) * 1000 + draw.one([0, draw.below(1000)]);
    const now = Date.now() / 1000;
    const drawn = assertionOf(draw, now, serial);
    const { assertion, secret, code, url, payload, header } = drawn;
    const report = await inspect(assertion, { as: 'lti2-assertion', key: { secret }, endpoint: url, now });
    const shown = () => `${serial}: ${header} ${payload} at ${now}, ${code}, ${JSON.stringify(report.checks.slice(0, 4), null, 1)}`;
    emulator.refusals.clear();
    emulator.records.nonces.clear();
    const error = await requestAccessToken({ assertion, url, code, fetch: emulator.fetch }).then(() => null, (thrown) => thrown);
    const reason = emulator.refusals[0]?.reason ?? 'accepted';
    seen.set(reason, (seen.get(reason) ?? 0) + 1);
    await assertVerified(reason, drawn, now, shown);
    if (error === null) {
      assert.deepEqual(failed(report), [], shown());
      continue;
    }
    assert.equal(error.code, 'ERR_OAUTH', `${error.message} ${shown()}`);
    const isClean = failed(error.report).length === 0;
    assert.equal(error.report.checks[0].id === 'unseen', isClean, shown());
    if (reason === UNKNOWN) {
      // A sub that is one, but of nobody here, cannot be seen.
      const expected = faultOfSub(payload);
      for (const found of [report, error.report]) {
        for (const id of ['sub', 'claim-missing claims.sub']) assert.equal(hasFailed(found, id), id === expected, shown());
      }
      seenSubs.add(expected);
    } else {
      assertExplained(reason, [report, error.report], shown);
    }
  }
  assert.deepEqual(seenSubs, new Set([null, 'sub', 'claim-missing claims.sub']));
  // Every reason was met, and often.
  const all = [...seen.keys()].join('\n');
  for (const [pattern] of REASONS) assert.match(all, new RegExp(pattern.source.replace(/^\^|\$$/g, ''), 'm'));
  assert.ok(seen.get('accepted') > CASES / 10 && seen.get('accepted') < CASES / 2, String(seen.get('accepted')));
});

const GUID = '123123-ad13-ac233';
const request = { sub: GUID, secret: 'secret', url: 'https://canvas.test/api/lti/accounts/1/authorize', now: 50_000 };
const refusal = (changes) => requestAccessToken({ ...request, ...changes }).then(
  () => assert.fail('it was granted'), (error) => error);

const UNSEEN = {
  'a jti that was used before': [{ jti: 'used' }, {}, "the 'jti' is invalid"],
  'an unknown sub': [{ sub: 'nobody' }, {}, UNKNOWN],
  'an unknown developer key': [{ sub: 20000000000003, code: 'k' }, {}, UNKNOWN],
  'another secret than Canvas has': [{ secret: 'a secret of another tool' }, {}, 'JSON::JWS::VerificationFailed'],
  'a tool proxy that is inactive': [{}, { active: false }, UNKNOWN],
  'a tool proxy without split secret': [{}, { capabilities: [] }, 'the Tool Proxy must be using a split secret'],
};
for (const [name, [changes, proxy, reason]] of Object.entries(UNSEEN)) {
  test(`${name} cannot be seen, and the report says so`, async () => {
    const toolProxies = [{ guid: GUID, secret: 'secret', capabilities: ['Security.splitSecret'], ...proxy }];
    const emulator = createEmulator({ now: () => 50_000, toolProxies });
    if (changes.jti) await requestAccessToken({ ...request, ...changes, fetch: emulator.fetch });
    const { code, report } = await refusal({ ...changes, fetch: emulator.fetch });
    assert.equal(emulator.refusals[0].reason, reason);
    assert.equal(code, 'ERR_OAUTH');
    assert.deepEqual(failed(report), []);
    assert.deepEqual([report.checks[0].id, report.checks[0].outcome, report.outcome], ['unseen', 'warn', 'unverified']);
    assert.match(report.summary, /^An LTI 2 assertion that Canvas refused: nothing in it shows why/);
  });
}

const OFFSETS = [
  [47, 'Your clock is 47 s ahead of Canvas', 'fail'], [-47, 'Your clock is 47 s behind Canvas', 'warn'],
  [-100, 'Your clock is 1 min 40 s behind Canvas', 'fail'], [7200, 'Your clock is 2 h ahead of Canvas', 'fail'],
  [4, "Your clock agrees with Canvas's", 'pass'], [0, "Your clock agrees with Canvas's", 'pass'],
];
for (const [ahead, message, outcome] of OFFSETS) {
  test(`a clock that is ${ahead} s ahead: ${outcome}`, async () => {
    for (const now of [() => 50_000 - ahead, () => 50_000.9 - ahead]) {
      const emulator = createEmulator({ now });
      // Where the time alone would not be refused, something else has to be.
      const { report } = await refusal({ secret: outcome === 'fail' ? 'secret' : 'other', fetch: emulator.fetch });
      const check = report.checks.find(({ id }) => id === 'clock');
      assert.deepEqual([check.message, check.outcome], [message, outcome]);
      if (outcome !== 'fail') continue;
      assert.equal(report.checks[0], check, 'the cause before what follows from it');
      assert.match(report.summary, new RegExp(`^Canvas will refuse this LTI 2 assertion: ${message.replace('Your', 'your')}; set the clock`));
    }
  });
}

test('an assertion that is old by either clock is not blamed on the clock', async () => {
  const emulator = createEmulator({ now: () => 50_030 });
  const { report } = await refusal({ iat: 49_000, exp: 49_500, fetch: emulator.fetch });
  assert.deepEqual(failed(report).map(({ id }) => id), ['exp', 'iat-age']);
});

test("an answer's Date is the server's clock, whoever sends it", async () => {
  const emulator = createEmulator({ now: () => Date.now() / 1000 });
  for (const [behind, words] of [[47, '47 s ahead of'], [-47, '47 s behind']]) {
    const fetch = async (...args) => {
      const answer = await emulator.fetch(...args);
      const headers = new Headers(answer.headers);
      headers.set('date', new Date(Date.now() - behind * 1000).toUTCString());
      return new Response(answer.body, { status: answer.status, headers });
    };
    // Twice, lest a second ends in between.
    const messages = await Promise.all([0, 1].map(async () => {
      const { report } = await refusal({ now: undefined, secret: 'other', fetch });
      return report.checks.find(({ id }) => id === 'clock').message;
    }));
    assert.ok(messages.includes(`Your clock is ${words} Canvas`), messages.join());
  }
});
