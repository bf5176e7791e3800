// A platform whose WebCrypto is missing, fails, answers nonsense or lacks an algorithm: ERR_WEBCRYPTO, never a hang.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';
import * as ours from 'canvas-lms-tokens';
import * as jose from 'jose';
import { rejects, rootUrl } from '../node/copies.mjs';
import { cases } from './cases.mjs';
import { JWKS, KEYS, pem } from './node-keys.mjs';

const KINDS = {
  RSA: ['RS256', 'RSA-OAEP'], 'P-256': ['ES256', 'ECDH-ES'], 'P-384': ['ES384', 'ECDH-ES+A128KW'],
  'P-521': ['ES512', 'ECDH-ES'], Ed25519: ['EdDSA'], X25519: [undefined, 'ECDH-ES+A256KW'],
};
const enc = 'A128GCM';
const THUMBPRINT = await jose.calculateJwkThumbprint(JWKS.RSA);
const secret = { secret: '0123456789abcdef' };
const hmac = (extractable) => crypto.subtle.importKey(
  'raw', Buffer.from('secret'), { name: 'HMAC', hash: 'SHA-256' }, extractable, ['sign', 'verify']);

/** [name, a call that needs the platform] of every asynchronous function, with keys of every kind. */
async function asymmetric() {
  const calls = [];
  for (const [kind, [sig, wrap]] of Object.entries(KINDS)) {
    const jwk = JWKS[kind];
    const forms = { JWK: jwk, PEM: { pem: pem(KEYS[kind].privateKey, 'pkcs8') } };
    for (const [form, key] of Object.entries(forms)) {
      const named = (name, call) => calls.push([`${name}, ${kind}, ${form}`, call]);
      if (sig) {
        const token = await ours.signJwt({ sub: 'x' }, jwk, { alg: sig });
        named('signJwt', () => ours.signJwt({}, key, { alg: sig }));
        named('signJws', () => ours.signJws('x', key, { alg: sig }));
        named('verifyJwt', () => ours.verifyJwt(token, key));
        named('verifyJws', () => ours.verifyJws(token, key));
      }
      if (wrap) {
        const token = await ours.encryptJwe('x', jwk, { alg: wrap, enc });
        named('encryptJwe', () => ours.encryptJwe('x', key, { alg: wrap, enc }));
        named('decryptJwe', () => ours.decryptJwe(token, key));
      }
    }
  }
  for (const extractable of [true, false]) {
    const key = await hmac(extractable);
    const token = await ours.signJws('x', key);
    calls.push([`signJws, HMAC, extractable ${extractable}`, () => ours.signJws('x', key)]);
    calls.push([`verifyJws, HMAC, extractable ${extractable}`, () => ours.verifyJws(token, key)]);
  }
  for (const alg of ['ES256', 'ES512', 'EdDSA', 'ECDH-ES', 'RSA-OAEP']) {
    calls.push([`generateKey, ${alg}`, () => ours.generateKey(alg)]);
  }
  return calls;
}

async function symmetricWorks() {
  const key = (await ours.generateKey('HS256')).privateKey;
  const token = await ours.signJwt({ sub: 'x' }, key);
  assert.equal((await ours.verifyJwt(token, key)).claims.sub, 'x');
  assert.equal(ours.verifyJwtSync(ours.signJwtSync({ sub: 'x' }, key), key).claims.sub, 'x');
  for (const alg of ['dir', 'A128KW', 'A128GCMKW']) {
    const jwe = await ours.encryptJwe('x', secret, { alg, enc });
    assert.equal((await ours.decryptJwe(jwe, secret)).plaintext.length, 1);
  }
  assert.equal(ours.thumbprint(JWKS.RSA), THUMBPRINT);
  const claims = { sub: 'x', aud: 'https://canvas.test/' };
  assert.match(ours.signAssertion(claims, 'secret'), /^[\w-]+\.[\w-]+\.[\w-]+$/);
}

const real = crypto.subtle;

/** Replaces crypto.subtle while the test runs. */
function replace(t, value) {
  Object.defineProperty(crypto, 'subtle', { value, configurable: true });
  t.after(() => delete crypto.subtle);
}

/** The platform's, every method replaced. */
const every = (method) => new Proxy(real, {
  get: (target, name) => (typeof target[name] === 'function' ? method : undefined),
});

const calls = await asymmetric();

test('every call works on a whole platform', async () => {
  await Promise.all(calls.map(([, call]) => call()));
  await symmetricWorks();
});

const fail = (error) => () => {
  throw error;
};
const strangePromise = (name) => Object.defineProperty(Promise.resolve(true), name, { get: fail(new Error('no')) });
const unread = { [Symbol.toStringTag]: 'ArrayBuffer', get length() { throw new Error('no'); } };
const BROKEN = {
  'no subtle': undefined,
  'subtle null': null,
  'subtle without methods': {},
  'subtle a text': 'subtle',
  'subtle whose methods are no functions': every({}),
  'subtle that throws at every touch': new Proxy({}, { get: fail(new Error('no')) }),
  'methods that throw': every(fail(new Error('no'))),
  'methods that throw a TypeError': every(fail(new TypeError('no'))),
  'methods that throw undefined': every(fail(undefined)),
  'methods that reject': every(() => Promise.reject(new DOMException('no', 'NotSupportedError'))),
  'methods that reject with undefined': every(() => Promise.reject(undefined)),
  'methods that reject with a throwing name': every(() => Promise.reject({ get name() { throw new Error('no'); } })),
  'methods that give a thenable that throws': every(() => ({ then: fail(new Error('no')) })),
  'methods that give a promise with a throwing then': every(() => strangePromise('then')),
};
const ODD = {
  undefined: undefined, null: null, zero: 0, 'a number': 5, minus: -1, text: 'true', 'a symbol': Symbol('x'),
  bigint: 1n,
  'an array': [1], 'an object': {}, 'a function': () => true, 'a Map': new Map(), 'a view': new Uint8Array(4),
  'an object named ArrayBuffer': unread,
  'an object that throws': new Proxy({}, { get: (_, name) => (name === 'then' ? undefined : fail(new Error('no'))()) }),
};
for (const [name, value] of Object.entries(ODD)) {
  BROKEN[`methods that resolve to ${name}`] = every(async () => value);
  BROKEN[`methods that return ${name}`] = every(() => value);
}

for (const [name, subtle] of Object.entries(BROKEN)) {
  test(`${name}: ERR_WEBCRYPTO from all that needs it, the rest works`, async (t) => {
    replace(t, subtle);
    for (const [what, call] of calls) {
      await rejects(call, 'ERR_WEBCRYPTO').catch((cause) => {
        throw new Error(what, { cause });
      });
    }
    await symmetricWorks();
  });
}

test("the platform's own error is the cause", async (t) => {
  const reason = new Error('no');
  replace(t, every(() => Promise.reject(reason)));
  const error = await rejects(() => ours.generateKey('ES256'), 'ERR_WEBCRYPTO');
  assert.equal(error.cause, reason);
});

test('one method that answers nonsense, the others as they are', async (t) => {
  for (const method of ['sign', 'verify', 'encrypt', 'decrypt', 'deriveBits', 'generateKey', 'exportKey']) {
    for (const value of [undefined, 5, Symbol('x'), {}, unread]) {
      replace(t, new Proxy(real, {
        get: (target, name) => (name === method ? async () => value : target[name].bind(target)),
      }));
      const quick = calls.filter(([name]) => name !== 'generateKey, RSA-OAEP');
      const outcomes = await Promise.allSettled(quick.map(([, call]) => call()));
      const codes = outcomes.filter(({ status }) => status === 'rejected').map(({ reason }) => reason.code);
      assert.deepEqual([...new Set(codes)], ['ERR_WEBCRYPTO'], method);
    }
  }
});

test('a platform that takes the bytes away', async (t) => {
  const key = (await ours.generateKey('ES256')).privateKey;
  t.mock.method(crypto.subtle, 'sign', async (_, __, { buffer }) => {
    structuredClone(buffer, { transfer: [buffer] });
    return new ArrayBuffer(64);
  });
  assert.equal(typeof await ours.signJws('x', key), 'string');
});

test('what another realm answers is an answer', async (t) => {
  const { runInNewContext } = await import('node:vm');
  const copy = runInNewContext('(bytes) => new Uint8Array(bytes).buffer');
  replace(t, new Proxy(real, {
    get: (target, name) => async (...given) => {
      const answer = await target[name](...given);
      return answer instanceof ArrayBuffer ? copy(new Uint8Array(answer)) : answer;
    },
  }));
  await Promise.all(calls.map(([, call]) => call()));
});

const LACKING = { Ed25519: /^EdDSA$/, X25519: /X25519/, 'P-521': /P-521|^ES512$/ };

for (const [missing, pattern] of Object.entries(LACKING)) {
  test(`a platform without ${missing}`, async (t) => {
    replace(t, new Proxy(real, {
      get: (target, name) => async (...given) => {
        const lacks = given.some((value) => value?.name === missing || value?.namedCurve === missing);
        if (lacks) throw new DOMException(`no ${missing}`, 'NotSupportedError');
        return target[name](...given);
      },
    }));
    const concerned = cases(ours, jose, JWKS).filter(({ name }) => pattern.test(name));
    assert.ok(concerned.length > 0);
    for (const { name, run } of concerned) assert.equal(await run(), 'lacking', name);
  });
}

// Before the package is imported, and in a process of its own: an await that never ends would be exit code 13.
const CHILD = (spoil) => `
  ${spoil}
  const ours = await import('canvas-lms-tokens');
  const code = (promise) => promise.then(() => 'none', (error) => error.code);
  const jwk = ${JSON.stringify(JWKS.RSA)};
  const signed = ours.signAssertion({ sub: 'x', aud: 'https://canvas.test/', jti: 'j' }, 'secret');
  console.log(JSON.stringify({
    rs256: await code(ours.signJwt({}, jwk)),
    generated: await code(ours.generateKey('ES256')),
    hs256: ours.verifyJwtSync(signed, { secret: 'secret' }).header.alg,
    random: await code(ours.generateKey('HS256')),
  }));
`;
const WITHOUT = [
  ['crypto.subtle', 'delete Crypto.prototype.subtle;', 'none'],
  ['crypto', 'delete globalThis.crypto; if (globalThis.crypto) throw new Error();', 'ERR_WEBCRYPTO'],
];
for (const [what, spoil, random] of WITHOUT) {
  test(`without ${what} from the start`, () => {
    const { status, stdout, stderr } = spawnSync(
      process.execPath, ['--input-type=module', '-e', CHILD(spoil)], { cwd: rootUrl, encoding: 'utf8' });
    assert.equal(status, 0, stderr);
    const expected = { rs256: 'ERR_WEBCRYPTO', generated: 'ERR_WEBCRYPTO', hs256: 'HS256', random };
    assert.deepEqual(JSON.parse(stdout), expected);
  });
}
