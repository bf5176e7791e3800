// What a user does in a browser when a client asks for his token, without one.

import { checkNames, OPTIONS } from '../known.js';
import { readForm } from '../lti13/html.js';
import { sessionFor } from '../lti13/sessions.js';

const MOST_STEPS = 8;

export function createConsent(canvas, exchange) {
  /** Follows the client's URL to the end, and gives the address to which Canvas sends the browser back. */
  return async function consent(url, options = {}) {
    checkNames(options, OPTIONS.consent, 'options');
    const { userId, realUserId, deny = false, rememberAccess = false } = options;
    const user = userId === null ? null : userOf(canvas, userId);
    const asked = new URL(url);
    const redirectUri = asked.searchParams.get('redirect_uri') ?? '';
    const cookies = new Map();
    if (user) {
      const id = realUserId === undefined ? sessionFor(canvas, user) : actingSession(canvas, user, userOf(canvas, realUserId));
      cookies.set('canvas_session', id);
    }
    let next = { at: asked.href, method: 'GET' };
    for (let step = 0; step < MOST_STEPS; step += 1) {
      const response = await send(exchange, next, cookies);
      const text = await response.text();
      const location = response.headers.get('location');
      if (response.status === 302) {
        const to = new URL(location, next.at);
        if (isBack(to, location, redirectUri)) return to.href;
        next = to.pathname === '/login/canvas' ? logIn(to, user) : { at: to.href, method: 'GET' };
        continue;
      }
      const form = response.status === 200 ? readForm(text) : null;
      if (!form) throw failed(response, text);
      const fields = { ...form.form, ...(rememberAccess && { remember_access: '1' }) };
      next = deny
        ? { at: new URL('/login/oauth2/deny', next.at).href, method: 'GET' }
        : { at: new URL(form.url, next.at).href, method: 'POST', body: new URLSearchParams(fields) };
    }
    throw new Error('Canvas redirects too often');
  };
}

function userOf(canvas, id) {
  const user = id === undefined ? canvas.records.users.values().next().value : canvas.find('users', id);
  if (!user) throw new TypeError(`there is no user ${id}`);
  return user;
}

// The session of somebody who acts as another user.
function actingSession(canvas, user, realUser) {
  const id = `session-${canvas.uuid()}`;
  canvas.records.sessions.set(id, { id, userId: user.id, realUserId: realUser.id, csrfToken: canvas.uuid() });
  return id;
}

async function send(exchange, { at, method, body }, cookies) {
  const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');
  const headers = { accept: 'text/html', 'user-agent': 'Mozilla/5.0 (emulated)', ...(cookie && { cookie }) };
  // In a page no request can carry the header.
  const response = await exchange(at, { method, headers, body, redirect: 'manual' }, cookie);
  const set = /^([^=;]+)=([^;]*)/.exec(response.headers.get('set-cookie') ?? '');
  if (set && set[2]) cookies.set(set[1], set[2]);
  else if (set) cookies.delete(set[1]);
  return response;
}

// To the client, or to the page that shows the code to a program without an address.
const isBack = (to, location, redirectUri) =>
  (redirectUri !== '' && (location === redirectUri || location.startsWith(`${redirectUri}${redirectUri.includes('?') ? '&' : '?'}`)))
  || (to.pathname === '/login/oauth2/auth' && (to.searchParams.has('code') || to.searchParams.has('error')));

function logIn(to, user) {
  if (!user) throw Object.assign(new Error('Canvas shows its login page, and nobody logs in'), { status: 200, body: '' });
  const fields = { 'pseudonym_session[unique_id]': String(user.id), return_to: to.searchParams.get('return_to') ?? '/' };
  return { at: new URL('/login/canvas', to).href, method: 'POST', body: new URLSearchParams(fields) };
}

const failed = ({ status }, body) =>
  Object.assign(new Error(`Canvas answers ${status}: ${body.slice(0, 200)}`), { status, body });
