// Keys of every kind, made by node:crypto, and certificates for them.
import { createHash, createPrivateKey, createPublicKey, generateKeyPairSync, sign } from 'node:crypto';

/**
 * A pair, read again from its PEM: Node 20 stands still where a generator of keys is collected while its own key is exported, as
 * both hold the key's lock.
 */
export function made(type, options) {
  const publicKeyEncoding = { type: 'spki', format: 'pem' };
  const privateKeyEncoding = { type: 'pkcs8', format: 'pem' };
  const pair = generateKeyPairSync(type, { ...options, publicKeyEncoding, privateKeyEncoding });
  return { privateKey: createPrivateKey(pair.privateKey), publicKey: createPublicKey(pair.publicKey) };
}

/** {kind: {privateKey, publicKey}} as node:crypto has them. */
export const KEYS = {
  RSA: made('rsa', { modulusLength: 2048 }),
  'P-256': made('ec', { namedCurve: 'P-256' }),
  'P-384': made('ec', { namedCurve: 'P-384' }),
  'P-521': made('ec', { namedCurve: 'P-521' }),
  Ed25519: made('ed25519'),
  X25519: made('x25519'),
};

/** Private JWKs of every kind. */
export const JWKS = Object.fromEntries(
  Object.entries(KEYS).map(([kind, { privateKey }]) => [kind, privateKey.export({ format: 'jwk' })]));

export const pem = (key, type) => key.export({ format: 'pem', type });

// DER (X.690): a tag, the length, the content.
function der(tag, ...contents) {
  const content = Buffer.concat(contents.map((part) => Buffer.from(part)));
  const bytes = [];
  for (let rest = content.length; rest > 0; rest >>= 8) bytes.unshift(rest & 255);
  const length = content.length < 128 ? [content.length] : [128 + bytes.length, ...bytes];
  return Buffer.concat([Buffer.from([tag, ...length]), content]);
}

const ED25519 = der(0x30, der(0x06, [0x2b, 0x65, 0x70]));
const name = (text) => der(0x30, der(0x31, der(0x30, der(0x06, [0x55, 0x04, 0x03]), der(0x0c, Buffer.from(text)))));
const time = (text) => der(0x17, Buffer.from(text));

/** An X.509 certificate (RFC 5280 §4.1) of version 3 or 1 for a key, issued with an Ed25519 key. */
export function certificate(publicKey, version = 3) {
  const spki = publicKey.export({ format: 'der', type: 'spki' });
  const serial = createHash('sha256').update(spki).digest().subarray(0, 8);
  const signed = der(0x30,
    ...(version === 3 ? [der(0xa0, der(0x02, [2]))] : []),
    der(0x02, [1, ...serial]), ED25519, name('issuer'), der(0x30, time('250101000000Z'), time('490101000000Z')),
    name('subject'), spki,
    ...(version === 3 ? [der(0xa3, der(0x30, der(0x30, der(0x06, [0x55, 0x1d, 0x13]), der(0x04, der(0x30)))))] : []));
  const whole = der(0x30, signed, ED25519, der(0x03, [0], sign(null, signed, KEYS.Ed25519.privateKey)));
  const lines = whole.toString('base64').match(/.{1,64}/g);
  return ['-----BEGIN CERTIFICATE-----', ...lines, '-----END CERTIFICATE-----', ''].join('\n');
}
