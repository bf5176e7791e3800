// A whole launch, as a browser makes it that keeps cookies and runs no scripts.

import { readLinks } from './html.js';

const AUTHORIZATION = /\/api\/lti\/authorize(_redirect)?$/;

export function createOpen(canvas, { launch, authorize }) {
  /** Opens the tool: what it answers the launch with, and the cookies that the browser has of it then. */
  return async function open(options) {
    if (!canvas.fetch) throw new TypeError('the emulator has no fetch, expected createEmulator({ fetch }), which reaches the tool');
    const jar = new Map();
    const cookieOf = () => [...jar].map((pair) => pair.join('=')).join('; ');

    // Both forms are on pages of the institution's.
    const { origin } = new URL(options?.baseUrl ?? canvas.baseUrl);

    async function post({ url, form }) {
      const cookie = cookieOf();
      const headers = { accept: 'text/html', 'user-agent': 'Mozilla/5.0 (emulated)', origin, ...(cookie && { cookie }) };
      const response = await canvas.fetch(url, { method: 'POST', headers, body: new URLSearchParams(form), redirect: 'manual' });
      for (const line of response.headers.getSetCookie()) {
        const [, name, value] = /^([^=;]*)=([^;]*)/.exec(line) ?? [];
        if (/;\s*max-age=0*(-\d+|0)\s*(;|$)/i.test(line)) jar.delete(name);
        else if (name) jar.set(name, value);
      }
      return response;
    }

    const { cookie, ...login } = await launch(options);
    const next = await authorizationOf(await post(login), login.url);
    const response = await post(await authorize(next, { cookie }));
    return { response, cookie: cookieOf() };
  };
}

/** Where the tool's answer to a login leads: a redirect, or a link to Canvas, as a page has it for browsers without scripts. */
async function authorizationOf(response, base) {
  const location = response.headers.get('location');
  const body = location ? '' : await response.text();
  const leads = [location, ...readLinks(body)].filter((url) => url && URL.canParse(url, base)).map((url) => new URL(url, base));
  const found = leads.find(({ pathname }) => AUTHORIZATION.test(pathname));
  if (found) return found.href;
  const { status } = response;
  throw Object.assign(new Error(`the tool answers the login with ${status} and no way to Canvas: ${location ?? body.slice(0, 200)}`), { status, body });
}
