// What is put into headers, which values become claims and which are refused, and what verifying compares.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import vm from 'node:vm';
import * as ours from 'canvas-lms-tokens';
import { payloadText, refuses, rejects, tokenError } from '../node/copies.mjs';
import { JWKS } from './node-keys.mjs';

const key = { secret: 'secret' };
const headerText = (token) => Buffer.from(token.split('.')[0], 'base64url').toString();

const NAMED = { ...JWKS['P-256'], kid: 'mine' };
// [function, key, header given, header sent]
const HEADERS = [
  ['signJwt', key, undefined, '{"alg":"HS256","typ":"JWT"}'],
  ['signJws', key, undefined, '{"alg":"HS256"}'],
  ['signJwt', { ...key, alg: 'HS512' }, undefined, '{"alg":"HS512","typ":"JWT"}'],
  ['signJwt', NAMED, undefined, '{"alg":"ES256","typ":"JWT","kid":"mine"}'],
  ['signJws', NAMED, undefined, '{"alg":"ES256","kid":"mine"}'],
  ['signJwt', NAMED, {}, '{"alg":"ES256","kid":"mine"}'],
  ['signJwt', NAMED, { kid: 'other' }, '{"alg":"ES256","kid":"other"}'],
  ['signJwt', NAMED, { typ: 'at+jwt', kid: undefined }, '{"alg":"ES256","typ":"at+jwt","kid":"mine"}'],
  ['signJwt', NAMED, { z: 1, alg: 'ES256', a: [null] }, '{"z":1,"alg":"ES256","a":[null],"kid":"mine"}'],
  ['signJws', JWKS.RSA, undefined, '{"alg":"RS256"}'],
  ['signJws', JWKS.Ed25519, undefined, '{"alg":"EdDSA"}'],
  ['signJws', JWKS['P-521'], undefined, '{"alg":"ES512"}'],
  ['signJws', key, { n: 2n ** 70n }, '{"alg":"HS256","n":1180591620717411303424}'],
];
for (const [name, own, given, sent] of HEADERS) {
  test(`${name}: the header ${sent}`, async () => {
    const payload = name === 'signJwt' ? {} : 'x';
    assert.equal(headerText(await ours[name](payload, own, given)), sent);
    if (name === 'signJwt' && own === key) assert.equal(headerText(ours.signJwtSync(payload, own, given)), sent);
  });
}

test('the header of a JWE has alg first, and what the algorithm adds', async () => {
  const secret = { secret: new Uint8Array(16) };
  const sent = async (own, header) => headerText(await ours.encryptJwe('x', own, header));
  assert.equal(await sent(secret, { alg: 'dir', enc: 'A128GCM' }), '{"alg":"dir","enc":"A128GCM"}');
  assert.equal(await sent({ ...secret, alg: 'A128KW' }, { enc: 'A128GCM' }), '{"alg":"A128KW","enc":"A128GCM"}');
  const { kid, ...epk } = NAMED;
  const header = JSON.parse(await sent(NAMED, { enc: 'A128GCM', alg: 'ECDH-ES', apu: 'QQ', epk, iv: 'x' }));
  assert.deepEqual(Object.keys(header), ['enc', 'alg', 'apu', 'epk', 'iv', 'kid']);
  assert.deepEqual(Object.keys(header.epk).sort(), ['crv', 'kty', 'x', 'y']);
  assert.notEqual(header.epk.x, epk.x);
});

test('headers that are none', async () => {
  for (const header of [null, 5, 'x', [], new Map(), new Date(0)]) {
    refuses(() => ours.signJwtSync({}, key, header), 'ERR_ARGUMENT', 'header');
    await rejects(() => ours.signJwt({}, key, header), 'ERR_ARGUMENT', 'header');
    await rejects(() => ours.signJws('', key, header), 'ERR_ARGUMENT', 'header');
    await rejects(() => ours.encryptJwe('', key, header), 'ERR_ARGUMENT', 'header');
  }
  await rejects(() => ours.encryptJwe('', key), 'ERR_ARGUMENT', 'header');
  await rejects(() => ours.encryptJwe('', key, { alg: 'dir' }), 'ERR_ARGUMENT', 'header.enc');
  await rejects(() => ours.encryptJwe('', key, { enc: 'A128GCM' }), 'ERR_ARGUMENT', 'header.alg');
  refuses(() => ours.signJwtSync({}, key, { alg: 5 }), 'ERR_ARGUMENT', 'header.alg');
});

const sparse = [1, , 2];
class Person {
  name = 'x';
}
const withoutPrototype = Object.assign(Object.create(null), { a: 1 });

// [value, the JSON it becomes, what it is when read: itself if absent]
const VALUES = [
  [0, '0'], [-0, '0', 0], [1.5, '1.5'], [1e21, '1e+21'], [5e-324, '5e-324'], [0.1, '0.1'],
  [4294967296, '4294967296'],
  [Number.MAX_SAFE_INTEGER, '9007199254740991'], [5n, '5', 5], [-5n, '-5', -5], [2n ** 53n, '9007199254740992'],
  [-(2n ** 53n), '-9007199254740992'], [10000000000000000003n, '10000000000000000003'],
  [2n ** 1000n, String(2n ** 1000n)], [2n ** 53n - 1n, '9007199254740991', Number.MAX_SAFE_INTEGER],
  [true, 'true'], [null, 'null'], ['', '""'],
  ['né\u{1f511}\u0000\n"\\/\u2028', '"né\u{1f511}\\u0000\\n\\"\\\\/\u2028"'],
  [[], '[]'], [{}, '{}'], [[1, [2n, ['x']]], '[1,[2,["x"]]]', [1, [2, ['x']]]],
  [{ b: 1, a: { c: undefined, d: null } }, '{"b":1,"a":{"d":null}}', { b: 1, a: { d: null } }],
  [withoutPrototype, '{"a":1}', { a: 1 }], [Object.freeze({ a: 1 }), '{"a":1}'],
  [vm.runInNewContext('({ a: [1] })'), '{"a":[1]}', { a: [1] }],
  [JSON.parse('{"__proto__":{"a":1}}'), '{"__proto__":{"a":1}}'],
];
for (const [value, text, back = value] of VALUES) {
  test(`a claim of ${text.slice(0, 40)} is kept`, async () => {
    for (const token of [await ours.signJwt({ x: value, u: undefined }, key), ours.signJwtSync({ x: value }, key)]) {
      assert.equal(payloadText(token), `{"x":${text}}`);
      assert.deepEqual((await ours.verifyJwt(token, key)).claims, { x: back });
      assert.deepEqual(ours.verifyJwtSync(token, key).claims, { x: back });
    }
  });
}

const circle = {};
circle.again = circle;
const list = [];
list.push(list);
let deep = 1;
for (let level = 0; level < 70; level += 1) deep = [deep];
// [value, where]
const NO_JSON = [
  [NaN], [Infinity], [-Infinity], [Symbol('x')], [() => {}], [new Date(0)], [new Map()], [new Set()], [/x/],
  [new Person()], [Promise.resolve()], [new Uint8Array(1)], [Buffer.from('x')],
  [new ArrayBuffer(1)], [new Number(5)], [new String('x')], [new Boolean(true)], [Object(5n)], [new Error('x')],
  [new URL('https://canvas.test/')], ['a\ud800'], [[undefined]], [sparse], [2n ** 1300n], [-(2n ** 1300n)],
  [{ y: NaN }, 'claims.x.y'], [{ y: [{ z: new Date(0) }] }, 'claims.x.y.z'], [{ toJSON: () => 5 }, 'claims.x.toJSON'],
  [{ ['\udc00']: 1 }], [{ get y() { throw new Error('no'); } }, 'claims.x.y'],
  // At the depth where reading stopped.
  [circle, undefined], [list, undefined], [deep, undefined],
];

test('what JSON lacks is refused, by its place', async () => {
  for (const [value, ...where] of NO_JSON) {
    const at = where.length > 0 ? where[0] : 'claims.x';
    for (const error of [
      refuses(() => ours.signJwtSync({ x: value }, key), 'ERR_ARGUMENT', at),
      await rejects(() => ours.signJwt({ x: value }, key), 'ERR_ARGUMENT', at),
    ]) {
      assert.match(error.at, /^claims\.x/);
    }
    const header = refuses(() => ours.signJwtSync({}, key, { x: value }), 'ERR_ARGUMENT');
    assert.match(header.at, /^header\.x/);
  }
  for (const value of [undefined, null, 5, 'x', [], new Date(0), new Map(), new Person(), () => {}, Object(5n)]) {
    refuses(() => ours.signJwtSync(value, key), 'ERR_ARGUMENT', 'claims');
    await rejects(() => ours.signJwt(value, key), 'ERR_ARGUMENT', 'claims');
  }
});

const NOW = 1_000_000;
const at = (claim) => `claims.${claim}`;
const [EXPIRED, EARLY, FAILED] = ['ERR_JWT_EXPIRED', 'ERR_JWT_NOT_YET_VALID', 'ERR_JWT_CLAIM_VALIDATION_FAILED'];
// [claims, options, code, claim]; without a code it is accepted
const OPTIONS = [
  [{}, {}], [{ exp: NOW + 1 }, {}], [{ exp: NOW }, {}, EXPIRED, 'exp'], [{ exp: NOW - 1 }, {}, EXPIRED, 'exp'],
  [{ exp: NOW + 0.5 }, {}], [{ exp: NOW }, { clockTolerance: 1 }],
  [{ exp: NOW - 1 }, { clockTolerance: 1 }, EXPIRED, 'exp'],
  [{ exp: NOW - 1 }, { clockTolerance: 1.5 }], [{ exp: 10n ** 30n }, {}], [{ exp: -(10n ** 30n) }, {}, EXPIRED, 'exp'],
  [{ exp: String(NOW + 9) }, {}, FAILED, 'exp'], [{ exp: null }, {}, FAILED, 'exp'],
  [{ nbf: NOW }, {}], [{ nbf: NOW + 1 }, {}, EARLY, 'nbf'], [{ nbf: NOW + 1 }, { clockTolerance: 1 }],
  [{ nbf: '0' }, {}, FAILED, 'nbf'], [{ exp: NOW - 1, nbf: NOW + 1 }, {}, EARLY, 'nbf'],
  [{ iat: NOW + 100 }, {}], [{ iat: 'x' }, {}, FAILED, 'iat'], [{ jti: 5 }, {}, FAILED, 'jti'],
  [{ iat: NOW - 60 }, { maxTokenAge: 60 }], [{ iat: NOW - 61 }, { maxTokenAge: 60 }, EXPIRED, 'iat'],
  [{ iat: NOW - 61 }, { maxTokenAge: 60, clockTolerance: 1 }], [{}, { maxTokenAge: 60 }, FAILED, 'iat'],
  [{ iat: NOW + 1 }, { maxTokenAge: 60 }, FAILED, 'iat'], [{ iat: NOW + 1 }, { maxTokenAge: 60, clockTolerance: 1 }],
  [{ iat: NOW }, { maxTokenAge: 0 }],
  [{ iss: 'a' }, { issuer: 'a' }], [{ iss: 'b' }, { issuer: ['a', 'b'] }],
  [{ iss: 'A' }, { issuer: 'a' }, FAILED, 'iss'],
  [{}, { issuer: 'a' }, FAILED, 'iss'], [{ iss: 'a' }, { issuer: [] }, FAILED, 'iss'],
  [{ iss: ['a'] }, {}, FAILED, 'iss'],
  [{ aud: 'a' }, { audience: 'a' }], [{ aud: ['x', 'a'] }, { audience: 'a' }],
  [{ aud: 'b' }, { audience: ['a', 'b'] }],
  [{ aud: 'a/' }, { audience: 'a' }, FAILED, 'aud'], [{ aud: [] }, { audience: 'a' }, FAILED, 'aud'],
  [{}, { audience: 'a' }, FAILED, 'aud'], [{ aud: ['a', 5] }, { audience: 'a' }, FAILED, 'aud'],
  [{ aud: {} }, {}, FAILED, 'aud'],
  [{ sub: 'a' }, { subject: 'a' }], [{ sub: 'b' }, { subject: 'a' }, FAILED, 'sub'],
  [{}, { subject: 'a' }, FAILED, 'sub'],
  [{ sub: 10n ** 17n + 1n }, { subject: '100000000000000001' }], [{ sub: 5 }, { subject: '5' }],
  [{ sub: 10n ** 17n + 1n }, { subject: '100000000000000000' }, FAILED, 'sub'], [{ sub: 1.5 }, {}, FAILED, 'sub'],
  [{ sub: null }, {}, FAILED, 'sub'], [{ sub: true }, {}, FAILED, 'sub'],
  [{ a: null }, { requiredClaims: ['a'] }], [{ A: 1 }, { requiredClaims: ['a'] }, FAILED, undefined, 'claims.a'],
  [{}, { requiredClaims: ['toString'] }, FAILED, undefined, 'claims.toString'], [{}, { requiredClaims: [] }],
  [{}, { typ: 'JWT' }], [{}, { typ: 'application/jwt' }], [{}, { typ: 'at+jwt' }, FAILED, undefined, 'header.typ'],
  [{}, { algorithms: ['HS512'] }, 'ERR_JOSE_ALG_NOT_ALLOWED', undefined, 'header.alg'],
];

test('what verifying compares', async () => {
  for (const [claims, options, code, claim, place] of OPTIONS) {
    const token = ours.signJwtSync(claims, key);
    const whole = { now: NOW, ...options };
    const sync = () => ours.verifyJwtSync(token, key, whole);
    const outcomes = code ? [refuses(sync, code), await rejects(() => ours.verifyJwt(token, key, whole), code)] : [];
    for (const error of outcomes) {
      assert.equal(error.claim, claim);
      assert.equal(error.at, place ?? at(claim), error.message);
      assert.match(error.spec, /^RFC \d+ §/);
      assert.doesNotMatch(error.message, /[A-Z].*\.$/);
    }
    if (code) continue;
    assert.deepEqual(Object.keys(sync()), ['header', 'claims']);
    assert.deepEqual(await ours.verifyJwt(token, key, whole), sync());
  }
});

test('without now, it is the clock', async () => {
  const seconds = Math.floor(Date.now() / 1000);
  const good = ours.signJwtSync({ exp: seconds + 3600, nbf: seconds, iat: seconds }, key);
  await ours.verifyJwt(good, key, { maxTokenAge: 3600 });
  refuses(() => ours.verifyJwtSync(ours.signJwtSync({ exp: seconds - 1 }, key), key), EXPIRED);
  refuses(() => ours.verifyJwtSync(ours.signJwtSync({ nbf: seconds + 3600 }, key), key), EARLY);
});

const WRONG = {
  issuer: [5, null, {}, [5]], audience: [5, null, {}, [null]], subject: [5, null, ['x'], 5n], typ: [5, null, ['JWT']],
  requiredClaims: ['exp', 5, null, [5]], maxTokenAge: ['1', -1, NaN, Infinity, null, 5n],
  now: ['1', -1, NaN, Infinity, null, 5n, new Date()], clockTolerance: ['1', -1, NaN, Infinity, null, 5n],
};

test('options that are none', async () => {
  const token = ours.signJwtSync({}, key);
  for (const [name, values] of Object.entries(WRONG)) {
    for (const value of values) {
      refuses(() => ours.verifyJwtSync(token, key, { [name]: value }), 'ERR_ARGUMENT', `options.${name}`);
      await rejects(() => ours.verifyJwt(token, key, { [name]: value }), 'ERR_ARGUMENT', `options.${name}`);
    }
  }
  for (const options of [null, 5, 'x', [], () => {}]) {
    refuses(() => ours.verifyJwtSync(token, key, options), 'ERR_ARGUMENT', 'options');
    await rejects(() => ours.verifyJwt(token, key, options), 'ERR_ARGUMENT', 'options');
    await rejects(() => ours.verifyJws(token, key, options), 'ERR_ARGUMENT', 'options');
    await rejects(() => ours.decryptJwe(token, key, options), 'ERR_ARGUMENT', 'options');
    await rejects(() => ours.generateKey('HS256', options), 'ERR_ARGUMENT', 'options');
  }
});

test('the signature comes before the claims, and the payload must be claims', async () => {
  const token = ours.signJwtSync({ exp: 1 }, key);
  refuses(() => ours.verifyJwtSync(token, { secret: 'other' }), 'ERR_JWS_SIGNATURE_VERIFICATION_FAILED', 'signature');
  for (const payload of ['', 'x', '5', '[]', 'null', '{"a":1,"a":2}', '{"a":1}x', Uint8Array.of(0x7b, 0xff, 0x7d)]) {
    const signed = await ours.signJws(payload, key);
    tokenError(refuses(() => ours.verifyJwtSync(signed, key)), 'ERR_JWT_INVALID');
    await rejects(() => ours.verifyJwt(signed, key), 'ERR_JWT_INVALID');
    await ours.verifyJws(signed, key);
  }
});
