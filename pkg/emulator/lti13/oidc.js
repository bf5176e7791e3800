// The authorization endpoint (1EdTech Security Framework §5.1.1): the tool asks, the browser brings an id_token or an error.

import { badRequest, json, notFound, refusal, serverError } from '../answers.js';
import { sessionOf } from '../auth.js';
import { signRs256, verifyHmac } from '../jose.js';
import { writeJson } from '../json.js';
import { isBlank } from '../params.js';
import { form, page, scriptJson, submits } from './html.js';
import { kindOf, STORAGE_TARGET, takeLaunch } from './launches.js';

const REQUIRED = [
  'client_id', 'login_hint', 'lti_message_hint', 'nonce', 'prompt', 'redirect_uri', 'response_mode', 'response_type',
  'scope',
];
const PERMITTED = ['state', ...REQUIRED];

const TEXTS = {
  scope: ['invalid_request_object', "The 'scope' must be 'openid'"],
  session: ['login_required', 'Must have an active user session'],
  client: ['unauthorized_client', 'Client not authorized in requested context'],
  gone: ['launch_no_longer_valid', 'The launch has either expired or already been consumed'],
};

/** GET or POST /api/lti/authorize_redirect: to the institution that the hint names. */
export async function authorizeRedirect(canvas, call) {
  const { canvas_domain } = await hintOf(canvas, call);
  const url = new URL(`${call.url.protocol}//${canvas_domain}/api/lti/authorize`);
  for (const [name, value] of Object.entries(permitted(call.params))) url.searchParams.set(name, value);
  // For browsers that keep cookies from redirects across sites.
  if (canvas.features.has('interop_8200_session_token_redirect')) {
    return page(200, 'Redirecting', `<script>window.location.replace(${scriptJson(url.href)});</script>`);
  }
  return { status: 302, headers: { location: url.href, 'content-type': 'text/html; charset=utf-8' }, text: '' };
}

/** GET or POST /api/lti/authorize */
export async function authorizeLaunch(canvas, call) {
  const asked = permitted(call.params);
  const hint = await hintOf(canvas, call);
  const context = contextOf(canvas, hint);

  // A later problem replaces an earlier one; a launch that has a problem stays where it is.
  let error = null;
  const fail = ([code, description]) => {
    error = { error: code, error_description: description, state: asked.state };
  };
  const absent = REQUIRED.filter((name) => !Object.hasOwn(asked, name));
  if (absent.length) fail(['invalid_request_object', `The following parameters are missing: ${absent.join(',')}`]);
  if (asked.scope !== 'openid') fail(TEXTS.scope);
  if (!isRightUser(canvas, call, context, asked.login_hint)) fail(TEXTS.session);
  const key = keyOf(canvas, asked.client_id);
  if (key.active === false || key.enabled === false) fail(TEXTS.client);
  const launch = error ? null : takeLaunch(canvas, hint.context_type, hint.verifier);
  if (!error && !launch) fail(TEXTS.gone);

  // The browser kept its cookies back, which is nothing that a tool could help.
  if (!userOf(canvas, call) && !isPublic(context) && canvas.features.has('lti_login_required_error_page')) {
    throw refusal(page(401, 'Login required', '<h1>Please launch the tool again</h1>'), TEXTS.session[1]);
  }
  const redirectUri = redirectUriOf(canvas, call, key, asked.redirect_uri);
  if (error) throw refusal(posted(redirectUri, error), error.error_description);
  const nonce = launch.keepsNonce ? launch.body.nonce : asked.nonce;
  const { present } = await canvas.ltiKeys();
  return posted(redirectUri, {
    id_token: await signRs256({ ...launch.body, nonce }, present),
    state: asked.state,
    lti_storage_target: hint.include_storage_target ? STORAGE_TARGET : undefined,
  });
}

const posted = (url, fields) => page(200, 'Launching', `${form(url, { utf8: '\u2713', ...fields })}\n${submits()}`);

// Rails keeps single values alone.
const permitted = (params) =>
  Object.fromEntries(PERMITTED.filter((name) => typeof params[name] === 'string').map((name) => [name, params[name]]));

async function hintOf(canvas, call) {
  const hint = call.params.lti_message_hint;
  if (isBlank(hint)) throw refusal(badRequest('lti_message_hint is missing'), 'no lti_message_hint');
  const claims = await verifyHmac(hint, canvas.secrets.encryptionKey).catch((error) =>
    reject(canvas, call, 'Invalid lti_message_hint', error.message));
  if (claims.exp < canvas.now()) reject(canvas, call, 'Invalid lti_message_hint', 'the lti_message_hint has expired');
  return claims;
}

function contextOf(canvas, { context_type, context_id }) {
  const kind = kindOf(context_type);
  if (!kind) throw refusal(serverError(canvas.nextId()), `no context type ${context_type}`);
  return { ...canvas.need(kind, context_id), kind };
}

function userOf(canvas, call) {
  const session = sessionOf(canvas, call);
  return session && canvas.find('users', session.userId);
}

function isRightUser(canvas, call, context, loginHint) {
  const user = userOf(canvas, call);
  return user ? user.ltiId === loginHint : isPublic(context);
}

const isPublic = ({ kind, isPublic: isOpen, workflowState = 'available' }) =>
  kind === 'courses' && isOpen === true && workflowState === 'available';

// Canvas reads the id as Ruby's to_i does.
function keyOf(canvas, clientId) {
  const key = canvas.find('developerKeys', /^[0-9]+/.exec(clientId ?? '')?.[0]);
  if (!key) throw refusal(notFound(), 'no such client');
  return key;
}

function redirectUriOf(canvas, call, key, requested) {
  if (requested === undefined) throw refusal(serverError(canvas.nextId()), 'no redirect_uri');
  const registered = key.redirectUris ?? [key.targetLinkUri].filter(Boolean);
  if (!registered.some((uri) => isRegistered(uri, requested))) {
    const reason = `Invalid redirect_uri: ${requested} was asked for, ${registered.join(' and ') || 'none'} is registered`;
    reject(canvas, call, 'Invalid redirect_uri', reason);
  }
  return requested;
}

// One with a query must have its pairs among the requested; one without allows any query.
function isRegistered(uri, requested) {
  const [base, query = ''] = requested.split('?');
  if (!uri.includes('?')) return uri === base;
  const pairs = [...new URLSearchParams(query)];
  return [...new URLSearchParams(uri.split('?').at(-1))].every(
    ([name, value]) => pairs.some(([otherName, otherValue]) => otherName === name && otherValue === value));
}

// In the browser of somebody logged in, Canvas's JSON has a prefix that no script can run past.
function reject(canvas, call, message, reason = message) {
  const answer = json(400, { status: 'bad_request', message, error_report_id: canvas.nextId() });
  const accept = call.headers.get('accept') ?? '';
  if (call.method === 'GET' && sessionOf(canvas, call) && !accept.includes('application/json')) {
    answer.text = `while(1);${writeJson(answer.value)}`;
    delete answer.value;
  }
  throw refusal(answer, reason);
}
