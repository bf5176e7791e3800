import assert from 'node:assert/strict';
import { test } from 'node:test';
import { jwtVerify } from 'jose';
import { defaultSecrets } from 'canvas-lms-tokens/emulator';
import {
  AUTHORIZE, BEARER, bytes, claims, GUID, headerOf, HOST, NOT_FOUND, NOW, payloadOf, payloadText, sign, signText, start,
} from './canvas.mjs';

const REG_KEY = '9359e0cd-6a69-4ca9-91b6-162cf0711a5b';
const DEV_KEY = 10000000000003;
const DEV_SECRET = 'developer-key-secret';

const exchange = (canvas, assertion, form = {}, path = AUTHORIZE) =>
  canvas.post(path, { form: { grant_type: BEARER, assertion, ...form } });

async function refused(canvas, answer, reason) {
  assert.equal(answer.status, 400);
  assert.equal(answer.text, '{"error":"invalid_grant"}');
  assert.match(answer.headers.get('content-type'), /^application\/json/);
  assert.equal(canvas.reason(), reason);
}

test('a tool proxy gets the documented answer', async () => {
  const canvas = start();
  const { status, body, headers, text } = await exchange(canvas, await sign(claims()));
  assert.equal(status, 200);
  assert.match(headers.get('content-type'), /^application\/json/);
  assert.equal(text, JSON.stringify({ access_token: body.access_token, token_type: 'bearer', expires_in: '3600' }));
  assert.equal(Buffer.from(body.access_token.split('.')[0], 'base64url').toString(), '{"typ":"JWT","alg":"HS256"}');
  const { payload } = await jwtVerify(body.access_token, bytes(defaultSecrets.encryptionKey), {
    currentDate: new Date(NOW * 1000),
  });
  const { jti, ...rest } = payload;
  assert.match(jti, /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  assert.deepEqual(rest, {
    iss: 'Canvas', sub: GUID, exp: NOW + 3600, aud: ['canvas.test'], iat: NOW, nbf: NOW - 30, shard_id: 1,
    reg_key: GUID,
  });
  assert.deepEqual(
    Object.keys(payload), ['iss', 'sub', 'exp', 'aud', 'iat', 'nbf', 'jti', 'shard_id', 'reg_key']);
  assert.equal(canvas.refusals.length, 0);
});

test('the audience of the token names every host once', async () => {
  const accounts = [{ id: 1, uuid: 'u', name: 'School', vanityHosts: ['lms.school.example', 'canvas.test'] }];
  const canvas = start({ accounts, filesHost: 'files.test' });
  const { body } = await exchange(canvas, await sign(claims()));
  assert.deepEqual(payloadOf(body.access_token).aud, ['files.test', 'canvas.test', 'lms.school.example']);
});

const ways = {
  multipart: (fields) => {
    const form = new FormData();
    for (const [name, value] of Object.entries(fields)) form.set(name, value);
    return ['', { form }];
  },
  urlencoded: (fields) => ['', { form: fields }],
  json: (fields) => ['', { json: fields }],
  query: (fields) => [`?${new URLSearchParams(fields)}`, {}],
};
for (const [way, encode] of Object.entries(ways)) {
  test(`parameters as ${way}`, async () => {
    const canvas = start();
    const [query, init] = encode({ grant_type: BEARER, assertion: await sign(claims()) });
    assert.equal((await canvas.post(AUTHORIZE + query, init)).status, 200);
  });
}

test('a body that is not what its type says is a bad request', async () => {
  for (const type of ['application/json', 'multipart/form-data; boundary=x']) {
    const { status } = await start().post(AUTHORIZE, { body: '{', headers: { 'content-type': type } });
    assert.equal(status, 400, type);
  }
});

for (const [alg, expected] of [['HS256', 200], ['HS384', 200], ['HS512', 200]]) {
  test(`${alg} is accepted`, async () => {
    assert.equal((await exchange(start(), await sign(claims(), 'secret', alg))).status, expected);
  });
}

const subjects = [
  ['developer key as number', DEV_KEY, DEV_SECRET, { code: 'k' }, DEV_KEY, 'k'],
  ['developer key as text', String(DEV_KEY), DEV_SECRET, { code: 'k' }, DEV_KEY, 'k'],
  ['developer key by its local id', 3, DEV_SECRET, { code: 'k' }, DEV_KEY, 'k'],
  ['registration key without code', REG_KEY, 'registration-password', {}, REG_KEY, REG_KEY],
  ['tool proxy with a code', GUID, 'secret', { code: 'k' }, GUID, 'k'],
];
for (const [name, sub, secret, form, expectedSub, regKey] of subjects) {
  for (const grant_type of [BEARER, 'authorization_code']) {
    test(`${name}, ${grant_type}`, async () => {
      const { status, body } = await exchange(start(), await sign(claims({ sub }), secret), { grant_type, ...form });
      assert.equal(status, 200);
      const issued = payloadOf(body.access_token);
      assert.equal(issued.sub, expectedSub);
      assert.equal(issued.reg_key, regKey);
    });
  }
}

test('a sub beyond 2^53 is exact in both directions', async () => {
  const canvas = start({ developerKeys: [{ id: 90000000000000001n, secret: 's' }] });
  const { jti } = claims();
  const text = `{"sub":90000000000000001,"aud":"${AUTHORIZE}","exp":${NOW + 60},"iat":${NOW},"jti":"${jti}"}`;
  const { status, body } = await exchange(canvas, signText(text, 's'), { code: 'k' });
  assert.equal(status, 200);
  assert.match(payloadText(body.access_token), /"sub":90000000000000001,/);
  const near = signText(text.replace('0001,', '0002,'), 's');
  await refused(canvas, await exchange(canvas, near, { code: 'k' }), SECRET);
});

test('a course has an endpoint of its own, on whichever host and port', async () => {
  const canvas = start();
  for (const aud of ['http://localhost:3000/api/lti/courses/1/authorize', `${HOST}/api/lti/courses/1/authorize`]) {
    assert.equal((await exchange(canvas, await sign(claims({ aud })), {}, aud)).status, 200);
  }
  const elsewhere = await exchange(canvas, await sign(claims()), {}, '/api/lti/courses/1/authorize');
  await refused(canvas, elsewhere, "the 'aud' is invalid");
});

test('an unknown account or course is not found', async () => {
  for (const path of ['/api/lti/accounts/2/authorize', '/api/lti/courses/2/authorize', '/api/lti/groups/1/authorize']) {
    const { status, body } = await exchange(start(), await sign(claims()), {}, path);
    assert.equal(status, 404);
    assert.deepEqual(body, NOT_FOUND);
  }
});

const without = (name) => {
  const { [name]: _, ...rest } = claims();
  return rest;
};
const missing = (name) => `the following assertions are missing: ${name}`;
const NUMBER = (name) => `the '${name}' must be a number`;
const AUD = "the 'aud' is invalid";
const OLD = "the 'iat' must be less than 300 seconds old";
const FUTURE = "the 'iat' must not be in the future";
const JTI = "the 'jti' is invalid";
const EXPIRED = 'the JWT has expired';

const payloads = [
  ['no aud', without('aud'), missing('aud')],
  ['no exp', without('exp'), missing('exp')],
  ['no iat', without('iat'), missing('iat')],
  ['no jti', without('jti'), missing('jti')],
  ['Iat with a capital', { ...without('iat'), Iat: NOW }, missing('iat')],
  ['nothing but sub', { sub: GUID }, missing('aud,exp,iat,jti')],
  ['trailing slash', claims({ aud: `${AUTHORIZE}/` }), AUD],
  ['other scheme', claims({ aud: AUTHORIZE.replace('https', 'http') }), AUD],
  ['other port', claims({ aud: AUTHORIZE.replace('.test', '.test:8443') }), AUD],
  ['old documented endpoint', claims({ aud: `${HOST}/api/lti/authorize` }), AUD],
  ['list without it', claims({ aud: ['https://other.test'] }), AUD],
  ['list with it', claims({ aud: ['https://other.test', AUTHORIZE] }), null],
  ['aud a number', claims({ aud: 1 }), AUD],
  ['exp at this second', claims({ iat: NOW - 10, exp: NOW }), JTI],
  ['exp a second ahead', claims({ exp: NOW + 1 }), null],
  ['exp past', claims({ exp: NOW - 1 }), EXPIRED],
  ['exp a year ahead', claims({ exp: NOW + 31536000 }), null],
  ['exp as text', claims({ exp: String(NOW + 60) }), NUMBER('exp')],
  ['exp null', claims({ exp: null }), NUMBER('exp')],
  ['exp with a fraction', claims({ exp: NOW + 1.5 }), null],
  ['exp beyond 2^53', `{"exp":99999999999999999,"sub":"${GUID}","aud":"${AUTHORIZE}","iat":${NOW},"jti":"big"}`, null],
  ['iat 300 s old', claims({ iat: NOW - 300 }), null],
  ['iat 301 s old', claims({ iat: NOW - 301 }), OLD],
  ['iat 30 s ahead', claims({ iat: NOW + 30 }), null],
  ['iat 31 s ahead', claims({ iat: NOW + 31 }), FUTURE],
  ['iat as text', claims({ iat: String(NOW) }), NUMBER('iat')],
  ['aud and exp wrong', claims({ aud: 'x', exp: 'x' }), `${AUD} | ${NUMBER('exp')}`],
  ['exp before iat', claims({ iat: NOW + 20, exp: NOW + 10 }), null],
];
for (const [name, payload, reason] of payloads) {
  test(`claims: ${name}`, async () => {
    const canvas = start();
    const text = typeof payload === 'string' ? payload : JSON.stringify(payload);
    const answer = await exchange(canvas, signText(text, 'secret'));
    if (reason === null) assert.equal(answer.status, 200, canvas.reason());
    else await refused(canvas, answer, reason);
  });
}

const SPLIT = 'the Tool Proxy must be using a split secret';
const KEY = 'the Developer Key is not active or available in this environment';
const SECRET = 'either the tool proxy or developer key were not found';
const FORMAT = 'JSON::JWT::InvalidFormat: ';
const SEGMENTS = `${FORMAT}Invalid JWT Format. JWT should include 3 or 5 segments.`;
const CONTENT = `${FORMAT}Invalid JSON Format`;
const ALGORITHM = 'JSON::JWS::UnexpectedAlgorithm: Unexpected alg header';
const MISMATCH = 'JSON::JWS::VerificationFailed';
const flip = (token) => token.slice(0, -2) + (token.at(-2) === 'A' ? 'B' : 'A') + token.at(-1);
const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
const stray = (token) => token.slice(0, -1) + ALPHABET[ALPHABET.indexOf(token.at(-1)) + 1];
const ok = JSON.stringify(claims());
const proxy = (changes) => ({
  toolProxies: [{ guid: GUID, secret: 'secret', capabilities: ['Security.splitSecret'], ...changes }],
});

const assertions = [
  ['wrong secret', () => sign(claims(), 'other'), MISMATCH],
  ['changed signature', async () => flip(await sign(claims())), MISMATCH],
  ['alg none', () => `${signText(ok, 'secret', '{"alg":"none"}').split('.').slice(0, 2).join('.')}.`, ALGORITHM],
  ['alg RS256 with a secret', () => signText(ok, 'secret', '{"alg":"RS256"}'), ALGORITHM],
  ['alg in small letters', () => signText(ok, 'secret', '{"alg":"hs256"}'), ALGORITHM],
  ['no alg', () => signText(ok, 'secret', '{}'), ALGORITHM],
  ['another hash than alg says', () => signText(ok, 'secret', '{"alg":"HS256"}', 'sha512'), MISMATCH],
  ['two segments', () => 'a.b', SEGMENTS],
  ['five segments', () => 'a.b.c.d.e', SEGMENTS],
  ['no JSON', () => signText('nonsense', 'secret'), CONTENT],
  ['a JSON list', () => signText('[]', 'secret'), CONTENT],
  ['no base64', () => 'a*.b.c', CONTENT],
  ['stray bits at the end', async () => stray(await sign(claims())), CONTENT],
  ['unknown sub', () => sign(claims({ sub: 'nobody' })), SECRET],
  ['sub an object', () => signText(JSON.stringify(claims({ sub: { a: 1 } })), 'secret'), SECRET],
  ['no sub', () => sign(without('sub')), SECRET],
  ['developer key without code', () => sign(claims({ sub: DEV_KEY }), DEV_SECRET), 'MissingAuthorizationCode'],
  ['blank code', () => sign(claims({ sub: DEV_KEY }), DEV_SECRET), 'MissingAuthorizationCode', {}, { code: ' ' }],
  ['registration of another context', () => sign(claims({ sub: REG_KEY }), 'p'), SECRET,
    { registrations: [{ regKey: REG_KEY, password: 'p', courseId: 1 }] }],
  ['proxy without split secret', () => sign(claims()), SPLIT, proxy({ capabilities: [] })],
  ['proxy not active', () => sign(claims()), SECRET, proxy({ active: false })],
  ['proxy with the older capability', () => sign(claims()), null, proxy({ capabilities: ['OAuth.splitSecret'] })],
  ['developer key of the proxy not usable', () => sign(claims()), KEY,
    { ...proxy({ developerKeyId: 9 }), developerKeys: [{ id: 9, active: false }] }],
  ['no grant_type', () => sign(claims()), 'the grant_type is not supported', {}, { grant_type: '' }],
  ['another grant_type', () => sign(claims()), 'the grant_type is not supported', {}, { grant_type: 'password' }],
  ['no assertion', () => '', 'the assertion is missing'],
];
for (const [name, make, reason, options = {}, form = {}] of assertions) {
  test(`assertion: ${name}`, async () => {
    const canvas = start(options);
    const answer = await exchange(canvas, await make(), form);
    if (reason === null) assert.equal(answer.status, 200, canvas.reason());
    else await refused(canvas, answer, reason);
  });
}

test('a registration request lives for an hour', async () => {
  const canvas = start();
  const fresh = () => claims({ sub: REG_KEY, iat: canvas.clock.now, exp: canvas.clock.now + 60 });
  const assertion = () => sign(fresh(), 'registration-password');
  for (canvas.clock.now of [NOW, NOW + 3599]) {
    assert.equal((await exchange(canvas, await assertion())).status, 200);
  }
  canvas.clock.now = NOW + 3600;
  await refused(canvas, await exchange(canvas, await assertion()), SECRET);
});

test('a jti is consumed once, for its sub, until a minute after its lifetime', async () => {
  const canvas = start();
  const assertion = () => sign(claims({ jti: 'same', iat: canvas.clock.now, exp: canvas.clock.now + 60 }));
  const first = await assertion();
  assert.equal((await exchange(canvas, first)).status, 200);
  await refused(canvas, await exchange(canvas, first), JTI);
  const other = await sign(claims({ jti: 'same', sub: REG_KEY }), 'registration-password');
  assert.equal((await exchange(canvas, other)).status, 200);
  canvas.clock.now = NOW + 119;
  await refused(canvas, await exchange(canvas, await assertion()), JTI);
  canvas.clock.now = NOW + 120;
  assert.equal((await exchange(canvas, await assertion())).status, 200);
});

test('a refused assertion does not consume its jti', async () => {
  const canvas = start();
  await refused(canvas, await exchange(canvas, await sign(claims({ jti: 'again', iat: NOW - 301 }))), OLD);
  assert.equal((await exchange(canvas, await sign(claims({ jti: 'again' })))).status, 200);
});

test('expired nonces are forgotten', async () => {
  const canvas = start();
  for (let count = 1; count < 1000; count += 1) canvas.records.nonces.set(`nonce:x:${count}`, NOW);
  assert.equal((await exchange(canvas, await sign(claims()))).status, 200);
  assert.equal(canvas.records.nonces.size, 1);
});

const olds = [
  ['a minute ahead', claims(), null],
  ['more than a minute ahead', claims({ exp: NOW + 61 }),
    "the 'exp' must not be any further than 60 seconds in the future"],
  ['expired', claims({ exp: NOW - 1 }), EXPIRED],
  ['iat ahead', claims({ iat: NOW + 1 }), FUTURE],
  ['iat too old', claims({ iat: NOW - 301 }), OLD],
  ['a list as aud', claims({ aud: [AUTHORIZE] }), "the 'aud' must be the LTI Authorization endpoint"],
  ['exp as text', claims({ exp: 'x' }), NUMBER('exp')],
  ['iat as text', claims({ iat: 'x' }), NUMBER('iat')],
  ['no jti', without('jti'), missing('jti')],
];
for (const [name, payload, reason] of olds) {
  test(`the older server: ${name}`, async () => {
    const canvas = start({ era: 'old' });
    const answer = await exchange(canvas, await sign(payload));
    if (reason !== null) return refused(canvas, answer, reason);
    assert.equal(answer.status, 200, canvas.reason());
    const issued = payloadOf(answer.body.access_token);
    assert.equal(issued.aud, 'canvas.test');
    assert.deepEqual(Object.keys(issued), ['iss', 'sub', 'exp', 'aud', 'iat', 'nbf', 'jti']);
    assert.deepEqual(headerOf(answer.body.access_token), { typ: 'JWT', alg: 'HS256' });
  });
}

test('the older server knows no registration keys', async () => {
  const canvas = start({ era: 'old' });
  const assertion = await sign(claims({ sub: REG_KEY }), 'registration-password');
  await refused(canvas, await exchange(canvas, assertion), SECRET);
});

test('refusals and requests are logged together, and cleared', async () => {
  const canvas = start();
  await exchange(canvas, 'x', { code: 'a' });
  await exchange(canvas, await sign(claims()));
  assert.deepEqual(canvas.requests.map(({ method, url, status }) => [method, url, status]), [
    ['POST', AUTHORIZE, 400], ['POST', AUTHORIZE, 200],
  ]);
  assert.match(canvas.requests[0].body, /assertion=x&code=a/);
  assert.equal(canvas.requests[0].headers['content-type'], 'application/x-www-form-urlencoded;charset=UTF-8');
  assert.equal(canvas.refusals.length, 1);
  assert.equal(canvas.refusals[0].request, canvas.requests[0]);
  canvas.requests.clear();
  canvas.refusals.clear();
  assert.deepEqual([canvas.requests.length, canvas.refusals.length], [0, 0]);
});
