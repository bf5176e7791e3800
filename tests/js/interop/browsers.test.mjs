// The same cases in pages, in every browser: both ways with jose where the page's jose can, and with Node's where not.
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import * as jose from 'jose';
import { files, serve } from '../../../scripts/serve.mjs';
import { root } from '../../../scripts/setup/shell.mjs';
import { JWKS, KEYS, made, pem } from './node-keys.mjs';
import { start } from './webdriver.mjs';

// Not a name of this machine for a browser, so that http:// to it is no secure context.
const INSECURE = 'insecure.test';

const ALGS = {
  RSA: { alg: 'RS256' }, 'P-256': { alg: 'ES256' }, 'P-384': { alg: 'ES384' }, 'P-521': { alg: 'ES512' },
  Ed25519: { alg: 'EdDSA' }, X25519: { alg: 'ECDH-ES', enc: 'A128GCM' },
};
const another = (type, options) => made(type, options).privateKey.export({ format: 'jwk' });
const OTHERS = {
  RSA: another('rsa', { modulusLength: 2048 }),
  'P-256': another('ec', { namedCurve: 'P-256' }),
  'P-384': another('ec', { namedCurve: 'P-384' }),
  'P-521': another('ec', { namedCurve: 'P-521' }),
  Ed25519: another('ed25519'),
  X25519: another('x25519'),
};

let server;
before(async () => {
  server = await serve({
    handler: files({
      '/interop/': join(root, 'tests', 'js', 'interop'),
      '/pkg/': join(root, 'pkg'),
      '/jose/': join(root, 'node_modules', 'jose', 'dist', 'webapi'),
    }),
  });
});
after(() => server.close());

for (const name of ['chromium', 'firefox']) {
  suite(name, () => {
    let browser;
    // The kinds of keys that this browser lacks; newer ones lack none.
    const lacking = new Set();
    before(async () => {
      browser = await start(name, { names: [INSECURE] });
    });
    after(() => browser?.close());

    const open = (host) => browser.goto(`${server.url.replace('localhost', host)}/interop/page.html`);
    const call = async (what, given) =>
      JSON.parse(await browser.run((...call) => window.call(...call), what, JSON.stringify(given)));

    test('both ways with jose', async () => {
      await open('localhost');
      const results = await call('interop', JWKS);
      assert.equal(results.length, 13 + (7 + 2 + 4 * 4) * 6 + 2);
      assert.deepEqual(results.filter(({ error }) => error), []);
      for (const found of results.filter(({ result }) => result === 'lacking')) {
        const kind = /X25519|P-521|Ed25519/.exec(found.name.replace('EdDSA', 'Ed25519').replace('ES512', 'P-521'));
        assert.ok(kind, `${found.name} is lacking`);
        lacking.add(kind[0]);
      }
      // Chromium has no AES-192: what it encrypted, Node's jose reads.
      const left = results.filter(({ result }) => Array.isArray(result));
      for (const { name: which, result } of left) {
        assert.match(which, /192/);
        for (const { token, jwk, plaintext } of result) {
          const key = await jose.importJWK(jwk, jose.decodeProtectedHeader(token).alg);
          const read = await jose.compactDecrypt(token, key);
          assert.equal(Buffer.from(read.plaintext).toString('base64url'), plaintext, which);
        }
      }
    });

    test('private keys in PEM', async () => {
      await open('localhost');
      const rows = Object.entries(KEYS).map(([kind, { privateKey }]) =>
        [kind, { pem: pem(privateKey, 'pkcs8') }, ALGS[kind]]);
      const expected = rows.map(([kind]) => [kind, lacking.has(kind) ? 'ERR_WEBCRYPTO' : 'fulfilled']);
      assert.deepEqual(await call('use', rows), Object.fromEntries(expected));
    });

    test('private JWKs whose parts disagree', async () => {
      await open('localhost');
      const rsa = ['d', 'dp', 'dq', 'qi'].map((part) =>
        [part, { ...JWKS.RSA, [part]: OTHERS.RSA[part] }, ALGS.RSA]);
      const found = await call('use', rsa);
      assert.deepEqual(found, Object.fromEntries(rsa.map(([part]) => [part, 'ERR_JWK_INVALID'])));

      const kinds = Object.keys(ALGS).filter((kind) => kind !== 'RSA' && !lacking.has(kind));
      const rows = kinds.map((kind) => [kind, { ...JWKS[kind], d: OTHERS[kind].d }, ALGS[kind]]);
      for (const [kind, code] of Object.entries(await call('use', rows))) {
        // Firefox does not notice; what it makes of such a key is of no use to anyone.
        const unnoticed = ALGS[kind].enc ? 'ERR_JWE_DECRYPTION_FAILED' : 'ERR_JWS_SIGNATURE_VERIFICATION_FAILED';
        assert.ok(['ERR_JWK_INVALID', unnoticed].includes(code), `${kind}: ${code}`);
      }
    });

    test('a page that is no secure context', async () => {
      await open(INSECURE);
      const { isSecureContext, subtle, thumbprint, ...found } = await call('insecure', JWKS);
      assert.deepEqual([isSecureContext, subtle], [false, 'undefined']);
      assert.equal(thumbprint, await jose.calculateJwkThumbprint(JWKS.RSA));
      const missing = 'ERR_WEBCRYPTO';
      assert.deepEqual(found, {
        assertion: 'x', hs256: 'x', jwe: 1,
        signed: missing, verified: missing, encrypted: missing, agreed: missing, generated: missing,
      });
    });
  });
}
