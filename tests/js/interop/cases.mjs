// Both-way interop with npm's jose, for Node and pages alike: the algorithms as tables, and what must hold for each.
import { encode, fromText, refusal, same } from './checks.mjs';
import { keyPairs } from './key-pairs.mjs';

const ecdsa = (namedCurve) => [{ name: 'ECDSA', namedCurve }, ['sign', 'verify']];
const bits = [256, 384, 512];

/** [alg, the kind of its key, the platform's algorithm and operations where not every platform may have it] */
const SIGNATURES = [
  ...bits.map((size) => [`HS${size}`, 'oct']),
  ...bits.map((size) => [`RS${size}`, 'RSA']),
  ...bits.map((size) => [`PS${size}`, 'RSA']),
  ['ES256', 'P-256', ...ecdsa('P-256')],
  ['ES384', 'P-384', ...ecdsa('P-384')],
  ['ES512', 'P-521', ...ecdsa('P-521')],
  ['EdDSA', 'Ed25519', { name: 'Ed25519' }, ['sign', 'verify']],
];

const ecdh = (namedCurve) => [namedCurve, { name: 'ECDH', namedCurve }, ['deriveBits']];
const CURVES = [ecdh('P-256'), ecdh('P-384'), ecdh('P-521'), ['X25519', { name: 'X25519' }, ['deriveBits']]];
const AGREEMENTS = ['ECDH-ES', 'ECDH-ES+A128KW', 'ECDH-ES+A192KW', 'ECDH-ES+A256KW'];
const SHARED = ['dir', 'A128KW', 'A192KW', 'A256KW', 'A128GCMKW', 'A192GCMKW', 'A256GCMKW'];
const MANAGEMENT = [
  ...SHARED.map((alg) => [alg, 'oct']),
  ['RSA-OAEP', 'RSA'],
  ['RSA-OAEP-256', 'RSA'],
  ...AGREEMENTS.flatMap((alg) => CURVES.map((curve) => [alg, ...curve])),
];
const CONTENT = ['A128GCM', 'A192GCM', 'A256GCM', 'A128CBC-HS256', 'A192CBC-HS384', 'A256CBC-HS512'];

/** Asks the platform whether it has an algorithm. */
async function lacks(algorithm, operations) {
  if (!algorithm) return false;
  return crypto.subtle.generateKey(algorithm, false, operations).then(() => false, () => true);
}

/**
 * The cases: {name, run()}. `keys` is one private JWK of each kind, made elsewhere. A case resolves to what only
 * another platform's jose can read, or to 'lacking' where the platform lacks the algorithm and says so, or to undefined.
 */
export function cases(ours, jose, keys) {
  const pairs = keyPairs(ours, jose, keys);
  const made = (name, [alg, kind, algorithm, operations], run, refused) => ({
    name,
    run: async () => (await lacks(algorithm, operations) ? refused(ours, keys[kind], alg) : run(alg, kind)),
  });
  return [
    ...SIGNATURES.map((row) =>
      made(row[0], row, (alg, kind) => signatures(ours, jose, pairs, alg, kind), signingRefused)),
    ...MANAGEMENT.flatMap((row) => CONTENT.map((enc) => made(
      `${row[0]}, ${row[1]}, ${enc}`, row,
      (alg, kind) => encryption(ours, jose, pairs, alg, kind, enc), encryptingRefused,
    ))),
    { name: 'thumbprints', run: () => thumbprints(ours, jose, keys) },
    { name: 'a JWK Set', run: () => sets(ours, jose, keys) },
  ];
}

const PAYLOAD = Uint8Array.from({ length: 300 }, (_, i) => i % 256);
const CLAIMS = { iss: 'canvas', sub: '10000000000003', aud: ['a', 'é'], exp: 4e9, n: [1.5, { deep: null }] };

async function signatures(ours, jose, pairs, alg, kind) {
  for (const { what, own, their } of await pairs.signing(alg, kind)) {
    const token = await ours.signJws(PAYLOAD, own.privateKey, { typ: 'x', alg });
    const read = await jose.compactVerify(token, their.publicKey, { algorithms: [alg] });
    same(read.payload, PAYLOAD, `${what}: jose reads the payload`);
    same(read.protectedHeader.alg, alg, `${what}: jose reads the header`);

    const theirs = await new jose.CompactSign(PAYLOAD).setProtectedHeader({ alg, typ: 'y' }).sign(their.privateKey);
    const back = await ours.verifyJws(theirs, own.publicKey, { algorithms: [alg] });
    same(back.payload, PAYLOAD, `${what}: the payload of jose`);
    same(back.header, { alg, typ: 'y' }, `${what}: the header of jose`);

    await signaturesRefused(ours, theirs, own.publicKey, what);

    const jwt = await ours.signJwt(CLAIMS, own.privateKey, { alg });
    const { payload } = await jose.jwtVerify(jwt, their.publicKey, { issuer: 'canvas', audience: 'é' });
    same(payload, CLAIMS, `${what}: jose reads the claims`);
    const signed = await new jose.SignJWT(CLAIMS).setProtectedHeader({ alg }).sign(their.privateKey);
    const verified = await ours.verifyJwt(signed, own.publicKey, { issuer: 'canvas', audience: 'é' });
    same(verified.claims, CLAIMS, `${what}: the claims of jose`);
  }
}

async function signaturesRefused(ours, token, key, what) {
  const [header, payload, signature] = token.split('.');
  const wrong = {
    'another payload': `${header}.zz${payload.slice(2)}.${signature}`,
    'another signature': `${header}.${payload}.${signature.startsWith('A') ? 'B' : 'A'}${signature.slice(1)}`,
    'no signature': `${header}.${payload}.`,
    'a short signature': `${header}.${payload}.AA`,
    'a signature of zeros': `${header}.${payload}.${encode(new Uint8Array(decodedLength(signature)))}`,
    'a shorter signature': `${header}.${payload}.${signature.slice(0, -4)}`.replace(/.$/, 'A'),
    'a longer signature': `${header}.${payload}.AAAA${signature}`,
    'a huge signature': `${header}.${payload}.${'A'.repeat(8000)}`,
  };
  for (const [which, text] of Object.entries(wrong)) {
    await refusal(ours.verifyJws(text, key), 'ERR_JWS_SIGNATURE_VERIFICATION_FAILED', `${what}: ${which}`);
  }
}

const decodedLength = (text) => Math.floor((text.length * 3) / 4);

async function signingRefused(ours, jwk, alg) {
  const token = `${fromText(JSON.stringify({ alg }))}.e30.${encode(new Uint8Array(64))}`;
  await refusal(ours.generateKey(alg), 'ERR_WEBCRYPTO', 'making a key');
  await refusal(ours.signJws('x', jwk, { alg }), 'ERR_WEBCRYPTO', 'signing');
  await refusal(ours.verifyJws(token, jwk), 'ERR_WEBCRYPTO', 'verifying');
  return 'lacking';
}

async function encryption(ours, jose, pairs, alg, kind, enc) {
  const agrees = alg.startsWith('ECDH');
  const parties = agrees ? { apu: fromText('Alice'), apv: fromText('Bob') } : {};
  const header = { alg, enc, ...parties };
  const aes192 = /192/.test(alg + enc) && await lacks({ name: 'AES-GCM', length: 192 }, ['encrypt']);
  const left = [];
  for (const [index, { what, own, their, jwk }] of (await pairs.encrypting(alg, kind, enc, aes192)).entries()) {
    for (const plaintext of index === 0 ? [PAYLOAD, new Uint8Array()] : [PAYLOAD]) {
      const token = await ours.encryptJwe(plaintext, own.publicKey, header);
      if (aes192) {
        // jose asks the platform for AES, which we do not.
        same((await ours.decryptJwe(token, own.privateKey)).plaintext, plaintext, `${what}: our own`);
        if (jwk) left.push({ token, jwk, plaintext: encode(plaintext) });
        continue;
      }
      const read = await jose.compactDecrypt(token, their.privateKey);
      same(read.plaintext, plaintext, `${what}: jose reads the plaintext`);
      same(read.protectedHeader.apu, parties.apu, `${what}: jose reads the header`);

      const theirs = await joseEncrypt(jose, plaintext, { alg, enc }, agrees).encrypt(their.publicKey);
      const options = { algorithms: [alg], contentEncryption: [enc] };
      const back = await ours.decryptJwe(theirs, own.privateKey, options);
      same(back.plaintext, plaintext, `${what}: the plaintext of jose`);
      same([back.header.alg, back.header.enc, back.header.apv], [alg, enc, parties.apv], `${what}: the header of jose`);
      if (index === 0) await tokensRefused(ours, theirs, back.header, own.privateKey, what);
    }
  }
  return left.length > 0 ? left : undefined;
}

async function tokensRefused(ours, token, read, key, what) {
  const [header, encryptedKey, iv, ciphertext, tag] = token.split('.');
  // RFC 7748 §6.1: agreeing with it gives zeros, whatever the key.
  const smallOrder = read.epk?.crv === 'X25519' && { ...read, epk: { ...read.epk, x: encode(new Uint8Array(32)) } };
  const zeros = (part) => encode(new Uint8Array(decodedLength(part)));
  const wrong = {
    'another tag': [header, encryptedKey, iv, ciphertext, zeros(tag)],
    'another ciphertext': [header, encryptedKey, iv, `AAAA${ciphertext}`, tag],
    ...(encryptedKey && {
      'another encrypted key': [header, zeros(encryptedKey), iv, ciphertext, tag],
      'a short encrypted key': [header, 'AA', iv, ciphertext, tag],
      'a longer encrypted key': [header, `AAAA${encryptedKey}`, iv, ciphertext, tag],
    }),
    ...(smallOrder && {
      'a point of small order': [fromText(JSON.stringify(smallOrder)), encryptedKey, iv, ciphertext, tag],
    }),
  };
  if (smallOrder) await refusal(ours.encryptJwe('x', smallOrder.epk, read), 'ERR_JWK_INVALID', 'a small order');
  for (const [which, parts] of Object.entries(wrong)) {
    await refusal(ours.decryptJwe(parts.join('.'), key), 'ERR_JWE_DECRYPTION_FAILED', `${what}: ${which}`);
  }
}

function joseEncrypt(jose, plaintext, header, agrees) {
  const encryption = new jose.CompactEncrypt(plaintext).setProtectedHeader(header);
  const bytes = (text) => new TextEncoder().encode(text);
  return agrees ? encryption.setKeyManagementParameters({ apu: bytes('Alice'), apv: bytes('Bob') }) : encryption;
}

async function encryptingRefused(ours, jwk, alg) {
  const { d, ...epk } = jwk;
  const header = fromText(JSON.stringify({ alg, enc: 'A128GCM', epk }));
  const key = alg === 'ECDH-ES' ? '' : encode(new Uint8Array(24));
  const token = [header, key, encode(new Uint8Array(12)), '', encode(new Uint8Array(16))].join('.');
  await refusal(ours.encryptJwe('x', jwk, { alg, enc: 'A128GCM' }), 'ERR_WEBCRYPTO', 'encrypting');
  await refusal(ours.decryptJwe(token, jwk), 'ERR_WEBCRYPTO', 'decrypting');
  return 'lacking';
}

async function thumbprints(ours, jose, keys) {
  for (const [kind, jwk] of Object.entries(keys)) {
    const expected = await jose.calculateJwkThumbprint(jwk);
    same(ours.thumbprint(jwk), expected, kind);
    same(ours.thumbprint({ ...jwk, alg: 'any', kid: 'k', use: 'sig' }), expected, `${kind} with other members`);
  }
}

async function sets(ours, jose, keys) {
  const algs = { RSA: 'PS256', 'P-256': 'ES256', 'P-384': 'ES384', 'P-521': 'ES512' };
  const members = Object.entries(algs).map(([kind, alg]) => ({ ...keys[kind], kid: kind, alg, use: 'sig' }));
  const publicSet = { keys: members.map(({ d, p, q, dp, dq, qi, ...jwk }) => jwk) };
  const choose = jose.createLocalJWKSet(publicSet);
  for (const jwk of members) {
    const token = await ours.signJwt(CLAIMS, jwk);
    const { payload, protectedHeader } = await jose.jwtVerify(token, choose);
    same([payload, protectedHeader], [CLAIMS, { alg: jwk.alg, typ: 'JWT', kid: jwk.kid }], jwk.kid);
    for (const header of [{ alg: jwk.alg, kid: jwk.kid }, { alg: jwk.alg }]) {
      const theirs = await new jose.SignJWT(CLAIMS).setProtectedHeader(header).sign(jwk);
      same((await ours.verifyJwt(theirs, publicSet)).claims, CLAIMS, `${jwk.kid}: by ${Object.keys(header)}`);
    }
    const other = await new jose.SignJWT(CLAIMS).setProtectedHeader({ alg: jwk.alg, kid: 'other' }).sign(jwk);
    await refusal(ours.verifyJwt(other, publicSet), 'ERR_JWKS_NO_MATCHING_KEY', `${jwk.kid}: another kid`);
  }
}
