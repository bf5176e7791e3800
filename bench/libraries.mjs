// The libraries that run everywhere: ours, its keys as people keep them; jose, its keys imported before; jwt-decode.
import * as jose from 'jose';
import { jwtDecode } from 'jwt-decode';
import * as tokens from 'canvas-lms-tokens';
import { OURS } from './measure.mjs';
import { audience, launchSecret, platform } from './operations.mjs';

/** {library: {kind of operation: function}} */
export async function everywhere(keys) {
  const secret = new TextEncoder().encode(keys.secret);
  return {
    [OURS]: await ours(keys),
    'jose (CryptoKey)': joseWith(await importedKeys(keys, secret)),
    'jose (bytes)': joseWith({
      sign: { HS256: secret }, verify: { HS256: secret }, decrypt: { 'dir+A256GCM': keys.content },
    }),
    jose: { decode: (token) => ({ header: jose.decodeProtectedHeader(token), claims: jose.decodeJwt(token) }) },
    'jwt-decode': { decode: (token) => ({ header: jwtDecode(token, { header: true }), claims: jwtDecode(token) }) },
  };
}

async function ours({ secret, content, RS256, ES256, 'RSA-OAEP': oaep }) {
  const key = { secret };
  const prepared = tokens.prepareSecret(secret);
  const options = { audience };
  const oct = { kty: 'oct', k: jose.base64url.encode(content) };
  return {
    'HS256 sign': (claims) => tokens.signAssertion(claims, secret),
    'HS256 verify': (token) => tokens.verifyJwtSync(token, key, options),
    'HS256 sign, prepared key': (claims) => tokens.signAssertion(claims, prepared),
    'HS256 verify, prepared key': (token) => tokens.verifyJwtSync(token, prepared, options),
    decode: (token) => tokens.decode(token),
    ...await asymmetric('RS256', RS256, options),
    ...await asymmetric('ES256', ES256, options),
    ...await lti13(RS256),
    'dir+A256GCM decrypt': (token) => tokens.decryptJwe(token, oct),
    'RSA-OAEP+A128CBC-HS256 decrypt': (token) => tokens.decryptJwe(token, oaep.privateKey),
    inspect: (token) => tokens.inspect(token, { key, as: 'lti2-assertion', endpoint: audience }),
  };
}

/** Ours with the keys as JWKs, and with the same keys prepared. */
async function asymmetric(alg, { privateKey, publicKey }, options) {
  const [own, other] = await Promise.all([tokens.prepareKey({ ...privateKey, alg }), tokens.prepareKey({ ...publicKey, alg })]);
  return {
    [`${alg} sign`]: (claims) => tokens.signJwt(claims, privateKey),
    [`${alg} verify`]: (token) => tokens.verifyJwt(token, publicKey, options),
    [`${alg} sign, prepared key`]: (claims) => tokens.signJwt(claims, own),
    [`${alg} verify, prepared key`]: (token) => tokens.verifyJwt(token, other, options),
  };
}

/** The same for LTI 1.3. */
async function lti13({ privateKey, publicKey }) {
  const [own, other] = await Promise.all([privateKey, publicKey].map((jwk) => tokens.prepareKey({ ...jwk, alg: 'RS256' })));
  const assertion = (key) => ({ iat, jti }) => tokens.signClientAssertion(platform, key, { now: iat, jti });
  const launch = (keys) => ({ form, cookie }) => tokens.verifyLaunch(form, { platforms: platform, secret: launchSecret, keys, cookie });
  return {
    'client assertion': assertion(privateKey), 'client assertion, prepared key': assertion(own),
    'launch verify': launch(publicKey), 'launch verify, prepared key': launch(other),
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
  if (sign.RS256) rows.push(['client assertion', (claims) => clientAssertion(claims, sign.RS256)]);
  if (verify.RS256) {
    // The signature and the claims alone: neither state, nor binding, nor the message's own rules.
    const expected = { issuer: platform.issuer, audience: platform.clientId, algorithms: ['RS256'] };
    rows.push(['launch verify', ({ form }) => jose.jwtVerify(form.id_token, verify.RS256, expected)]);
  }
  return Object.fromEntries(rows);
}

function clientAssertion({ iat, jti }, key) {
  const { clientId, tokenEndpoint } = platform;
  return new jose.SignJWT({ iss: clientId, sub: clientId, aud: tokenEndpoint, iat, exp: iat + 300, jti })
    .setProtectedHeader({ alg: 'RS256', typ: 'JWT', kid: 'k' }).sign(key);
}
