// A tool, the emulator as its Canvas, and as much of a browser as a launch needs, all in this process.
import assert from 'node:assert/strict';
import { generateKey } from 'canvas-lms-tokens';
import { createEmulator, defaultSeeds } from 'canvas-lms-tokens/emulator';
import { createTool, memoryStore } from 'canvas-lms-tokens/tool';

export const ORIGIN = 'https://tool.example';
export const CLIENT_ID = '10000000000042';
export const SECRET = 'a secret of the tool of more than 32 bytes';
export const [TEACHER, STUDENT] = [2, 3];
export const KEY = await generateKey('RS256');
const AGS = 'https://purl.imsglobal.org/spec/lti-ags/scope/';
export const SCOPES = [`${AGS}lineitem`, `${AGS}score`, 'https://purl.imsglobal.org/spec/lti/scope/noticehandlers'];
export const PLATFORM = {
  issuer: 'https://canvas.instructure.com', clientId: CLIENT_ID,
  authorizationEndpoint: 'https://sso.canvaslms.com/api/lti/authorize_redirect',
  tokenEndpoint: 'https://sso.canvaslms.com/login/oauth2/token',
  jwksUri: 'https://sso.canvaslms.com/api/lti/security/jwks',
};

export const html = (text) => new Response(`<!doctype html><h1>${text}</h1>`, { headers: { 'content-type': 'text/html; charset=utf-8' } });

/** The emulator, with the tool registered in it; `fetch` reaches the tool too, where one is given by `connect`. */
export function makeCanvas({ developerKey = {}, ...options } = {}) {
  let tool;
  const canvas = createEmulator({
    developerKeys: [{
      id: CLIENT_ID, name: 'Tool', publicJwkUrl: `${ORIGIN}/lti/jwks`, redirectUris: [`${ORIGIN}/lti/launch`],
      oidcInitiationUrl: `${ORIGIN}/lti/login`, targetLinkUri: `${ORIGIN}/lti/launch`, scopes: SCOPES, domain: 'tool.example',
      ...developerKey,
    }],
    tools: defaultSeeds.tools,
    // Canvas's own requests, to the tool.
    fetch: (input, init) => tool.fetch(new Request(input, init)),
    ...options,
  });
  return Object.assign(canvas, { connect: (one) => (tool = one) });
}

/** {tool, canvas, launched}: a tool whose options may be others, and what it was launched with. */
export function makeWorld(options = {}, seeds = {}) {
  const canvas = makeCanvas(seeds);
  const launched = [];
  const tool = createTool({
    platforms: PLATFORM, keys: [KEY.privateKey], secret: SECRET, store: memoryStore(), fetch: canvas.fetch,
    onLaunch(launch, context) {
      launched.push({ launch, context });
      return html(`Welcome, ${launch.user?.name}`);
    },
    ...options,
  });
  canvas.connect(tool);
  return { canvas, tool, launched };
}

/** A request of a browser: its cookies are sent, and kept as the answer sets them. */
export class Browser {
  jar = new Map();

  constructor(tool, { cookies = true } = {}) {
    Object.assign(this, { tool, cookies });
  }

  async ask(path, { form, headers = {}, ...init } = {}) {
    const cookie = [...this.jar].map((pair) => pair.join('=')).join('; ');
    const response = await this.tool.fetch(new Request(new URL(path, ORIGIN), {
      ...(form && { method: 'POST', body: new URLSearchParams(form) }), ...init, headers: { ...(cookie && { cookie }), ...headers },
    }));
    for (const header of this.cookies ? response.headers.getSetCookie() : []) {
      const [, name, value] = /^([^=]+)=([^;]*)/.exec(header);
      if (/; Max-Age=0/.test(header)) this.jar.delete(name);
      else this.jar.set(name, value);
    }
    return response;
  }
}

/** What a page of the tool tells its script. */
export const dataOf = (page) => JSON.parse(/<script type="application\/json" id="lti">(.*)<\/script>/.exec(page)[1]);

/** What Canvas has the browser post to the tool's login. */
export const loginForm = async (canvas, how = {}) =>
  (await canvas.launch({ developerKeyId: CLIENT_ID, courseId: 1, userId: STUDENT, ...how })).form;

/** Begins a login in a browser: {page, data (what the page tells its script), form (of the launch, as Canvas has it posted)}. */
export async function begin({ canvas }, browser, how) {
  const response = await browser.ask('/lti/login', { form: await loginForm(canvas, how) });
  const page = await response.text();
  if (response.status !== 200) throw new Error(`${response.status}: ${page}`);
  const data = dataOf(page);
  const { form } = await canvas.authorize(data.url);
  return { page, data, form };
}

/** A whole launch; resolves to the tool's answer. */
export async function launch(world, how, browser = new Browser(world.tool)) {
  const { form } = await begin(world, browser, how);
  return browser.ask('/lti/launch', { form });
}

/** The code of the error that a page of the tool names. */
export const codeOf = (page) => /<code id="code">(ERR_\w+)/.exec(page)?.[1];

/** Holds that a page of the tool says that it failed, with this error. */
export async function refused(response, code) {
  const text = await response.text();
  assert.equal(codeOf(text), code, text);
  assert.ok(response.status >= 400);
}

/** A request with this body, as it stands. */
export const posted = (path, body, headers = { 'content-type': 'application/x-www-form-urlencoded' }) =>
  new Request(ORIGIN + path, { method: 'POST', body, headers, duplex: 'half' });
