// An emulator with a clock that stands still, and tokens made by jose and node:crypto, which share no code with it.

import { createHmac } from 'node:crypto';
import { createEmulator } from 'canvas-lms-tokens/emulator';
import { SignJWT } from 'jose';

export const NOW = 1_700_000_000;
export const HOST = 'https://canvas.test';
export const AUTHORIZE = `${HOST}/api/lti/accounts/1/authorize`;
export const GUID = '123123-ad13-ac233';
export const BEARER = 'urn:ietf:params:oauth:grant-type:jwt-bearer';
export const TEACHER = '1~user-access-token';
export const ADMIN = '1~admin-access-token';
export const GUEST = '9000~guest-access-token';

export const bytes = (text) => new TextEncoder().encode(text);

export function start(options = {}) {
  const clock = { now: NOW };
  const emulator = createEmulator({ now: () => clock.now, throttle: false, ...options });
  const at = (path) => new URL(path, HOST).href;

  /** Sends, and gives { status, headers, text, body }. */
  async function send(method, path, { bearer, json, form, headers = {}, ...init } = {}) {
    const sent = { ...headers };
    if (bearer) sent.authorization = `Bearer ${bearer}`;
    let body = init.body;
    if (json !== undefined) {
      sent['content-type'] ??= 'application/json';
      body = typeof json === 'string' ? json : JSON.stringify(json);
    } else if (form) {
      body = form instanceof FormData ? form : new URLSearchParams(form);
    }
    const response = await emulator.fetch(at(path), { ...init, method, headers: sent, body });
    const text = await response.text();
    return { status: response.status, headers: response.headers, text, body: parsed(text) };
  }

  return {
    ...emulator,
    clock,
    get: (path, options) => send('GET', path, options),
    post: (path, options) => send('POST', path, options),
    put: (path, options) => send('PUT', path, options),
    delete: (path, options) => send('DELETE', path, options),
    reason: () => emulator.refusals.at(-1)?.reason,
  };
}

function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

let serial = 0;
export const claims = (changes = {}) => ({
  sub: GUID, aud: AUTHORIZE, exp: NOW + 60, iat: NOW, jti: `jti-${(serial += 1)}`, ...changes,
});

export const sign = (payload, secret = 'secret', alg = 'HS256') =>
  new SignJWT(payload).setProtectedHeader({ alg, typ: 'JWT' }).sign(bytes(secret));

const base64url = (text) => Buffer.from(text).toString('base64url');

/** Signs text as it is, valid JSON or not. */
export function signText(payload, secret, header = '{"alg":"HS256","typ":"JWT"}', hash = 'sha256') {
  const input = `${base64url(header)}.${base64url(payload)}`;
  return `${input}.${createHmac(hash, secret).update(input).digest('base64url')}`;
}

export const payloadText = (token) => Buffer.from(token.split('.')[1], 'base64url').toString();
export const headerOf = (token) => JSON.parse(Buffer.from(token.split('.')[0], 'base64url').toString());
export const payloadOf = (token) => JSON.parse(payloadText(token));

/** An access token of the seeded tool proxy, through the authorize endpoint. */
export async function toolToken(canvas, changes = {}, { secret = 'secret', ...form } = {}) {
  const assertion = await sign(claims({ iat: canvas.clock.now, exp: canvas.clock.now + 60, ...changes }), secret);
  const path = new URL([changes.aud ?? AUTHORIZE].flat()[0]).pathname;
  const answer = await canvas.post(path, { form: { grant_type: BEARER, assertion, ...form } });
  if (answer.status !== 200) throw new Error(`${answer.status} ${answer.text}: ${canvas.reason()}`);
  return answer.body.access_token;
}

export const UNAUTHENTICATED = { status: 'unauthenticated', errors: [{ message: 'user authorization required' }] };
export const NOT_FOUND = { errors: [{ message: 'The specified resource does not exist.' }] };
export const REALM = 'Bearer realm="canvas-lms"';
