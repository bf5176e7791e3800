// The libraries that run everywhere: ours, its keys as people keep them; jose, its keys imported before; jwt-decode.
import * as jose from 'jose';
import { jwtDecode } from 'jwt-decode';
import * as tokens from 'canvas-lms-tokens';
import { OURS } from './measure.mjs';
import { audience } from './operations.mjs';

/** {library: {kind of operation: function}} */
export async function everywhere(keys) {
  const secret = new TextEncoder().encode(keys.secret);
  return {
    [OURS]: ours(keys),
    'jose (CryptoKey)': joseWith(await importedKeys(keys, secret)),
    'jose (bytes)': joseWith({
      sign: { HS256: secret }, verify: { HS256: secret }, decrypt: { 'dir+A256GCM': keys.content },
    }),
    jose: { decode: (token) => ({ header: jose.decodeProtectedHeader(token), claims: jose.decodeJwt(token) }) },
    'jwt-decode': { decode: (token) => ({ header: jwtDecode(token, { header: true }), claims: jwtDecode(token) }) },
  };
}

function ours({ secret, content, RS256, ES256, 'RSA-OAEP': oaep }) {
  const key = { secret };
  const options = { audience };
  const oct = { kty: 'oct', k: jose.base64url.encode(content) };
  return {
    'HS256 sign': (claims) => tokens.signAssertion(claims, secret),
    'HS256 verify': (token) => tokens.verifyJwtSync(token, key, options),
    decode: (token) => tokens.decode(token),
    'RS256 sign': (claims) => tokens.signJwt(claims, RS256.privateKey),
    'RS256 verify': (token) => tokens.verifyJwt(token, RS256.publicKey, options),
    'ES256 sign': (claims) => tokens.signJwt(claims, ES256.privateKey),
    'ES256 verify': (token) => tokens.verifyJwt(token, ES256.publicKey, options),
    'dir+A256GCM decrypt': (token) => tokens.decryptJwe(token, oct),
    'RSA-OAEP+A128CBC-HS256 decrypt': (token) => tokens.decryptJwe(token, oaep.privateKey),
    inspect: (token) => tokens.inspect(token, { key, as: 'lti2-assertion', endpoint: audience }),
  };
}

/** {what for: {algorithm: CryptoKey}} */
async function importedKeys({ content, RS256, ES256, 'RSA-OAEP': oaep }, secret) {
  const { subtle } = crypto;
  const hmac = await subtle.importKey('raw', secret, { name: 'HMAC', hash: 'SHA-256' }, false, ['sign', 'verify']);
  return {
    sign: {
      HS256: hmac,
      RS256: await jose.importJWK(RS256.privateKey, 'RS256'),
      ES256: await jose.importJWK(ES256.privateKey, 'ES256'),
    },
    verify: {
      HS256: hmac,
      RS256: await jose.importJWK(RS256.publicKey, 'RS256'),
      ES256: await jose.importJWK(ES256.publicKey, 'ES256'),
    },
    decrypt: {
      'dir+A256GCM': await subtle.importKey('raw', content, 'AES-GCM', false, ['decrypt']),
      'RSA-OAEP+A128CBC-HS256': await jose.importJWK(oaep.privateKey, 'RSA-OAEP'),
    },
  };
}

function joseWith({ sign, verify, decrypt }) {
  const rows = [];
  for (const [alg, key] of Object.entries(sign)) {
    rows.push([`${alg} sign`, (claims) => new jose.SignJWT(claims).setProtectedHeader({ alg, typ: 'JWT' }).sign(key)]);
  }
  const options = { audience };
  for (const [alg, key] of Object.entries(verify)) {
    rows.push([`${alg} verify`, (token) => jose.jwtVerify(token, key, options)]);
  }
  for (const [alg, key] of Object.entries(decrypt)) {
    rows.push([`${alg} decrypt`, (token) => jose.compactDecrypt(token, key)]);
  }
  return Object.fromEntries(rows);
}
