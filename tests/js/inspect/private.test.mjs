// Nothing private comes out: marked secrets, claims and header members go into every kind of token and every error, and
// every text that comes out is searched for them.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  encryptJwe, generateKey, inspect, requestAccessToken, signAssertion, signJwt, wrap,
} from 'canvas-lms-tokens';
import { createEmulator } from 'canvas-lms-tokens/emulator';
import { ENDPOINT } from './generator.mjs';

const SECRET = 'marked-secret-of-32-bytes-or-more';
const PERSON = { name: 'marked-name', email: 'marked@mail.test', custom: { grade: 'marked-grade' }, client_secret: 'marked-client-secret' };
const LTI = 'https://purl.imsglobal.org/spec/lti/claim';
const message = (type) => ({
  [`${LTI}/message_type`]: type, [`${LTI}/version`]: '1.3.0', [`${LTI}/deployment_id`]: 'marked-deployment', nonce: 'marked-nonce',
});
const times = { exp: 1_700_000_060, iat: 1_700_000_000, nbf: 1_699_999_970 };
const own = { sub: 'marked-sub', jti: 'marked-jti', ...times, ...PERSON };

const CLAIMS = {
  'lti2-assertion': { ...own, aud: ENDPOINT },
  'lti2-access-token': { ...own, iss: 'Canvas', aud: ['canvas.test'], reg_key: 'marked-key' },
  'canvas-jwt': { ...own, iss: 'Canvas', aud: ['Instructure'], domain: 'canvas.test', masq_sub: 'marked-masq' },
  'inst-access-token': { ...own, iss: 'instructure:inst_access', acct: 'marked-acct' },
  'lti13-id-token': { ...own, iss: 'https://marked-issuer.test', aud: 'marked-client', ...message('LtiResourceLinkRequest') },
  'lti13-client-assertion': { ...own, iss: 'marked-iss', aud: 'https://canvas.test/login/oauth2/token' },
  'lti13-deep-linking-response': { ...own, iss: 'marked-iss', aud: 'https://canvas.instructure.com', ...message('LtiDeepLinkingResponse') },
  'lti13-access-token': { ...own, iss: 'https://marked-issuer.test', aud: 'https://canvas.test/login/oauth2/token', scopes: 'marked-scope' },
  'lti13-notice': {
    ...own, iss: 'https://marked-issuer.test', aud: 'marked-client', azp: 'marked-client', nonce: 'marked-nonce',
    [`${LTI}/version`]: '1.3.0', [`${LTI}/deployment_id`]: 'marked-deployment',
    [`${LTI}/notice`]: { id: 'marked-notice', type: 'marked-type', timestamp: 'marked-time' },
  },
  'lti13-registration-token': { ...own, uuid: 'marked-uuid', user_id: 'marked-user', root_account_global_id: 'marked-account' },
  'lti13-message-hint': { ...own, verifier: 'marked-verifier', canvas_domain: 'marked.test', context_id: 'marked-context' },
  jwt: own,
};

/** Ways to spoil one claim, whatever it is. */
const SPOILT = [
  () => undefined, () => null, (value) => [value], (value) => ({ value }), (value) => `${value} `, () => 1e13 + 0.5, () => true,
];
const FORMS = [
  (token) => token, wrap, (token) => ` ${token}\n`, (token) => `Bearer ${token}`, (token) => `"${token}"`, (token) => token + token,
  (token) => token.replace(/\./g, '%2E'), (token) => token.slice(0, -3), (token) => token.replace(/\.[^.]*$/, ''), (token) => `${token}=`,
  (token) => `{"token":"${token}"}`, (token) => `${token}.x`, (token) => token.replace('.', '.\n'), (token) => token.replace('.', '*.'),
  (token) => `${token}\ud800`, (token) => Buffer.from(token.split('.')[1], 'base64url').toString(),
  (token) => token.split('.').map((part) => Buffer.from(part, 'base64url').toString()).join('.'),
];

/** All that a person reads, but not the token's own content, which a report repeats. */
const shown = ({ summary, checks }) => JSON.stringify({ summary, checks });

function assertDiscreet(text, token = '') {
  assert.doesNotMatch(text, /marked/i);
  for (const part of token.split(/[^A-Za-z0-9_-]/).filter((part) => part.length > 20)) assert.ok(!text.includes(part), part);
}

test('no report has it, whatever is wrong with the token', async () => {
  const key = { secret: SECRET };
  const header = { alg: 'HS256', kid: 'marked-kid' };
  for (const [kind, claims] of Object.entries(CLAIMS)) {
    const drafts = [claims, ...Object.entries(claims).flatMap(([name, value]) => SPOILT.map((spoil) => ({ ...claims, [name]: spoil(value) })))];
    for (const [serial, draft] of drafts.entries()) {
      const given = Object.fromEntries(Object.entries(draft).filter(([, value]) => value !== undefined));
      const token = FORMS[serial % FORMS.length](await signJwt(given, key, header));
      for (const options of [{}, { key }, { key: { secret: 'marked-other-secret-of-32-bytes!' } }, { key: { secret: ` ${SECRET}\n` } }]) {
        for (const as of [undefined, kind, 'jwt', 'lti2-assertion']) {
          assertDiscreet(shown(await inspect(token, { ...options, as, endpoint: ENDPOINT, now: 1_700_000_000 })), token);
        }
      }
    }
  }
});

test('no form of a token brings it out', async () => {
  const token = await signJwt(CLAIMS['lti2-assertion'], { secret: SECRET }, { alg: 'HS256', kid: 'marked-kid' });
  for (const form of FORMS) {
    for (const key of [undefined, { secret: SECRET }]) assertDiscreet(shown(await inspect(form(token), { key, now: 5 })), form(token));
  }
});

test('no key brings it out', async () => {
  const token = await signJwt(CLAIMS.jwt, { secret: SECRET }, { alg: 'HS256', kid: 'marked-kid' });
  const { publicKey } = await generateKey('RS256', { kid: 'marked-key-id' });
  const oct = { kty: 'oct', k: Buffer.from(SECRET).toString('base64url'), kid: 'marked-key-id', alg: 'HS512', use: 'enc' };
  for (const key of [publicKey, { keys: [publicKey] }, { keys: [] }, oct, { keys: [oct] }]) {
    assertDiscreet(shown(await inspect(token, { key })), token);
  }
});

test('no encrypted layer brings it out', async () => {
  const header = { alg: 'dir', enc: 'A256GCM', kid: 'marked-kid' };
  const key = { secret: 'marked-key-of-exactly-32-bytes!!' };
  const inner = await signJwt(CLAIMS['canvas-jwt'], { secret: SECRET });
  for (const plaintext of [inner, JSON.stringify(own), 'marked-plaintext', '{"marked"']) {
    const token = wrap(await encryptJwe(plaintext, key, header));
    for (const decryptionKey of [undefined, key, { secret: 'marked-other-key-of-32-bytes....' }, { secret: 'marked-short' }]) {
      assertDiscreet(shown(await inspect(token, { decryptionKey, key: { secret: SECRET } })), token);
    }
  }
});

const seed = { guid: 'marked-sub', secret: SECRET, capabilities: ['Security.splitSecret'] };
const REQUESTS = {
  'a wrong secret': { secret: 'marked-other-secret' },
  'an unknown sub': { sub: 'marked-nobody' },
  'an old assertion': { now: 1_600_000_000 },
  'a code that is wrong': { sub: 10000000000003, code: ' ' },
  'an assertion of the caller': { secret: undefined, sub: undefined, assertion: signAssertion({ sub: 'marked-sub', aud: `${ENDPOINT}/` }, SECRET) },
  'a broken assertion': { secret: undefined, sub: undefined, assertion: 'marked.assertion' },
  'a wrong type': { sub: { marked: 1 } },
  'an empty jti': { jti: '' },
  'no URL': { url: 'canvas.test/marked' },
};
for (const [name, changes] of Object.entries(REQUESTS)) {
  test(`no error has it: ${name}`, async () => {
    const emulator = createEmulator({ toolProxies: [seed] });
    const sent = [];
    const fetch = (url, init) => {
      sent.push(String(init.body));
      return emulator.fetch(url, init);
    };
    const request = { sub: 'marked-sub', secret: SECRET, url: ENDPOINT, fetch, ...changes };
    const error = await requestAccessToken(request).then(() => assert.fail('it was granted'), (thrown) => thrown);
    const { report, body, cause, message: text, stack, at } = error;
    const all = [text, stack, at, JSON.stringify(body), String(cause), JSON.stringify(error, (key, value) => (key === 'report' ? 0 : value))];
    assertDiscreet([...all, report && shown(report)].join('\n'), sent.join());
    assert.equal(report !== undefined, error.code === 'ERR_OAUTH');
  });
}
