// A browser's login to Canvas, for tests in real browsers: a page that takes a name and no password.

import { refusal } from '../answers.js';
import { escapeHtml, form, page } from './html.js';

/** Where Canvas sends a browser that is not logged in. */
export const loginRedirect = (call) => ({
  status: 302,
  headers: {
    location: `/login/canvas?${new URLSearchParams({ return_to: call.url.pathname + call.url.search })}`,
    'content-type': 'text/html; charset=utf-8',
  },
  text: '',
});

/** GET /login/canvas */
export async function loginPage(canvas, call) {
  const buttons = [...canvas.records.users.values()].map(({ id, name }) =>
    `<button name="pseudonym_session[unique_id]" value="${escapeHtml(id)}">${escapeHtml(name)}</button>`);
  const fields = form('/login/canvas', { return_to: returnTo(call) }).replace('</form>', `${buttons.join('\n')}\n</form>`);
  // What a client thinks that the user's name is.
  const name = call.params.pseudonym_session?.unique_id;
  const named = name === undefined ? '' : form('/login/canvas', { return_to: returnTo(call) }, { id: 'login_form' }).replace('</form>',
    `<label>Login <input name="pseudonym_session[unique_id]" value="${escapeHtml(name)}"></label>\n<button>Log in</button>\n</form>`);
  return page(200, 'Log in to Canvas', `<main><h1>Log in to Canvas</h1>\n${fields}\n${named}</main>`);
}

/** POST /login/canvas with pseudonym_session[unique_id]: a user's id, login id or e-mail address. */
export async function logIn(canvas, call) {
  const name = call.params.pseudonym_session?.unique_id;
  const user = canvas.find('users', name)
    ?? [...canvas.records.users.values()].find(({ loginId, email }) => name !== undefined && [loginId, email].includes(name));
  if (!user) throw refusal(page(400, 'Log in to Canvas', '<p>Please verify your username and try again.</p>'), 'no such user');
  const id = sessionFor(canvas, user);
  // A framed page's session needs SameSite=None, which needs TLS; browsers trust their own machine as much.
  const isTrusted = call.url.protocol === 'https:' || /^(.+\.)?localhost$/.test(call.url.hostname);
  const framed = isTrusted ? '; SameSite=None; Secure' : '';
  return {
    status: 302,
    headers: {
      location: returnTo(call),
      'content-type': 'text/html; charset=utf-8',
      'set-cookie': `canvas_session=${id}; Path=/; HttpOnly${framed}`,
    },
    text: '',
  };
}

/** The id of a user's session: one there is, or a new one. */
export function sessionFor(canvas, user) {
  const { sessions } = canvas.records;
  const found = [...sessions.values()].find(({ userId }) => canvas.find('users', userId) === user);
  if (found) return found.id;
  const id = `session-${canvas.uuid()}`;
  sessions.set(id, { id, userId: user.id, csrfToken: canvas.uuid() });
  return id;
}

// A path of this host alone.
function returnTo(call) {
  const path = call.params.return_to;
  return typeof path === 'string' && /^\/(?![/\\])/.test(path) ? path : '/';
}
