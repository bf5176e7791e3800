// The JOSE that Canvas uses, on WebCrypto alone, so that it can check the Rust core and share nothing with it.

import { concat, fromBase64url, toBase64url, toBytes, toText } from './bytes.js';
import { parseJson, writeJson } from './json.js';

const subtle = () => globalThis.crypto.subtle;

const HMAC = { HS256: 'SHA-256', HS384: 'SHA-384', HS512: 'SHA-512' };
export const RS256 = { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' };
export const RSA_OAEP = { name: 'RSA-OAEP', hash: 'SHA-1' };
const RSA_2048 = { modulusLength: 2048, publicExponent: new Uint8Array([1, 0, 1]) };

/** An Error whose message starts with the Ruby class that Canvas would have raised. */
export function joseError(kind, message) {
  return Object.assign(new Error(message ? `${kind}: ${message}` : kind), { jose: kind });
}

const FORMAT = 'JSON::JWT::InvalidFormat';
const MISMATCH = 'JSON::JWS::VerificationFailed';
const ALGORITHM = 'JSON::JWS::UnexpectedAlgorithm';
const DECRYPTION = 'JSON::JWE::DecryptionFailed';

const segmentsOf = (token) => String(token).split('.');

/** Reads a JWS, trusting nothing. */
export function readJws(token) {
  const segments = segmentsOf(token);
  if (segments.length !== 3) {
    throw joseError(FORMAT, 'Invalid JWT Format. JWT should include 3 or 5 segments.');
  }
  try {
    const [header, claims] = segments.slice(0, 2).map((segment) => parseJson(toText(fromBase64url(segment))));
    if (!isObject(header) || !isObject(claims)) throw new SyntaxError();
    return { header, claims, signature: fromBase64url(segments[2]), input: segments.slice(0, 2).join('.') };
  } catch {
    throw joseError(FORMAT, 'Invalid JSON Format');
  }
}

const isObject = (value) => value !== null && typeof value === 'object' && !Array.isArray(value);

const hmacKey = (secret, hash, use) =>
  subtle().importKey('raw', toBytes(secret), { name: 'HMAC', hash }, false, [use]);

/**
 * Verifies with a shared secret. Without a list of algorithms json-jwt takes whichever HMAC the header names.
 * @returns the claims
 */
export async function verifyHmac(token, secret) {
  const { header, claims, signature, input } = readJws(token);
  const hash = Object.hasOwn(HMAC, header.alg) ? HMAC[header.alg] : null;
  if (!hash) throw joseError(ALGORITHM, 'Unexpected alg header');
  const key = await hmacKey(secret, hash, 'verify');
  if (!(await subtle().verify('HMAC', key, signature, toBytes(input)))) throw joseError(MISMATCH);
  return claims;
}

/** Verifies RS256 with a public JWK; no other algorithm. @returns the claims */
export async function verifyRs256(token, jwk) {
  const { header, claims, signature, input } = readJws(token);
  if (header.alg !== 'RS256') throw joseError(ALGORITHM, 'Unexpected alg header');
  const { kty, n, e } = jwk;
  const key = await subtle().importKey('jwk', { kty, n, e }, RS256, false, ['verify']);
  if (!(await subtle().verify(RS256.name, key, signature, toBytes(input)))) throw joseError(MISMATCH);
  return claims;
}

const signingInput = (header, claims) => [header, claims].map((part) => toBase64url(writeJson(part))).join('.');

/** Header members in json-jwt's order: typ, alg. */
export async function signHmac(claims, secret, alg = 'HS256') {
  const input = signingInput({ typ: 'JWT', alg }, claims);
  const signature = await subtle().sign('HMAC', await hmacKey(secret, HMAC[alg], 'sign'), toBytes(input));
  return `${input}.${toBase64url(new Uint8Array(signature))}`;
}

/** The header names a kid only when the key does (Canvas's InstAccess key is no JWK and has none). */
export async function signRs256(claims, jwk) {
  const input = signingInput({ typ: 'JWT', alg: 'RS256', kid: jwk.kid }, claims);
  const { kid, use, alg, ...bare } = jwk;
  const key = await subtle().importKey('jwk', { ...bare, key_ops: ['sign'] }, RS256, false, ['sign']);
  const signature = await subtle().sign(RS256.name, key, toBytes(input));
  return `${input}.${toBase64url(new Uint8Array(signature))}`;
}

const compactJwe = (header, encryptedKey, iv, ciphertext, tag) =>
  [header, ...[encryptedKey, iv, ciphertext, tag].map(toBase64url)].join('.');

/** dir + A256GCM, 12-byte IV, 16-byte tag. `extra` are Canvas's own header members (region, environment). */
export async function encryptDirect(plaintext, secret, iv, extra = {}) {
  const header = toBase64url(writeJson({ alg: 'dir', enc: 'A256GCM', ...extra }));
  const key = await subtle().importKey('raw', toBytes(secret), 'AES-GCM', false, ['encrypt']);
  const options = { name: 'AES-GCM', iv, additionalData: toBytes(header) };
  const sealed = new Uint8Array(await subtle().encrypt(options, key, toBytes(plaintext)));
  return compactJwe(header, new Uint8Array(), iv, sealed.slice(0, -16), sealed.slice(-16));
}

/** Opens dir + A256GCM; throws InvalidFormat or DecryptionFailed. @returns the plaintext as text */
export async function decryptDirect(token, secret) {
  const segments = segmentsOf(token);
  if (segments.length !== 5) throw joseError(FORMAT, 'Invalid JWT Format. JWT should include 3 or 5 segments.');
  let header;
  let parts;
  try {
    header = parseJson(toText(fromBase64url(segments[0])));
    parts = segments.slice(1).map(fromBase64url);
  } catch {
    throw joseError(FORMAT, 'Invalid JSON Format');
  }
  if (header?.alg !== 'dir' || header?.enc !== 'A256GCM') throw joseError('JSON::JWE::UnexpectedAlgorithm');
  const [, iv, ciphertext, tag] = parts;
  try {
    const key = await subtle().importKey('raw', toBytes(secret), 'AES-GCM', false, ['decrypt']);
    const options = { name: 'AES-GCM', iv, additionalData: toBytes(segments[0]) };
    return toText(new Uint8Array(await subtle().decrypt(options, key, concat(ciphertext, tag))));
  } catch {
    throw joseError(DECRYPTION);
  }
}

/** RSA-OAEP (SHA-1) + A128CBC-HS256 (RFC 7518 §5.2.3), to a public JWK. */
export async function encryptForGateway(plaintext, jwk, random) {
  const header = toBase64url(writeJson({ alg: 'RSA-OAEP', enc: 'A128CBC-HS256' }));
  const [cek, iv] = [random(32), random(16)];
  const { kty, n, e } = jwk;
  const gateway = await subtle().importKey('jwk', { kty, n, e }, RSA_OAEP, false, ['encrypt']);
  const encryptedKey = new Uint8Array(await subtle().encrypt('RSA-OAEP', gateway, cek));
  const aes = await subtle().importKey('raw', cek.slice(16), 'AES-CBC', false, ['encrypt']);
  const ciphertext = new Uint8Array(await subtle().encrypt({ name: 'AES-CBC', iv }, aes, toBytes(plaintext)));
  const aad = toBytes(header);
  const bits = new Uint8Array(8);
  new DataView(bits.buffer).setUint32(4, aad.length * 8);
  const mac = await subtle().sign(
    'HMAC', await hmacKey(cek.slice(0, 16), 'SHA-256', 'sign'), concat(aad, iv, ciphertext, bits));
  return compactJwe(header, encryptedKey, iv, ciphertext, new Uint8Array(mac).slice(0, 16));
}

/** A new RSA key as a private JWK. */
export async function generateRsa(algorithm, kid) {
  const uses = algorithm === RSA_OAEP ? ['encrypt', 'decrypt'] : ['sign', 'verify'];
  const { privateKey } = await subtle().generateKey({ ...algorithm, ...RSA_2048 }, true, uses);
  const { kty, n, e, d, p, q, dp, dq, qi } = await subtle().exportKey('jwk', privateKey);
  return { kty, n, e, d, p, q, dp, dq, qi, ...(kid && { kid }) };
}

/** The public half, as Canvas publishes it. */
export const publicJwk = ({ kty, n, e, kid }) => ({ kty, e, n, kid, alg: 'RS256', use: 'sig' });
