// Keys that this page makes: one for each algorithm, kept in memory while the page is open, and every key as JWK and PEM.
import { toBase64url } from '../format/base64url.js';
import { call } from './worker-client.js';

const made = new Map();

/** {privateKey, publicKey}: the pair for an algorithm, made when it is first asked for. A shared secret is both. */
export function madeKey(alg) {
  if (!made.has(alg)) makeKey(alg);
  return made.get(alg);
}

/** Another pair for an algorithm, in place of the one before. */
export function makeKey(alg) {
  const pair = call('generateKey', alg);
  made.set(alg, pair);
  return pair;
}

/** A secret as people exchange them: text, as long as the hash of the algorithm. */
export function makeSecret(alg) {
  const bytes = crypto.getRandomValues(new Uint8Array({ HS384: 48, HS512: 64 }[alg] ?? 32));
  return toBase64url(bytes);
}

const PRIVATE = new Set(['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k', 'key_ops']);
export const publicOf = (jwk) => Object.fromEntries(Object.entries(jwk).filter(([name]) => !PRIVATE.has(name)));

/** The JWK of a shared secret, given as text or bytes. */
export const secretJwk = (secret, alg) => ({
  kty: 'oct', k: toBase64url(typeof secret === 'string' ? new TextEncoder().encode(secret) : secret), ...(alg && { alg }),
});

/** The PEM (SPKI or PKCS #8) of a JWK; rejects where the browser does not know its type, or the page is not a secure one. */
export async function pemOf(jwk) {
  const { alg, use, kid, key_ops: operations, ...plain } = jwk;
  const [algorithm, [...privately], publicly = []] = importOf(plain);
  const isPrivate = plain.d !== undefined;
  const key = await crypto.subtle.importKey('jwk', plain, algorithm, true, isPrivate ? privately : publicly);
  const bytes = new Uint8Array(await crypto.subtle.exportKey(isPrivate ? 'pkcs8' : 'spki', key));
  const label = isPrivate ? 'PRIVATE KEY' : 'PUBLIC KEY';
  const lines = btoa(String.fromCharCode(...bytes)).match(/.{1,64}/g).join('\n');
  return `-----BEGIN ${label}-----\n${lines}\n-----END ${label}-----\n`;
}

/** How WebCrypto imports a JWK by its type alone: [algorithm, usages of a private key, usages of a public key]. */
function importOf({ kty, crv }) {
  if (kty === 'RSA') return [{ name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' }, ['sign'], ['verify']];
  if (kty === 'EC') return [{ name: 'ECDSA', namedCurve: crv }, ['sign'], ['verify']];
  return crv === 'X25519' ? [{ name: crv }, ['deriveBits']] : [{ name: crv }, ['sign'], ['verify']];
}
