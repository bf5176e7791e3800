// What runs in a page: the cases, and what concerns pages alone.
import * as ours from '/pkg/index.js';
import * as jose from '/jose/index.js';
import { cases } from './cases.mjs';

const outcome = (promise) => promise.then(() => 'fulfilled', (error) => error.code ?? String(error));

/** [{name, result, error}] */
async function interop(keys) {
  const results = [];
  for (const { name, run } of cases(ours, jose, keys)) {
    const settled = await run().then((result) => ({ result }), (error) => ({ error: `${error}\n${error.stack}` }));
    results.push({ name, ...settled });
  }
  return results;
}

/** What a page without crypto.subtle gives: {isSecureContext, subtle, ...the codes}. */
async function insecure(keys) {
  const claims = { sub: 'x', aud: 'https://canvas.test/' };
  const assertion = ours.signAssertion(claims, 'secret');
  const hs256 = await ours.signJwt(claims, { secret: 'secret' });
  const generated = await ours.generateKey('A128KW');
  const jwe = await ours.encryptJwe('x', generated.publicKey, { alg: 'A128KW', enc: 'A192CBC-HS384' });
  const rsa = { ...keys.RSA, kid: 'rsa' };
  const unverified = assertion.replace(/^[^.]+/, btoa('{"alg":"RS256"}').replace(/=+$/, ''));
  return {
    isSecureContext,
    subtle: typeof crypto.subtle,
    assertion: ours.verifyJwtSync(assertion, { secret: 'secret' }).claims.sub,
    hs256: (await ours.verifyJwt(hs256, { secret: 'secret' })).claims.sub,
    jwe: (await ours.decryptJwe(jwe, generated.privateKey)).plaintext.length,
    thumbprint: ours.thumbprint(keys.RSA),
    signed: await outcome(ours.signJwt({}, rsa)),
    verified: await outcome(ours.verifyJwt(unverified, rsa)),
    encrypted: await outcome(ours.encryptJwe('x', rsa, { alg: 'RSA-OAEP', enc: 'A128GCM' })),
    agreed: await outcome(ours.encryptJwe('x', keys['P-256'], { alg: 'ECDH-ES', enc: 'A128GCM' })),
    generated: await outcome(ours.generateKey('ES256')),
  };
}

/** What becomes of private keys: {name: code}. */
async function use(table) {
  const found = {};
  for (const [name, key, header] of table) {
    if (header.enc) {
      const token = await ours.encryptJwe('x', key, header).catch((error) => error);
      found[name] = token.code ?? await outcome(ours.decryptJwe(token, key));
    } else {
      const token = await ours.signJws('x', key, header).catch((error) => error);
      found[name] = token.code ?? await outcome(ours.verifyJws(token, key));
    }
  }
  return found;
}

// As text: Firefox runs a driver's scripts beside the page, with other constructors than the page's.
window.call = async (name, given) => JSON.stringify(await { interop, insecure, use }[name](JSON.parse(given)));
