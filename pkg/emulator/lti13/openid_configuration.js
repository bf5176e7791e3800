// GET /api/lti/security/openid-configuration: what Canvas tells a tool that registers itself.

import { json } from '../answers.js';
import { FEATURE } from './assets.js';
import { ASSET_SCOPE, EULA_SCOPES, NOTICE_TYPES, PUBLIC_SCOPES, REPORT_SCOPE } from './names.js';
import { isAssetProcessor } from './placements.js';
import { requireRegistrationToken } from './registration.js';
import { MESSAGES_SUPPORTED } from './registration_schema.js';
import { notThere } from './service_answers.js';
import { VARIABLE_NAMES } from './variables.js';

const CLAIMS = [
  'sub', 'picture', 'email', 'name', 'given_name', 'family_name',
  ...['lis', 'roles', 'context', 'resource_link', 'tool_platform', 'launch_presentation', 'custom', 'target_link_uri'].map(
    (name) => `https://purl.imsglobal.org/spec/lti/claim/${name}`),
  'locale',
];

const ASSET_SCOPES = [ASSET_SCOPE, REPORT_SCOPE, ...EULA_SCOPES];

// What is about assets is told where the account has it.
const scopesOf = (hasAssets) => PUBLIC_SCOPES.filter((scope) => hasAssets || !ASSET_SCOPES.includes(scope));

const messagesOf = (hasAssets) =>
  MESSAGES_SUPPORTED.map(({ type, placements }) => ({
    type, placements: placements?.filter((name) => hasAssets || !isAssetProcessor(name)),
  }));

export async function openidConfiguration(canvas, call) {
  const { root_account_global_id: accountId } = await requireRegistrationToken(canvas, call);
  const account = canvas.find('accounts', accountId) ?? notThere('no such account');
  const { origin } = call.url;
  const hasAssets = canvas.features.has(FEATURE);
  // Asked on the host that is everyone's, Canvas names the institution's for the registration alone.
  const authorization = canvas.authUrlFor(origin);
  return json(200, {
    issuer: canvas.issuer,
    authorization_endpoint: `${authorization}/api/lti/authorize_redirect`,
    registration_endpoint: `${origin}/api/lti/registrations`,
    jwks_uri: `${authorization}/api/lti/security/jwks`,
    token_endpoint: `${authorization}/login/oauth2/token`,
    token_endpoint_auth_methods_supported: ['private_key_jwt'],
    token_endpoint_auth_signing_alg_values_supported: ['RS256'],
    scopes_supported: ['openid', ...scopesOf(hasAssets)],
    response_types_supported: ['id_token'],
    id_token_signing_alg_values_supported: ['RS256'],
    claims_supported: CLAIMS,
    subject_types_supported: ['public'],
    authorization_server: new URL(authorization).host,
    'https://purl.imsglobal.org/spec/lti-platform-configuration': {
      product_family_code: 'canvas',
      version: 'vCloud',
      messages_supported: messagesOf(hasAssets),
      notice_types_supported: NOTICE_TYPES,
      variables: VARIABLE_NAMES,
      'https://canvas.instructure.com/lti/account_name': account.name,
      'https://canvas.instructure.com/lti/account_lti_guid': account.ltiGuid,
      'https://canvas.instructure.com/lti/account_domain': new URL(origin).host,
    },
  });
}
