// The libraries that need node:crypto, and node:crypto alone: the least that anyone can do.
import * as crypto from 'node:crypto';
import { createDecoder, createSigner, createVerifier } from 'fast-jwt';
import jsonwebtoken from 'jsonwebtoken';
import { audience } from './operations.mjs';

const ALGS = ['HS256', 'RS256', 'ES256'];

/** {library: {kind of operation: function}} */
export function onNode(keys) {
  const secret = crypto.createSecretKey(Buffer.from(keys.secret));
  const objects = { HS256: { privateKey: secret, publicKey: secret } };
  for (const name of ['RS256', 'ES256', 'RSA-OAEP']) {
    objects[name] = {
      privateKey: crypto.createPrivateKey({ key: keys[name].privateKey, format: 'jwk' }),
      publicKey: crypto.createPublicKey({ key: keys[name].publicKey, format: 'jwk' }),
    };
  }
  return {
    jsonwebtoken: jsonwebtokenWith(objects),
    'fast-jwt': fastJwtWith(keys, objects),
    'node:crypto': alone(keys, objects),
  };
}

function jsonwebtokenWith(objects) {
  const rows = ALGS.flatMap((alg) => {
    const { privateKey, publicKey } = objects[alg];
    const signing = { algorithm: alg };
    const verifying = { algorithms: [alg], audience };
    return [
      [`${alg} sign`, (claims) => jsonwebtoken.sign(claims, privateKey, signing)],
      [`${alg} verify`, (token) => jsonwebtoken.verify(token, publicKey, verifying)],
    ];
  });
  // What is no token is null here.
  const decode = (token) => jsonwebtoken.decode(token, { complete: true }) ?? refuse();
  return { ...Object.fromEntries(rows), decode };
}

function fastJwtWith({ secret }, objects) {
  const pem = (key, type) => key.export({ type, format: 'pem' });
  const rows = ALGS.flatMap((alg) => {
    const { privateKey, publicKey } = objects[alg];
    const [own, other] = alg === 'HS256' ? [secret, secret] : [pem(privateKey, 'pkcs8'), pem(publicKey, 'spki')];
    return [
      [`${alg} sign`, createSigner({ key: own, algorithm: alg })],
      [`${alg} verify`, createVerifier({ key: other, algorithms: [alg], allowedAud: audience, cache: false })],
    ];
  });
  return { ...Object.fromEntries(rows), decode: createDecoder({ complete: true }) };
}

function alone({ content }, { HS256: { privateKey: secret }, ...objects }) {
  const part = (text) => Buffer.from(text).toString('base64url');
  const json = (text) => JSON.parse(Buffer.from(text, 'base64url').toString());
  const signed = (alg, sign) => {
    const start = `${part(JSON.stringify({ alg, typ: 'JWT' }))}.`;
    return (claims) => {
      const input = start + part(JSON.stringify(claims));
      return `${input}.${sign(input).toString('base64url')}`;
    };
  };
  const verified = (isRight) => (token) => {
    const end = token.lastIndexOf('.');
    const input = token.slice(0, end);
    if (!isRight(input, Buffer.from(token.slice(end + 1), 'base64url'))) refuse();
    const claims = json(input.slice(input.indexOf('.') + 1));
    if (claims.aud !== audience || claims.exp <= Date.now() / 1000) refuse();
    return claims;
  };
  const hmac = (input) => crypto.createHmac('sha256', secret).update(input).digest();
  const key = (name, which) => ({ key: objects[name][which], dsaEncoding: 'ieee-p1363' });
  const rows = ['RS256', 'ES256'].flatMap((alg) => [
    [`${alg} sign`, signed(alg, (input) => crypto.sign('sha256', Buffer.from(input), key(alg, 'privateKey')))],
    [`${alg} verify`, verified((input, signature) =>
      crypto.verify('sha256', Buffer.from(input), key(alg, 'publicKey'), signature))],
  ]);
  return {
    ...Object.fromEntries(rows),
    'HS256 sign': signed('HS256', hmac),
    'HS256 verify': verified((input, signature) => crypto.timingSafeEqual(hmac(input), signature)),
    decode(token) {
      const [header, claims] = token.split('.');
      return { header: json(header), claims: json(claims) };
    },
    'dir+A256GCM decrypt'(token) {
      const [header, , iv, ciphertext, tag] = token.split('.');
      const decipher = crypto.createDecipheriv('aes-256-gcm', content, Buffer.from(iv, 'base64url'));
      decipher.setAAD(Buffer.from(header)).setAuthTag(Buffer.from(tag, 'base64url'));
      return { plaintext: Buffer.concat([decipher.update(ciphertext, 'base64url'), decipher.final()]) };
    },
    'RSA-OAEP+A128CBC-HS256 decrypt'(token) {
      const [header, wrapped, iv, ciphertext, tag] = token.split('.');
      const unwrapped = crypto.privateDecrypt(objects['RSA-OAEP'].privateKey, Buffer.from(wrapped, 'base64url'));
      const bits = Buffer.alloc(8);
      bits.writeUInt32BE(header.length * 8, 4);
      const [vector, binary] = [iv, ciphertext].map((value) => Buffer.from(value, 'base64url'));
      const mac = crypto.createHmac('sha256', unwrapped.subarray(0, 16))
        .update(header).update(vector).update(binary).update(bits).digest().subarray(0, 16);
      if (!crypto.timingSafeEqual(mac, Buffer.from(tag, 'base64url'))) refuse();
      const decipher = crypto.createDecipheriv('aes-128-cbc', unwrapped.subarray(16), vector);
      return { plaintext: Buffer.concat([decipher.update(binary), decipher.final()]) };
    },
  };
}

function refuse() {
  throw new Error('refused');
}
