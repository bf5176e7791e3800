// The algorithms of the package, by name, and which keys they take.
export const SIGNATURES = [
  'HS256', 'HS384', 'HS512', 'RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512', 'EdDSA',
];
export const MANAGEMENT = [
  'dir', 'A128KW', 'A192KW', 'A256KW', 'A128GCMKW', 'A192GCMKW', 'A256GCMKW', 'RSA-OAEP', 'RSA-OAEP-256', 'ECDH-ES', 'ECDH-ES+A128KW',
  'ECDH-ES+A192KW', 'ECDH-ES+A256KW',
];
export const CONTENT = ['A128GCM', 'A192GCM', 'A256GCM', 'A128CBC-HS256', 'A192CBC-HS384', 'A256CBC-HS512'];

export const isHmac = (alg) => /^HS/.test(alg ?? '');

/** What a key is generated for: with dir, the content encryption names the key. */
export const generatedFor = ({ alg, enc }) => (alg === 'dir' ? enc : alg);

const CURVES = { ES256: 'P-256', ES384: 'P-384', ES512: 'P-521', EdDSA: 'Ed25519' };

/** Whether a key that was entered may be one for an algorithm, as far as its form tells. */
export function mayFit({ kind, text }, alg) {
  if (kind === 'secret' || kind === 'base64') return isHmac(alg);
  if (kind !== 'jwk') return !isHmac(alg);
  const jwk = read(text);
  if (!jwk || (jwk.alg && jwk.alg !== alg)) return false;
  if (isHmac(alg)) return jwk.kty === 'oct';
  return CURVES[alg] ? jwk.crv === CURVES[alg] : jwk.kty === 'RSA';
}

export function read(text) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
