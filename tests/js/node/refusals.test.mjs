// Everything an assertion or its exchange cannot be made of is ERR_ARGUMENT, which names the option.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AUD, copies, GUID, imported, refuses, rejects } from './copies.mjs';

const PEM = '-----BEGIN PUBLIC KEY-----\nMIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8A\n-----END PUBLIC KEY-----\n';
const bytes = (text) => new TextEncoder().encode(text);
const LONE = 'lone \ud800 surrogate';
const absent = undefined;

const SECRETS = [
  absent, null, '', new Uint8Array(), Buffer.alloc(0), 5, {}, [1], new ArrayBuffer(4), new Uint16Array(4), LONE,
  PEM, bytes(PEM), `\n ${PEM}`, '{"kty":"oct","k":"c2VjcmV0"}', bytes(' {"keys":[]}'), '{ "use":"sig", "kty" : "RSA"}',
];
const NO_TIMES = [1.5, NaN, Infinity, -Infinity, 2 ** 53, '1486393868', 5n, null, new Date(), {}, true];
const CLAIMS = {
  sub: [
    absent, null, '', '  \n', -1, -1n, -(2n ** 2000n), 2n ** 1024n, 1.5, NaN, Infinity, 2 ** 53, 1e300, true, {}, ['x'],
    Symbol('x'), () => 'x', new String('x'), LONE,
  ],
  aud: [
    absent, null, '', 'canvas.test', '/api/lti/accounts/1/authorize', '//canvas.test/', 'ftp://canvas.test/', 'https://',
    'https:/canvas.test', 'https:///api', 'mailto:a@canvas.test', 'https://canvas .test/', `${AUD}\n`, ` ${AUD}`,
    'https://canvas.test:x/', [AUD], new URL(AUD), 5, `${AUD}/${LONE}`,
  ],
  exp: [...NO_TIMES, 1000, 999, 0, -1],
  iat: [...NO_TIMES, 1060, 1061, Number.MAX_SAFE_INTEGER],
  jti: ['', null, 5, {}, LONE],
};
const OPTIONS = {
  lifetime: [...NO_TIMES, 0, -1, Number.MAX_SAFE_INTEGER],
  now: NO_TIMES,
};
// Where a value is good by itself, and it is the expiry that comes out wrong.
const BY_EXPIRY = { iat: [1060, 1061, Number.MAX_SAFE_INTEGER], lifetime: [Number.MAX_SAFE_INTEGER] };

const claims = { sub: GUID, aud: AUD, exp: 1060, iat: 1000 };
const placeOf = (name, value) => (BY_EXPIRY[name]?.includes(value) ? 'exp' : name);

for (const [how, { buildAssertion, signAssertion }] of Object.entries(copies)) {
  for (const [name, values] of Object.entries(CLAIMS)) {
    test(`${how}: a wrong ${name} is refused by name`, () => {
      for (const value of values) {
        const at = `claims.${placeOf(name, value)}`;
        refuses(() => buildAssertion({ ...claims, [name]: value }), 'ERR_ARGUMENT', at);
        refuses(() => signAssertion({ ...claims, [name]: value }, 'secret'), 'ERR_ARGUMENT', at);
      }
    });
  }

  for (const [name, values] of Object.entries(OPTIONS)) {
    test(`${how}: a wrong ${name} is refused by name`, () => {
      for (const value of values) {
        const place = placeOf(name, value);
        const at = place === 'exp' ? 'claims.exp' : `options.${place}`;
        const options = { now: 1000, [name]: value };
        refuses(() => buildAssertion({ sub: GUID, aud: AUD }, options), 'ERR_ARGUMENT', at);
        refuses(() => signAssertion({ sub: GUID, aud: AUD }, 'secret', options), 'ERR_ARGUMENT', at);
      }
    });
  }

  test(`${how}: a wrong secret is refused, and the text of a key is none`, () => {
    for (const secret of SECRETS) refuses(() => signAssertion(claims, secret), 'ERR_ARGUMENT', 'secret');
    assert.ok(signAssertion(claims, 'kty'));
    assert.ok(signAssertion(claims, '{"no":"key"}'));
  });

  test(`${how}: claims and options must be objects`, () => {
    for (const value of [absent, null, 5, 'x', [], () => claims]) {
      refuses(() => buildAssertion(value), 'ERR_ARGUMENT', 'claims');
      refuses(() => signAssertion(value, 'secret'), 'ERR_ARGUMENT', 'claims');
    }
    for (const value of [null, 5, 'x', [], () => claims]) {
      refuses(() => buildAssertion(claims, value), 'ERR_ARGUMENT', 'options');
      refuses(() => signAssertion(claims, 'secret', value), 'ERR_ARGUMENT', 'options');
    }
  });
}

const request = { url: AUD, secret: 'secret', sub: GUID, iat: 1000, exp: 1060 };
const NO_URLS = [...CLAIMS.aud, 'https://user:password@canvas.test/', 'https://user@canvas.test/', `${AUD}#top`];
const REQUESTS = [
  ...NO_URLS.map((url) => ['url', { ...request, url }]),
  ...['sub', 'exp', 'jti'].flatMap((name) =>
    CLAIMS[name].map((value) => [name, { ...request, [name]: value }])),
  ...CLAIMS.iat.map((iat) => [placeOf('iat', iat), { ...request, iat }]),
  ...OPTIONS.lifetime.map((lifetime) => [
    placeOf('lifetime', lifetime), { url: AUD, secret: 'secret', sub: GUID, lifetime },
  ]),
  ...NO_TIMES.map((now) => ['now', { ...request, now }]),
  ...SECRETS.filter((secret) => secret !== absent).map((secret) => ['secret', { ...request, secret }]),
  ['assertion', { url: AUD }],
  ['assertion', { url: AUD, sub: GUID }],
  ['assertion', { url: AUD, assertion: 'a.b.c', secret: 'secret', sub: GUID }],
  ...['', 5, null, {}, LONE].map((assertion) => ['assertion', { url: AUD, assertion }]),
  ...['', 5, null, {}, LONE].map((code) => ['code', { ...request, code }]),
  ...[0, -1, NaN, Infinity, 2 ** 31, '1000', null, 5n].map((timeout) => ['timeout', { ...request, timeout }]),
  ...[-1, 1.5, NaN, Infinity, 2 ** 32, '1', null, 5n].map((retries) => ['retries', { ...request, retries }]),
  ...[null, {}, 5, { aborted: false }, new AbortController()].map((signal) => ['signal', { ...request, signal }]),
  ...[5, null, {}, LONE].map((userAgent) => ['userAgent', { ...request, userAgent }]),
];

test('a wrong request is refused by name, and nothing is sent', async () => {
  for (const [name, wrong] of REQUESTS) {
    const fetch = () => assert.fail('it was sent');
    await rejects(() => imported.requestAccessToken({ ...wrong, fetch }), 'ERR_ARGUMENT', `request.${name}`);
  }
  for (const fetch of [null, 5, {}, 'fetch']) {
    await rejects(() => imported.requestAccessToken({ ...request, fetch }), 'ERR_ARGUMENT', 'request.fetch');
  }
});

test('a runtime without fetch is told so', async (t) => {
  const { fetch } = globalThis;
  globalThis.fetch = undefined;
  t.after(() => (globalThis.fetch = fetch));
  await rejects(() => imported.requestAccessToken(request), 'ERR_ARGUMENT', 'request.fetch');
});
