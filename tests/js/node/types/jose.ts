// Checked by tsc, never run: keys, signing and encryption.
import {
  decryptJwe, encryptJwe, generateKey, signJws, signJwt, signJwtSync, thumbprint, verifyJws, verifyJwt, verifyJwtSync,
} from 'canvas-lms-tokens';
import type { Claims, ExternalKey, ExternalSigner, Header, Key, VerifyOptions } from 'canvas-lms-tokens';

declare const handle: CryptoKey;
declare const jwk: JsonWebKey;
declare const token: string;

const keys: Key[] = [
  jwk, { keys: [jwk] }, handle, { secret: 'secret' }, { secret: new Uint8Array(32), alg: 'HS256' }, { pem: '', kid: 'k' },
  { kty: 'oct', k: 'AA', kid: 'k' },
];
const [key] = keys;
const signer: ExternalSigner = { alg: 'RS256', kid: 'k', async sign(bytes, { signal }) { signal.throwIfAborted(); return bytes.slice(); } };
const external: ExternalKey[] = [
  signer, { alg: 'HS256', verify: () => true }, { ...signer, verify: async (bytes, signature) => bytes.length > signature.length },
  { alg: 'RSA1_5', unwrapKey: (encryptedKey, header) => encryptedKey.slice(header.alg?.length).buffer },
];
// @ts-expect-error: bytes, not their base64
const textSigner: Key = { alg: 'RS256', sign: async () => 'c2ln' };
// @ts-expect-error
const withoutAlg: Key = { sign: (bytes: Uint8Array) => bytes };
// @ts-expect-error: a text is no key; it is a secret, or a PEM, and says which
const textKey: Key = 'secret';
// @ts-expect-error
const bytesKey: Key = new Uint8Array(32);
// @ts-expect-error
const secretKey: Key = { secret: 5 };

const options: VerifyOptions = {
  algorithms: ['RS256'], issuer: ['a'], audience: 'b', subject: 's', typ: 'JWT', requiredClaims: ['exp'], maxTokenAge: 60,
  now: 1, clockTolerance: 1,
};
// @ts-expect-error
const wrongOptions: VerifyOptions = { algorithm: 'RS256' };

export async function use() {
  const claims: Claims = { sub: 90000000000000001n, aud: ['a'], roles: [{ a: 1 }] };
  const header: Header = { alg: 'RS256', kid: 'k' };
  const signed: string = await signJwt(claims, key, header);
  await signJwt(claims, signer, undefined, { timeout: 1000, signal: AbortSignal.timeout(1) });
  await verifyJwt(signed, external[1], { ...options, timeout: 1000 });
  const sync: string = signJwtSync(claims, { secret: 'secret' });
  const { claims: read } = await verifyJwt(signed, key, options);
  const { header: sent } = verifyJwtSync(sync, key, options);
  const { payload } = await verifyJws(await signJws('text', key), key, { algorithms: ['RS256'] });
  const { plaintext } = await decryptJwe(await encryptJwe(payload, key, { enc: 'A256GCM' }), key, { contentEncryption: ['A256GCM'] });
  const { privateKey, publicKey } = await generateKey('RS256', { kid: 'k' });
  const bytes: Uint8Array = plaintext;
  // @ts-expect-error
  signJwt(claims);
  // @ts-expect-error
  signJwt(claims, 'secret');
  // @ts-expect-error
  signJwt({ iat: new Date() }, key);
  // @ts-expect-error
  const promised: string = signJwt(claims, key);
  // @ts-expect-error
  verifyJws(token, key, { issuer: 'a' });
  // @ts-expect-error
  encryptJwe('x', key);
  // @ts-expect-error
  signJws(5, key);
  // @ts-expect-error
  generateKey();
  return [read.sub, sent.alg, bytes, await verifyJwt(token, publicKey), thumbprint(privateKey), promised];
}

export const used = [textSigner, withoutAlg, textKey, bytesKey, secretKey, wrongOptions];
