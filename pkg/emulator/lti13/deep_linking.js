// What a tool sends back from deep linking: the browser posts a JWT of the tool's to the address that the launch named.

import { forbidden, json, refusal } from '../answers.js';
import { sessionOf } from '../auth.js';
import { readJws, verifyHmac } from '../jose.js';
import { claimsProblem } from '../jwt_validator.js';
import { isBlank } from '../params.js';
import { linkItems } from './content_items.js';
import { page, scriptJson } from './html.js';
import { toolOf } from './installations.js';
import { dlClaim } from './names.js';
import { CREATING_PLACEMENTS, LINE_ITEM_PLACEMENTS } from './placements.js';
import { enrollmentsOf } from './roles.js';
import { loginRedirect } from './sessions.js';
import { verifyOfTool } from './tool_keys.js';

const REQUIRED = ['sub', 'aud', 'exp', 'iat', 'jti', 'iss'];
const NONCE_LIFETIME = 3600;
const MODIFIED = 'Do not modify the deep_link_return_url in any way.';
const DATA_PROBLEMS = {
  presence_required: MODIFIED,
  invalid_or_malformed: MODIFIED,
  already_used: 'Do not attempt to submit content items multiple times.',
};
const MODULE_NAME = 'https://canvas.instructure.com/lti/module_name';
/** A claim, and the scope without which it does nothing. */
const REPLACE = 'https://canvas.instructure.com/lti/replace_editor_contents';
const TEXTS = {
  'JSON::JWT::InvalidFormat': 'JWT format is invalid',
  'JSON::JWS::UnexpectedAlgorithm': 'JWT has unexpected alg',
  'JSON::JWS::VerificationFailed': 'JWT verification failure',
};
const EDITORS = ['TeacherEnrollment', 'TaEnrollment', 'DesignerEnrollment'];

/** POST /{courses,groups,accounts}/:id/deep_linking_response */
export async function deepLinkingResponse(canvas, call) {
  const context = canvas.context(call);
  const { key, claims } = await verifyResponse(canvas, call.params.JWT);
  const data = await takeData(canvas, call.params.data);
  const items = [claims[dlClaim('content_items')] ?? []].flat();
  const isCreating = creates(data, items, context);
  const tool = toolOf(canvas, key, context);
  if (isCreating) {
    requireEditor(canvas, call, context);
    if (!tool) throw refusal(forbidden(401), 'the tool is not installed in the context');
  }
  const about = { context, tool, key, placement: data.placement, assignmentId: data.assignment_id };
  const contentItems = linkItems(canvas, { ...about, items });
  return finish(canvas, {
    developerKeyId: key.id,
    toolId: tool?.id ?? null,
    context: { kind: context.kind, id: context.id },
    placement: data.placement ?? null,
    contentItems,
    ...messages((name) => claims[dlClaim(name)]),
    moduleId: data.context_module_id ?? null,
    moduleName: claims[MODULE_NAME] ?? null,
    replaceEditorContents: claims[REPLACE] === true && key.scopes?.includes(REPLACE) === true,
    claims,
  });
}

/** GET /{courses,groups,accounts}/:id/deep_linking_cancel, which launch_presentation names. */
export async function deepLinkingCancel(canvas, call) {
  const context = canvas.context(call);
  return finish(canvas, {
    context: { kind: context.kind, id: context.id },
    placement: call.params.placement ?? null,
    contentItems: [],
    ...messages((name) => call.params[`lti_${name}`]),
    isCancelled: true,
  });
}

const messages = (of) =>
  Object.fromEntries(['msg', 'log', 'errormsg', 'errorlog'].map((name) => [name, isBlank(of(name)) ? null : String(of(name))]));

function finish(canvas, response) {
  const id = canvas.nextId();
  canvas.records.deepLinkingResponses.set(String(id), { id, ...response });
  const { placement, contentItems, msg, log, errormsg, errorlog, replaceEditorContents = false } = response;
  const message = {
    subject: 'LtiDeepLinkingResponse', placement, content_items: contentItems, msg, log, errormsg, errorlog,
    replaceEditorContents,
  };
  const script = `<script>window.parent.postMessage(${scriptJson(message)}, window.location.origin);</script>`;
  return page(200, 'Retrieving Content', `<p>Retrieving Content</p>\n${script}`);
}

async function verifyResponse(canvas, jwt) {
  const key = clientOf(canvas, jwt);
  const claims = await verifyOfTool(canvas, key, jwt).catch((error) => refuseJwt(textsOf(error, key), error.message));
  // The nonce stands for the jti, the issuer for the subject.
  const checked = { ...claims, jti: claims.nonce, sub: claims.iss };
  for (const [name, value] of Object.entries(checked)) if (value === undefined) delete checked[name];
  const errors = {};
  const problem = claimsProblem(checked, canvas.issuer, canvas.now(), { required: REQUIRED, isThorough: true });
  const problems = problem ? problem.split(' | ') : [];
  if (problems.length) errors.base = problems.map((text) => entry('base', text));
  const inactive = [
    ...(key.enabled === false || key.active === false ? ['Developer key inactive in context'] : []),
    ...(key.active === false ? ['Developer key inactive'] : []),
  ];
  if (inactive.length) errors.developer_key = inactive.map((text) => entry('developer_key', text));
  if (Object.keys(errors).length) refuseWith(errors, [...problems, ...inactive].join(' | '));
  return { key, claims };
}

const entry = (attribute, text) => ({ attribute, type: text, message: text });

function refuseWith(errors, reason) {
  throw refusal(json(400, { errors }), reason);
}

const refuseJwt = (texts, reason) => refuseWith({ jwt: texts.map((text) => entry('jwt', text)) }, reason);

// What cannot be found at the address of the keys is said twice.
function textsOf({ jose }, { publicJwkUrl }) {
  if (publicJwkUrl && !Object.hasOwn(TEXTS, jose)) {
    const first = jose === 'JSON::JWK::Set::KidNotFound' ? jose : 'Fetching JWK from public_jwk_url failed';
    return [first, TEXTS['JSON::JWS::VerificationFailed']];
  }
  return [TEXTS[jose] ?? 'JWT exception'];
}

function clientOf(canvas, jwt) {
  let iss;
  try {
    ({ iss } = readJws(jwt).claims);
  } catch (error) {
    refuseJwt([TEXTS['JSON::JWT::InvalidFormat']], error.message);
  }
  return canvas.find('developerKeys', iss) ?? refuseJwt(['Client not found'], 'no such client');
}

// The token that the launch put into the address: for an hour it can be used once, and its own age does not count.
async function takeData(canvas, token) {
  const no = (type, reason = type) =>
    refuseWith({ data_jwt: [{ attribute: '?data=JWT', type, message: DATA_PROBLEMS[type] }] }, reason);
  if (isBlank(token)) no('presence_required');
  const data = await verifyHmac(token, canvas.secrets.encryptionKey).catch((error) =>
    no('invalid_or_malformed', error.message));
  const nonce = `nonce:deep_linking_response:${data.nonce}`;
  if (canvas.records.nonces.get(nonce) > canvas.now()) no('already_used');
  canvas.records.nonces.set(nonce, canvas.now() + NONCE_LIFETIME);
  return data;
}

function creates({ placement, context_module_id }, items, context) {
  if (placement === 'assignment_selection' || CREATING_PLACEMENTS.includes(placement)) return true;
  if (!isBlank(context_module_id)) return true;
  const isGraded = (item) => item?.type === 'ltiResourceLink' && item.lineItem !== undefined;
  return context.kind === 'courses' && LINE_ITEM_PLACEMENTS.includes(placement) && items.some(isGraded);
}

// The page needs the session of somebody who may edit the course, which no server has.
function requireEditor(canvas, call, context) {
  const session = sessionOf(canvas, call);
  const user = session && canvas.find('users', session.userId);
  if (!user) throw refusal(loginRedirect(call), 'nobody is logged in');
  if (user.admin) return;
  const enrollments = context.kind === 'courses' ? enrollmentsOf(canvas, context, user) : [];
  if (enrollments.some(({ type }) => EDITORS.includes(type))) return;
  throw refusal(forbidden(canvas.features.has('api_auth_error_updates') ? 403 : 401), 'the user may not edit the context');
}
