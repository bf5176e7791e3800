// Prints which secrets are still in the core's memory after the calls that they were given to.
import { createHash, generateKeyPairSync } from 'node:crypto';
import { core, exports } from './instance.mjs';

const left = [];
/** Looks for a piece from the middle, as an allocator writes over the ends of what is free. */
function look(what, secret) {
  const bytes = Buffer.from(secret);
  const piece = bytes.subarray(bytes.length >> 2, bytes.length - (bytes.length >> 2));
  if (Buffer.from(exports.memory.buffer).includes(piece)) left.push(what);
}

const claims = { sub: '1', aud: 'https://school.example/' };
const secret = (name) => createHash('sha256').update(name).digest('hex');
const bytes = (name) => new TextEncoder().encode(secret(name));

for (const alg of ['HS256', 'HS384', 'HS512']) {
  for (const [kind, key] of Object.entries({ text: secret(`${alg} text`), bytes: bytes(`${alg} bytes`) })) {
    const token = core.signJwtSync(claims, { secret: key, alg });
    core.verifyJwtSync(token, { secret: key, alg });
    look(`${alg}, a secret as ${kind}`, key);
  }
}
core.signAssertion(claims, secret('assertion'));
look('signAssertion', secret('assertion'));
const jwk = { kty: 'oct', k: Buffer.from(bytes('oct')).toString('base64url') };
const token = core.signJwtSync(claims, jwk, { alg: 'HS256' });
await core.verifyJwt(token, jwk);
look('an oct JWK', bytes('oct'));
look('an oct JWK as text', jwk.k);

const content = Buffer.from(bytes('dir')).subarray(0, 32);
const key = { kty: 'oct', k: content.toString('base64url') };
for (const header of [{ alg: 'dir', enc: 'A256GCM' }, { alg: 'A256KW', enc: 'A128CBC-HS256' }, { alg: 'A256GCMKW', enc: 'A256GCM' }]) {
  const jwe = await core.encryptJwe(secret('plaintext'), key, header);
  look(`${header.alg}, the plaintext encrypted`, secret('plaintext'));
  await core.decryptJwe(jwe, key);
  look(`${header.alg}, the key`, content);
  look(`${header.alg}, the key as text`, key.k);
  look(`${header.alg}, the plaintext`, secret('plaintext'));
}

for (const [name, options] of [['ec', { namedCurve: 'P-256' }], ['rsa', { modulusLength: 2048 }]]) {
  const { privateKey } = generateKeyPairSync(name, options);
  const whole = privateKey.export({ format: 'jwk' });
  const pem = privateKey.export({ format: 'pem', type: 'pkcs8' });
  const alg = name === 'ec' ? 'ES256' : 'RS256';
  for (const given of [whole, whole, { pem }]) await core.signJwt(claims, given, { alg });
  for (const part of ['d', 'p', 'q', 'dp'].filter((part) => part in whole)) {
    look(`${name}, ${part}`, Buffer.from(whole[part], 'base64url'));
    look(`${name}, ${part} as text`, whole[part]);
  }
  look(`${name}, PEM`, pem);
}
console.log(JSON.stringify(left));
