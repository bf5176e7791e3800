// The emulator on a port, in Canvas's place, and what a browser without windows does between it and a tool.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createEmulator, serve } from 'canvas-lms-tokens/emulator';

export const CLIENT_ID = '10000000000042';

/** Serves an emulator with these options. Resolves to {url, emulator, close()}. */
export async function startCanvas(options = {}) {
  let emulator;
  // Its address is one of its own options.
  const server = await serve({ fetch: (request) => emulator.fetch(request) });
  emulator = createEmulator({ baseUrl: server.url, fetch, ...options });
  return { url: server.url, close: server.close, emulator };
}

/** The seeds.json of a recipe, for a tool that is elsewhere than on port 3000. */
export const seedsOf = (folder, tool) =>
  JSON.parse(readFileSync(join(folder, 'seeds.json'), 'utf8').replaceAll('http://localhost:3000', tool));

/** A browser: it keeps cookies, and follows nothing by itself. */
export function makeBrowser() {
  const cookies = new Map();
  const cookie = () => [...cookies].map((pair) => pair.join('=')).join('; ');
  async function send(url, form, headers = {}) {
    const response = await fetch(url, {
      method: form ? 'POST' : 'GET', body: form && new URLSearchParams(form), redirect: 'manual',
      headers: { Cookie: cookie(), ...headers },
    });
    for (const line of response.headers.getSetCookie()) {
      const [name, value] = line.split(';')[0].split('=');
      cookies.set(name, value);
    }
    return response;
  }
  return {
    cookie, send,
    /** Begins a launch, and comes back from Canvas; `urlOf` finds in the tool's page where it leads. Resolves to {url, form}, which is
     *  to be posted. */
    async beginLaunch(emulator, options, urlOf) {
      const login = await emulator.launch({ developerKeyId: CLIENT_ID, ...options });
      const page = await (await send(login.url, login.form)).text();
      return emulator.authorize(urlOf(page));
    },
  };
}

/** An id_token as the platform did not sign it. */
export function forged(form) {
  const [header, payload, signature] = form.id_token.split('.');
  const claims = JSON.parse(Buffer.from(payload, 'base64url'));
  const changed = Buffer.from(JSON.stringify({ ...claims, name: 'Mallory' })).toString('base64url');
  return { ...form, id_token: [header, changed, signature].join('.') };
}
