// What a browser does in a launch, without one: it opens Canvas's page, and follows the tool's answer.

import { checkNames, OPTIONS } from '../known.js';
import { readForm, readRedirect } from './html.js';
import { beginLaunch } from './launches.js';
import { sessionFor } from './sessions.js';

export function createBrowser(canvas, exchange) {
  /** Begins a launch as Canvas's page does. */
  async function launch({ baseUrl = canvas.baseUrl, ...options }) {
    checkNames(options, OPTIONS.launch, 'options');
    const { url, form, user } = await beginLaunch(canvas, { ...options, origin: new URL(baseUrl).origin });
    return { url, form, cookie: user ? `canvas_session=${sessionFor(canvas, user)}` : '' };
  }

  /** Follows the tool's answer to the form that Canvas has the browser post. */
  async function authorize(url, options = {}) {
    checkNames(options, OPTIONS.authorize, 'options');
    const { cookie = cookieOfLaunch(canvas, url) } = options;
    const headers = { accept: 'text/html', 'user-agent': 'Mozilla/5.0 (emulated)', ...(cookie && { cookie }) };
    let at = url;
    // Two steps: from the host that is everyone's to the institution's.
    for (let step = 0; step < 3; step += 1) {
      // In a page no request can carry the header.
      const response = await exchange(at, { headers, redirect: 'manual' }, cookie);
      const text = await response.text();
      const next = response.status === 302 ? response.headers.get('location') : readRedirect(text);
      if (!next) return formOf(response, text);
      at = new URL(next, at).href;
    }
    throw new Error('Canvas redirects too often');
  }

  return { launch, authorize };
}

// A browser that began the launch has its user's cookie. The login hint says who that is.
function cookieOfLaunch(canvas, url) {
  const hint = new URL(url).searchParams.get('login_hint');
  const user = [...canvas.records.users.values()].find(({ ltiId }) => ltiId !== undefined && ltiId === hint);
  return user ? `canvas_session=${sessionFor(canvas, user)}` : '';
}

function formOf(response, text) {
  const found = response.status === 200 ? readForm(text) : null;
  if (found) return found;
  throw Object.assign(new Error(`Canvas answers ${response.status}: ${text.slice(0, 200)}`), {
    status: response.status, body: text,
  });
}
