// A platform that makes launches by the thousand: it signs the emulator's own claims anew, and answers for its keys.
import { createPrivateKey, createSign } from 'node:crypto';
import { beginLaunch, decode } from 'canvas-lms-tokens';
import { CLIENT_ID, ORIGIN, PLATFORM, SECRET, STUDENT, makeCanvas } from './world.mjs';

const encoded = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');

/**
 * {platform, jwks (what it publishes), login(more), launch(login)}: `login` is what a browser posts to the tool, `launch` what it
 * posts after that, by the state and nonce in the URL that the tool sends it to.
 */
export async function makePlatform(platform = PLATFORM) {
  const canvas = makeCanvas();
  const { form } = await canvas.launch({ developerKeyId: CLIENT_ID, courseId: 1, userId: STUDENT });
  const begun = await beginLaunch(form, { platforms: PLATFORM, secret: SECRET, redirectUri: `${ORIGIN}/lti/launch` });
  const { id_token } = (await canvas.authorize(begun.url)).form;
  const { header, claims } = decode(id_token);
  const jwk = (await canvas.keys()).lti.present;
  const key = createPrivateKey({ key: jwk, format: 'jwk' });
  const { kid, kty, n, e } = jwk;
  const sign = (payload) => {
    const input = `${encoded(header)}.${encoded(payload)}`;
    return `${input}.${createSign('RSA-SHA256').update(input).sign(key, 'base64url')}`;
  };
  return {
    platform,
    jwks: { keys: [{ kid, kty, n, e, alg: 'RS256', use: 'sig' }] },
    login: { ...form, iss: platform.issuer },
    launch(url) {
      const { searchParams } = new URL(url);
      const iat = Math.floor(Date.now() / 1000);
      const id = sign({ ...claims, iss: platform.issuer, iat, exp: iat + 3600, nonce: searchParams.get('nonce') });
      return { id_token: id, state: searchParams.get('state'), lti_storage_target: form.lti_storage_target };
    },
    /** A login and its launch: {body, cookie, state}, ready to be posted. */
    async ready(redirectUri = `${ORIGIN}/lti/launch`) {
      const { url, cookie, state } = await beginLaunch(this.login, { platforms: platform, secret: SECRET, redirectUri });
      return { body: String(new URLSearchParams(this.launch(url))), cookie: cookie.split(';')[0], state };
    },
  };
}

/** A sequence of numbers from 0 to 1 that is the same each time (mulberry32). */
export function seeded(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Works on a list with so many at once. */
export async function each(list, width, work) {
  let next = 0;
  await Promise.all(Array.from({ length: width }, async () => {
    while (next < list.length) await work(list[next], next++);
  }));
}
