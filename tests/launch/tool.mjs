// A tool as its author would write it: Node's https and the package, one file.
import { readFileSync } from 'node:fs';
import { createServer } from 'node:https';
import { text } from 'node:stream/consumers';
import {
  beginAuthorization, beginLaunch, deepLinkingResponse, isTokenError, requestUserToken, verifyLaunch,
} from 'canvas-lms-tokens';

const SCRIPT = readFileSync(new URL(import.meta.resolve('canvas-lms-tokens/platform-storage')));
// A cookie of the old kind, as a tool might keep its session in; the browser's policy shows in what becomes of it.
const ORDINARY = 'ordinary=1; Path=/; SameSite=None; Secure; HttpOnly';

/**
 * Listens on a free port. `settings(origin)` gives {platforms, secret, key, client, fetch}. Resolves to {origin, seen, close()}; `seen`
 * has an entry for each request to /launch: how it ended, and what the browser brought.
 */
export async function startTool({ tls, host, settings }) {
  const nonces = new Set();
  const seen = [];
  const server = createServer(tls, (request, response) => answer(request, response).catch((error) => {
    console.error(error);
    if (!response.headersSent) response.writeHead(500).end();
  }));
  await new Promise((listening) => { server.listen(0, '127.0.0.1', listening); });
  const origin = `https://${host}:${server.address().port}`;
  const { key, client, fetch, platforms, secret } = settings(origin);
  const options = { platforms, secret, redirectUri: `${origin}/launch` };

  async function answer(request, response) {
    const html = (status, body, headers = {}) =>
      response.writeHead(status, { 'Content-Type': 'text/html; charset=utf-8', 'Cache-Control': 'no-store', ...headers })
        .end(`<!doctype html>\n<meta charset="utf-8">\n<body>${body}</body>`);
    const { pathname, search } = new URL(request.url, origin);
    const parameters = new URLSearchParams(request.method === 'POST' ? await text(request) : search);

    if (pathname === '/platform-storage.js') {
      response.writeHead(200, { 'Content-Type': 'text/javascript' }).end(SCRIPT);
    } else if (pathname === '/login') {
      const login = await beginLaunch(parameters, options);
      html(200, goOn(login), { 'Set-Cookie': [login.cookie, ORDINARY] });
    } else if (pathname === '/launch') {
      await launch(request, response, parameters, html);
    } else if (pathname === '/authorize') {
      const begun = await beginAuthorization({ client, secret, redirectUri: `${origin}/callback`, returnTo: '/lab' });
      response.writeHead(302, { Location: begun.url, 'Set-Cookie': begun.cookie }).end();
    } else if (pathname === '/callback') {
      await callback(request, html);
    } else {
      html(404, 'not found');
    }
  }

  async function launch({ headers: { cookie, origin: from = null } }, response, parameters, html) {
    const value = parameters.get('stored');
    const entry = { cookies: names(cookie), stored: value === null ? null : from, parameters: Object.fromEntries(parameters) };
    try {
      const verified = await verifyLaunch(parameters, {
        platforms, secret, fetch, cookie, ...(value !== null && { stored: { value, origin: from } }),
        claimNonce: (name) => !nonces.has(name) && Boolean(nonces.add(name)),
      });
      seen.push({ ...entry, outcome: 'launched', user: verified.user.name });
      if (verified.deepLinking) {
        const items = [{ type: 'ltiResourceLink', url: `${origin}/picked`, title: 'Picked' }];
        const { form } = await deepLinkingResponse(verified, { items, key });
        response.writeHead(200, { 'Content-Type': 'text/html; charset=utf-8', 'Set-Cookie': verified.clearCookie }).end(form);
      } else {
        html(200, `<h1>Welcome, ${escape(verified.user.name)}</h1>`, { 'Set-Cookie': verified.clearCookie });
      }
    } catch (error) {
      if (!isTokenError(error)) throw error;
      const asks = error.code === 'ERR_LTI_STATE_NOT_BOUND' && error.storage && value === null;
      seen.push({ ...entry, outcome: asks ? 'asked for what is stored' : error.code, message: error.message });
      if (asks) html(200, askStorage(error.storage, parameters));
      else html(403, `<h1>Refused: ${error.code}</h1>`);
    }
  }

  async function callback({ url, headers: { cookie } }, html) {
    try {
      const token = await requestUserToken(url, { client, secret, redirectUri: `${origin}/callback`, cookie, fetch });
      html(200, `<h1>A token of ${escape(token.user.name)}, who goes on to ${token.returnTo}</h1>`, { 'Set-Cookie': token.clearCookie });
    } catch (error) {
      if (!isTokenError(error)) throw error;
      html(403, `<h1>Refused: ${error.code} ${error.oauthError ?? ''}</h1>`);
    }
  }

  return {
    origin, seen,
    close: () => new Promise((closed) => {
      server.close(closed);
      server.closeAllConnections();
    }),
  };
}

/**
 * A page that puts what binds the login to this browser into the platform's storage, if it has one, and goes on to the platform.
 * Without one a redirect would do, but for browsers that withhold the platform's own session from a redirect of another site.
 */
const goOn = ({ storage, url }) => script(`
  const storage = ${json(storage)};
  // Where it fails, there may still be the cookie.
  if (storage) await platformStorage(storage, { timeout: 10_000 }).put(storage.key, storage.value).catch(console.warn);
  location.replace(${json(url)});
`);

/** A page that gets it from there, and posts the launch again with it. */
const askStorage = (storage, parameters) => `
  <form method="post" action="/launch">
    ${['id_token', 'state'].map((name) => `<input type="hidden" name="${name}" value="${escape(parameters.get(name) ?? '')}">`).join('\n')}
    <input type="hidden" name="stored">
  </form>
  <h1>One moment</h1>
  ${script(`
    const { key, ...where } = ${json(storage)};
    const [form, heading] = document.querySelectorAll('form, h1');
    try {
      const storage = platformStorage(where, { timeout: 4000 });
      form.elements.stored.value = await storage.get(key) ?? '';
      await storage.put(key, null);
      form.submit();
    } catch ({ code, message }) {
      heading.textContent = \`Refused by the page: \${code}, \${message}\`;
    }
  `)}`;

const script = (code) =>
  `<script type="module">\nimport { platformStorage } from '/platform-storage.js';\n${code}</script>`;
const json = (value) => JSON.stringify(value).replaceAll('<', '\\u003c');
const escape = (value) => value.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);
const names = (cookie = '') => cookie.split('; ').filter(Boolean).map((pair) => pair.split('=')[0].replace(/^(__Host-lti)-.*/, '$1')).sort();
