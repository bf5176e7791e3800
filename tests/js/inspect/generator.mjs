// Assertions with mistakes in them, the same for the same seed.
import { createHmac } from 'node:crypto';

export const HOST = 'https://canvas.test';
export const ENDPOINT = `${HOST}/api/lti/accounts/1/authorize`;
const COURSE = `${HOST}/api/lti/courses/1/authorize`;
const REG_KEY = '9359e0cd-6a69-4ca9-91b6-162cf0711a5b';

/** What may sign at the emulator: the sub as JSON text, and its secret. */
const SIGNERS = [
  ['"123123-ad13-ac233"', 'secret'],
  ['10000000000003', 'developer-key-secret'],
  ['"10000000000003"', 'developer-key-secret'],
  [`"${REG_KEY}"`, 'registration-password'],
];

/** Other ways to name the developer key, which change whose secret must have signed. */
const KEY_NAMES = ['3', '"3"', '10000000000003.0', '1.0000000000003e13'];

/** mulberry32, as functions. */
export function generator(seed) {
  let state = seed >>> 0;
  const random = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  return { random, below: (count) => Math.floor(random() * count), one: (items) => items[Math.floor(random() * items.length)] };
}

const base64url = (text) => Buffer.from(text).toString('base64url');
const HASH = { HS256: 'sha256', HS384: 'sha384', HS512: 'sha512' };

function sign(header, payload, secret) {
  const input = `${base64url(header)}.${base64url(payload)}`;
  const hash = HASH[/"(HS\d+)"/.exec(header)?.[1]] ?? 'sha256';
  return `${input}.${createHmac(hash, secret).update(input).digest('base64url')}`;
}

// Around every boundary that Canvas has, in seconds from now.
const OFFSETS = [
  -1e9, -3600, -301, -300.5, -300.001, -300, -299.999, -299, -61, -60, -59, -2, -1, -0.999, -0.5, -0.001, 0, 0.001, 0.5, 0.999, 1,
  2, 29, 29.999, 30, 30.001, 30.5, 31, 59, 60, 61, 300, 3600, 1e9,
];
/** A number in seconds as people write it, or not as a number at all. */
const WRITINGS = [
  (time) => String(Math.floor(time)),
  (time) => String(Math.floor(time)),
  (time) => String(Math.ceil(time)),
  (time) => time.toFixed(3),
  (time) => String(time),
  (time) => `${Math.floor(time)}.0`,
  (time) => `${Math.floor(time) / 1e9}e9`,
  (time) => String(Math.floor(time * 1000)),
  (time) => String(BigInt(Math.floor(time)) * 1000000n),
  (time) => `"${Math.floor(time)}"`,
  (time) => JSON.stringify(new Date(Math.floor(time) * 1000).toISOString()),
  () => 'null', () => 'true', () => '[]', () => '{}', () => '""', () => '0', () => '-1', () => '99999999999999999999',
];

const AUDIENCES = [
  ENDPOINT, ENDPOINT, COURSE, `${ENDPOINT}/`, `${ENDPOINT}?x=1`, `${ENDPOINT}#x`, `${HOST}/api/lti/authorize`, HOST, '',
  'https://CANVAS.test/api/lti/accounts/1/authorize', 'https://canvas.test:443/api/lti/accounts/1/authorize',
  'http://canvas.test/api/lti/accounts/1/authorize', 'https://canvas.test:8443/api/lti/accounts/1/authorize',
  `${HOST}/api/lti/accounts/2/authorize`, `${HOST}/api/lti/Accounts/1/authorize`, 'canvas.test', `${HOST}/login/oauth2/token`,
  'https://sso.canvaslms.com/login/oauth2/token', ` ${ENDPOINT}`, `${ENDPOINT}\u0000`, 'https://[', 'https://a b/',
];
const AUDS = [
  ...AUDIENCES.map((aud) => JSON.stringify(aud)),
  ...AUDIENCES.map((aud) => JSON.stringify([aud])),
  JSON.stringify(['https://other.test', ENDPOINT]), JSON.stringify([ENDPOINT, COURSE]), JSON.stringify([ENDPOINT, 7, null]),
  JSON.stringify([[ENDPOINT]]), '[]', '[1]', 'null', '7', 'true', '{}',
];
const SUBS = [
  '"nobody"', '""', '" 123123-ad13-ac233"', '"123123-ad13-ac233 "', 'null', 'true', '[]', '{}', '0', '-3', '1.5', '"10000000000003.0"', '90000000000000001', '90000000000000000', '-0', '1e30',
  '["123123-ad13-ac233"]',
];
const JTIS = ['""', '"1"', 'null', '7', '[]', '{"a":1}', '"aaaaaaaaaaaaaaaa"', '12345678901234567890'];
const NAMES = {
  sub: ['Sub', 'subject', 'client_id'], aud: ['Aud', 'audience', 'url'], exp: ['Exp', 'expires', 'epx', 'expires_at'],
  iat: ['Iat', 'ait', 'issued_at', 'iat '], jti: ['Jti', 'jwt_id', 'uuid', 'jtl'],
};
const EXTRAS = [
  ['iss', '"tool"'], ['iss', '7'], ['nbf', '99999999999'], ['nbf', '"x"'], ['nbf', '1'], ['name', '"Ada"'], ['scopes', '"x"'],
  ['__proto__', '{"exp":1}'], ['client_secret', '"s"'], ['nonce', 'null'],
];
const HEADERS = [
  '{"alg":"HS384","typ":"JWT"}', '{"alg":"HS512"}', '{"alg":"HS256"}', '{"alg":"HS256","typ":"LTI"}', '{"typ":"JWT","alg":"none"}',
  '{"alg":"None"}', '{"alg":"hs256"}', '{"alg":"RS256"}', '{"alg":"ES256","typ":"JWT"}', '{"typ":"JWT"}', '{"alg":null}',
  '{"alg":256}', '{"alg":""}', '{"alg":"HS256","kid":"k","jku":"https://tool.test/"}', '{"alg":"constructor"}',
];
const FORMS = [
  (token) => `${token}\n`, (token) => ` ${token}`, (token) => `Bearer ${token}`, (token) => `"${token}"`,
  (token) => token.slice(0, -1), (token) => token.slice(0, -4), (token) => token.slice(0, 90), (token) => `${token}.`, (token) => `${token}.AA`,
  (token) => token + token, (token) => token.replace('.', '%2E'), (token) => `${token}*`, (token) => token.replace(/[^.]*$/, ''),
  (token) => token.replace('.', '.\n'), (token) => token.slice(3), (token) => Buffer.from(token).toString('base64'), () => 'eyJhbGciOiJkaXIiLCJlbmMiOiJBMjU2R0NNIn0..AAAAAAAAAAAAAAAA.AA.AAAA',
  () => 'x', () => '{}', () => 'null',
];
const PAYLOADS = ['[]', '"x"', 'null', '', '{', '{"sub":1,}', 'x', '{}'];

/** Each changes a draft in one way; those in front are drawn most. */
const MUTATIONS = [
  (draft, { one }) => set(draft, 'exp', one(WRITINGS)(draft.now + one(OFFSETS))),
  (draft, { one }) => set(draft, 'iat', one(WRITINGS)(draft.now + one(OFFSETS))),
  (draft, { one }) => set(draft, 'exp', String(Math.floor(draft.now) + Math.floor(one(OFFSETS)))),
  (draft, { one }) => set(draft, 'iat', String(Math.floor(draft.now) + Math.floor(one(OFFSETS)))),
  (draft, { one }) => set(draft, 'aud', one(AUDS)),
  (draft, { one }) => (draft.claims = draft.claims.filter(([name]) => name !== one(Object.keys(NAMES)))),
  (draft, { one }) => rename(draft, one(draft.claims), one),
  (draft, { one }) => set(draft, 'sub', one(SUBS)),
  (draft, { one }) => {
    set(draft, 'sub', one(KEY_NAMES));
    draft.secret = draft.signedWith = 'developer-key-secret';
  },
  (draft, { one }) => (draft.header = one(HEADERS)),
  (draft, { one }) => (draft.code = one([undefined, 'k', REG_KEY, ' '])),
  (draft, { one }) => set(draft, 'jti', one(JTIS)),
  (draft, { one }) => draft.claims.push(one(EXTRAS.filter(([name]) => !draft.claims.some(([known]) => known === name)))),
  (draft, { one }) => (draft.signedWith = one([`${draft.secret}\n`, 'wrong', ' ', draft.secret.toUpperCase()])),
  (draft, { one }) => (draft.form = one(FORMS)),
  (draft, { one }) => (draft.payload = one(PAYLOADS)),
  (draft, { one }) => (draft.url = one([COURSE, `${ENDPOINT}/`, 'https://CANVAS.test:443/api/lti/accounts/1/authorize'])),
];

function set(draft, name, text) {
  const claim = draft.claims.find(([known]) => known === name);
  if (claim) claim[1] = text;
}

function rename(draft, claim, one) {
  if (claim && Object.hasOwn(NAMES, claim[0])) claim[0] = one(NAMES[claim[0]]);
}

/** An assertion with up to three mistakes: { assertion, secret, code, url }, to be judged at this time. */
export function assertionOf({ below, one, random }, now, serial) {
  const [sub, secret] = one(SIGNERS);
  const draft = {
    now, secret, signedWith: secret, code: 'k', url: ENDPOINT, header: '{"alg":"HS256","typ":"JWT"}', form: (token) => token,
    claims: [
      ['sub', sub], ['aud', JSON.stringify(ENDPOINT)], ['exp', String(Math.floor(now) + 60)], ['iat', String(Math.floor(now))],
      ['jti', `"jti-${serial}-${random()}"`],
    ],
  };
  for (let count = one([0, 1, 1, 1, 1, 2, 2, 3]); count > 0; count -= 1) {
    MUTATIONS[Math.min(below(MUTATIONS.length), below(MUTATIONS.length + 8))](draft, { one });
  }
  const claims = draft.claims.map(([name, text]) => `${JSON.stringify(name)}:${text}`);
  const payload = draft.payload ?? `{${claims.join(',')}}`;
  return { ...draft, payload, assertion: draft.form(sign(draft.header, payload, draft.signedWith)) };
}
