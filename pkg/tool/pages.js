// The pages that a tool answers browsers with. Their script is one for all; what it does is in the data of each.
import SCRIPT from '../wasm/tool-page.js';
import { ENGLISH, failureOf } from './texts.js';

const STYLE = `:root{color-scheme:light dark}body{font:1.1rem/1.5 system-ui,sans-serif;max-width:36rem;margin:2rem auto;padding:0 1rem}
h1{font-size:1.5rem}button{font:inherit;padding:.5rem 1rem}[hidden]{display:none}code{overflow-wrap:anywhere}`;

export const escaped = (text) => String(text).replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);

/** A nonce of a Content Security Policy. */
export const newNonce = () => btoa(String.fromCharCode(...crypto.getRandomValues(new Uint8Array(16))));

/** The headers of a page with scripts of this nonce alone; any site may frame it, as each institution is one. */
export const headersOf = (nonce, formAction = "; form-action 'self'") => ({
  'content-type': 'text/html; charset=utf-8',
  'cache-control': 'no-store',
  'content-security-policy':
    `default-src 'none'; script-src 'nonce-${nonce}'; style-src 'nonce-${nonce}'; base-uri 'none'${formAction}`,
  // Not no-referrer: a form's Origin header would be null.
  'referrer-policy': 'same-origin',
  'x-content-type-options': 'nosniff',
});

function page({ says, status = 200, title, body, data, headers = {} }) {
  const nonce = newNonce();
  const json = JSON.stringify(data).replaceAll('<', '\\u003c');
  const html = `<!doctype html>
<html lang="${escaped(says.language)}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>${escaped(title)}</title>
<style nonce="${nonce}">${STYLE}</style>
</head>
<body>
<main>
${body}
</main>
<script type="application/json" id="lti">${json}</script>
<script nonce="${nonce}">${SCRIPT}</script>
</body>
</html>
`;
  return new Response(html, { status, headers: { ...headersOf(nonce), ...headers } });
}

const section = (id, heading, body, isHidden = true) =>
  `<section id="${id}"${isHidden ? ' hidden' : ''}>\n<h1>${escaped(heading)}</h1>\n${body}\n</section>`;
const paragraph = (text) => `<p>${escaped(text)}</p>`;
const details = (text, says) => `<details>\n<summary>${escaped(says.details)}</summary>\n<code id="code">${escaped(text)}</code>\n</details>`;
/** The form that the script fills with a login's parameters. */
const again = (action, says) =>
  `<form id="again" method="post" action="${escaped(action)}" target="_blank" hidden><button>${escaped(says.newWindow)}</button></form>`;
const opened = (says) => section('opened', says.opened, paragraph(says.openedWhy));
const moment = (says, body = '') =>
  section('moment', says.moment, `<p role="status">${escaped(says.opening)}</p>\n<noscript>${body}</noscript>`, false);

/** Puts what binds the login into the platform's storage, and goes on to the platform. */
export const loginPage = ({ storage, url, cookie }, { parameters, action, says = ENGLISH }) => page({
  says,
  title: says.moment,
  body: [
    // Where there are no scripts there may still be the cookie.
    moment(says, `<p><a href="${escaped(url)}">${escaped(says.goOn)}</a></p>`),
    section('blocked', says.blocked, `${paragraph(says.blockedWhy)}\n${again(action, says)}`),
    opened(says),
  ].join('\n'),
  data: { page: 'login', storage, url, parameters },
  headers: { 'set-cookie': cookie },
});

/** Gets what binds the login from the platform's storage, and posts the launch again with it. */
export function storagePage(storage, form, { action, says = ENGLISH }) {
  const inputs = ['id_token', 'state'].map((name) => `<input type="hidden" name="${name}" value="${escaped(form.get(name) ?? '')}">`);
  const [, what, todo] = failureOf('ERR_LTI_STATE_NOT_BOUND', says);
  return page({
    says,
    title: says.moment,
    body: [
      moment(says, paragraph(says.noScript)),
      `<form id="launch" method="post" action="${escaped(action)}">${inputs.join('')}<input type="hidden" name="stored"></form>`,
      section('failed', says.failed, [paragraph(what), paragraph(todo), details('', says)].join('\n')),
    ].join('\n'),
    data: { page: 'storage', storage },
  });
}

/** Says why it failed, and what to do; `heading` is the name of the text over it. */
export function errorPage(error, { action, state = null, allow = '', heading = 'failed', says = ENGLISH }) {
  const { code, message, oauthError } = error;
  const [status, what, todo] = failureOf(code, says);
  return page({
    says,
    status: statusOf(error, status),
    title: says[heading],
    body: [
      section('failed', says[heading], [
        paragraph(what), paragraph(todo), again(action, says), details(`${code}: ${message}`, says),
      ].join('\n'), false),
      opened(says),
    ].join('\n'),
    // Canvas did not know its own user here; in a window it may, and the launch still waits there.
    data: { page: 'error', state: oauthError === 'login_required' ? state : null },
    headers: error.status === 405 ? { allow } : {},
  });
}

// A body's own faults have a status; others that have one tell what a server answered.
const statusOf = ({ code, status }, usual) => ([405, 408, 413, 415].includes(status) && code !== 'ERR_HTTP_STATUS' ? status : usual);

export const statusOfError = (error) => statusOf(error, failureOf(error.code, ENGLISH)[0]);

export const registeredPage = (says = ENGLISH) => page({
  says, title: says.registered, body: section('registered', says.registered, paragraph(says.registeredNext), false), data: { page: 'registered' },
});
