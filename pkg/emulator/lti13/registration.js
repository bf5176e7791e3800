// Dynamic registration: an administrator opens the tool's address, and the tool makes itself a developer key.

import { json, refusal } from '../answers.js';
import { bearerOf } from '../auth.js';
import { signHmac, verifyHmac } from '../jose.js';
import { checkNames, OPTIONS } from '../known.js';
import { add, newId } from './gradebook.js';
import { deploymentId } from './installations.js';
import { schemaFaults } from './json_schema.js';
import { PUBLIC_SCOPES } from './names.js';
import { compact, notThere, refuseRecord } from './service_answers.js';
import { EXTENSION, filtered, placementName, REGISTRATION, TOOL_CONFIGURATION } from './registration_schema.js';

/** Scopes that no administrator is offered, but that a tool can ask for. */
const HIDDEN_SCOPES = [
  ...['create', 'destroy', 'list', 'show', 'update'].map((name) => `account_external_tools/scope/${name}`),
  ...['create', 'show', 'update', 'list', 'destroy', 'list_event_types'].map((name) => `data_services/scope/${name}`),
  'feature_flags/scope/show', 'replace_editor_contents',
].map((name) => `https://canvas.instructure.com/lti/${name}`);
const LIFETIME = 3600;
const REQUIRED = [
  'user_id', 'initiated_at', 'root_account_global_id', 'root_account_domain', 'exp', 'uuid', 'registration_url',
];

/** Opens a tool's registration address as Canvas's page does. */
export async function beginRegistration(canvas, options = {}) {
  checkNames(options, OPTIONS.registration, 'options');
  const { baseUrl = canvas.baseUrl, registrationUrl, accountId = canvas.rootAccount().id, userId } = options;
  const account = canvas.find('accounts', accountId);
  if (!account) throw new TypeError(`the emulator has no accounts with id ${accountId}`);
  const users = [...canvas.records.users.values()];
  const admin = userId === undefined ? users.find((user) => user.admin) ?? users[0] : canvas.find('users', userId);
  if (!admin) throw new TypeError('the emulator has no user who could register a tool');
  const { origin, host } = new URL(baseUrl);
  const registrationToken = await signHmac({
    uuid: canvas.uuid(),
    initiated_at: canvas.time(),
    user_id: canvas.localId(admin.id),
    root_account_global_id: canvas.globalId(account.id),
    root_account_domain: host,
    registration_url: registrationUrl ?? '',
    exp: canvas.seconds() + LIFETIME,
  }, canvas.secrets.encryptionKey);
  const configuration = new URL('/api/lti/security/openid-configuration', origin);
  configuration.searchParams.set('registration_token', registrationToken);
  const openidConfiguration = configuration.href;
  if (registrationUrl === undefined) return { openidConfiguration, registrationToken, url: null };
  const url = new URL(registrationUrl);
  url.searchParams.set('openid_configuration', openidConfiguration);
  url.searchParams.set('registration_token', registrationToken);
  return { openidConfiguration, registrationToken, url: url.href };
}

/** The claims of a registration token: a bearer's, or that of the query. */
export async function requireRegistrationToken(canvas, call) {
  const token = bearerOf(call) ?? call.url.searchParams.get('registration_token');
  const no = (reason) => {
    const answer = json(401, { errors: [{ message: 'An error occurred.', error_code: 'unauthorized' }] });
    throw refusal(answer, reason);
  };
  if (!token) no('no registration token');
  const claims = await verifyHmac(token, canvas.secrets.encryptionKey).catch((error) => no(error.message));
  if (claims.exp !== undefined && !(claims.exp >= canvas.now())) no('the registration token has expired');
  return claims;
}

/** POST /api/lti/registrations */
export async function createRegistration(canvas, call) {
  const claims = await requireRegistrationToken(canvas, call);
  if (!REQUIRED.every((name) => Object.hasOwn(claims, name))) {
    const errorMessage = 'JWT did not include expected contents';
    throw refusal(json(401, { errorMessage }), errorMessage);
  }
  const account = canvas.find('accounts', claims.root_account_global_id) ?? notThere('no such account');
  const sent = { ...call.params };
  const errors = schemaFaults(REGISTRATION, sent);
  if (errors.length) throw refusal(json(422, { errors }), errors.join(' | '));

  const scopes = (sent.scope ?? '').split(/\s+/).filter((scope) => scope && scope !== 'openid');
  const unknown = scopes.filter((scope) => !PUBLIC_SCOPES.includes(scope) && !HIDDEN_SCOPES.includes(scope));
  if (unknown.length) refuseRecord({ scopes: [`cannot contain ${unknown.join(', ')}`] });
  const configuration = filtered(sent[TOOL_CONFIGURATION]);
  const key = add(canvas, 'developerKeys', developerKey(canvas, sent, configuration, scopes, account));
  const tool = add(canvas, 'tools', {
    id: newId(canvas, 'tools'), developerKeyId: key.id, accountId: account.id, name: key.name,
  });
  const registration = {
    id: canvas.globalId(newId(canvas, 'ltiRegistrations')), uuid: claims.uuid, developerKeyId: key.id, toolId: tool.id,
    registrationUrl: claims.registration_url, sent, configuration,
  };
  canvas.records.ltiRegistrations.set(String(registration.id), registration);
  return json(200, document(canvas, call, { sent, configuration, scopes, key, tool, registration }));
}

// In the emulator the administrator takes everything as it comes, and turns the key on.
function developerKey(canvas, sent, configuration, scopes, account) {
  return {
    id: canvas.globalId(newId(canvas, 'developerKeys')),
    name: sent.client_name,
    redirectUris: sent.redirect_uris,
    publicJwkUrl: sent.jwks_uri,
    oidcInitiationUrl: sent.initiate_login_uri,
    targetLinkUri: configuration.target_link_uri ?? sent.redirect_uris[0],
    domain: configuration.domain,
    scopes,
    customFields: configuration.custom_parameters ?? {},
    eulaCustomFields: configuration.messages.find(({ type }) => type === 'LtiEulaRequest')?.custom_parameters,
    privacyLevel: configuration[EXTENSION.privacyLevel] ?? inferredLevel(configuration.claims),
    placements: placementsOf(configuration),
    accountUuid: account.uuid,
    iconUrl: sent.logo_uri,
    createdAt: canvas.time(),
  };
}

// A message without placements stands in the selection of links; the first message of a placement has it.
function placementsOf({ messages }) {
  const found = new Map();
  for (const message of messages) {
    if (message.type === 'LtiEulaRequest') continue;
    const names = message.placements?.length ? message.placements : ['link_selection'];
    for (const placement of names.map(placementName)) {
      if (found.has(placement)) continue;
      found.set(placement, compact({
        placement,
        messageType: message.type,
        targetLinkUri: message.target_link_uri,
        customFields: message.custom_parameters,
        width: wholeOf(message[EXTENSION.width]),
        height: wholeOf(message[EXTENSION.height]),
      }));
    }
  }
  return [...found.values()];
}

const wholeOf = (size) => (size === undefined || size === null ? null : Number.parseInt(size, 10) || 0);

const NAME_CLAIMS = ['name', 'given_name', 'family_name', 'https://purl.imsglobal.org/spec/lti/claim/lis'];

function inferredLevel(claims) {
  const hasName = NAME_CLAIMS.some((name) => claims.includes(name));
  const hasEmail = claims.includes('email');
  if (claims.includes('picture') || (hasName && hasEmail)) return 'public';
  if (hasName) return 'name_only';
  return hasEmail ? 'email_only' : 'anonymous';
}

function document(canvas, call, { sent, configuration, scopes, key, tool, registration }) {
  const base = `${call.url.origin}/api/lti/registrations/${registration.id}`;
  return compact({
    client_id: String(key.id),
    application_type: 'web',
    grant_types: ['client_credentials', 'implicit'],
    initiate_login_uri: sent.initiate_login_uri,
    redirect_uris: sent.redirect_uris,
    response_types: ['id_token'],
    client_name: sent.client_name,
    jwks_uri: sent.jwks_uri,
    logo_uri: sent.logo_uri,
    token_endpoint_auth_method: 'private_key_jwt',
    scope: [...scopes, 'openid'].join(' '),
    [TOOL_CONFIGURATION]: {
      ...configuration, 'https://canvas.instructure.com/lti/registration_config_url': `${base}/view`,
    },
    registration_client_uri: base,
    // Canvas makes the deployment before its administrator agrees where this flag is on.
    deployment_id: canvas.features.has('lti_registrations_next') ? deploymentId(canvas, tool) : null,
  });
}
