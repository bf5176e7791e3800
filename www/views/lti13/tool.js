// The tool of the diagram, made of the package as any tool is: it answers logins and launches, and publishes its key. Requests and
// answers are plain objects, as no script of a page can read or set cookies in those of the Fetch standard.
import { core } from '../../package/core.js';

export const TOOL = 'https://tool.example';
export const CLIENT_ID = '10000000000042';
const REDIRECT_URI = `${TOOL}/launch`;

/**
 * @param platform the Canvas where the tool is registered
 * @param key its private key, a JWK
 * @param fetch what it asks Canvas with
 */
export function createTool({ platform, key, fetch }) {
  const secret = crypto.getRandomValues(new Uint8Array(32));
  const used = new Set();
  const tool = {
    fetch,
    /** Of the last launch that was verified. */
    launch: undefined,
    /** Why the last one was refused. */
    refusal: undefined,
    redirectUri: REDIRECT_URI,
    isKeyPublished: true,

    /** {status, headers, body, cookie (Set-Cookie)} for {method, url, body, cookie}. */
    async handle({ url, body, cookie }) {
      const { pathname } = new URL(url);
      tool.refusal = undefined;
      try {
        return await ROUTES[pathname](new URLSearchParams(body), cookie);
      } catch (error) {
        tool.refusal = error;
        return page(401, `<h1>You could not be let in</h1>\n<p>${error.message}</p>`);
      }
    },
  };

  const ROUTES = {
    async '/login'(form) {
      const { beginLaunch } = await core();
      const login = await beginLaunch(form, { platforms: platform, redirectUri: tool.redirectUri, secret });
      return { status: 302, headers: { location: login.url }, body: '', cookie: login.cookie };
    },
    async '/launch'(form, cookie) {
      const { verifyLaunch } = await core();
      const claimNonce = (name) => !used.has(name) && Boolean(used.add(name));
      tool.launch = await verifyLaunch(form, { platforms: platform, secret, cookie, fetch, claimNonce });
      const { user, messageType, resourceLink } = tool.launch;
      const shown = messageType === 'LtiDeepLinkingRequest' ? 'Choose what to add to the course.' : `${resourceLink.title ?? 'Your work'} begins.`;
      return page(200, `<h1>Welcome, ${user.name}</h1>\n<p>${shown}</p>`);
    },
    async '/jwks'() {
      const { generateKey, publicJwks } = await core();
      const shown = tool.isKeyPublished ? key : (await generateKey('RS256')).privateKey;
      return { status: 200, headers: { 'content-type': 'application/json' }, body: JSON.stringify(publicJwks([shown]), null, 2) };
    },
  };
  return tool;
}

const page = (status, body) => ({ status, headers: { 'content-type': 'text/html; charset=utf-8' }, body });
