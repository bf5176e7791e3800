// A client of Canvas's OAuth2, a Canvas with its developer key, and one browser's way through an authorization.
import { createHash, createHmac } from 'node:crypto';
import * as api from 'canvas-lms-tokens';
import { createEmulator } from 'canvas-lms-tokens/emulator';

export const NOW = 1_800_000_000;
export const BASE = 'https://school.test';
export const REDIRECT_URI = 'https://tool.test/callback';
export const SECRET = 'a secret of the tool of more than 32 bytes';
export const CLIENT_SECRET = 'the secret of the developer key';
export const client = { baseUrl: BASE, clientId: 10000000000077, clientSecret: CLIENT_SECRET };

export const developerKey = (changes = {}) =>
  ({ id: 10000000000077, name: 'Tool', secret: CLIENT_SECRET, redirectUris: [REDIRECT_URI], ...changes });

/** A Canvas whose clock stands still, with what was sent to its token endpoint. */
export function canvasWith(key = {}, options = {}) {
  const clock = { now: NOW };
  const emulator = createEmulator({ now: () => clock.now, throttle: false, developerKeys: [developerKey(key)], ...options });
  const forms = () => emulator.requests.filter(({ method, url }) => method === 'POST' && url.endsWith('/login/oauth2/token'))
    .map(({ body }) => Object.fromEntries(new URLSearchParams(body)));
  return { ...emulator, clock, forms, reason: () => emulator.refusals.at(-1)?.reason };
}

export const begin = (options = {}) =>
  api.beginAuthorization({ client, redirectUri: REDIRECT_URI, secret: SECRET, now: NOW, ...options });

/** The Cookie header that a browser makes of a Set-Cookie header. */
export const cookieOf = (setCookie) => setCookie.split(';')[0];

export const take = (request, options = {}) =>
  api.requestUserToken(request, { client, redirectUri: REDIRECT_URI, secret: SECRET, now: NOW + 1, retries: 0, ...options });

/** An authorization from its beginning to its token, in one browser. */
export async function authorize(canvas, { begun = {}, consent = {}, taken = {} } = {}) {
  const authorization = await begin(begun);
  const callback = await canvas.consent(authorization.url, consent);
  return take(callback, { cookie: cookieOf(authorization.cookie), fetch: canvas.fetch, ...taken });
}

export const claimsOf = (state) => JSON.parse(Buffer.from(state.split('.')[1], 'base64url'));
export const s256 = (verifier) => createHash('sha256').update(verifier).digest('base64url');
export const hmac = (key, text) => createHmac('sha256', key).update(text).digest('base64url');
