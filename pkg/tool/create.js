// createTool: what the core decides, put together as one handler of requests.
import {
  LtiServices, beginLaunch, deepLinkingResponse, encryptedStore, isTokenError, publicJwks, remoteJwks, verifyLaunch,
} from 'canvas-lms-tokens';
import { formOf } from './body.js';
import { argument, failure } from './failure.js';
import { answerNotices } from './notices.js';
import { ANY, FLAG, FUNCTION, OBJECT, TEXT, TIMEOUT, isLocal, read } from './options.js';
import { errorPage, headersOf, loginPage, newNonce, storagePage } from './pages.js';
import { createRegistration } from './registration.js';
import { createSessions } from './sessions.js';
import { ENGLISH, textsFor } from './texts.js';

const PATHS = { login: '/lti/login', launch: '/lti/launch', jwks: '/lti/jwks', register: '/lti/register', notices: '/lti/notices' };
// As a request's URL has it, or it would never be asked for.
const PATH = [
  (value) => URL.canParse(value, 'https://tool.example') && new URL(value, 'https://tool.example').pathname === value,
  'a path that begins with /, as a URL has it',
];
const CHECKS = {
  platforms: ANY, keys: [(value) => Array.isArray(value) && value.length > 0, 'an array of private keys, one or more'],
  secret: ANY, store: OBJECT,
  origin: [(value) => isOrigin(value), 'an origin, such as https://tool.example, without path or slash'],
  paths: OBJECT, onLaunch: FUNCTION, onDeepLinking: FUNCTION, onNotice: FUNCTION, onError: FUNCTION, registration: OBJECT,
  claimNonce: [(value) => value === false || typeof value === 'function', 'a function, or false'],
  fetch: FUNCTION, timeout: TIMEOUT,
  texts: [(value) => ['function', 'object'].includes(typeof value) && value !== null, 'an object, or a function that gives one'],
};
const DEEP_LINK_CHECKS = {
  message: TEXT, log: TEXT, errorMessage: TEXT, errorLog: TEXT, moduleName: TEXT, replaceEditorContents: FLAG,
};
// How long a platform may keep the tool's keys: what is added is there a day before it signs.
const JWKS_AGE = 3600;
// How many platforms' keys are remembered.
const MOST = 100;

export function createTool(options) {
  const given = read(options, 'options', CHECKS, ['platforms', 'keys', 'secret', 'store', 'onLaunch']);
  const { platforms, keys, secret, onLaunch, onDeepLinking, onNotice, onError, fetch: fetchOf, timeout } = given;
  const pathChecks = Object.fromEntries(Object.keys(PATHS).map((name) => [name, PATH]));
  const paths = { ...PATHS, ...read(given.paths ?? {}, 'options.paths', pathChecks) };
  const isPublic = keys.findIndex((key) => key?.kty && !key.d);
  if (isPublic >= 0) throw argument(`options.keys[${isPublic}]`, 'a public key, expected a private one');
  const jwks = JSON.stringify(publicJwks(keys));
  const store = encryptedStore(given.store, secret);
  const claimNonce = claimOf(given.claimNonce, store);
  const sending = { ...(fetchOf && { fetch: fetchOf }), ...(timeout && { timeout }) };
  const verifying = { platforms, keys: keysAt(store, sending), ...(claimNonce && { claimNonce }), ...sending };
  const sessions = createSessions({ secrets: [secret].flat(), store, claim: claimNonce, originOf, timeout });
  const saysFor = textsFor(given.texts);
  const register = given.registration && createRegistration(given.registration, { paths, sending });

  function originOf(request) {
    const url = new URL(given.origin ?? request.url);
    if (url.protocol === 'https:' || isLocal(url)) return url.origin;
    const what = given.origin ? 'it is http' : `absent, and the request came by http to ${url.hostname}`;
    throw argument('options.origin', `${what}; behind a proxy, expected the tool's own origin, by https`);
  }

  const services = (launch) => LtiServices.for(launch, { key: keys[0], store, ...sending });

  async function deepLink(launch, items, how = {}) {
    const more = read(how, 'options', DEEP_LINK_CHECKS);
    const scriptNonce = newNonce();
    const { form } = await deepLinkingResponse(launch, { ...more, items, key: keys[0], scriptNonce, ...(timeout && { timeout }) });
    // The platform's answer to the form may lead to another host of its own.
    return new Response(form, { headers: headersOf(scriptNonce, '') });
  }

  async function login(request, url, origin, says) {
    const parameters = await formOf(request, url, 'ERR_LTI_LOGIN_INVALID');
    const begun = await beginLaunch(parameters, {
      platforms, secret, redirectUri: origin + paths.launch, ...(timeout && { timeout }),
    });
    return loginPage(begun, { parameters, action: origin + paths.login, says });
  }

  async function launch(request, url, origin, says) {
    const form = new URLSearchParams(await formOf(request, url, 'ERR_LTI_MESSAGE_INVALID'));
    const value = form.get('stored');
    const { headers } = request;
    let launched;
    try {
      launched = await verifyLaunch(form, {
        ...verifying, secret, cookie: headers.get('cookie'), stored: { value, origin: headers.get('origin') },
      });
    } catch (error) {
      if (!isTokenError(error)) throw error;
      if (error.storage && value === null) {
        return storagePage(error.storage, form, { action: origin + paths.launch, says });
      }
      return refused(error, request, { says, state: form.get('state') });
    }
    sessions.know(launched, origin);
    return answered(launched, request, origin);
  }

  const refused = async (error, request, about) =>
    (await onError?.(error, request)) ?? errorPage(error, { action: paths.login, ...about });

  async function answered(launch, request, origin) {
    const cookies = [launch.clearCookie];
    const context = {
      request,
      get services() { return services(launch); },
      target: targetOf(launch, origin),
      async startSession(of = launch, how) {
        const session = await sessions.start(of, how);
        cookies.push(session.cookie);
        return session;
      },
      deepLink: (items, how) => deepLink(launch, items, how),
    };
    const isDeepLinking = launch.messageType === 'LtiDeepLinkingRequest';
    if (isDeepLinking && !onDeepLinking) {
      throw failure('ERR_LTI_MESSAGE_INVALID', 'a deep linking request, and the tool has no onDeepLinking', { at: 'options.onDeepLinking' });
    }
    const response = await (isDeepLinking ? onDeepLinking : onLaunch)(launch, context);
    if (!response?.headers) throw argument(isDeepLinking ? 'onDeepLinking()' : 'onLaunch()', `${typeof response}, expected a Response`);
    return withCookies(response, cookies);
  }

  const publish = () => new Response(jwks, {
    headers: { 'content-type': 'application/json', 'cache-control': `public, max-age=${JWKS_AGE}` },
  });

  const notices = (request) => answerNotices(request, {
    verifying,
    heard: (error) => onError?.(error, request),
    take: (notice) => onNotice(notice, { request, get services() { return services(notice); } }),
  });

  // Path: methods, handler, and for those that browsers open, which text stands over the page of an error.
  const routes = new Map([
    [paths.login, [['GET', 'POST'], login, 'failed']],
    [paths.launch, [['POST'], launch, 'failed']],
    [paths.jwks, [['GET', 'HEAD'], publish]],
    ...(register ? [[paths.register, [['GET'], register, 'notRegistered']]] : []),
    ...(onNotice ? [[paths.notices, [['POST'], notices]]] : []),
  ]);

  async function handle(request) {
    const url = new URL(request.url);
    const [methods, route, heading] = routes.get(url.pathname) ?? [];
    if (!route) return null;
    let says = ENGLISH;
    try {
      // First, as what fails here must not fail when something was done.
      if (heading) says = saysFor(request);
      if (!methods.includes(request.method)) {
        throw failure('ERR_LTI_LOGIN_INVALID', `${request.method} of ${url.pathname}, expected ${methods.join(' or ')}`, { status: 405 });
      }
      return await route(request, url, originOf(request), says);
    } catch (error) {
      // What the tool's own handlers throw is theirs.
      if (!isTokenError(error)) throw error;
      return refused(error, request, { says, heading, allow: methods.join(', ') });
    }
  }

  return {
    handle,
    fetch: async (request) => (await handle(request)) ?? new Response('not found', { status: 404 }),
    session: (request) => sessions.find(request),
    startSession: (launch, how) => sessions.start(launch, how),
    services,
    deepLink,
  };
}

/** What tells whether a nonce is new. */
function claimOf(claimNonce, store) {
  if (claimNonce !== undefined) return claimNonce || null;
  if (store.add) return async (name, until) => store.add(name, '1', Math.max(1, Math.ceil(until - Date.now() / 1000)));
  throw argument('options.store', 'it has no add, by which a launch is taken once: expected one that has, or claimNonce, or claimNonce: false, '
    + 'with which a launch can be sent again from the browser that began it');
}

/** The keys of each platform, shared between machines by the store. */
function keysAt(store, sending) {
  const known = new Map();
  return ({ jwksUri }) => {
    const keys = known.get(jwksUri) ?? remoteJwks(jwksUri, { store, ...sending });
    // A map keeps the order in which its keys were set: the one not used for the longest time goes first.
    known.delete(jwksUri);
    known.set(jwksUri, keys);
    if (known.size > MOST) known.delete(known.keys().next().value);
    return keys;
  };
}

/** Where the user wants to go, if that is here: to follow any other URL would be an open redirect. */
function targetOf({ targetLinkUri }, origin) {
  if (!URL.canParse(targetLinkUri ?? '')) return null;
  const url = new URL(targetLinkUri);
  return url.origin === origin && !url.username && !url.password ? url.href : null;
}

function withCookies(response, cookies) {
  const copy = new Response(response.body, response);
  const there = copy.headers.getSetCookie();
  for (const cookie of cookies) if (!there.includes(cookie)) copy.headers.append('set-cookie', cookie);
  return copy;
}

function isOrigin(value) {
  return typeof value === 'string' && URL.canParse(value) && /^https?:/.test(value) && new URL(value).origin === value;
}
