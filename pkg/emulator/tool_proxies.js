// POST /api/lti/{accounts,courses}/:id/tool_proxy: registration with a JWT access token, and re-registration.

import { json, refusal, unauthorizedTool } from './answers.js';
import { bearerOf } from './auth.js';
import { liveRegistration } from './authorize.js';
import { toHex, toText } from './bytes.js';
import { parseJson } from './json.js';
import { requireLtiToken } from './lti_token.js';
import { isBlank } from './params.js';
import { profileDocument } from './profile.js';
import { serviceName } from './services.js';

const SERVICES = ['ToolProxy.collection', 'ToolProxy.item'];
const ID_TYPE = 'application/vnd.ims.lti.v2.toolproxy.id+json; charset=utf-8';
const SPLIT_SECRET = ['OAuth.splitSecret', 'Security.splitSecret'];

const no = (reason, answer = unauthorizedTool()) => {
  throw refusal(answer, reason);
};

export async function registerToolProxy(canvas, call) {
  const context = canvas.context(call);
  // Canvas also takes a registration signed with OAuth 1 and the reg_password; this emulator does not.
  if (!bearerOf(call)) no('no bearer token');
  const { claims, toolProxy, developerKey } = await requireLtiToken(canvas, call, SERVICES, unauthorizedTool);
  if (call.headers.has('vnd-ims-confirm-url')) return reRegister(canvas, call, toolProxy, developerKey);
  if (!liveRegistration(canvas, context, claims.reg_key)) no('no registration request for this reg_key');

  const sent = parse(call);
  validate(canvas, call, sent, developerKey);
  const { tcHalf, secret } = joinSecret(canvas, sent);
  canvas.records.toolProxies.set(claims.reg_key, {
    guid: claims.reg_key,
    secret,
    // Canvas waits for an administrator to activate it.
    active: true,
    developerKeyId: developerKey?.id,
    capabilities: enabledBy(sent),
    services: servicesOf(sent),
    vendorCode: vendorOf(sent),
    raw: sent,
  });
  return created(claims.reg_key, null, tcHalf);
}

// It takes effect when the tool confirms, at the address it gave.
function reRegister(canvas, call, toolProxy, developerKey) {
  if (!toolProxy) no('the token is of no tool proxy');
  const sent = parse(call);
  validate(canvas, call, sent, developerKey);
  const { tcHalf } = joinSecret(canvas, sent);
  const update = { acknowledgementUrl: call.headers.get('vnd-ims-confirm-url'), payload: sent, tcHalf };
  canvas.records.toolProxies.set(toolProxy.guid, { ...toolProxy, update });
  return created(toolProxy.guid, toolProxy.raw?.['@id'] ?? null, tcHalf);
}

/** GET /api/lti/tool_proxy/:guid is for OAuth 1 signatures alone. */
export const showToolProxy = async () => no('the request is not signed with OAuth 1');

const created = (guid, id, tcHalf) =>
  json(
    201,
    {
      '@context': 'http://purl.imsglobal.org/ctx/lti/v2/ToolProxyId',
      '@type': 'ToolProxy',
      '@id': id,
      tool_proxy_guid: guid,
      tc_half_shared_secret: tcHalf,
    },
    { 'content-type': ID_TYPE });

function parse(call) {
  try {
    const sent = parseJson(toText(call.body));
    if (sent !== null && typeof sent === 'object' && !Array.isArray(sent)) return sent;
  } catch {
    // answered below
  }
  return no('the body is no JSON object', json(400, { error: 'Invalid request' }));
}

const list = (value) => (Array.isArray(value) ? value : []);
const servicesOf = ({ security_contract: contract }) =>
  list(contract?.tool_service).map(({ service, action }) => ({ service, actions: list(action) }));
const vendorOf = (sent) => sent.tool_profile?.product_instance?.product_info?.product_family?.vendor?.code;

function enabledBy(sent) {
  const handlers = list(sent.tool_profile?.resource_handler);
  const messages = [...list(sent.tool_profile?.message), ...handlers.flatMap((handler) => list(handler.message))];
  return [sent, ...messages].flatMap((part) => list(part.enabled_capability));
}

function validate(canvas, call, sent, developerKey) {
  const profile = profileDocument(canvas, call, { developerKey });
  const problems = [
    ['invalid_services', 'Invalid Services', invalidServices(sent, profile)],
    ['invalid_capabilities', 'Invalid Capabilities', invalidCapabilities(sent, profile)],
    ['invalid_security_contract', 'Invalid SecurityContract', invalidContract(sent)],
  ].filter(([, , found]) => found.length);
  if (problems.length) {
    const error = problems.map(([, text]) => text).join(' and ');
    no(error, json(400, { ...Object.fromEntries(problems.map(([key, , found]) => [key, found])), error }));
  }
  const vendor = vendorOf(sent);
  const family = [...canvas.records.toolProxies.values()].find(({ vendorCode }) => vendor && vendorCode === vendor);
  if (family && family.developerKeyId !== developerKey?.id) {
    no('Developer key mismatch', json(400, { error: 'Developer key mismatch' }));
  }
}

function invalidServices(sent, profile) {
  const offered = new Map(profile.service_offered.map((offer) => [serviceName(offer['@id']), offer.action]));
  return servicesOf(sent)
    .map(({ service, actions }) => {
      const allowed = offered.get(serviceName(service)) ?? [];
      return { id: service, actions: actions.filter((action) => !allowed.includes(action)) };
    })
    .filter(({ actions }) => actions.length);
}

const invalidCapabilities = (sent, profile) =>
  enabledBy(sent).filter((capability) => !profile.capability_offered.includes(capability));

const isSplit = (sent) => enabledBy(sent).some((capability) => SPLIT_SECRET.includes(capability));

function invalidContract(sent) {
  const secret = isSplit(sent) ? 'tp_half_shared_secret' : 'shared_secret';
  return isBlank(sent.security_contract?.[secret]) ? [secret] : [];
}

// The consumer's half comes first.
function joinSecret(canvas, sent) {
  const { shared_secret, tp_half_shared_secret } = sent.security_contract;
  if (!isSplit(sent)) return { secret: shared_secret };
  const tcHalf = toHex(canvas.random(64));
  return { tcHalf, secret: tcHalf + tp_half_shared_secret };
}
