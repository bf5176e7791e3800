// A Canvas to call, in this process or over HTTP, with a token of each kind.
import { Canvas, requestAccessToken } from 'canvas-lms-tokens';
import { createEmulator } from 'canvas-lms-tokens/emulator';
import { serveEmulator } from '../../../scripts/serve.mjs';
import { answers } from '../node/servers.mjs';

export const GUID = '123123-ad13-ac233';
export const REG_KEY = '9359e0cd-6a69-4ca9-91b6-162cf0711a5b';
export const HOST = 'https://canvas.test';
export const USER_TOKEN = '1~user-access-token';
export const GUEST_TOKEN = '9000~guest-access-token';

const TOOL = { sub: GUID, secret: 'secret' };
const REGISTRANT = { sub: 10000000000003, secret: 'developer-key-secret', code: REG_KEY };

export const WAYS = {
  'in process': async (t, options) => {
    const emulator = createEmulator(options);
    return { emulator, baseUrl: HOST, fetch: emulator.fetch };
  },
  'over HTTP': async (t, options) => {
    const { url, emulator, close } = await serveEmulator({ options });
    t.after(close);
    return { emulator, baseUrl: url, fetch: globalThis.fetch };
  },
};

/** An emulator; `site.user()` and the like are a Canvas with such a token. */
export async function open(t, { way = 'in process', ...options } = {}) {
  const { emulator, baseUrl, fetch } = await WAYS[way](t, { throttle: false, ...options });
  const canvas = (accessToken, more) => new Canvas({ baseUrl, fetch, accessToken, ...more });
  const granted = async (claims, context = 'accounts/1') => {
    const { accessToken } = await requestAccessToken({ url: `${baseUrl}/api/lti/${context}/authorize`, fetch, ...claims });
    emulator.requests.clear();
    return accessToken;
  };
  return {
    emulator,
    baseUrl,
    fetch,
    canvas,
    granted,
    none: (more) => canvas(undefined, more),
    user: (more) => canvas(USER_TOKEN, more),
    guest: (more) => canvas(GUEST_TOKEN, more),
    tool: async (more) => canvas(await granted(TOOL), more),
    registrant: async (more) => canvas(await granted(REGISTRANT), more),
    reason: () => emulator.refusals.at(-1)?.reason,
    /** The one request that was sent. */
    sent: () => {
      if (emulator.requests.length !== 1) throw new Error(`${emulator.requests.length} requests were sent`);
      return emulator.requests[0];
    },
  };
}

/** A Canvas whose fetch takes its answers from a list, and what that fetch was given. */
export function answering(...list) {
  const fetch = answers(...list);
  const canvas = new Canvas({ baseUrl: HOST, accessToken: 'tool-access-token', fetch });
  return { canvas, calls: fetch.calls, fetch };
}

export const json = (status, value, headers = {}) =>
  ({ status, headers: { 'content-type': 'application/json', ...headers }, body: JSON.stringify(value) });
