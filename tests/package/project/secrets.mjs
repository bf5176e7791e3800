// Prints which secrets are still in the core's memory after the calls that they were given to.
import { createHash, createPublicKey, diffieHellman, generateKeyPairSync } from 'node:crypto';
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

const long = (name) => Array.from({ length: 40 }, (_, i) => secret(`${name} ${i}`)).join('');
for (const [alg, enc, size] of [
  ['dir', 'A256GCM', 32], ['dir', 'A128CBC-HS256', 32], ['dir', 'A256CBC-HS512', 64],
  ['A256KW', 'A128CBC-HS256', 32], ['A128GCMKW', 'A256GCM', 16],
]) {
  const content = Buffer.from(long(alg + enc), 'hex').subarray(0, size);
  const key = { kty: 'oct', k: content.toString('base64url') };
  for (const plaintext of [secret(`${alg} ${enc}`), long(`${alg} ${enc}`)]) {
    const jwe = await core.encryptJwe(plaintext, key, { alg, enc });
    const spoil = (what) => {
      look(`${alg}, ${enc}, ${what}: the key`, content);
      look(`${alg}, ${enc}, ${what}: the key as text`, key.k);
      // Any block of it.
      for (let at = 0; at + 64 <= plaintext.length; at += 64) look(`${alg}, ${enc}, ${what}: the plaintext`, plaintext.slice(at, at + 64));
    };
    spoil('encrypting');
    await core.decryptJwe(jwe, key);
    spoil('decrypting');
  }
}

{
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const jwe = await core.encryptJwe('x', publicKey.export({ format: 'jwk' }), { alg: 'ECDH-ES', enc: 'A256GCM' });
  const { epk } = core.decode(jwe).header;
  const z = diffieHellman({ privateKey, publicKey: createPublicKey({ key: epk, format: 'jwk' }) });
  const alg = Buffer.from('A256GCM');
  const number = (value) => Buffer.from([0, 0, value >> 8, value & 255]);
  const cek = createHash('sha256')
    .update(Buffer.concat([number(1), z, number(alg.length), alg, number(0), number(0), number(256)])).digest();
  const spoil = (what) => {
    look(`ECDH-ES, ${what}: the agreed value`, z);
    look(`ECDH-ES, ${what}: the derived key`, cek);
  };
  spoil('encrypting');
  await core.decryptJwe(jwe, privateKey.export({ format: 'jwk' }));
  spoil('decrypting');
}

for (const alg of ['HS256', 'ES256', 'RS256']) {
  const made = await core.generateKey(alg);
  const { d = made.privateKey.k } = made.privateKey;
  look(`generateKey ${alg}`, Buffer.from(d, 'base64url'));
  look(`generateKey ${alg}, as text`, d);
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

// Refused, with what was read of them until then.
{
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const whole = privateKey.export({ format: 'jwk' });
  const pem = privateKey.export({ format: 'pem', type: 'pkcs8' });
  const faults = [
    { pem, alg: 5 }, { pem: pem.replace('END PRIVATE', 'END PUBLIC') }, { ...whole, extra: () => 1 }, { ...whole, use: 5 },
    { keys: [whole, { kty: Symbol('x') }] }, { ...whole, kid: '"'.repeat(500) + '\u0001'.repeat(200), use: 'enc' },
  ];
  for (const [i, key] of faults.entries()) {
    await core.signJwt(claims, key).then(() => left.push(`fault ${i} is accepted`), () => {});
    look(`fault ${i}, d`, Buffer.from(whole.d, 'base64url'));
    look(`fault ${i}, d as text`, whole.d);
    look(`fault ${i}, PEM`, pem);
  }
}
console.log(JSON.stringify(left));
