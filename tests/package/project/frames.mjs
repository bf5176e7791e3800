// The same package in a page and in an iframe of it.
import * as tokens from 'canvas-lms-tokens';

const frame = document.createElement('iframe');
frame.src = 'inner.html';
document.body.append(frame);
await new Promise((done) => { frame.onload = done; });

const { contentWindow: inner } = frame;
const bytes = (realm) => realm.Uint8Array.from('secret', (character) => character.charCodeAt(0));
const key = (realm) => realm.crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, false, ['sign', 'verify']);

/** The payload as the package of one realm writes it, with a value and a key of the other. */
async function signed(copy, other) {
  return (await copy.signJws(bytes(other), { secret: bytes(other), alg: 'HS256' })).split('.')[1];
}

async function verified(copy, other) {
  const { privateKey, publicKey } = await key(other);
  return (await copy.verifyJwt(await copy.signJwt(other.JSON.parse('{ "sub": "1" }'), privateKey), publicKey)).claims.sub;
}

globalThis.report = {
  otherRealm: inner.Uint8Array !== Uint8Array && inner.tokens.decode !== tokens.decode,
  results: await Promise.all([
    signed(tokens, inner), signed(inner.tokens, window), verified(tokens, inner), verified(inner.tokens, window),
  ]),
};
