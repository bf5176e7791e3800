// The emulator launches, good and spoilt, the same for the same seed: verifying and inspecting agree on which is good, and for
// what the token itself is refused. The emulator shares no code with them.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { beginLaunch, canvasPlatform, inspect, verifyLaunch, verifyNotice } from 'canvas-lms-tokens';
import { generateKeyPair, SignJWT } from 'jose';
import { CLAIM, CLIENT, LAUNCH, platform as emulator } from '../emulator/lti13.mjs';
import { open } from '../emulator/services.mjs';
import { generator } from '../inspect/generator.mjs';

const CASES = 2000;
const NOTICES = 500;
const SECRET = 'a secret of the tool of more than 32 bytes';
const TOLERANCE = 60;
const platform = canvasPlatform({ clientId: CLIENT });
const foreign = await generateKeyPair('RS256', { extractable: true });

const DEEP_LINKING = 'https://purl.imsglobal.org/spec/lti-dl/claim/deep_linking_settings';
const PLACEMENT = 'https://www.instructure.com/placement';

/** Launches of every type of message, in every place. */
const VARIANTS = [
  {}, { userId: 2 }, { assignmentId: 26, userId: 3 }, { accountId: 1, userId: 1 }, { groupId: 4, userId: 3 },
  { userId: null }, { placement: 'course_navigation' }, { oldDeploymentName: true }, { storage: false },
  { custom: { price: '$5', course: '$Canvas.course.id', nothing: '$Nothing.at.all' } },
  { messageType: 'LtiDeepLinkingRequest' }, { messageType: 'LtiDeepLinkingRequest', placement: 'editor_button' },
  { messageType: 'LtiEulaRequest' },
  { messageType: 'LtiAssetProcessorSettingsRequest', assignmentId: 25 },
  { messageType: 'LtiReportReviewRequest', userId: 2, report: { submissionId: 6, type: 'originality', assetId: 'asset-1' } },
];

const VALUES = [
  '', ' ', 'x', '1.3', '1.3.0', 'https://tool.test/', 'http://tool.test', '/launch', 'LtiDeepLinkingRequest', 'LtiDeepLinkingResponse',
  'LtiOfTheFuture', CLIENT, platform.issuer, 0, 7, -1, 1.5, true, false, [], [CLIENT], ['x'], ['x', 7], [null], {}, { id: 'x' },
  { id: 7 }, { id: '' }, { url: 'x' },
];
// Around the boundaries of verifying, in seconds.
const OFFSETS = [-7200, -3661, -3660, -361, -360, -359, -301, -300, -61, -60, -59, -1, 0, 1, 59, 60, 61, 300, 3600, 1e9, 1_700_000_000_000];
const AUDIENCES = [
  '10000000000043', [CLIENT], [CLIENT, CLIENT], [CLIENT, 'other'], ['other', CLIENT], ['other'], [], [[CLIENT]], Number(CLIENT),
  platform.issuer, '', {},
];
const PARTIES = [undefined, null, '10000000000043', '', Number(CLIENT), [CLIENT], platform.issuer];

/** An object with one of its members removed or replaced. */
function spoiltInside(draw, object) {
  const name = draw.one([...Object.keys(object), 'id', 'url']);
  const changed = { ...object, [name]: draw.one([undefined, null, ...VALUES]) };
  return Object.fromEntries(Object.entries(changed).filter(([, value]) => value !== undefined));
}

/** Claims that differ from those of a good launch; null removes one. */
const SPOILT_CLAIMS = [
  (draw, good) => ({ [draw.one(Object.keys(good))]: draw.one([null, ...VALUES]) }),
  (draw, good) => {
    const name = draw.one(Object.keys(good).filter((name) => typeof good[name] === 'object' && good[name] !== null && !Array.isArray(good[name])));
    return { [name]: spoiltInside(draw, good[name]) };
  },
  (draw, good) => ({ [draw.one(['exp', 'iat', 'nbf'])]: good.iat + draw.one(OFFSETS) }),
  (draw, good) => ({ iat: good.iat + draw.one(OFFSETS), exp: good.iat + draw.one(OFFSETS) }),
  (draw) => ({ aud: draw.one(AUDIENCES) }),
  (draw) => ({ azp: draw.one(PARTIES.filter((party) => party !== undefined)) }),
  (draw) => ({ aud: draw.one(AUDIENCES), azp: draw.one(PARTIES.filter((party) => party !== undefined)) }),
  (draw) => ({ nonce: draw.one(['another', '', 7, null, ['n']]) }),
  (draw) => ({ iss: draw.one(['https://canvas.beta.instructure.com', 'https://sso.canvaslms.com', `${platform.issuer}/`, '', null, 7]) }),
  (draw) => ({ sub: draw.one([null, '', 7, 'another', {}]) }),
  (draw) => ({ [`${CLAIM}/message_type`]: draw.one(['LtiResourceLinkRequest', 'LtiDeepLinkingRequest', 'LtiReportReviewRequest', 'LtiOfTheFuture', 'LtiDeepLinkingResponse', '', 7, null]) }),
  (draw) => ({ [`${CLAIM}/notice`]: { id: 'x', type: 'y', timestamp: 'z' }, [`${CLAIM}/message_type`]: draw.one([null, 'LtiEulaRequest']) }),
  (draw) => ({ [draw.one([`${CLAIM}/resource_link`, `${CLAIM}/roles`, `${CLAIM}/context`, `${CLAIM}/custom`, DEEP_LINKING, PLACEMENT])]: draw.one([null, ...VALUES]) }),
];

const part = (value) => Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url');
const reheaded = (token, change) => {
  const [header, payload, signature] = token.split('.');
  return [part({ ...JSON.parse(Buffer.from(header, 'base64url')), ...change }), payload, signature].join('.');
};
/** Signed by another key, which may have the platform's kid. */
const resigned = (token, header) => {
  const [, payload] = token.split('.');
  return new SignJWT(JSON.parse(Buffer.from(payload, 'base64url'))).setProtectedHeader(header).sign(foreign.privateKey);
};

const SPOILT_TOKENS = [
  (draw, token, jwks) => resigned(token, { alg: 'RS256', typ: 'JWT', kid: draw.one(jwks.keys).kid }),
  (draw, token) => resigned(token, { alg: 'RS256', typ: 'JWT', kid: 'unknown' }),
  (draw, token) => resigned(token, { alg: 'RS256', typ: 'JWT' }),
  (draw, token, jwks) => reheaded(token, { kid: draw.one([undefined, 'unknown', 7, ...jwks.keys.map(({ kid }) => kid)]) }),
  (draw, token) => reheaded(token, { alg: draw.one(['none', 'HS256', 'RS512', 'ES256', 'RSA-OAEP', 'rs256', undefined, 7]) }),
  (draw, token) => reheaded(token, draw.one([{ crit: ['exp'] }, { zip: 'DEF' }, { b64: false }, { jku: 'https://tool.test' }, { x: 1 }])),
  (draw, token) => {
    const at = draw.below(token.length);
    return token.slice(0, at) + draw.one('AQgw_-'.split('')) + token.slice(at + 1);
  },
  (draw, token) => token.slice(0, -1 - draw.below(8)),
  (draw, token) => {
    const [header, payload, signature] = token.split('.');
    const claims = JSON.parse(Buffer.from(payload, 'base64url'));
    return [header, part({ ...claims, [`${CLAIM}/roles`]: ['administrator'] }), signature].join('.');
  },
];

const failed = ({ checks }) => checks.filter(({ outcome }) => outcome === 'fail');
const shownCheck = ({ id, code, message, at }) => `${id} ${code} ${at}: ${message}`;

test(`${CASES} launches of the emulator`, { timeout: 600_000 }, async () => {
  const canvas = emulator();
  canvas.records.courses.get('1').isPublic = true;
  const { body: jwks } = await canvas.get('/api/lti/security/jwks');
  const draw = generator(20260213);
  const codes = new Map();

  async function launched(about, now) {
    const { form, cookie } = await canvas.launch(about);
    const login = await beginLaunch(form, { platforms: platform, redirectUri: LAUNCH, secret: SECRET, now, lifetime: 86400 });
    const answer = await canvas.authorize(login.url, { cookie });
    assert.equal(answer.url, LAUNCH, JSON.stringify(answer));
    return { login, form: answer.form };
  }

  for (let serial = 0; serial < CASES; serial += 1) {
    const about = VARIANTS[serial % VARIANTS.length];
    const how = draw.below(10);
    let changes = {};
    let now = canvas.clock.now;
    if (how < 6) {
      const { form } = await launched(about, now);
      const good = JSON.parse(Buffer.from(form.id_token.split('.')[1], 'base64url'));
      changes = draw.one(SPOILT_CLAIMS)(draw, good);
    } else if (how === 6) {
      now += draw.one(OFFSETS.slice(0, -2));
    }
    const { login, form } = await launched({ ...about, claims: changes }, canvas.clock.now);
    let token = form.id_token;
    if (how === 7 || how === 8) token = await draw.one(SPOILT_TOKENS)(draw, token, jwks);

    const { nonce, cookie } = login;
    const thrown = await verifyLaunch({ ...form, id_token: token }, {
      platforms: platform, secret: SECRET, keys: jwks, cookie: cookie.split(';')[0], now, clockTolerance: TOLERANCE,
    }).then(() => null, (error) => error);
    const report = await inspect(token, { as: 'lti13-id-token', key: jwks, platform, nonce, now, clockTolerance: TOLERANCE });
    const shown = () => `${serial}: ${JSON.stringify(about)} with ${JSON.stringify(changes)} at ${now}: ${thrown} ${token}\n${report.checks.slice(0, 4).map(shownCheck).join('\n')}`;
    codes.set(thrown?.code ?? 'good', (codes.get(thrown?.code ?? 'good') ?? 0) + 1);

    if (how === 9) assert.equal(thrown, null, shown());
    if (thrown === null) {
      assert.deepEqual([report.outcome, failed(report)], ['valid', []], shown());
    } else {
      assert.equal(report.outcome, 'invalid', shown());
      assert.ok(failed(report).some(({ code }) => code === thrown.code), shown());
    }
  }
  for (const [code, least] of [
    ['good', 400], ['ERR_LTI_MESSAGE_INVALID', 200], ['ERR_JWT_CLAIM_VALIDATION_FAILED', 200], ['ERR_JWT_EXPIRED', 50],
    ['ERR_JWT_NOT_YET_VALID', 10], ['ERR_JWS_SIGNATURE_VERIFICATION_FAILED', 50], ['ERR_JWKS_NO_MATCHING_KEY', 20],
    ['ERR_JOSE_ALG_NOT_ALLOWED', 10], ['ERR_JOSE_NOT_SUPPORTED', 10],
  ]) assert.ok((codes.get(code) ?? 0) >= least, `${code}: ${codes.get(code)}, of ${JSON.stringify([...codes])}`);
});

const NOTICE_EVENTS = [['LtiContextCopyNotice', { courseId: 1 }], ['LtiAssetProcessorSubmissionNotice', { submissionId: 6 }]];

test(`${NOTICES} notices of the emulator`, { timeout: 300_000 }, async () => {
  const { canvas, put } = await open();
  for (const [notice_type] of NOTICE_EVENTS) {
    const { status } = await put('/api/lti/notice-handlers/7', { json: { notice_type, handler: 'https://tool.example/notices' } });
    assert.equal(status, 200);
  }
  const { body: jwks } = await canvas.get('/api/lti/security/jwks');
  const draw = generator(20260314);
  const codes = new Map();
  const sent = async ([type, event], claims) => (await canvas.notify(type, { ...event, claims }))[0].notices[0].jwt;

  for (let serial = 0; serial < NOTICES; serial += 1) {
    const event = draw.one(NOTICE_EVENTS);
    const how = draw.below(10);
    let changes = {};
    if (how < 7) {
      const good = JSON.parse(Buffer.from((await sent(event, {})).split('.')[1], 'base64url'));
      changes = draw.one(SPOILT_CLAIMS)(draw, good);
    }
    let token = await sent(event, changes);
    if (how === 7 || how === 8) token = await draw.one(SPOILT_TOKENS)(draw, token, jwks);
    const now = canvas.clock.now;
    const thrown = await verifyNotice(token, { platforms: platform, keys: jwks, now, clockTolerance: TOLERANCE }).then(() => null, (error) => error);
    const report = await inspect(token, { as: 'lti13-notice', key: jwks, platform, now, clockTolerance: TOLERANCE });
    const shown = () => `${serial}: ${event[0]} with ${JSON.stringify(changes)}: ${thrown} ${token}\n${report.checks.slice(0, 4).map(shownCheck).join('\n')}`;
    codes.set(thrown?.code ?? 'good', (codes.get(thrown?.code ?? 'good') ?? 0) + 1);
    if (how === 9) assert.equal(thrown, null, shown());
    if (thrown === null) {
      assert.deepEqual([report.outcome, failed(report)], ['valid', []], shown());
    } else {
      assert.equal(report.outcome, 'invalid', shown());
      // Which platform it is of, verifying takes from the token, before anything else of it is looked at.
      const isCompared = thrown.code !== 'ERR_LTI_PLATFORM_UNKNOWN';
      if (isCompared) assert.ok(failed(report).some(({ code }) => code === thrown.code), shown());
    }
  }
  for (const [code, least] of [
    ['good', 100], ['ERR_LTI_MESSAGE_INVALID', 40], ['ERR_JWT_CLAIM_VALIDATION_FAILED', 30], ['ERR_LTI_PLATFORM_UNKNOWN', 20],
    ['ERR_JWS_SIGNATURE_VERIFICATION_FAILED', 10],
  ]) assert.ok((codes.get(code) ?? 0) >= least, `${code}: ${codes.get(code)}, of ${JSON.stringify([...codes])}`);
});
