// Every exported function, with one misspelt name in each object that it takes: refused, with the name that was meant. It would
// be as one that was not given.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { imported as api, tokenError } from './copies.mjs';
import { places } from './places.mjs';

// What takes no options: text, or an object that has whatever members its specification or its caller gives it.
const WITHOUT = ['decode', 'encryptedStore', 'isTokenError', 'parse', 'prepareSecret', 'stringify', 'thumbprint', 'unwrap', 'wrap'];

const table = Object.entries(places(api)).map(([name, calls]) => [name, calls.filter(([, , meant]) => meant !== undefined)]);

test('every function that takes options is in this table', () => {
  assert.deepEqual(table.filter(([, calls]) => calls.length === 0).map(([name]) => name).sort(), WITHOUT);
});

for (const [name, calls] of table.filter(([, found]) => found.length > 0)) {
  test(`${name} refuses a misspelt name`, async () => {
    for (const [place, call, meant] of calls) {
      const error = await (async () => call(1))().then(() => assert.fail(`${place} was taken`), (reason) => reason);
      tokenError(error);
      assert.equal(error.code, 'ERR_ARGUMENT', `${place}: ${error.message}`);
      assert.ok(error.at.endsWith(place.slice(place.lastIndexOf('.'))), `${place}: ${error.message}`);
      assert.match(error.message, /: unknown(, so that Canvas would drop it)?, expected /, place);
      if (meant) assert.ok(error.message.endsWith(`expected perhaps ${meant}`), `${place}: ${error.message}`);
    }
  });
}

test('a header refuses what is meant for elsewhere: a token that is to expire would not', async () => {
  const key = { secret: 'a secret of thirty-two bytes, or more' };
  const [jwt, jwtSync] = [(header) => api.signJwt({}, key, header), (header) => api.signJwtSync({}, key, header)];
  const jws = (header) => api.signJws('', key, header);
  const jwe = (header) => api.encryptJwe('', { secret: new Uint8Array(32) }, { alg: 'dir', enc: 'A256GCM', ...header });
  for (const [calls, rows] of [
    [[jwt, jwtSync, jws, jwe], [['algorithm', 'HS512', 'header.alg'], ['keyid', '1', 'header.kid']]],
    [[jwt, jwtSync], [
      ['expiresIn', '1h', 'claims.exp'], ['notBefore', 0, 'claims.nbf'], ['issuer', 'x', 'claims.iss'], ['subject', 'x', 'claims.sub'],
      ['audience', 'x', 'claims.aud'], ['jwtid', 'x', 'claims.jti'],
    ]],
    [[jwt, jws], [
      ['timeout', 5, 'options.timeout, after the header'], ['signal', AbortSignal.abort(), 'options.signal, after the header'],
    ]],
  ]) {
    for (const [name, value, meant] of rows) {
      for (const call of calls) {
        const expected = { code: 'ERR_ARGUMENT', at: `header.${name}`, message: `header.${name}: no header parameter, expected ${meant}` };
        await assert.rejects(async () => call({ [name]: value }), expected);
      }
    }
  }
  // A JWS has no claims, and may have a header parameter of its own by any name; so may a JWE.
  for (const call of [jws, jwe]) assert.equal(api.decode(await call({ subject: 'x' })).header.subject, 'x');
});

test('what is no key says how one is given', async () => {
  const pair = await api.generateKey('ES256');
  for (const [key, message] of [
    ['secret', 'key: a string, expected an object, such as { secret: … }'],
    ['-----BEGIN PUBLIC KEY-----\n', 'key: a string, expected an object, such as { pem: … }'],
    [pair, 'key: a pair of keys, expected its privateKey or its publicKey'],
    [{ secrt: 'x' }, 'key.secrt: unknown, expected perhaps secret'],
    [{ foo: 'x' }, 'key: an object, expected a JWK, a JWK Set, a CryptoKey, { secret }, { pem }, or { alg } with sign, verify or unwrapKey'],
  ]) {
    await assert.rejects(api.signJwt({}, key), { code: 'ERR_ARGUMENT', message });
    await assert.rejects(api.verifyJwt('a.b.c', key), { code: 'ERR_ARGUMENT', message });
  }
});
