// Taking tokens apart: all published ones, every layer's bytes, and JSON without loss.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { copies, unsigned, vector, vectors } from './copies.mjs';

const TOKENS = ['canvas', 'rfc7515', 'rfc7516', 'rfc7517', 'rfc7520', 'rfc8037'].flatMap(vectors).filter(({ token }) => token);
const BIG = '90000000000000001';
const b64u = (bytes) => Buffer.from(bytes).toString('base64url');

/** What a published payload is as claims. */
function claimsOf({ type, claims, payload }) {
  const text = claims ?? payload;
  return type === 'jws' && text?.startsWith('{') ? JSON.parse(text) : null;
}

for (const [how, { decode, unwrap, wrap }] of Object.entries(copies)) {
  test(`${how}: every published token`, () => {
    assert.ok(TOKENS.length > 25);
    for (const entry of TOKENS) {
      const compact = entry.compact ?? entry.token;
      const decoded = decode(entry.token);
      assert.deepEqual(Object.keys(decoded), ['layers', 'header', 'claims']);
      assert.deepEqual(Object.entries(decoded.header), Object.entries(JSON.parse(entry.header)), entry.name);
      assert.deepEqual(decoded.claims, claimsOf(entry), entry.name);
      if (decoded.claims) assert.deepEqual(Object.keys(decoded.claims), Object.keys(claimsOf(entry)));
      const [outer, ...rest] = decoded.layers;
      assert.equal(outer.type === 'base64', entry.kind === 'canvas-jwt', entry.name);
      const layer = outer.type === 'base64' ? rest[0] : outer;
      const names = entry.type === 'jws' ? ['protected', 'payload', 'signature']
        : ['protected', 'encrypted_key', 'iv', 'ciphertext', 'tag'];
      assert.deepEqual(Object.keys(layer), ['type', 'header', ...names]);
      assert.equal(layer.type, entry.type);
      assert.deepEqual(layer.header, decoded.header);
      assert.deepEqual(names.map((name) => layer[name]), compact.split('.'), entry.name);
    }
  });

  const wrapped = vector('canvas-wrapped-jwt').token;
  const signed = vector('canvas-tool-proxy-assertion').token;
  const around = [['', ''], [' ', '\n'], ['\t\r\n', ' '], ['Bearer ', ''], ['bearer  ', '\n'], [' BEARER ', ' ']];
  const { sub } = JSON.parse(vector('canvas-tool-proxy-assertion').claims);
  for (const [name, token, types, subject] of [
    ['a JWS', signed, ['jws'], sub],
    ['a wrapped JWE', wrapped, ['base64', 'jwe']],
    ['a wrapped JWS', wrap(signed), ['base64', 'jws'], sub],
    ['a JWS in a JWS', unsigned(signed), ['jws', 'jws'], sub],
    ['a wrapped JWS in a wrapped JWS', wrap(unsigned(wrap(signed))), ['base64', 'jws', 'base64', 'jws'], sub],
    ['a JWE in a JWS', unsigned(unwrap(wrapped)), ['jws', 'jwe']],
    ['text that only looks like a token', unsigned('a.b.c'), ['jws']],
  ]) {
    test(`${how}: ${name} has the layers ${types.join(', ')}`, () => {
      for (const [before, after] of around) {
        const { layers, header, claims } = decode(before + token + after);
        assert.deepEqual(layers.map((layer) => layer.type), types);
        assert.deepEqual(header, layers.at(-1).header);
        assert.equal(claims?.sub, subject);
      }
    });
  }

  const values = [
    ['9007199254740991', 9007199254740991],
    ['9007199254740992', 9007199254740992n],
    ['-9007199254740991', -9007199254740991],
    ['-9007199254740992', -9007199254740992n],
    ['9223372036854775808', 9223372036854775808n],
    [BIG, 90000000000000001n],
    ['1'.repeat(400), BigInt('1'.repeat(400))],
    ['0', 0],
    ['-0', -0],
    ['1.50', 1.5],
    ['9007199254740993.0', 9007199254740992],
    ['1e20', 1e20],
    ['-1E-3', -0.001],
    ['1.7976931348623157e308', Number.MAX_VALUE],
    ['true', true],
    ['false', false],
    ['null', null],
    ['""', ''],
    [String.raw`"\"\\\/\b\f\n\r\t\u0041\u0000\ud83d\ude00"`, '"\\/\b\f\n\r\tA\0\u{1f600}'],
    ['"\u2028\u{1f600}\ufeff\x7f"', '\u2028\u{1f600}\ufeff\x7f'],
    ['[]', []],
    ['{}', {}],
    [`[1,[${BIG}],{"x":${BIG}}]`, [1, [90000000000000001n], { x: 90000000000000001n }]],
  ];
  for (const [text, value] of values) {
    test(`${how}: ${text.slice(0, 40)} is read without loss`, () => {
      assert.deepStrictEqual(decode(unsigned(`{"a":${text}}`)).claims, { a: value });
      assert.deepStrictEqual(decode(unsigned(`{"b":${BIG},"a":${text}}`)).claims, { b: 90000000000000001n, a: value });
      assert.deepStrictEqual(decode(unsigned('{}', `{"a":${text}}`)).header, { a: value });
      assert.deepStrictEqual(decode(unsigned('{}', `{"b":[${BIG}],"a":${text}}`)).header, { b: [90000000000000001n], a: value });
    });
  }

  const names = ['__proto__', 'constructor', 'hasOwnProperty', 'toString', '', '0', '10', '2', '-1', 'a b', '\0', 'length', 'then'];
  for (const value of ['{"polluted":1}', BIG]) {
    test(`${how}: any name is an own member, with value ${value}`, () => {
      const text = `{${names.map((name) => `${JSON.stringify(name)}:${value}`).join()}}`;
      const { claims } = decode(unsigned(text));
      const { header } = decode(unsigned('{}', text));
      for (const object of [claims, header]) {
        assert.deepEqual(Object.getOwnPropertyNames(object).sort(), [...names].sort());
        assert.equal(Object.getPrototypeOf(object), Object.prototype);
        for (const name of names) {
          const { value: found, ...flags } = Object.getOwnPropertyDescriptor(object, name);
          assert.deepEqual(found, value === BIG ? 90000000000000001n : { polluted: 1 });
          assert.deepEqual(flags, { writable: true, enumerable: true, configurable: true });
        }
      }
      assert.equal({}.polluted, undefined);
    });

    test(`${how}: names stay in the order sent, with value ${value}`, () => {
      const order = ['zulu', 'alpha', 'Mike', '__proto__', 'mike', 'é', 'b'];
      const text = `{${order.map((name) => `"${name}":${value}`).join()}}`;
      assert.deepEqual(Object.keys(decode(unsigned(text)).claims), order);
      assert.deepEqual(Object.keys(decode(unsigned('{}', text)).header), order);
      assert.deepEqual(Object.keys(decode(unsigned(`{"a":[${text}]}`)).claims.a[0]), order);
    });
  }

  test(`${how}: a payload that is no JSON object gives no claims`, () => {
    for (const payload of ['', 'text', '[1]', '5', 'null', '"{}"', '\ufeff{}', Buffer.from([0xff, 0])]) {
      const decoded = decode(unsigned(payload));
      assert.equal(decoded.claims, null);
      assert.deepEqual(Buffer.from(decoded.layers[0].payload, 'base64url'), Buffer.from(payload));
    }
    assert.deepEqual(decode(unsigned(' \r\n\t{ "a" : 1 } ')).claims, { a: 1 });
  });

  test(`${how}: wrapping is added and removed`, () => {
    const { token, compact } = vector('canvas-wrapped-jwt');
    assert.equal(unwrap(token), compact);
    assert.equal(wrap(compact), token);
    for (const text of ['', 'a', 'a.b.c', 'a.b.c.d', 'é\u{1f600}', 'x'.repeat(100)]) {
      assert.equal(wrap(text), Buffer.from(text).toString('base64'));
      assert.equal(unwrap(text), text);
    }
    for (const text of [` ${token}`, b64u('e30.e30.AA+'), wrap('no token'), wrap('a.b.c.d'), wrap('.b.c'), compact]) {
      assert.equal(unwrap(text), text);
    }
    assert.equal(unwrap('YS5iLmM='), 'a.b.c');
    assert.equal(unwrap('YS5iLmM'), 'YS5iLmM');
  });
}
