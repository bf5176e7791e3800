// /login/oauth2/auth and the page on which a user agrees (RFC 6749 §4.1.1 and §4.1.2, RFC 7636).

import { plain, refusal } from '../answers.js';
import { cookieOf, sessionOf } from '../auth.js';
import { toHex } from '../bytes.js';
import { escapeHtml, form, page } from '../lti13/html.js';
import { isBlank, textOf } from '../params.js';
import { activeKey, no, oauthError } from './clients.js';
import { isIdentityAlone, reusableToken } from './tokens.js';

const OUT_OF_BAND = 'urn:ietf:wg:oauth:2.0:oob';
/** What Canvas keeps in its session, the emulator in a record of this cookie's. */
const COOKIE = 'canvas_oauth2';
const CODE_LIFETIME = 600;
/** How many wait for their users, or for their clients. */
const MOST = 1000;
const CONFIRM = '/login/oauth2/confirm';
const NOT_GRANTED =
  'A requested scope is invalid, unknown, malformed, or exceeds the scope granted by the resource owner. '
  + 'The following scopes were requested, but not granted: ';

/** GET /login/oauth2/auth */
export async function authorizePage(canvas, call) {
  const { params } = call;
  if (!isBlank(params.code) || !isBlank(params.error)) return outOfBandPage(params);
  const key = activeKey(canvas, params.client_id);
  const redirectUri = textOf(params.redirect_uri);
  if (!isRegistered(key, redirectUri)) {
    const registered = [key.redirectUri, ...(key.redirectUris ?? [])].filter(Boolean).join(' and ') || 'none';
    no(400, 'invalid_request', 'redirect_uri does not match client settings',
      `redirect_uri: ${redirectUri} was asked for, ${registered} is registered`);
  }
  const scopes = textOf(params.scope ?? params.scopes).split(/\s+/).filter(Boolean);
  checkScopes(key, scopes, redirectUri);

  const request = {
    clientId: key.id,
    redirectUri,
    scopes,
    purpose: textOf(params.purpose) || null,
    state: params.state === undefined ? null : textOf(params.state),
    codeChallenge: canvas.era !== 'old' && params.code_challenge_method === 'S256' ? textOf(params.code_challenge) || null : null,
  };
  const back = (error, error_description) =>
    refuse(request, { error, error_description }, error_description);
  if (key.enabled === false) back('unauthorized_client', 'Client does not have access to the specified Canvas account.');
  if (params.response_type !== 'code') back('unsupported_response_type', 'Only response_type=code is permitted');

  const session = userSession(canvas, call);
  if (params.prompt === 'none') {
    if (!session) back('login_required', 'prompt=none but there is no current session');
    if (!isAuthorized(canvas, key, request, session)) {
      back('interaction_required', 'prompt=none but a token cannot be granted without user interaction');
    }
    return accepted(canvas, request, session);
  }
  if (params.prompt !== undefined) back('unsupported_prompt_type', 'prompt must be "none" (or omitted)');
  if (session && isBlank(params.force_login) && isAuthorized(canvas, key, request, session)) {
    return accepted(canvas, request, session);
  }
  const id = toHex(canvas.random(16));
  put(canvas.records.authorizations, id, { id, ...request });
  const isLoggedIn = session && isBlank(params.force_login);
  return withCookie(call, id, redirect(isLoggedIn ? CONFIRM : loginAddress(params)));
}

/** GET /login/oauth2/confirm */
export async function confirmPage(canvas, call) {
  const request = requestOf(canvas, call);
  const session = userSession(canvas, call);
  // Canvas says so on its login page.
  if (!request) throw refusal(redirect('/login/canvas'), 'Must submit new OAuth2 request');
  if (!session) return redirect(`/login/canvas?${new URLSearchParams({ return_to: CONFIRM })}`);
  const key = canvas.need('developerKeys', request.clientId);
  // Where a user had to log in first, it is only now that Canvas sees whether he has to agree.
  if (isAuthorized(canvas, key, request, session)) return finished(canvas, call, accepted(canvas, request, session));
  return consent(canvas.find('users', session.userId), key, request, session);
}

/** POST /login/oauth2/accept */
export async function accept(canvas, call) {
  const request = requestOf(canvas, call) ?? noRequest();
  const session = userSession(canvas, call);
  if (!session) throw refusal(redirect('/login/canvas'), 'nobody is logged in');
  if (call.params.authenticity_token !== session.csrfToken) {
    throw refusal(page(422, 'Invalid authenticity token', '<h1>Invalid authenticity token</h1>'), 'the CSRF token does not match');
  }
  const rememberAccess = !isBlank(call.params.remember_access);
  return finished(canvas, call, accepted(canvas, request, session, { rememberAccess }));
}

/** GET /login/oauth2/deny */
export async function deny(canvas, call) {
  const request = requestOf(canvas, call) ?? noRequest();
  return finished(canvas, call, backTo(request, { error: 'access_denied' }));
}

function noRequest() {
  throw refusal(plain(400, 'Invalid or missing session for oauth'), 'no authorization was begun');
}

const requestOf = (canvas, call) => canvas.records.authorizations.get(cookieOf(call, COOKIE)) ?? null;

function userSession(canvas, call) {
  const session = sessionOf(canvas, call);
  return session && canvas.find('users', session.userId) ? session : null;
}

// A key whose access tokens have scopes takes none but its own, and at least one. The browser is told without the state.
function checkScopes(key, scopes, redirectUri) {
  const { requireScopes = key.publicJwk !== undefined, scopes: allowed = [] } = key;
  const missing = scopes.filter((scope) => !allowed.includes(scope));
  if (!requireScopes || (scopes.length && !missing.length)) return;
  const error_description = NOT_GRANTED + sentence(missing);
  if (redirectUri === OUT_OF_BAND) throw refusal(oauthError(400, 'invalid_scope', error_description), error_description);
  refuse({ redirectUri, state: null }, { error: 'invalid_scope', error_description }, error_description);
}

// As Rails' to_sentence.
const sentence = (items) =>
  items.length < 3 ? items.join(' and ') : `${items.slice(0, -1).join(', ')}, and ${items.at(-1)}`;

// One of the list exactly, or, as of old, any at the domain of the one of old, or below it.
function isRegistered(key, uri) {
  if (uri === OUT_OF_BAND || key.redirectUris?.includes(uri)) return true;
  const [own, other] = [key.redirectUri, uri].map(hostOf);
  return own !== null && other !== null && (other === own || other.endsWith(`.${own}`));
}

function hostOf(uri) {
  try {
    return new URL(uri).hostname || null;
  } catch {
    return null;
  }
}

// Whether nobody has to be asked: the key is trusted, or the user wanted to be asked no more.
const isAuthorized = (canvas, key, request, session) =>
  request.redirectUri !== OUT_OF_BAND && (key.trusted === true || reusableToken(canvas, key, request, session.userId) !== null);

const redirect = (location) => ({
  status: 302, headers: { location, 'content-type': 'text/html; charset=utf-8' }, text: '',
});

/** Back to where the client wants the browser, as Rails writes a query: by name. */
function backTo({ redirectUri, state }, answer) {
  const entries = Object.entries({ ...answer, state }).filter(([, value]) => value !== null && value !== undefined);
  const query = new URLSearchParams(entries.sort(([one], [other]) => (one < other ? -1 : 1)));
  if (redirectUri === OUT_OF_BAND) return redirect(`/login/oauth2/auth?${query}`);
  return redirect(`${redirectUri}${redirectUri.includes('?') ? '&' : '?'}${query}`);
}

function refuse(request, answer, reason) {
  throw refusal(backTo(request, answer), reason);
}

function accepted(canvas, request, session, { rememberAccess = false } = {}) {
  const code = toHex(canvas.random(64));
  put(canvas.records.authorizationCodes, code, {
    code,
    clientId: request.clientId,
    userId: session.userId,
    realUserId: session.realUserId ?? null,
    scopes: request.scopes,
    purpose: request.purpose,
    rememberAccess,
    codeChallenge: request.codeChallenge,
    expiresAt: canvas.now() + CODE_LIFETIME,
  });
  return backTo(request, { code });
}

// Those that nobody comes back for go, the oldest first.
function put(table, id, record) {
  table.set(id, record);
  if (table.size > MOST) table.delete(table.keys().next().value);
}

function finished(canvas, call, answer) {
  canvas.records.authorizations.delete(cookieOf(call, COOKIE));
  return withCookie(call, '', answer, '; Max-Age=0');
}

function withCookie(call, id, answer, attributes = '') {
  // A tool's frame needs SameSite=None, which needs TLS; browsers trust their own machine as much.
  const isTrusted = call.url.protocol === 'https:' || /^(.+\.)?localhost$/.test(call.url.hostname);
  const framed = isTrusted ? '; SameSite=None; Secure' : '';
  answer.headers['set-cookie'] = `${COOKIE}=${id}; Path=/login; HttpOnly${framed}${attributes}`;
  return answer;
}

function loginAddress(params) {
  const kept = new URLSearchParams({ return_to: CONFIRM });
  for (const name of ['canvas_login', 'force_login', 'authentication_provider']) {
    if (params[name] !== undefined) kept.set(name, textOf(params[name]));
  }
  if (params.unique_id !== undefined) kept.set('pseudonym_session[unique_id]', textOf(params.unique_id));
  return `/login/canvas?${kept}`;
}

// No script and no style, so that it needs no exception in any policy.
function consent(user, key, request, session) {
  const app = escapeHtml(key.name ?? 'Third-Party Application');
  const scopes = request.scopes.map((scope) => `<li><code>${escapeHtml(scope)}</code></li>`);
  const remember = isIdentityAlone(request.scopes)
    ? '<p><input type="checkbox" name="remember_access" value="1" id="remember_access">'
      + '<label for="remember_access">Remember my authorization for this service</label></p>\n'
    : '';
  const fields = form('/login/oauth2/accept', { authenticity_token: session.csrfToken }, { id: 'oauth2_accept_form' });
  return page(200, 'App Login', [
    '<main>',
    `<h1>${app}</h1>`,
    `<p><strong>${app} is requesting access to your account.</strong></p>`,
    `<p>You are authorizing this app as ${escapeHtml(user.name)}.</p>`,
    request.purpose === null ? '' : `<p>Purpose: ${escapeHtml(request.purpose)}</p>`,
    scopes.length ? `<p id="scopes">It asks for:</p>\n<ul aria-labelledby="scopes">${scopes.join('')}</ul>` : '',
    fields.replace('</form>', `${remember}<button type="submit">Authorize</button>\n</form>`),
    '<p><a href="/login/oauth2/deny">Cancel</a></p>',
    '</main>',
  ].filter(Boolean).join('\n'), {
    'content-security-policy': "default-src 'none'; base-uri 'none'; frame-ancestors 'self'",
    'referrer-policy': 'no-referrer',
    'cache-control': 'no-store',
  });
}

// What a program without an address reads out of its browser's.
function outOfBandPage({ code, error }) {
  const [title, text] = isBlank(code) ? ['Refused', textOf(error)] : ['Code', textOf(code)];
  return page(200, title, `<main><h1>${title}</h1>\n<p><code>${escapeHtml(text)}</code></p></main>`);
}

