// Sites over TLS: an institution's Canvas, the host of its platform's authorization endpoint, a tool, and somebody's own page.
// Each is a site of its own, since "localhost" is a top-level domain like any other, which browsers find on this machine.
import { generateKeyPairSync } from 'node:crypto';
import { once } from 'node:events';
import { request } from 'node:https';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { createEmulator, defaultSeeds } from 'canvas-lms-tokens/emulator';
import { serve } from '../../scripts/serve.mjs';
import { certify } from './authority.mjs';
import { startTool } from './tool.mjs';

const HOSTS = { canvas: 'canvas.localhost', sso: 'sso.localhost', tool: 'tool.localhost', evil: 'evil.localhost', sibling: 'evil.tool.localhost' };
// What stands where the tool is.
export const TOOL_PAGE = '/courses/1/external_tools/7';
export const CLIENT_ID = '10000000000042';
// The tool's other key, for users' tokens.
const API_KEY = { id: '10000000000043', name: 'Tool', secret: 'secret-of-the-api-key' };
const LIMIT = 20_000;

/**
 * Resolves to {canvas, sso, evil, sibling (origins; the last is below the tool's), tool, emulator, fetch, page(html, origin), close()}. `fetch` trusts the test authority, and
 * page() gives the address of a page of evil's, or of Canvas's. `sso`: the host of the authorization endpoint; Instructure's cloud has one for all
 * institutions, a Canvas of one's own is its own. `start` starts the tool, `developerKey` is what else Canvas has of it.
 */
export async function startWorld({ sso: host = HOSTS.sso, start = startTool, developerKey = {} } = {}) {
  const { ca, ...tls } = certify(Object.values(HOSTS));
  const pages = [];
  let emulator;
  const platform = await serve({ tls, handler: (asked) => pageOf(pages, asked) ?? emulator.fetch(asked) });
  const others = await serve({ tls, handler: (asked) => pageOf(pages, asked) ?? new Response('not found', { status: 404 }) });
  const [canvas, sso] = [HOSTS.canvas, host].map((name) => `https://${name}:${platform.port}`);
  const [evil, sibling] = [HOSTS.evil, HOSTS.sibling].map((name) => `https://${name}:${others.port}`);
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const jwk = (key) => ({ ...key.export({ format: 'jwk' }), kid: 'tool', alg: 'RS256', use: 'sig' });
  const fetch = fetchWith(ca);

  const tool = await start({
    tls, host: HOSTS.tool,
    settings: () => ({
      platforms: {
        issuer: 'https://canvas.instructure.com', clientId: CLIENT_ID,
        authorizationEndpoint: `${sso}/api/lti/authorize_redirect`,
        tokenEndpoint: `${sso}/login/oauth2/token`,
        jwksUri: `${sso}/api/lti/security/jwks`,
      },
      secret: crypto.getRandomValues(new Uint8Array(32)), key: jwk(privateKey), fetch,
      client: { baseUrl: canvas, clientId: API_KEY.id, clientSecret: API_KEY.secret },
    }),
  });
  emulator = createEmulator({
    baseUrl: canvas, authUrl: `${sso}/api/lti/authorize_redirect`,
    developerKeys: [{
      id: CLIENT_ID, name: 'Tool', publicJwk: jwk(publicKey), redirectUris: [`${tool.origin}/launch`],
      oidcInitiationUrl: `${tool.origin}/login`, targetLinkUri: `${tool.origin}/activity`,
      placements: ['course_navigation', { placement: 'link_selection', messageType: 'LtiDeepLinkingRequest' }],
      ...developerKey,
    }, { ...API_KEY, redirectUris: [`${tool.origin}/callback`] }],
    tools: defaultSeeds.tools,
  });
  return {
    canvas, sso, evil, sibling, tool, emulator, fetch,
    page: (html, origin = evil) => `${origin}/pages/${pages.push(html) - 1}`,
    close: () => Promise.all([platform, others, tool].map((server) => server.close())),
  };
}

function pageOf(pages, { url }) {
  const [, number] = /^\/pages\/(\d+)$/.exec(new URL(url).pathname) ?? [];
  return number && new Response(pages[number], { headers: { 'Content-Type': 'text/html; charset=utf-8' } });
}

/** A fetch for servers of this machine, whatever their names, that trusts this authority alone. */
function fetchWith(ca) {
  const lookup = (_, { all }, found) => (all ? found(null, [{ address: '127.0.0.1', family: 4 }]) : found(null, '127.0.0.1', 4));
  return async (input, init) => {
    const asked = new Request(input, init);
    const sent = request(asked.url, { method: asked.method, headers: Object.fromEntries(asked.headers), ca, lookup, agent: false });
    sent.end(Buffer.from(await asked.arrayBuffer()));
    const [answer] = await once(sent, 'response');
    const { statusCode: status, rawHeaders } = answer;
    const headers = rawHeaders.flatMap((name, i) => (i % 2 ? [] : [[name, rawHeaders[i + 1]]]));
    const body = await text(answer);
    return new Response([204, 304].includes(status) ? null : body, { status, headers });
  };
}

/** Waits until something holds. */
export async function until(holds) {
  for (const end = Date.now() + LIMIT; !(await holds());) {
    if (Date.now() > end) throw new Error(`it is not so after ${LIMIT} ms: ${holds}`);
    await sleep(50);
  }
}

/** Waits until a browser's page, or this frame of it, shows something like this; resolves to its text. */
export async function shows(browser, frame, pattern) {
  let shown;
  await until(async () => {
    try {
      await browser.frame(null);
      if (frame) await browser.frame(frame);
      shown = await browser.run(() => document.body.innerText);
    } catch (error) {
      // A page that goes to another one while it is asked.
      shown = error.message;
    }
    return pattern.test(shown);
  }).catch(() => {
    throw new Error(`expected ${pattern}, the page shows: ${shown}`);
  });
  return shown;
}

/** Logs a browser in to Canvas, as one of the emulator's users; it goes on to the tool in course 1. */
export async function logIn(browser, { canvas }, user) {
  await browser.goto(`${canvas}/login/canvas?return_to=${encodeURIComponent(TOOL_PAGE)}`);
  await browser.run((name) => {
    [...document.querySelectorAll('button')].find(({ innerText }) => innerText === name).click();
  }, user);
}
