// Building and signing assertions: to the byte, with every digit, and with what is missing filled in.
import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { test } from 'node:test';
import vm from 'node:vm';
import { jwtVerify } from 'jose';
import { AUD, copies, GUID, payloadText, refuses, UUID_4, vector } from './copies.mjs';

const HEADER = '{"alg":"HS256","typ":"JWT"}';
const FIXED = { aud: AUD, exp: 1060, iat: 1000, jti: 'one' };
const hmac = (token, secret) =>
  createHmac('sha256', secret).update(token.split('.').slice(0, 2).join('.')).digest('base64url');

for (const [how, { buildAssertion, signAssertion }] of Object.entries(copies)) {
  test(`${how}: the documentation's section 2.0 token, to the byte`, () => {
    const { claims, secret, token } = vector('canvas-tool-proxy-assertion');
    assert.equal(signAssertion(JSON.parse(claims), secret), token);
    assert.equal(signAssertion(JSON.parse(claims), new TextEncoder().encode(secret)), token);
  });

  const subs = [
    [GUID, '"123123-ad13-ac233"'],
    ['10000000000003', '"10000000000003"'],
    [10000000000003, '10000000000003'],
    [0, '0'],
    [-0, '0'],
    [Number.MAX_SAFE_INTEGER, '9007199254740991'],
    [5n, '5'],
    [90000000000000001n, '90000000000000001'],
    [2n ** 64n, '18446744073709551616'],
    [2n ** 1024n - 1n, String(2n ** 1024n - 1n)],
    [' é"\\\n\u{1f600} ', '" é\\"\\\\\\n\u{1f600} "'],
  ];
  for (const [sub, text] of subs) {
    test(`${how}: sub ${typeof sub} ${text.slice(0, 30)} is kept`, () => {
      const token = signAssertion({ sub, ...FIXED }, 'secret');
      assert.equal(payloadText(token), `{"sub":${text},"aud":"${AUD}","exp":1060,"iat":1000,"jti":"one"}`);
      assert.equal(Buffer.from(token.split('.')[0], 'base64url').toString(), HEADER);
      assert.equal(buildAssertion({ sub, ...FIXED }).sub, sub);
    });
  }

  const text = 'sécret \u{1f511}';
  const bytes = new TextEncoder().encode(text);
  const shared = new Uint8Array(new SharedArrayBuffer(bytes.length));
  shared.set(bytes);
  const inside = new Uint8Array([1, 2, ...bytes, 3]).subarray(2, -1);
  const secrets = {
    text,
    bytes,
    'bytes among others': inside,
    'shared memory': shared,
    'a Buffer': Buffer.from(text),
    'bytes of another realm': vm.runInNewContext(`new Uint8Array([${bytes}])`),
    'a subclass that lies about its length': new (class extends Uint8Array {
      get length() {
        return 1;
      }
    })(bytes),
  };
  for (const [name, secret] of Object.entries(secrets)) {
    test(`${how}: a secret as ${name}`, () => {
      const token = signAssertion({ sub: GUID, ...FIXED }, secret);
      assert.equal(token.split('.')[2], hmac(token, text));
    });
  }

  test(`${how}: a secret of any length`, () => {
    for (const length of [1, 63, 64, 65, 1000]) {
      const token = signAssertion({ sub: GUID, ...FIXED }, new Uint8Array(length).fill(7));
      assert.equal(token.split('.')[2], hmac(token, new Uint8Array(length).fill(7)));
    }
  });

  test(`${how}: what is missing is filled in, in the order of the template`, () => {
    const before = Math.floor(Date.now() / 1000);
    const built = buildAssertion({ aud: AUD, sub: GUID });
    const after = Math.floor(Date.now() / 1000);
    assert.deepEqual(Object.keys(built), ['sub', 'aud', 'exp', 'iat', 'jti']);
    assert.ok(built.iat >= before && built.iat <= after);
    assert.equal(built.exp, built.iat + 60);
    assert.match(built.jti, UUID_4);
    assert.deepEqual({ sub: built.sub, aud: built.aud }, { sub: GUID, aud: AUD });
  });

  const filled = [
    [{}, { now: 5000 }, { iat: 5000, exp: 5060 }],
    [{}, { now: 5000, lifetime: 10 }, { iat: 5000, exp: 5010 }],
    [{}, { now: 0 }, { iat: 0, exp: 60 }],
    [{ iat: 3000 }, { now: 5000 }, { iat: 3000, exp: 3060 }],
    [{ iat: 3000 }, { lifetime: 1 }, { iat: 3000, exp: 3001 }],
    [{ exp: 9000 }, { now: 5000, lifetime: 10 }, { iat: 5000, exp: 9000 }],
    [{ exp: 9000, iat: 3000 }, { now: 5000 }, { iat: 3000, exp: 9000 }],
    [{ exp: undefined, iat: undefined, jti: undefined }, { now: 5000, lifetime: undefined }, { iat: 5000, exp: 5060 }],
    [{ exp: Number.MAX_SAFE_INTEGER }, { now: 5000 }, { iat: 5000, exp: Number.MAX_SAFE_INTEGER }],
  ];
  test(`${how}: times come from the claims, else from the options, else from the clock`, () => {
    for (const [claims, options, expected] of filled) {
      const { iat, exp, jti } = buildAssertion({ sub: GUID, aud: AUD, ...claims }, options);
      assert.deepEqual({ iat, exp }, expected);
      assert.match(jti, UUID_4);
      const signed = JSON.parse(payloadText(signAssertion({ sub: GUID, aud: AUD, ...claims }, 'secret', options)));
      assert.deepEqual({ iat: signed.iat, exp: signed.exp }, expected);
    }
  });

  test(`${how}: no jti comes twice`, () => {
    const built = Array.from({ length: 500 }, () => buildAssertion({ sub: GUID, aud: AUD }).jti);
    const signed = Array.from({ length: 500 }, () =>
      JSON.parse(payloadText(signAssertion({ sub: GUID, aud: AUD }, 's'))).jti);
    assert.equal(new Set([...built, ...signed]).size, 1000);
  });

  test(`${how}: claims may be any object, and stay as they are`, () => {
    const claims = Object.freeze(Object.assign(Object.create(null), { sub: GUID, ...FIXED }));
    assert.deepEqual({ ...buildAssertion(claims) }, { sub: GUID, ...FIXED });
    // What would not be signed is refused, not lost.
    refuses(() => buildAssertion({ ...claims, Iat: 1 }), 'ERR_ARGUMENT', 'claims.Iat');
    refuses(() => signAssertion({ ...claims, nbf: 2 }, 'secret'), 'ERR_ARGUMENT', 'claims.nbf');
    class Claims {
      get sub() {
        return GUID;
      }
      aud = AUD;
    }
    assert.equal(buildAssertion(new Claims()).sub, GUID);
  });

  test(`${how}: jose verifies what is signed`, async () => {
    for (const sub of [GUID, 10000000000003]) {
      const token = signAssertion({ sub, aud: AUD }, 'secret', { now: 5000 });
      const { payload, protectedHeader } = await jwtVerify(token, Buffer.from('secret'), {
        audience: AUD, currentDate: new Date(5000_000), algorithms: ['HS256'],
      });
      assert.deepEqual(protectedHeader, { alg: 'HS256', typ: 'JWT' });
      assert.deepEqual({ ...payload, jti: 0 }, { sub, aud: AUD, exp: 5060, iat: 5000, jti: 0 });
      await assert.rejects(jwtVerify(token, Buffer.from('other'), { currentDate: new Date(5000_000) }));
    }
  });

  test(`${how}: insecure contexts have no randomUUID, which is not needed`, (t) => {
    t.mock.method(Crypto.prototype, 'randomUUID', () => assert.fail('randomUUID was called'));
    assert.match(buildAssertion({ sub: GUID, aud: AUD }).jti, UUID_4);
  });

  test(`${how}: without random bytes there is no jti, unless one is given`, (t) => {
    t.mock.method(Crypto.prototype, 'getRandomValues', () => {
      throw new Error('none here');
    });
    refuses(() => buildAssertion({ sub: GUID, aud: AUD }), 'ERR_WEBCRYPTO');
    refuses(() => signAssertion({ sub: GUID, aud: AUD }, 'secret'), 'ERR_WEBCRYPTO');
    assert.equal(buildAssertion({ sub: GUID, aud: AUD, jti: 'mine' }).jti, 'mine');
  });
}
